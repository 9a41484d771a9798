// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

import java.util.List;

/// The sums of an order. Shipping is a flat rate, and the tax of 19 percent is added to both.
record Totals(Money items, Money shipping, Money tax, Money grand) {

    private static final long SHIPPING = 490;
    private static final long TAX_PERCENT = 19;

    static Totals of(List<PricedLine> lines, String currency) {
        Money items =
                lines.stream().map(PricedLine::total).reduce(new Money(0, currency), Money::plus);
        Money shipping = new Money(SHIPPING, currency);
        Money net = items.plus(shipping);
        Money tax = new Money((net.minor() * TAX_PERCENT + 50) / 100, currency);
        return new Totals(items, shipping, tax, net.plus(tax));
    }
}
