// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

import java.time.Instant;
import java.util.List;

/// An order, as it is kept in its actor and shown to clients.
record Order(
        String id,
        long revision,
        String status,
        String customerId,
        String email,
        List<PricedLine> lines,
        PlaceOrder.Shipping shipping,
        PlaceOrder.Payment payment,
        Totals totals,
        Instant placedAt)
        implements JsonSerializable {

    Order {
        lines = List.copyOf(lines);
    }

    static Order of(String id, OrderEntity.Created event) {
        return new Order(
                id,
                1,
                "placed",
                event.customerId(),
                event.email(),
                event.lines(),
                event.shipping(),
                event.payment(),
                event.totals(),
                event.placedAt());
    }
}
