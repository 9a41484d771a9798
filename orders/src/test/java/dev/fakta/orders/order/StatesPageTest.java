// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.order.OrderCommands.units;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.EventType;
import dev.fakta.orders.NamedTests;
import dev.fakta.orders.order.MoneyStanding.OfCards;
import dev.fakta.orders.order.MoneyStanding.Outcome;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Order.Event;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDelivered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentLost;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentPlanned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// The page on the states of an order says what the code does: each diagram is drawn from every
/// state that an order can be brought into by some commands, in any order.
class StatesPageTest {

    private static final Path PAGE = Path.of("..", "docs", "orders", "states.md");
    private static final int MOST_STATES = 200_000;
    private static final OrderCreated CREATED = Placing.order().placed();
    private static final long GRAND = CREATED.totals().grand().minor();
    private static final Command CREATE = new Command.CreateOrder(CREATED);
    private static final Command ASK = OrderCommands.reserved(CREATED);
    private static final Command AUTHORIZE = OrderCommands.authorized(1, GRAND);
    private static final Command CONFIRM = OrderCommands.firm(CREATED);
    private static final Command CAPTURE = OrderCommands.captured(0, GRAND, 0);
    private static final List<LineUnits> BOTH = units(0, 2);

    @Test
    void the_lifecycle_is_as_drawn() throws IOException {
        List<Function<Order, Command>> steps =
                List.of(
                        _ -> ASK,
                        _ -> AUTHORIZE,
                        _ -> CONFIRM,
                        _ -> new Command.RejectOrder(RejectReason.OUT_OF_STOCK),
                        _ -> new Command.RequestCancellation("r"),
                        _ -> new RecordShipmentPlanned("s", BOTH),
                        _ -> new RecordShipmentDispatched("s", "t"),
                        _ -> CAPTURE,
                        _ -> new RecordShipmentDelivered("s", List.of(), Placing.NOON));
        drawn("lifecycle", List.of(CREATE), steps, Order::lifecycle);
    }

    @Test
    void payment_is_as_drawn() throws IOException {
        long half = GRAND / 2;
        List<Function<Order, Command>> steps =
                List.of(
                        order -> heard(order, Outcome.PENDING, open(order), 0, 0, 0),
                        order -> heard(order, Outcome.DECLINED, open(order), 0, 0, 0),
                        order -> heard(order, Outcome.AUTHORIZED, missing(order), 0, 0, 0),
                        order -> heard(order, Outcome.VOIDED, 0, 0, 0, 0),
                        order -> heard(order, Outcome.EXPIRED, 0, 0, 0, 0),
                        order -> heard(order, Outcome.AUTHORIZED, GRAND - half, half, 0, 0),
                        order -> heard(order, Outcome.AUTHORIZED, 0, GRAND, 0, 0),
                        order -> heard(order, outcome(order), open(order), 0, half, 0),
                        order -> heard(order, outcome(order), open(order), 0, GRAND, 0),
                        order -> heard(order, outcome(order), open(order), 0, 0, 1),
                        order -> heard(order, outcome(order), open(order), 0, 0, 0),
                        _ -> new Command.RequestCancellation("r"));
        drawn("payment", List.of(CREATE, ASK), steps, Order::payment);
    }

    /// A standing of the newest attempt, in which the sums are at least those that are known.
    private static Command heard(
            Order order,
            Outcome outcome,
            long setAside,
            long captured,
            long refunded,
            long contested) {
        Tender known = order.money().cards();
        long taken = Math.max(known.captured(), captured);
        return OrderCommands.heard(
                new OfCards(
                        setAside,
                        taken,
                        Math.max(known.refunded(), Math.min(taken, refunded)),
                        Math.min(taken, contested),
                        order.money().card().attempt(),
                        outcome,
                        List.of()));
    }

    private static Outcome outcome(Order order) {
        return order.money().card().outcome();
    }

    private static long open(Order order) {
        return order.money().cards().open();
    }

    private static long missing(Order order) {
        return GRAND - order.money().cards().captured();
    }

    @Test
    void fulfilment_is_as_drawn() throws IOException {
        List<Function<Order, Command>> steps =
                List.of(
                        _ -> OrderCommands.stock(0, 1, 1),
                        _ -> new RecordShipmentPlanned("s1", units(0, 1)),
                        _ -> new RecordShipmentPlanned("s2", units(0, 1)),
                        _ -> new RecordShipmentDispatched("s1", "t"),
                        _ -> new RecordShipmentDispatched("s2", "t"),
                        _ -> new RecordShipmentDelivered("s1", List.of(), Placing.NOON),
                        _ -> new RecordShipmentDelivered("s2", List.of(), Placing.NOON),
                        _ -> new RecordShipmentLost("s1"),
                        _ -> new ShipmentFacts.Command.RecordShipmentCancelled("s1"),
                        _ -> new Command.CancelLines(new ArrayList<>(units(0, 1)), null),
                        _ -> new Command.RequestCancellation("r"));
        drawn("fulfilment", List.of(CREATE, ASK, AUTHORIZE, CONFIRM), steps, Order::fulfilment);
    }

