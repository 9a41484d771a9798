// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.order.OrderCommands.ALL;
import static dev.fakta.orders.order.OrderCommands.CREATED;
import static dev.fakta.orders.order.OrderCommands.GRAND;
import static dev.fakta.orders.order.OrderCommands.NOON;
import static dev.fakta.orders.order.OrderCommands.authorized;
import static dev.fakta.orders.order.OrderCommands.captured;
import static dev.fakta.orders.order.OrderCommands.firm;
import static dev.fakta.orders.order.OrderCommands.reserved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Order.Event;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDelivered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentPlanned;
import dev.fakta.testkit.Given;
import java.util.ArrayList;
import java.util.List;

/// How far the order of [OrderCommands] has come, for tests that go on from there.
final class OrderWays {

    private OrderWays() {}

    static final List<Command> ASKED = List.of(new Command.CreateOrder(CREATED), reserved(CREATED));

    static final List<Command> PAID = and(ASKED, authorized(1, GRAND));

    static final List<Command> CONFIRMED = and(PAID, firm(CREATED));

    static final List<Command> SHIPPED =
            and(
                    CONFIRMED,
                    new RecordShipmentPlanned("s1", ALL),
                    new RecordShipmentDispatched("s1", "TRACK1"),
                    captured(0, GRAND, 0));

    static final List<Command> DELIVERED =
            and(SHIPPED, new RecordShipmentDelivered("s1", List.of(), NOON));

    static List<Command> and(List<Command> before, Command... more) {
        List<Command> all = new ArrayList<>(before);
        all.addAll(List.of(more));
        return all;
    }

    /// An order to which these commands were sent, each of which it took.
    static Given<Command, Event, Order> after(List<Command> commands) {
        List<Event> events = new ArrayList<>();
        Given<Command, Event, Order> given = Given.givenAll(Order.AGGREGATE, events);
        for (Command command : commands) {
            List<Event> more = given.when(command).events();
            assertThat(more).as("%s", command).isNotEmpty();
            events.addAll(more);
            given = Given.givenAll(Order.AGGREGATE, events);
        }
        return given;
    }

    static Order state(List<Command> before, Command... more) {
        return after(and(before, more)).state();
    }
}
