// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment.Card;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.GiveBack;
import dev.fakta.orders.payments.Payment.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a payment asks its provider for so that the wish of its order comes true.
///
/// It compares and does not remember: after every wish and every fact of the provider the rules
/// look at what is missing and ask for it. So it does not matter in which order wishes and facts
/// come, or how often. One operation of a kind is in flight at a time, which ends each rule's work.
///
/// The rules take before they let go, so that an authorization is not voided while the capture that
/// makes it superfluous may still fail.
record Settlement(Payment payment, Wish wish) {

    /// So many amounts, each as large as one can be, still add up to a `long`.
    static final int MOST_OPERATIONS = 900;

    private static final List<Function<Settlement, @Nullable Event>> RULES =
            List.of(
                    Settlement::acknowledge,
                    Settlement::take,
                    Settlement::authorize,
                    Settlement::letGo,
                    Settlement::giveBack);

    static Decision<Event> wished(Payment payment, Event.WishChanged wished) {
        Wish known = payment.wish();
        if (payment.order() != null && !payment.order().equals(wished.order())) {
            return reject(Refusal.ORDER_DIFFERS);
        }
        return known != null && wished.revision() <= known.revision()
                ? accept()
                : PaymentDecision.corrected(payment, wished);
    }

    /// What has to be asked for now.
    static List<Event> lacking(Payment payment) {
        Wish wish = Objects.requireNonNull(payment.wish(), "nothing is wished");
        List<Event> events = new ArrayList<>();
        Payment after = payment;
        for (Function<Settlement, @Nullable Event> rule : RULES) {
            Event next = rule.apply(new Settlement(after, wish));
            while (next != null) {
                events.add(next);
                after = after.evolve(next);
                next = rule.apply(new Settlement(after, wish));
            }
        }
        return events;
    }

    /// A refund that was one too many when it came counts as soon as it is owed, as when the one
    /// that had taken its place fails.
    private @Nullable Event acknowledge() {
        for (Operation one : payment.operations()) {
            boolean isBeyond = one.kind() == Kind.REFUND && one.status() == Status.SURPLUS;
            String reference = one.reference();
            if (isBeyond && reference != null && holdings().isOwed(one)) {
                return new Event.PaymentRefunded(one.number(), one.amount(), reference, null);
            }
        }
        return null;
    }

    /// Takes from the oldest authorization that has something left.
    private @Nullable Event take() {
        long missing = wish.take() - payment.captured();
        List<Operation> usable = holdings().usable();
        if (missing <= 0 || !isFree(Kind.CAPTURE) || usable.isEmpty()) {
            return null;
        }
        Operation oldest = usable.getFirst();
        int number = next(Kind.CAPTURE);
        Money amount = money(Math.min(missing, payment.uncaptured(oldest)));
        return new Event.CaptureRequested(number, oldest.number(), "take-" + number, amount);
    }

    /// Tries the newest card, once for each attempt: whether to try again is up to the order.
    private @Nullable Event authorize() {
        long missing = wish.secure() - payment.captured() - holdings().setAside();
        Card card = wish.card();
        if (missing <= 0 || card == null || !isFree(Kind.AUTHORIZATION)) {
            return null;
        }
        return card.attempt() < next(Kind.AUTHORIZATION)
                ? null
                : new Event.AuthorizationRequested(
                        Objects.requireNonNull(payment.order()),
                        total(),
                        card.attempt(),
                        money(missing),
                        card.method(),
                        card.token());
    }

    /// Voids what nothing will be captured from, and of the others the oldest that the wish can do
    /// without. An authorization that a capture is in flight of is not counted on.
    private @Nullable Event letGo() {
        if (payment.inFlight(Kind.VOID) != null) {
            return null;
        }
        long beyond = payment.captured() - wish.secure();
        for (Operation one : holdings().usable()) {
            beyond += isBusy(one) ? 0 : payment.uncaptured(one);
        }
        for (Operation one : payment.operations()) {
            boolean isOpen = payment.isLive(one) && !isBusy(one) && !holdings().isLetGo(one);
            if (isOpen && (holdings().isSpoiled(one) || payment.uncaptured(one) <= beyond)) {
                return Corrections.voiding(payment, one);
            }
        }
        return null;
    }

    /// Returns what was taken by mistake; then gives back what the order owes, as far as it was
    /// taken. What failed waits for [PaymentUpkeep].
    private @Nullable Event giveBack() {
        Event returned = Corrections.returning(payment);
        if (returned != null || !isFree(Kind.REFUND)) {
            return returned;
        }
        for (GiveBack one : wish.refunds()) {
            Operation last = holdings().lastRefund(0, one.reason());
            boolean hasFailed = last != null && last.status() == Status.FAILED;
            Event refund = hasFailed ? null : refund(one.reason());
            if (refund != null) {
                return refund;
            }
        }
        return null;
    }

    /// The refund of what is missing for this reason, or null when there is nothing to give back.
    @Nullable Event refund(String reason) {
        long missing = holdings().missing(reason);
        long left = payment.captured() - payment.refunded();
        return missing <= 0 || left <= 0
                ? null
                : new Event.RefundRequested(
                        next(Kind.REFUND), reason, 0, money(Math.min(missing, left)));
    }

    private Holdings holdings() {
        return new Holdings(payment);
    }

    private boolean isFree(Kind kind) {
        return payment.inFlight(kind) == null && payment.operations().size() < MOST_OPERATIONS;
    }

    private boolean isBusy(Operation authorization) {
        return PaymentDecision.isBusy(payment, authorization);
    }

    private int next(Kind kind) {
        return PaymentDecision.next(payment, kind);
    }

    private Money total() {
        return Objects.requireNonNull(payment.total(), "nothing is wished");
    }

    private Money money(long minor) {
        return new Money(minor, total().currency());
    }
}