    @Test
    void returns_are_as_drawn() throws IOException {
        List<Command> delivered =
                List.of(
                        CREATE,
                        ASK,
                        AUTHORIZE,
                        CONFIRM,
                        new RecordShipmentPlanned("s", BOTH),
                        new RecordShipmentDispatched("s", "t"),
                        CAPTURE,
                        new RecordShipmentDelivered("s", List.of(), Placing.NOON));
        List<Function<Order, Command>> steps = new ArrayList<>();
        for (String id : List.of("r1", "r2")) {
            steps.add(_ -> new ReturnFacts.Command.RecordReturnRequested(id, units(0, 1)));
            steps.add(_ -> new ReturnFacts.Command.RecordReturnReceived(id));
            steps.add(_ -> new ReturnFacts.Command.RecordReturnClosed(id, units(0, 1)));
            steps.add(_ -> new ReturnFacts.Command.RecordReturnClosed(id, List.of()));
        }
        drawn("returns", delivered, steps, Order::returns);
    }

    @Test
    void every_test_that_the_page_names_is_there() throws IOException, ClassNotFoundException {
        assertThat(NamedTests.in(PAGE)).isGreaterThanOrEqualTo(20);
    }

    private static <A extends Enum<A>> void drawn(
            String name,
            List<Command> before,
            List<Function<Order, Command>> steps,
            Function<Order, A> axis)
            throws IOException {
        Order start = Order.NONE;
        for (Command command : before) {
            for (Event event : OrderInvariantsTest.events(start, command)) {
                start = start.evolve(event);
            }
        }
        String diagram = new Walk<>(steps, axis).from(start);
        String page = Files.readString(PAGE);
        String opening = "<!-- axis: " + name + " -->\n```mermaid\n";
        assertThat(page).contains(opening);
        int from = page.indexOf(opening) + opening.length();
        assertThat(page.substring(from, page.indexOf("```", from)))
                .as("the diagram of %s in %s", name, PAGE)
                .isEqualTo(diagram);
    }

    /// Goes from state to state and notes how the axis moves.
    private static final class Walk<A extends Enum<A>> {
        private final List<Function<Order, Command>> steps;
        private final Function<Order, A> axis;
        private final Map<A, Map<A, Set<String>>> moves = new TreeMap<>();
        private final Set<Object> seen = new HashSet<>();
        private final ArrayDeque<Order> ahead = new ArrayDeque<>();

        Walk(List<Function<Order, Command>> steps, Function<Order, A> axis) {
            this.steps = steps;
            this.axis = axis;
        }

        String from(Order start) {
            ahead.add(start);
            while (!ahead.isEmpty()) {
                assertThat(seen).hasSizeLessThan(MOST_STATES);
                Order order = ahead.remove();
                for (Function<Order, Command> step : steps) {
                    take(order, OrderInvariantsTest.events(order, step.apply(order)));
                }
            }
            StringBuilder diagram = new StringBuilder("stateDiagram-v2\n");
            diagram.append("    [*] --> %s\n".formatted(axis.apply(start)));
            moves.forEach(
                    (before, targets) ->
                            targets.forEach(
                                    (after, names) ->
                                            diagram.append(
                                                    "    %s --> %s: %s\n"
                                                            .formatted(
                                                                    before,
                                                                    after,
                                                                    String.join(", ", names)))));
            return diagram.toString();
        }

        private void take(Order order, List<Event> events) {
            Order next = order;
            for (Event event : events) {
                A before = axis.apply(next);
                next = next.evolve(event);
                A after = axis.apply(next);
                if (before != after) {
                    moves.computeIfAbsent(before, _ -> new TreeMap<>())
                            .computeIfAbsent(after, _ -> new TreeSet<>())
                            .add(name(event));
                }
            }
            if (seen.add(key(next))) {
                ahead.add(next);
            }
        }

        /// The state, whichever attempt at a payment it was that has led to it.
        private static Object key(Order order) {
            MoneyLedger m = order.money();
            return List.of(
                    order.progress(),
                    order.units(),
                    List.of(m.open(), m.captured(), m.refunded(), m.contested(), m.asked()),
                    List.of(m.attempt(), m.card().outcome(), m.card().renewals()),
                    order.holds());
        }

        private static String name(Event event) {
            for (EventType<? extends Event> type : Order.AGGREGATE.events()) {
                if (type.type() == event.getClass()) {
                    return type.name().substring("order-".length());
                }
            }
            throw new AssertionError(event);
        }
    }
}
