// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.GiveBack;
import dev.fakta.orders.payments.Payment.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a payment decides that we ask for. What the provider tells is decided by [PaymentFacts].
record PaymentDecision(Payment payment) {

    /// Tries, captures and refunds that we ask for. Corrections come on top.
    static final int MOST_OPERATIONS = 1_000;

    Decision<Event> on(Command command) {
        Refusal fault = PaymentCheck.fault(command);
        if (fault != null) {
            return reject(fault);
        }
        Money total = payment.total();
        if (total != null && PaymentCheck.isForeign(command, total.currency())) {
            return reject(Refusal.CURRENCY_DIFFERS);
        }
        if (payment.wish() != null && isOrderedSingly(command)) {
            return reject(Refusal.SETTLED_BY_ORDER);
        }
        return switch (command) {
            case Command.Settle(
                            String order,
                            var revision,
                            Currency currency,
                            var secure,
                            var take,
                            List<GiveBack> refunds,
                            var card) ->
                    Settlement.wished(
                            payment,
                            new Event.WishChanged(
                                    order,
                                    revision,
                                    new Money(secure, currency),
                                    new Money(take, currency),
                                    refunds,
                                    card));
            case Command.RequestAuthorization(
                            String order,
                            Money asked,
                            Money amount,
                            String method,
                            String token) ->
                    request(order, asked, amount, method, token);
            case Command _ when total == null -> reject(Refusal.UNKNOWN_PAYMENT);
            case Command.Fact fact -> new PaymentFacts(payment, agreed()).on(fact);
            case Command.ExpireAuthorization(var number, Instant at) -> expire(number, at);
            case Command.Capture(String part, Money amount) -> capture(part, amount);
            case Command.VoidPayment _ -> cancel();
            case Command.AskAgain(var kind, var number) -> askAgain(kind, number);
            case Command.SettleRefund(var number, String reason) -> settleRefund(number, reason);
            case Command.Refund(String purpose, Money amount) -> refund(purpose, amount);
        };
    }

    private Decision<Event> askAgain(@Nullable Kind kind, @Nullable Integer number) {
        Repetition repetition = new Repetition(payment);
        return kind == null || number == null ? repetition.all() : repetition.of(kind, number);
    }

    /// What is owed for the same reason is asked for again from then on, as the customer has not
    /// kept what was given back by mistake.
    private Decision<Event> settleRefund(int number, String reason) {
        Operation refund = payment.operation(Kind.REFUND, number);
        if (refund == null) {
            return reject(Refusal.UNKNOWN_OPERATION);
        }
        return switch (refund.status()) {
            case SETTLED -> accept();
            case SURPLUS ->
                    corrected(
                            payment,
                            new Event.PaymentRefundSettled(
                                    number, refund.amount(), reason.strip()));
            case REQUESTED, UNKNOWN, DONE, FAILED, VOIDED, EXPIRED -> reject(Refusal.NOT_BEYOND);
        };
    }

    /// Whether the command asks for one operation, as those do who have no wish.
    private static boolean isOrderedSingly(Command command) {
        return switch (command) {
            case Command.RequestAuthorization _,
                    Command.Capture _,
                    Command.VoidPayment _,
                    Command.Refund _ ->
                    true;
            case Command.Fact _,
                    Command.Settle _,
                    Command.AskAgain _,
                    Command.SettleRefund _,
                    Command.ExpireAuthorization _ ->
                    false;
        };
    }

    private Money agreed() {
        return Objects.requireNonNull(payment.total(), "nothing was asked");
    }

    private Decision<Event> request(
            String order, Money asked, Money amount, String method, String token) {
        if (asked.currency() != amount.currency()) {
            return reject(Refusal.CURRENCY_DIFFERS);
        }
        if (payment.total() != null
                && !(order.equals(payment.order()) && asked.equals(payment.total()))) {
            return reject(Refusal.ORDER_DIFFERS);
        }
        if (payment.cancelled()) {
            return reject(Refusal.PAYMENT_CANCELLED);
        }
        Operation open = payment.inFlight(Kind.AUTHORIZATION);
        Operation live = open == null ? payment.authorization() : open;
        if (live != null) {
            Refusal other = open == null ? Refusal.ALREADY_AUTHORIZED : Refusal.OPERATION_IN_FLIGHT;
            boolean isSame = live.amount().equals(amount) && live.purpose().equals(token);
            return isSame ? accept() : reject(other);
        }
        if (amount.minor() > asked.minor() - payment.captured()) {
            return reject(Refusal.EXCEEDS_TOTAL);
        }
        return isFull()
                ? reject(Refusal.TOO_MANY_OPERATIONS)
                : accept(
                        new Event.AuthorizationRequested(
                                order, asked, next(Kind.AUTHORIZATION), amount, method, token));
    }

