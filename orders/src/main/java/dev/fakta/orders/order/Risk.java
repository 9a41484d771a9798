// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.money.Money;
import java.util.Currency;
import java.util.Map;

/// Which orders somebody has to look at before they are paid: those above an amount.
///
/// @param above the amount in minor units, for each currency that has one
public record Risk(Map<Currency, Long> above) {

    public Risk {
        above = Map.copyOf(above);
    }

    /// No order is looked at.
    public static Risk none() {
        return new Risk(Map.of());
    }

    boolean isIn(Money total) {
        Long limit = above.get(total.currency());
        return limit != null && total.minor() > limit;
    }
}
