// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

/// An order's money, as far as its saga has to know it, in minor units.
///
/// @param open what a card has promised, neither captured nor given up
/// @param kept what was captured from cards, without what they were asked to give back
/// @param credit what of the customer's store credit is set aside for the order, or was taken
record Funds(long open, long kept, long credit) {

    static final Funds NONE = new Funds(0, 0, 0);

    Funds opening(long minor) {
        return new Funds(open + minor, kept, credit);
    }

    Funds keeping(long minor) {
        return new Funds(open, kept + minor, credit);
    }

    Funds crediting(long minor) {
        return new Funds(open, kept, credit + minor);
    }

    /// What is there to pay for the order when it is confirmed.
    long promised() {
        return open + credit;
    }

    /// How much of a refund goes to the cards; the rest is store credit again.
    long refundedToCards(long minor) {
        return credit == 0 ? minor : Math.clamp(kept, 0, minor);
    }
}
