// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the provider has to be asked so that it holds no more of the customer's money than agreed.
/// One void and one refund at a time; the others follow when these are settled.
final class Corrections {

    /// What the purposes of refunds of surplus captures begin with.
    static final String OVERCHARGE = "overcharge-";

    private Corrections() {}

    static List<Event> of(Payment payment) {
        List<Event> events = new ArrayList<>();
        Operation unwanted = unwanted(payment, false);
        if (unwanted != null) {
            events.add(voiding(payment, unwanted));
        }
        Event refund = returning(payment);
        if (refund != null) {
            events.add(refund);
        }
        return events;
    }

    /// The refund of a surplus capture that was not asked for yet.
    static @Nullable Event returning(Payment payment) {
        Operation surplus = unrefunded(payment);
        return surplus == null
                ? null
                : new Event.RefundRequested(
                        PaymentDecision.next(payment, Kind.REFUND),
                        purpose(surplus),
                        surplus.number(),
                        surplus.amount());
    }

    /// The void of an authorization that is not wanted, whose last void failed.
    static Optional<Event> voidAgain(Payment payment) {
        return Optional.ofNullable(unwanted(payment, true))
                .map(authorization -> voiding(payment, authorization));
    }

    /// The number of the surplus capture whose refund failed and is asked for again, or 0.
    static int overchargeOf(Payment payment, String purpose, Money amount) {
        for (Operation one : payment.operations()) {
            if (isSurplus(one) && purpose(one).equals(purpose) && one.amount().equals(amount)) {
                return isRefunded(payment, one.number()) ? 0 : one.number();
            }
        }
        return 0;
    }

    static Event voiding(Payment payment, Operation authorization) {
        long rest = payment.uncaptured(authorization);
        return new Event.VoidRequested(
                PaymentDecision.next(payment, Kind.VOID),
                authorization.number(),
                new Money(rest, authorization.amount().currency()));
    }

    /// An authorization that nothing will be captured from, unless a void is in flight.
    ///
    /// @param again whether one whose void failed counts
    private static @Nullable Operation unwanted(Payment payment, boolean again) {
        if (payment.inFlight(Kind.VOID) != null) {
            return null;
        }
        Operation wanted = payment.cancelled() ? null : payment.authorization();
        for (Operation one : payment.operations()) {
            boolean isUnwanted =
                    payment.isLive(one)
                            && !one.equals(wanted)
                            && !PaymentDecision.isBusy(payment, one);
            if (isUnwanted && (again || !hasFailedVoid(payment, one))) {
                return one;
            }
        }
        return null;
    }

    private static boolean hasFailedVoid(Payment payment, Operation authorization) {
        for (Operation one : payment.operations()) {
            boolean isOfIt = one.kind() == Kind.VOID && one.about() == authorization.number();
            if (isOfIt && one.status() == Status.FAILED) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Operation unrefunded(Payment payment) {
        if (payment.inFlight(Kind.REFUND) != null) {
            return null;
        }
        for (Operation one : payment.operations()) {
            if (isSurplus(one) && !isAsked(payment, one)) {
                return one;
            }
        }
        return null;
    }

    static boolean isSurplus(Operation one) {
        return one.kind() == Kind.CAPTURE && one.status() == Status.SURPLUS;
    }

    private static boolean isAsked(Payment payment, Operation surplus) {
        for (Operation one : payment.operations()) {
            if (one.kind() == Kind.REFUND && one.about() == surplus.number()) {
                return true;
            }
        }
        return false;
    }

    /// Whether a refund of the surplus capture of this number is in flight or was made.
    static boolean isRefunded(Payment payment, int surplus) {
        for (Operation one : payment.operations()) {
            boolean isOfIt = one.kind() == Kind.REFUND && one.about() == surplus;
            if (isOfIt && !one.hasComeToNothing()) {
                return true;
            }
        }
        return false;
    }

    static String purpose(Operation surplus) {
        return OVERCHARGE + surplus.number();
    }
}
