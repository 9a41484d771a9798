// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

import jakarta.persistence.Embeddable;

/// The sums of an order in its currency's smallest unit. Shipping is a flat rate, and the tax of 19
/// percent is added to both.
@Embeddable
record Totals(long itemsMinor, long shippingMinor, long taxMinor, long grandMinor) {

    private static final long SHIPPING = 490;
    private static final long TAX_PERCENT = 19;

    static Totals of(long items) {
        long tax = ((items + SHIPPING) * TAX_PERCENT + 50) / 100;
        return new Totals(items, SHIPPING, tax, items + SHIPPING + tax);
    }
}
