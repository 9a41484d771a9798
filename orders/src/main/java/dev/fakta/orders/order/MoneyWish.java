// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an order wants to be true of its money, in absolute terms and in minor units. What was
/// given back counts as taken: the sums only grow.
///
/// @param secure what cards should have promised or given in all
/// @param take what of it should be taken in all
/// @param refunds what cards should get back, by its reason
/// @param card the newest card; none when no card is to be tried
/// @param credit what store credit should do
public record MoneyWish(
        long secure, long take, List<GiveBack> refunds, @Nullable Card card, Credit credit) {

    static final MoneyWish NOTHING = new MoneyWish(0, 0, List.of(), null, Credit.NOTHING);

    public MoneyWish {
        refunds = List.copyOf(refunds);
    }

    /// So much for one reason.
    public record GiveBack(String reason, long amount) {}

    /// A card to be tried.
    ///
    /// @param attempt see [Cards#attempt]
    public record Card(int attempt, String method, String token) {}

    /// What store credit should do.
    ///
    /// @param hold what should be set aside or taken, as far as the customer has it
    /// @param take what should be taken in all
    /// @param back what of it should be given back in all
    public record Credit(long hold, long take, long back) {
        static final Credit NOTHING = new Credit(0, 0, 0);
    }
}
