// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Decision;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Order.Command;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// An order of two tea that was paid and delivered.
public final class DeliveredOrders {

    public static final Instant DELIVERED = Placing.NOON.plusSeconds(86_400);

    private static final OrderCreated CREATED = Placing.order().placed();

    private DeliveredOrders() {}

    public static Money captured() {
        return CREATED.totals().grand();
    }

    /// Its events. A refused command fails the test.
    public static List<Order.Event> events() {
        List<Order.Event> all = new ArrayList<>();
        Order order = Order.NONE;
        for (Command command : commands()) {
            switch (order.decide(command)) {
                case Decision.Rejected<Order.Event>(var rejection) ->
                        throw new AssertionError(command + ": " + rejection);
                case Decision.Accepted<Order.Event>(var events) -> {
                    for (Order.Event event : events) {
                        order = order.evolve(event);
                        all.add(event);
                    }
                }
            }
        }
        return all;
    }

    private static List<Command> commands() {
        List<LineUnits> both = List.of(new LineUnits(0, 2));
        return List.of(
                new Command.CreateOrder(CREATED),
                OrderCommands.reserved(CREATED),
                OrderCommands.authorized(1, captured().minor()),
                OrderCommands.firm(CREATED),
                new ShipmentFacts.Command.RecordShipmentPlanned("s1", both),
                new ShipmentFacts.Command.RecordShipmentDispatched("s1", "TRACK1"),
                OrderCommands.captured(0, captured().minor(), 0),
                new ShipmentFacts.Command.RecordShipmentDelivered("s1", List.of(), DELIVERED));
    }
}
