// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.order.Order.Attention.Topic;
import dev.fakta.orders.order.Order.Command.CancelLines;
import dev.fakta.orders.order.Order.Command.SettleAttention;
import dev.fakta.orders.order.PlaceOrder.Destination;
import dev.fakta.orders.order.PlaceOrder.Line;
import java.util.List;

/// What requests about orders may be like, for who reads the API's document.
final class OrderExamples {

    private static final Destination AT_HOME =
            new Destination("Ada Byron", "1 Analytical Way", null, "Portland", null, "97201", "US");

    static final Destination AT_THE_OFFICE =
            new Destination("Ada Byron", "7 Engine Row", null, "Portland", null, "97205", "US");

    static final PlaceOrder TWO_TEAS =
            new PlaceOrder(
                    "ada",
                    "ada@example.org",
                    "USD",
                    List.of(new Line("tea", 2L, null)),
                    null,
                    new PlaceOrder.Shipping("pickup", AT_HOME),
                    new PlaceOrder.Payment("card", "tok_ok"),
                    null);

    static final CancelLines ONE_TEA_LESS =
            new CancelLines(List.of(new LineUnits(0, 1)), "One is enough.");

    static final EditOrder.Change ONE_TEA_MORE =
            new EditOrder.Change(null, List.of(new Line("tea", 1L, null)));

    static final SettleAttention STOCK_IS_SEEN_TO =
            new SettleAttention(Topic.STOCK_REFUSED, "tea@main");

    private OrderExamples() {}
}
