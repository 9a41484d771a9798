// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.order.OrderCommands.ALL;
import static dev.fakta.orders.order.OrderCommands.CREATED;
import static dev.fakta.orders.order.OrderCommands.GRAND;
import static dev.fakta.orders.order.OrderCommands.captured;
import static dev.fakta.orders.order.OrderCommands.declined;
import static dev.fakta.orders.order.OrderCommands.pending;
import static dev.fakta.orders.order.OrderCommands.stock;
import static dev.fakta.orders.order.OrderCommands.units;
import static dev.fakta.orders.order.OrderWays.ASKED;
import static dev.fakta.orders.order.OrderWays.CONFIRMED;
import static dev.fakta.orders.order.OrderWays.DELIVERED;
import static dev.fakta.orders.order.OrderWays.PAID;
import static dev.fakta.orders.order.OrderWays.SHIPPED;
import static dev.fakta.orders.order.OrderWays.and;
import static dev.fakta.orders.order.OrderWays.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.Actions.Action;
import dev.fakta.orders.order.MoneyStanding.Outcome;
import dev.fakta.orders.order.Order.Attention;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnReceived;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnRequested;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentPlanned;
import dev.fakta.orders.order.StockFacts.Command.RecordStock;
import dev.fakta.orders.order.Waiting.Actor;
import dev.fakta.orders.order.Waiting.Code;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// What an order says that it waits for.
class WaitingTest {

    private static final Command LYING =
            new RecordStock(
                    List.of(
                            new LineStock(0, Sourcing.MAIN, 99, 2, 0, 0, 0, null),
                            new LineStock(1, Sourcing.MAIN, 99, 3, 0, 0, 0, null)),
                    false);

    @Provide
    Arbitrary<List<Command>> sequences() {
        return OrderCommands.sequences();
    }

    @Property(tries = 500)
    void an_order_that_has_not_ended_waits_for_something(
            @ForAll("sequences") List<Command> commands) {
        for (Order order : OrderInvariantsTest.history(commands).states()) {
            List<Waiting> all = Waiting.of(order);
            boolean isInDecision = order.lifecycle() == Axes.Lifecycle.CANCELLING;
            assertThat(all.isEmpty() && !order.isClosed() && !isInDecision).isFalse();
            all.forEach(waiting -> isTrue(waiting, order));
        }
    }

    /// What it waits for can happen, and is what [Actions] allows.
    private static void isTrue(Waiting waiting, Order order) {
        assertThat(waiting.says()).endsWith(".");
        switch (waiting.code()) {
            case HOLD ->
                    assertThat(order.isHeldFor(Axes.HoldKind.valueOf(subject(waiting)))).isTrue();
            case ANOTHER_CARD, PAYMENT_ANSWER -> allows(order, Action.PAY);
            case CONFIRMATION -> assertThat(order.isSecured()).isTrue();
            case PLANNING -> allows(order, Action.PLAN_SHIPMENT);
            case COMPLETION -> assertThat(new Conclusion(order).isOver()).isTrue();
            case WAREHOUSE, DELIVERY ->
                    assertThat(order.units().shipment(subject(waiting))).isNotNull();
            case RETURN -> assertThat(order.units().returning(subject(waiting))).isNotNull();
            case REFUND ->
                    assertThat(order.money().refunded()).isLessThan(order.money().captured());
            case CAPTURE -> assertThat(order.money().cards().open()).isPositive();
            case BACKORDER -> assertThat(order.ledger().sum(Quantities::open)).isPositive();
            case ATTENTION, STOCK_ANSWER, CODES, PAYMENT_REQUEST -> {}
        }
    }

    private static String subject(Waiting waiting) {
        return String.valueOf(waiting.subject());
    }

    private static void allows(Order order, Action action) {
        assertThat(Actions.refusal(order, action)).as("%s", action).isNull();
    }

    private static List<Code> codes(List<Command> before, Command... more) {
        return Waiting.of(state(before, more)).stream().map(Waiting::code).toList();
    }

    private static Waiting only(Code code, Order order) {
        List<Waiting> found = Waiting.of(order).stream().filter(one -> one.code() == code).toList();
        assertThat(found).as("%s of %s", code, Waiting.of(order)).hasSize(1);
        return found.getFirst();
    }

    @Test
    void one_that_was_placed_waits_for_stock_then_for_its_money() {
        Order placed = state(List.of(new Command.CreateOrder(CREATED)));
        Waiting stock = only(Code.STOCK_ANSWER, placed);
        assertThat(stock.actor()).isEqualTo(Actor.SYSTEM);
        assertThat(stock.since()).isEqualTo(CREATED.placedAt());
        assertThat(stock.until()).isEqualTo(CREATED.stockUntil());
        assertThat(codes(List.of(new Command.CreateOrder(CREATED)), LYING))
                .containsExactly(Code.PAYMENT_ANSWER);
    }

