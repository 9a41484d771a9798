// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.util.List;

/// What the payment of an order, and the customer's store credit, have to say of its money. All
/// amounts are absolute and in minor units of the order's currency.
public record MoneyStanding(OfCards cards, OfCredit credit) {

    /// What cards have promised and given.
    ///
    /// @param setAside what is promised and neither taken nor given up
    /// @param captured what was taken in all
    /// @param refunded what of it was given back in all
    /// @param contested what customers' banks want back, or have got
    /// @param attempt the newest that a card was tried with; 0 when none was
    /// @param outcome what became of it
    /// @param failing reasons of refunds that have failed for good
    public record OfCards(
            long setAside,
            long captured,
            long refunded,
            long contested,
            int attempt,
            Outcome outcome,
            List<String> failing) {

        public static final OfCards NONE = new OfCards(0, 0, 0, 0, 0, Outcome.NONE, List.of());

        public OfCards {
            failing = List.copyOf(failing);
        }
    }

    /// What the customer's store credit has promised and given.
    ///
    /// @param isKnown whether it was asked
    /// @param promised what was ever promised to the order
    /// @param held what of it is still set aside
    /// @param taken what of it was taken
    /// @param back what of that was given back
    public record OfCredit(boolean isKnown, long promised, long held, long taken, long back) {

        public static final OfCredit UNKNOWN = new OfCredit(false, 0, 0, 0, 0);

        long released() {
            return promised - held - taken;
        }
    }

    /// What became of an attempt to have money promised.
    public enum Outcome {
        NONE,
        /// The provider was asked and has not answered, or nobody knows what it did.
        PENDING,
        AUTHORIZED,
        DECLINED,
        EXPIRED,
        /// The promise was not kept: nothing could be taken.
        CAPTURE_FAILED,
        VOIDED
    }
}
