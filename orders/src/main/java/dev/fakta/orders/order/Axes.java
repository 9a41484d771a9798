// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import org.jspecify.annotations.Nullable;

/// The axes of an order's state. Each moves on its own; there is no mixed status. The text of a
/// value, outside as in JSON and SQL, is its `toString`.
public final class Axes {

    private Axes() {}

    static Lifecycle lifecycle(Progress progress) {
        if (progress.cancelled() != null) {
            return Lifecycle.CANCELLED;
        }
        if (progress.rejected() != null) {
            return Lifecycle.REJECTED;
        }
        if (progress.cancelling() != null) {
            return Lifecycle.CANCELLING;
        }
        if (progress.completed()) {
            return Lifecycle.COMPLETED;
        }
        return progress.confirmed() ? Lifecycle.CONFIRMED : Lifecycle.CREATED;
    }

    /// The first that holds, in this order: a bank wants money back; more is kept than is due;
    /// something was given back; something was captured; what is due is set aside; what the newest
    /// attempt came to.
    static Payment payment(Account account) {
        MoneyLedger money = account.order().money();
        long due = account.due();
        if (!money.received().isEmpty()) {
            return ofInvoice(money, due);
        }
        if (money.contested() > 0 && money.kept() > 0) {
            return Payment.DISPUTED;
        }
        if (money.kept() > due) {
            return Payment.OVERCHARGED;
        }
        if (money.refunded() > 0) {
            return money.kept() == 0 ? Payment.REFUNDED : Payment.PARTIALLY_REFUNDED;
        }
        if (money.captured() > 0) {
            return money.captured() >= due ? Payment.CAPTURED : Payment.PARTIALLY_CAPTURED;
        }
        if (money.open() > 0 && money.open() >= due) {
            return Payment.AUTHORIZED;
        }
        // A part that is set aside is not enough.
        return money.attempt() == Payment.AUTHORIZED ? Payment.PENDING : money.attempt();
    }

    private static Payment ofInvoice(MoneyLedger money, long due) {
        long paid = money.paidByInvoice();
        if (paid > due) {
            return Payment.OVERCHARGED;
        }
        boolean isGivenBack = money.received().stream().anyMatch(transfer -> transfer.amount() < 0);
        if (paid == 0) {
            return isGivenBack ? Payment.REFUNDED : Payment.NONE;
        }
        if (isGivenBack) {
            return Payment.PARTIALLY_REFUNDED;
        }
        return paid == due ? Payment.CAPTURED : Payment.PARTIALLY_CAPTURED;
    }

    /// How far the units have come that are not cancelled.
    static Fulfilment fulfilment(UnitLedger units) {
        if (units.lines().isEmpty()) {
            return Fulfilment.UNALLOCATED;
        }
        long wanted = units.sum(Quantities::wanted);
        long shipped = units.sum(Quantities::shipped);
        long delivered = units.sum(Quantities::delivered);
        if (wanted == 0) {
            return Fulfilment.NOTHING;
        }
        if (delivered > 0) {
            return delivered == wanted ? Fulfilment.DELIVERED : Fulfilment.PARTIALLY_DELIVERED;
        }
        if (shipped > 0) {
            return shipped == wanted ? Fulfilment.SHIPPED : Fulfilment.PARTIALLY_SHIPPED;
        }
        if (units.sum(Quantities::allocated) == wanted) {
            return Fulfilment.ALLOCATED;
        }
        return units.sum(Quantities::backordered) > 0
                ? Fulfilment.BACKORDERED
                : Fulfilment.UNALLOCATED;
    }

    /// A return that is under way counts more than those that are closed.
    static Returns returns(UnitLedger units) {
        boolean isRequested = false;
        for (UnitLedger.Returning returning : units.returns()) {
            if (returning.stage() == UnitLedger.Returning.Stage.RECEIVED) {
                return Returns.IN_PROGRESS;
            }
            isRequested |= returning.stage() == UnitLedger.Returning.Stage.REQUESTED;
        }
        if (isRequested) {
            return Returns.REQUESTED;
        }
        long returned = units.sum(Quantities::returned);
        if (returned == 0) {
            return Returns.NONE;
        }
        return returned == units.sum(Quantities::wanted)
                ? Returns.RETURNED
                : Returns.PARTIALLY_RETURNED;
    }

    public enum Lifecycle {
        CREATED("Created"),
        CONFIRMED("Confirmed"),
        COMPLETED("Completed"),
        REJECTED("Rejected"),
        CANCELLING("Cancelling"),
        CANCELLED("Cancelled");

        private final String text;

        Lifecycle(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public enum Payment {
        NONE("None"),
        PENDING("Pending"),
        AUTHORIZED("Authorized"),
        PARTIALLY_CAPTURED("PartiallyCaptured"),
        CAPTURED("Captured"),
        PARTIALLY_REFUNDED("PartiallyRefunded"),
        REFUNDED("Refunded"),
        DECLINED("Declined"),
        VOIDED("Voided"),
        EXPIRED("Expired"),
        OVERCHARGED("Overcharged"),
        DISPUTED("Disputed");

        private final String text;

        Payment(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public enum Fulfilment {
        UNALLOCATED("Unallocated"),
        BACKORDERED("Backordered"),
        ALLOCATED("Allocated"),
        PARTIALLY_SHIPPED("PartiallyShipped"),
        SHIPPED("Shipped"),
        PARTIALLY_DELIVERED("PartiallyDelivered"),
        DELIVERED("Delivered"),
        NOTHING("Nothing");

        private final String text;

        Fulfilment(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public enum Returns {
        NONE("None"),
        REQUESTED("Requested"),
        IN_PROGRESS("InProgress"),
        PARTIALLY_RETURNED("PartiallyReturned"),
        RETURNED("Returned");

        private final String text;

        Returns(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// Why nothing may be shipped. The names stand as they are, outside too.
    public enum HoldKind {
        FRAUD_REVIEW,
        ADDRESS,
        MANUAL,
        PAYMENT_RISK;

        /// The kind with this name, if there is one.
        static @Nullable HoldKind named(@Nullable String name) {
            for (HoldKind kind : values()) {
                if (kind.name().equals(name)) {
                    return kind;
                }
            }
            return null;
        }
    }
}