    @Test
    void one_whose_money_is_asked_for_waits_for_the_provider_then_for_another_card() {
        assertThat(codes(and(ASKED, pending(1)))).contains(Code.PAYMENT_ANSWER);
        Order declined = state(ASKED, declined(1));
        assertThat(only(Code.ANOTHER_CARD, declined).actor()).isEqualTo(Actor.CUSTOMER);
        Order paying = state(ASKED, declined(1), new PaymentFacts.Command.Pay("card", "tok_2"));
        assertThat(only(Code.PAYMENT_ANSWER, paying).actor()).isEqualTo(Actor.PROVIDER);
    }

    @Test
    void one_that_is_paid_and_has_its_goods_is_confirmed_and_waits_to_be_planned() {
        assertThat(codes(PAID)).containsExactly(Code.STOCK_ANSWER);
        assertThat(codes(PAID, LYING)).containsExactly(Code.PLANNING);
        assertThat(codes(CONFIRMED)).containsExactly(Code.PLANNING);
        assertThat(codes(CONFIRMED, stock(ALL))).containsExactly(Code.BACKORDER);
    }

    @Test
    void a_hold_says_which_and_hides_nothing() {
        Order held = state(CONFIRMED, new Command.PlaceHold("MANUAL", "m", Placing.NOON));
        assertThat(only(Code.HOLD, held).subject()).isEqualTo("MANUAL");
        assertThat(only(Code.HOLD, held).actor()).isEqualTo(Actor.STAFF);
        assertThat(Waiting.of(held)).hasSize(1);
    }

    @Test
    void a_shipment_waits_for_the_warehouse_then_for_the_carrier() {
        List<Command> planned = and(CONFIRMED, new RecordShipmentPlanned("s1", ALL));
        assertThat(only(Code.WAREHOUSE, state(planned)).subject()).isEqualTo("s1");
        Order left = state(and(planned, new RecordShipmentDispatched("s1", "T")));
        assertThat(only(Code.DELIVERY, left).actor()).isEqualTo(Actor.CARRIER);
        assertThat(only(Code.CAPTURE, left).actor()).isEqualTo(Actor.PROVIDER);
        assertThat(codes(SHIPPED)).contains(Code.DELIVERY).doesNotContain(Code.CAPTURE);
    }

    @Test
    void money_that_was_lost_twice_is_for_the_customer_and_the_staff() {
        Order lost =
                state(
                        CONFIRMED,
                        OrderCommands.ended(1, Outcome.VOIDED),
                        OrderCommands.ended(2, Outcome.VOIDED));
        assertThat(Waiting.of(lost).stream().map(Waiting::code))
                .contains(Code.HOLD, Code.ANOTHER_CARD)
                .doesNotContain(Code.PAYMENT_ANSWER);
    }

    @Test
    void one_that_has_ended_waits_for_its_returns_and_refunds_only() {
        assertThat(codes(DELIVERED)).doesNotContain(Code.DELIVERY, Code.COMPLETION);
        List<Command> asked = and(DELIVERED, new RecordReturnRequested("r1", units(0, 2)));
        assertThat(only(Code.RETURN, state(asked)).actor()).isEqualTo(Actor.CUSTOMER);
        List<Command> back = and(asked, new RecordReturnReceived("r1"));
        assertThat(only(Code.RETURN, state(back)).actor()).isEqualTo(Actor.STAFF);
        List<Command> closed =
                and(back, new ReturnFacts.Command.RecordReturnClosed("r1", units(0, 2)));
        assertThat(only(Code.REFUND, state(closed)).actor()).isEqualTo(Actor.PROVIDER);
        long tea = OrderCommands.teaValue().minor();
        assertThat(codes(closed, captured(0, GRAND, tea))).doesNotContain(Code.REFUND);
    }

    @Test
    void an_attention_is_for_the_staff() {
        Order order =
                state(CONFIRMED, new Command.RaiseAttention(Attention.Topic.STOCK_REFUSED, "why"));
        assertThat(only(Code.ATTENTION, order).subject()).isEqualTo("STOCK_REFUSED");
    }

    @Test
    void only_people_take_their_time() {
        assertThat(List.of(Actor.values()).stream().filter(Actor::isPeople))
                .containsExactly(Actor.CUSTOMER, Actor.STAFF, Actor.WAREHOUSE, Actor.CARRIER);
    }
}
