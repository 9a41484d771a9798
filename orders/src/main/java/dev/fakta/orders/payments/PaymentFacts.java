// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment.Command.Fact;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.Refusal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a payment makes of what the provider tells: in time, late, twice, or out of order.
record PaymentFacts(Payment payment, Money total) {

    private int failures(Kind kind, int number) {
        return new Holdings(payment).failuresWith(kind, number);
    }

    private static final int MOST_DISPUTES = 100;

    Decision<Event> on(Fact fact) {
        return switch (fact) {
            case Fact.RecordAuthorized(
                            var number,
                            Money amount,
                            String reference,
                            Instant expiresAt,
                            var event) ->
                    success(
                            Kind.AUTHORIZATION,
                            number,
                            amount,
                            event,
                            new Event.PaymentAuthorized(
                                    number, amount, reference, expiresAt, event));
            case Fact.RecordCaptured(var number, Money amount, String reference, var event) ->
                    captured(number, amount, reference, event);
            case Fact.RecordRefunded(var number, Money amount, String reference, var event) ->
                    refunded(number, amount, reference, event);
            case Fact.RecordVoided(var number, String reference, var event) ->
                    success(
                            Kind.VOID,
                            number,
                            null,
                            event,
                            new Event.PaymentVoided(number, reference, event));
            case Fact.RecordDeclined(var number, var reason, var event) ->
                    failure(
                            Kind.AUTHORIZATION,
                            number,
                            event,
                            new Event.PaymentDeclined(number, orEmpty(reason), event));
            case Fact.RecordCaptureFailed(var number, var reason, var event) ->
                    failure(
                            Kind.CAPTURE,
                            number,
                            event,
                            new Event.PaymentCaptureFailed(number, orEmpty(reason), event));
            case Fact.RecordVoidFailed(var number, var reason, var event) ->
                    failure(
                            Kind.VOID,
                            number,
                            event,
                            new Event.PaymentVoidFailed(
                                    number, orEmpty(reason), failures(Kind.VOID, number), event));
            case Fact.RecordRefundFailed(var number, var reason, var event) ->
                    failure(
                            Kind.REFUND,
                            number,
                            event,
                            new Event.PaymentRefundFailed(
                                    number, orEmpty(reason), failures(Kind.REFUND, number), event));
            case Fact.RecordOutcomeUnknown(Kind kind, var number) -> unknown(kind, number);
            case Fact.RecordDispute(String dispute, Money amount, var reason, var event) ->
                    dispute(
                            dispute,
                            Dispute.Stage.OPEN,
                            event,
                            new Event.DisputeOpened(dispute, amount, orEmpty(reason), event));
            case Fact.RecordDisputeClosed(String dispute, var won, var event) -> {
                var closed = new Event.DisputeClosed(dispute, won, event);
                yield dispute(dispute, closed.end(), event, closed);
            }
        };
    }

    private Decision<Event> captured(
            int number, Money amount, String reference, @Nullable String event) {
        Event fact =
                isAgreed(payment.operation(Kind.CAPTURE, number))
                        ? new Event.PaymentCaptured(number, amount, reference, event)
                        : new Event.PaymentOvercharged(number, amount, reference, event);
        return success(Kind.CAPTURE, number, amount, event, fact);
    }

    private Decision<Event> refunded(
            int number, Money amount, String reference, @Nullable String event) {
        Event fact =
                isOwed(payment.operation(Kind.REFUND, number))
                        ? new Event.PaymentRefunded(number, amount, reference, event)
                        : new Event.PaymentRefundedBeyond(number, amount, reference, event);
        return success(Kind.REFUND, number, amount, event, fact);
    }

    private Decision<Event> success(
            Kind kind, int number, @Nullable Money amount, @Nullable String id, Event event) {
        Operation operation = payment.operation(kind, number);
        if (isRepeated(id)) {
            return accept();
        }
        if (operation == null) {
            return reject(Refusal.UNKNOWN_OPERATION);
        }
        if (amount != null && !amount.equals(operation.amount())) {
            return reject(Refusal.AMOUNT_DIFFERS);
        }
        return operation.isInFlight() || operation.status() == Status.FAILED
                ? PaymentDecision.corrected(payment, event)
                : accept();
    }

    private Decision<Event> failure(Kind kind, int number, @Nullable String id, Event event) {
        Operation operation = payment.operation(kind, number);
        if (isRepeated(id)) {
            return accept();
        }
        if (operation == null) {
            return reject(Refusal.UNKNOWN_OPERATION);
        }
        if (operation.isInFlight()) {
            return PaymentDecision.corrected(payment, event);
        }
        return operation.status() == Status.FAILED
                ? accept()
                : reject(Refusal.OUTCOME_CONTRADICTED);
    }

    private Decision<Event> unknown(Kind kind, int number) {
        Operation operation = payment.operation(kind, number);
        if (operation == null) {
            return reject(Refusal.UNKNOWN_OPERATION);
        }
        return operation.status() == Status.REQUESTED
                ? accept(new Event.OutcomeUnknown(kind, number))
                : accept();
    }

    /// An end that is told before its beginning is kept, so that the beginning opens nothing.
    private Decision<Event> dispute(
            String id, Dispute.Stage stage, @Nullable String event, Event told) {
        Dispute known = Dispute.of(payment.disputes(), id);
        if (isRepeated(event) || (known != null && known.tells(stage))) {
            return accept();
        }
        return known != null || payment.disputes().size() < MOST_DISPUTES
                ? accept(told)
                : reject(Refusal.TOO_MANY_OPERATIONS);
    }

    private boolean isRepeated(@Nullable String id) {
        return id != null && payment.providerEvents().contains(id);
    }

    /// Whether a capture that was made is one that may stand. One that was told to have failed may,
    /// if nothing else took its place.
    private boolean isAgreed(@Nullable Operation capture) {
        if (capture == null) {
            return true;
        }
        Operation authorization = payment.operation(Kind.AUTHORIZATION, capture.about());
        if (authorization == null || authorization.status() != Status.DONE) {
            return false;
        }
        if (capture.isInFlight()) {
            return true;
        }
        long amount = capture.amount().minor();
        return !payment.cancelled()
                && PaymentDecision.standing(payment, Kind.CAPTURE, capture.purpose()) == null
                && amount <= payment.uncaptured(authorization) - pending(Kind.CAPTURE)
                && amount <= mostTaken() - payment.captured() - pending(Kind.CAPTURE);
    }

    private long mostTaken() {
        Wish wish = payment.wish();
        return wish == null ? total.minor() : wish.take();
    }

    /// Whether a refund that was made was due.
    private boolean isOwed(@Nullable Operation refund) {
        if (refund == null || refund.isInFlight()) {
            return true;
        }
        if (payment.wish() != null) {
            return new Holdings(payment).isOwed(refund);
        }
        return refund.about() == 0
                ? PaymentDecision.standing(payment, Kind.REFUND, refund.purpose()) == null
                        && refund.amount().minor()
                                <= payment.captured() - payment.refunded() - pending(Kind.REFUND)
                : !Corrections.isRefunded(payment, refund.about());
    }

    private long pending(Kind kind) {
        Operation open = payment.inFlight(kind);
        return open == null ? 0 : open.amount().minor();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
