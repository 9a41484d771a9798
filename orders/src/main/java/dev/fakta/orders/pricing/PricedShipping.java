// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.pricing;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.money.Rate;
import dev.fakta.orders.pricing.PricedLine.Deduction;
import java.util.List;

/// How an order is shipped and what that costs.
///
/// @param net the cost without tax, before the discount
/// @param discount what campaigns take off `net`
/// @param tax on `net - discount`
public record PricedShipping(
        String method,
        long weightGrams,
        Money net,
        Money discount,
        Money tax,
        Rate taxRate,
        List<Deduction> deductions) {

    public PricedShipping {
        deductions = List.copyOf(deductions);
    }

    /// `net - discount + tax`.
    public Money total() {
        return net.minus(discount).plus(tax);
    }
}
