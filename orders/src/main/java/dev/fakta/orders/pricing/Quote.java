// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.pricing;

import java.math.RoundingMode;
import java.util.List;

/// A priced cart.
///
/// @param pricesIncludeTax whether list prices, and the amounts of campaigns, contain the tax
public record Quote(
        List<PricedLine> lines,
        PricedShipping shipping,
        Totals totals,
        boolean pricesIncludeTax,
        RoundingMode rounding) {

    public Quote {
        lines = List.copyOf(lines);
    }
}
