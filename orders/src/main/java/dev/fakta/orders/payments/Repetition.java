// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a payment decides when something that failed is to be asked for again. Only what is still
/// wanted is asked for, with the amount that is missing by now.
record Repetition(Payment payment) {

    Decision<Event> of(Kind kind, int number) {
        Operation failed = payment.operation(kind, number);
        Wish wish = payment.wish();
        if (failed == null) {
            return reject(Refusal.UNKNOWN_OPERATION);
        }
        boolean isFull = payment.operations().size() >= PaymentDecision.MOST_OPERATIONS;
        if (wish == null || failed.status() != Status.FAILED || isFull) {
            return accept();
        }
        if (payment.inFlight(kind) != null) {
            return reject(Refusal.OPERATION_IN_FLIGHT);
        }
        return kind == Kind.VOID ? voidAgain(failed) : refundAgain(failed, wish);
    }

    private Decision<Event> voidAgain(Operation failed) {
        Operation authorization = payment.operation(Kind.AUTHORIZATION, failed.about());
        return authorization == null || !payment.isLive(authorization)
                ? accept()
                : PaymentDecision.corrected(payment, Corrections.voiding(payment, authorization));
    }

    private Decision<Event> refundAgain(Operation failed, Wish wish) {
        Holdings holdings = new Holdings(payment);
        if (!failed.equals(holdings.lastRefund(failed.about(), failed.purpose()))) {
            return accept();
        }
        if (failed.about() > 0) {
            return Corrections.isRefunded(payment, failed.about())
                    ? accept()
                    : PaymentDecision.corrected(
                            payment,
                            new Event.RefundRequested(
                                    PaymentDecision.next(payment, Kind.REFUND),
                                    failed.purpose(),
                                    failed.about(),
                                    failed.amount()));
        }
        if (holdings.missing(failed.purpose()) <= 0) {
            return accept();
        }
        Event refund = new Settlement(payment, wish).refund(failed.purpose());
        return refund == null
                ? reject(Refusal.EXCEEDS_CAPTURED)
                : PaymentDecision.corrected(payment, refund);
    }

    /// Asks again for all that failed, which is one operation of a kind at a time: a payment that
    /// an order settles asks for the next one by itself. When nothing can be asked for, the refusal
    /// says why.
    Decision<Event> all() {
        if (payment.operations().size() >= PaymentDecision.MOST_OPERATIONS) {
            return reject(Refusal.TOO_MANY_OPERATIONS);
        }
        Event capture = capture();
        boolean isVoidable = capture == null && payment.inFlight(Kind.VOID) == null;
        List<Event> again = new ArrayList<>();
        addIfAny(capture, again);
        addIfAny(isVoidable ? failedVoid() : null, again);
        addIfAny(payment.inFlight(Kind.REFUND) == null ? failedRefund() : null, again);
        if (!again.isEmpty()) {
            return PaymentDecision.corrected(payment, again.toArray(Event[]::new));
        }
        if (failedVoid() != null || failedRefund() != null) {
            return reject(Refusal.OPERATION_IN_FLIGHT);
        }
        return reject(isCaptureMissing() ? Refusal.CARD_FAILED : Refusal.NOTHING_FAILED);
    }

    private static void addIfAny(@Nullable Event event, List<Event> to) {
        if (event != null) {
            to.add(event);
        }
    }

    /// Whether the last capture failed, and what it was for is not taken yet.
    private boolean isCaptureMissing() {
        Operation last = last(Kind.CAPTURE);
        boolean hasFailed = last != null && last.status() == Status.FAILED;
        Wish wish = payment.wish();
        return hasFailed
                && payment.inFlight(Kind.AUTHORIZATION) == null
                && (wish == null ? !payment.cancelled() : wish.take() > payment.captured());
    }

    /// The same capture, as long as its authorization stands.
    private @Nullable Event capture() {
        Operation failed = last(Kind.CAPTURE);
        if (failed == null || !isCaptureMissing()) {
            return null;
        }
        Operation authorization = payment.operation(Kind.AUTHORIZATION, failed.about());
        boolean isThere =
                authorization != null
                        && payment.isLive(authorization)
                        && !PaymentDecision.isBusy(payment, authorization)
                        && failed.amount().minor() <= payment.uncaptured(authorization);
        return isThere
                ? new Event.CaptureRequested(
                        PaymentDecision.next(payment, Kind.CAPTURE),
                        failed.about(),
                        failed.purpose(),
                        failed.amount())
                : null;
    }

    private @Nullable Event failedVoid() {
        for (Operation one : payment.operations()) {
            Operation authorization = payment.operation(Kind.AUTHORIZATION, one.about());
            boolean hasFailed = one.kind() == Kind.VOID && one.status() == Status.FAILED;
            if (hasFailed && authorization != null && payment.isLive(authorization)) {
                return Corrections.voiding(payment, authorization);
            }
        }
        return null;
    }

    private @Nullable Event failedRefund() {
        for (Operation one : payment.operations()) {
            Event refund = one.kind() == Kind.REFUND ? refundAfter(one) : null;
            if (refund != null) {
                return refund;
            }
        }
        return null;
    }

    /// The refund that takes the place of this one, if it has failed and none has yet.
    private @Nullable Event refundAfter(Operation failed) {
        Holdings holdings = new Holdings(payment);
        boolean isLast =
                failed.status() == Status.FAILED
                        && failed.equals(holdings.lastRefund(failed.about(), failed.purpose()));
        if (!isLast) {
            return null;
        }
        Wish wish = payment.wish();
        if (wish != null && failed.about() == 0) {
            return new Settlement(payment, wish).refund(failed.purpose());
        }
        return failed.about() > 0 && Corrections.isRefunded(payment, failed.about())
                ? null
                : new Event.RefundRequested(
                        PaymentDecision.next(payment, Kind.REFUND),
                        failed.purpose(),
                        failed.about(),
                        failed.amount());
    }

    private @Nullable Operation last(Kind kind) {
        Operation last = null;
        for (Operation one : payment.operations()) {
            last = one.kind() == kind ? one : last;
        }
        return last;
    }
}
