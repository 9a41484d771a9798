// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.campaign.Definitions;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.testkit.Given;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class OrderJsonTest {

    private final JsonMapper json = JsonMapper.builder().build();
    private final OrderCreated created =
            Placing.order().campaign("SUN", Definitions.percentage("10")).codes("SUN").placed();

    @Test
    void the_creating_event_comes_back_as_it_was() {
        assertThat(json.readValue(json.writeValueAsString(created), OrderCreated.class))
                .isEqualTo(created);
    }

    @Test
    void a_snapshot_comes_back_as_it_was() {
        Order order =
                Given.<Order.Command, Order.Event, Order>given(
                                Order.AGGREGATE,
                                created,
                                new Order.Event.OrderHoldPlaced(HoldKind.MANUAL, "m"),
                                new Order.Event.OrderCancelled("c", Standing.CANCELLED))
                        .state();
        assertThat(json.readValue(json.writeValueAsString(order), Order.class)).isEqualTo(order);
    }
}
