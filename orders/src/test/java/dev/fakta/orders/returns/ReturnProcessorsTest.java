// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.returns;

import static dev.fakta.testkit.Surroundings.surroundings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.fakta.domain.Decision;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.DeliveredOrders;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.ReturnFacts;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnClosed;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnRequested;
import dev.fakta.orders.order.Standing;
import dev.fakta.orders.returns.Return.Command;
import dev.fakta.orders.returns.Return.Command.CloseReturn;
import dev.fakta.orders.returns.Return.Command.RejectReturn;
import dev.fakta.orders.returns.Return.Command.RequestReturn;
import dev.fakta.orders.returns.Return.Event;
import dev.fakta.orders.returns.Return.Inspected;
import dev.fakta.orders.returns.ReturnProcessors.Step;
import dev.fakta.orders.returns.ReturnProcessors.Wish;
import dev.fakta.testkit.Processed;
import dev.fakta.testkit.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The steps of a return between it and its order: two of two tea at 19.99, delivered and paid.
class ReturnProcessorsTest {

    private static final List<LineUnits> ONE = List.of(new LineUnits(0, 1));
    private static final Wish WISH = new Wish("o1", new ArrayList<>(ONE), "broken");
    private static final Money TEA = Money.of(1999, "EUR");

    private static Surroundings shop(Order.Event... more) {
        List<Order.Event> events = new ArrayList<>(DeliveredOrders.events());
        events.addAll(List.of(more));
        return surroundings()
                .at(DeliveredOrders.DELIVERED.plus(Duration.ofDays(29)))
                .sendingTo("r1")
                .with(Order.AGGREGATE, "o1", events.toArray(Order.Event[]::new));
    }

    private static Outcome.Send<Command> sent(Outcome<Command> outcome) {
        return switch (outcome) {
            case Outcome.Send<Command> send -> send;
            case Outcome.Exchange<Command> exchange -> throw new AssertionError(exchange);
            case Outcome.Refuse<Command>(var problems) -> throw new AssertionError(problems);
            case Outcome.Unanswered<Command>(var reason) -> throw new AssertionError(reason);
        };
    }

    private static List<Object> commands(List<First<?>> all) {
        List<Object> commands = new ArrayList<>();
        for (First<?> first : all) {
            assertThat(first.id()).isEqualTo("o1");
            commands.add(first.command());
        }
        return commands;
    }

    private static Event.ReturnRequested requested() {
        RequestReturn asked =
                (RequestReturn) sent(ReturnProcessors.REQUEST.process(WISH, shop())).command();
        return switch (Return.AGGREGATE.decide(Return.AGGREGATE.initial(), asked)) {
            case Decision.Accepted<Event>(var events) -> (Event.ReturnRequested) events.getFirst();
            case Decision.Rejected<Event>(var rejection) -> throw new AssertionError(rejection);
        };
    }

    @Test
    void the_order_reserves_the_units_before_the_return_is_requested() {
        Outcome.Send<Command> send = sent(ReturnProcessors.REQUEST.process(WISH, shop()));
        assertThat(commands(send.first())).containsExactly(new RecordReturnRequested("r1", ONE));
        assertThat(requested().request().quote()).isEqualTo(TEA);
        assertThat(requested().request().lines())
                .containsExactly(new Return.Line(0, "tea", 1, 2, "main", TEA.times(2), 2, 0));
    }

    @Test
    void what_comes_too_late_is_not_told_to_the_order() {
        Surroundings late = shop().at(DeliveredOrders.DELIVERED.plus(ReturnProcessors.WINDOW));
        Outcome.Send<Command> send = sent(ReturnProcessors.REQUEST.process(WISH, late));
        assertThat(send.first()).isEmpty();
        assertThat(Return.AGGREGATE.decide(Return.AGGREGATE.initial(), send.command()))
                .isEqualTo(Decision.reject(Return.Refusal.WINDOW_CLOSED));
    }

    @Test
    void an_order_that_does_not_exist_has_nothing_to_return() {
        surroundings()
                .process(ReturnProcessors.REQUEST, WISH)
                .thenRefused(new Problem("orderId", "is unknown"));
    }

    @Test
    void what_the_order_refuses_is_left_to_it() {
        Wish many = new Wish("o1", new ArrayList<>(List.of(new LineUnits(0, 3))), null);
        Outcome.Send<Command> send = sent(ReturnProcessors.REQUEST.process(many, shop()));
        assertThat(send.first()).hasSize(1);
        assertThat(
                        Order.AGGREGATE.decide(
                                shop().state(Order.AGGREGATE, "o1"),
                                new RecordReturnRequested("r1", List.of(new LineUnits(0, 3)))))
                .isEqualTo(Decision.reject(Order.Refusal.UNITS_NOT_RETURNABLE));
    }

    @Test
    void a_closed_return_refunds_what_the_order_says() {
        Surroundings shop =
                shop(reserved())
                        .with(
                                Return.AGGREGATE,
                                "r1",
                                requested(),
                                new Event.ReturnApproved(),
                                new Event.ReturnReceived(ONE),
                                new Event.ReturnInspected(List.of(new Inspected(0, 1, 0)), null));
        Processed<Command> closing = shop.process(ReturnProcessors.CLOSE, new Step());
        assertThat(commands(closing.first())).containsExactly(new RecordReturnClosed("r1", ONE));
        closing.thenSends(new CloseReturn(TEA));
    }

    @Test
    void a_closing_that_stopped_half_way_goes_on_with_the_orders_amount() {
        Order.Event closed =
                new ReturnFacts.Event.OrderReturnClosed("r1", ONE, TEA, Standing.CREATED);
        Surroundings shop =
                shop(reserved(), closed)
                        .with(
                                Return.AGGREGATE,
                                "r1",
                                requested(),
                                new Event.ReturnApproved(),
                                new Event.ReturnReceived(ONE),
                                new Event.ReturnInspected(List.of(new Inspected(0, 1, 0)), null));
        Processed<Command> closing = shop.process(ReturnProcessors.CLOSE, new Step());
        assertThat(commands(closing.first())).containsExactly(new RecordReturnClosed("r1", ONE));
        closing.thenSends(new CloseReturn(TEA));
    }

    @Test
    void a_rejected_return_decides_first_and_then_frees_its_units() {
        Surroundings shop = shop(reserved()).with(Return.AGGREGATE, "r1", requested());
        RejectReturn worn = new RejectReturn("worn");
        Outcome.Send<Command> send = sent(ReturnProcessors.REJECT.process(worn, shop));
        assertThat(send.first())
                .extracting(First::id, First::command)
                .containsExactly(
                        tuple("r1", worn), tuple("o1", new RecordReturnClosed("r1", List.of())));
        assertThat(send.command()).isEqualTo(worn);
    }

    @Test
    void what_the_return_refuses_is_not_told_to_the_order() {
        Surroundings shop =
                shop(reserved())
                        .with(Return.AGGREGATE, "r1", requested(), new Event.ReturnApproved());
        assertThat(shop.process(ReturnProcessors.CLOSE, new Step()).first()).isEmpty();
        assertThat(sent(ReturnProcessors.REJECT.process(new RejectReturn(null), shop)).first())
                .isEmpty();
        assertThat(sent(ReturnProcessors.CLOSE.process(new Step(), surroundings())).first())
                .isEmpty();
    }

    private static Order.Event reserved() {
        return new ReturnFacts.Event.OrderReturnRequested("r1", ONE, Standing.CREATED);
    }
}
