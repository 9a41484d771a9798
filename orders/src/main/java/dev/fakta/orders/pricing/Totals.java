// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.pricing;

import dev.fakta.orders.money.Money;
import java.util.List;

/// What an order comes to: `items + shipping + tax - discount = grand`, exactly. All but `grand`
/// and `tax` are without tax, whether the prices contain it or not.
///
/// @param items the lines at list prices
/// @param discount everything that campaigns took off, on lines and on shipping
/// @param shipping before its discount
/// @param tax on lines and on shipping
/// @param grand what the customer pays
public record Totals(Money items, Money discount, Money shipping, Money tax, Money grand) {

    /// Adds up.
    ///
    /// @throws ArithmeticException when it does not fit
    /// @throws IllegalArgumentException when there is more than one currency
    public static Totals of(List<PricedLine> lines, PricedShipping shipping) {
        Money items = Money.zero(shipping.net().currency());
        Money discount = shipping.discount();
        Money tax = shipping.tax();
        for (PricedLine line : lines) {
            items = items.plus(line.net());
            discount = discount.plus(line.discount());
            tax = tax.plus(line.tax());
        }
        Money grand = items.plus(shipping.net()).plus(tax).minus(discount);
        return new Totals(items, discount, shipping.net(), tax, grand);
    }
}
