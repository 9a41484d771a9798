// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.order.MoneyStanding.Outcome;
import org.jspecify.annotations.Nullable;

/// The card that an order's money is asked of.
///
/// @param attempt counts the cards that were given and the times that one was tried again; 0 as
///   long as nobody was asked for money
/// @param method of the newest card, when it is not the one that the order was placed with
/// @param token of that card, sealed
/// @param outcome what became of the newest attempt, as far as the order has drawn its conclusions
/// @param declines how many attempts were declined
/// @param renewals how often the card was tried again because its promise was not kept, since money
///   has come last
public record Cards(
        int attempt,
        @Nullable String method,
        @Nullable String token,
        Outcome outcome,
        int declines,
        int renewals) {

    static final Cards NONE = new Cards(0, null, null, Outcome.NONE, 0, 0);

    Cards requested() {
        return new Cards(1, method, token, Outcome.NONE, 0, 0);
    }

    Cards given(int number, String newMethod, String newToken) {
        return new Cards(number, newMethod, newToken, Outcome.NONE, declines, 0);
    }

    Cards triedAgain(int number, boolean isRenewal) {
        int more = isRenewal ? renewals + 1 : renewals;
        return new Cards(number, method, token, Outcome.NONE, declines, more);
    }

    Cards ending(Outcome now) {
        int more = now == Outcome.DECLINED ? declines + 1 : declines;
        return new Cards(attempt, method, token, now, more, renewals);
    }

    /// Money has come from it.
    Cards working() {
        return new Cards(attempt, method, token, outcome, declines, 0);
    }
}
