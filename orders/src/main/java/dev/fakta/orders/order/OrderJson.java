// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.PricedShipping;
import dev.fakta.orders.pricing.Totals;
import dev.fakta.runtime.Versioned;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// An order as clients see it.
///
/// @param status the lifecycle's axis
record OrderJson(
        String id,
        String number,
        String customerId,
        String email,
        String currency,
        String status,
        String payment,
        String fulfilment,
        String returns,
        List<Order.Hold> holds,
        List<PricedLine> lines,
        PricedShipping shipping,
        Address address,
        Totals totals,
        List<OrderCreated.Code> codes,
        boolean pricesIncludeTax,
        long revision,
        Instant placedAt) {

    static OrderJson of(Versioned<Order> versioned) {
        Order order = versioned.state();
        OrderCreated agreed = Objects.requireNonNull(order.created());
        return new OrderJson(
                versioned.id(),
                agreed.number(),
                agreed.customerId(),
                agreed.email(),
                agreed.currency().getCurrencyCode(),
                order.lifecycle().toString(),
                order.payment().toString(),
                order.fulfilment().toString(),
                order.returns().toString(),
                order.holds(),
                agreed.lines(),
                agreed.shipping(),
                agreed.address(),
                agreed.totals(),
                agreed.codes(),
                agreed.pricesIncludeTax(),
                versioned.revision(),
                agreed.placedAt());
    }
}
