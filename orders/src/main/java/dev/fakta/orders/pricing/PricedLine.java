// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.pricing;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.money.Rate;
import java.util.List;

/// One line of an order with its amounts. What the customer pays for it is [#total].
///
/// @param unitPrice the list price of one; it contains the tax when the order's prices do
/// @param net the line at list price, without tax
/// @param discount what campaigns take off `net`: the line's own and its part of the order's
/// @param tax on `net - discount`
/// @param deductions which campaigns acted; they add up to `discount`
public record PricedLine(
        String sku,
        String name,
        int quantity,
        Money unitPrice,
        Money net,
        Money discount,
        Money tax,
        Rate taxRate,
        List<Deduction> deductions) {

    public PricedLine {
        deductions = List.copyOf(deductions);
    }

    /// `net - discount + tax`: what is refunded when all of it comes back.
    public Money total() {
        return net.minus(discount).plus(tax);
    }

    /// What one campaign took off, without tax.
    public record Deduction(String code, String campaignId, Money amount) {}
}