    private Decision<Event> expire(int number, Instant at) {
        Operation authorization = payment.operation(Kind.AUTHORIZATION, number);
        if (authorization == null) {
            return reject(Refusal.UNKNOWN_OPERATION);
        }
        Instant end = authorization.expiresAt();
        if (!payment.isLive(authorization) || end == null) {
            return accept();
        }
        if (at.isBefore(end)) {
            return reject(Refusal.NOT_EXPIRED);
        }
        if (isBusy(payment, authorization)) {
            return reject(Refusal.OPERATION_IN_FLIGHT);
        }
        Money rest =
                new Money(payment.uncaptured(authorization), authorization.amount().currency());
        return corrected(payment, new Event.AuthorizationExpired(number, rest));
    }

    private Decision<Event> capture(String part, Money amount) {
        Operation earlier = standing(payment, Kind.CAPTURE, part);
        if (earlier != null) {
            return earlier.amount().equals(amount) ? accept() : reject(Refusal.PURPOSE_DIFFERS);
        }
        if (payment.cancelled()) {
            return reject(Refusal.PAYMENT_CANCELLED);
        }
        if (payment.inFlight(Kind.CAPTURE) != null) {
            return reject(Refusal.OPERATION_IN_FLIGHT);
        }
        Operation authorization = payment.authorization();
        if (authorization == null) {
            return reject(Refusal.NOT_AUTHORIZED);
        }
        if (isBusy(payment, authorization)) { // by a void
            return reject(Refusal.OPERATION_IN_FLIGHT);
        }
        if (amount.minor() > payment.uncaptured(authorization)) {
            return reject(Refusal.EXCEEDS_AUTHORIZED);
        }
        if (amount.minor() > agreed().minor() - payment.captured()) {
            return reject(Refusal.EXCEEDS_TOTAL);
        }
        return isFull()
                ? reject(Refusal.TOO_MANY_OPERATIONS)
                : accept(
                        new Event.CaptureRequested(
                                next(Kind.CAPTURE), authorization.number(), part, amount));
    }

    private Decision<Event> cancel() {
        if (!payment.cancelled()) {
            return corrected(payment, new Event.PaymentCancelled());
        }
        return isFull()
                ? reject(Refusal.TOO_MANY_OPERATIONS)
                : Corrections.voidAgain(payment)
                        .<Decision<Event>>map(Decision::accept)
                        .orElseGet(Decision::accept);
    }

    private Decision<Event> refund(String purpose, Money amount) {
        Operation earlier = standing(payment, Kind.REFUND, purpose);
        if (earlier != null) {
            return earlier.amount().equals(amount) ? accept() : reject(Refusal.PURPOSE_DIFFERS);
        }
        if (payment.inFlight(Kind.REFUND) != null) {
            return reject(Refusal.OPERATION_IN_FLIGHT);
        }
        if (isFull()) {
            return reject(Refusal.TOO_MANY_OPERATIONS);
        }
        int overcharge = Corrections.overchargeOf(payment, purpose, amount);
        if (overcharge == 0 && amount.minor() > payment.captured() - payment.refunded()) {
            return reject(Refusal.EXCEEDS_CAPTURED);
        }
        return accept(new Event.RefundRequested(next(Kind.REFUND), purpose, overcharge, amount));
    }

    private int next(Kind kind) {
        return next(payment, kind);
    }

    private boolean isFull() {
        return payment.operations().size() >= MOST_OPERATIONS;
    }

    static int next(Payment payment, Kind kind) {
        int last = 0;
        for (Operation one : payment.operations()) {
            last = one.kind() == kind ? one.number() : last;
        }
        return last + 1;
    }

    /// The operation for this purpose that is in flight or done.
    static @Nullable Operation standing(Payment payment, Kind kind, String purpose) {
        for (Operation one : payment.operations()) {
            boolean stands = one.isInFlight() || one.status() == Status.DONE;
            if (stands && one.kind() == kind && one.purpose().equals(purpose)) {
                return one;
            }
        }
        return null;
    }

    /// Whether a capture or a void of the authorization is in flight.
    static boolean isBusy(Payment payment, Operation authorization) {
        for (Operation one : payment.operations()) {
            boolean isOfIt = one.kind() == Kind.CAPTURE || one.kind() == Kind.VOID;
            if (isOfIt && one.about() == authorization.number() && one.isInFlight()) {
                return true;
            }
        }
        return false;
    }

    /// Accepts with this event, and with what it makes necessary: the corrections, or what the wish
    /// of the order still lacks.
    static Decision<Event> corrected(Payment payment, Event... events) {
        Payment after = payment;
        for (Event event : events) {
            after = after.evolve(event);
        }
        List<Event> all = new ArrayList<>(List.of(events));
        all.addAll(after.wish() == null ? Corrections.of(after) : Settlement.lacking(after));
        return new Decision.Accepted<>(all);
    }
}
