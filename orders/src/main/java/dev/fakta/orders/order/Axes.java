// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import org.jspecify.annotations.Nullable;

/// The axes of an order's state. Each moves on its own; there is no mixed status. The text of a
/// value, outside as in JSON and SQL, is its `toString`.
public final class Axes {

    private Axes() {}

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
