// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.order.OrderCommands.NOON;
import static dev.fakta.orders.order.OrderWays.ASKED;
import static dev.fakta.orders.order.OrderWays.CONFIRMED;
import static dev.fakta.orders.order.OrderWays.and;
import static dev.fakta.orders.order.OrderWays.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Order.Command.PlaceHold;
import dev.fakta.orders.order.Order.Command.ReleaseHold;
import dev.fakta.orders.order.PaymentFacts.Command.RecordNoOtherCard;
import dev.fakta.orders.order.StockFacts.Command.KeepStock;
import dev.fakta.testkit.Given;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How long an order that people look at before it is confirmed keeps its stock.
class ReviewTest {

    private static final Instant LATER = NOON.plus(Duration.ofHours(5));
    private static final List<Command> HELD =
            and(ASKED, new PlaceHold("FRAUD_REVIEW", "look", NOON));

    private static Instant keptUntil(Order order) {
        return order.needs().getFirst().until();
    }

    @Test
    void an_order_that_is_held_to_be_looked_at_keeps_its_stock_for_three_days() {
        assertThat(keptUntil(state(HELD))).isEqualTo(NOON.plus(Duration.ofDays(3)));
        assertThat(state(HELD).unansweredNeeds()).isNotEmpty();
    }

    @Test
    void other_holds_do_not_keep_an_order_from_being_confirmed_nor_its_stock() {
        Order order = state(ASKED, new PlaceHold("MANUAL", "look", NOON));
        assertThat(keptUntil(order)).isEqualTo(keptUntil(state(ASKED)));
    }

    @Test
    void an_order_that_was_looked_at_has_the_time_of_others_from_then() {
        Order order = state(HELD, new ReleaseHold("FRAUD_REVIEW", LATER));
        assertThat(keptUntil(order)).isEqualTo(LATER.plus(StockDecider.KEPT));
        Instant then = LATER.plus(Duration.ofMinutes(30));
        Command keep = new KeepStock(then);
        assertThat(keptUntil(state(HELD, new ReleaseHold("FRAUD_REVIEW", LATER), keep)))
                .isEqualTo(then.plus(StockDecider.KEPT));
    }

    @Test
    void nobody_keeps_its_stock_beyond_the_time_that_people_have() {
        Given<Command, ?, Order> held = OrderWays.after(HELD);
        held.when(new KeepStock(NOON.plus(Duration.ofDays(3)).minusSeconds(1))).thenNothing();
    }

    @Test
    void an_order_that_nobody_looks_at_is_rejected_also_when_its_items_keep_it_for_good() {
        List<Command> secured = and(OrderWays.PAID, new PlaceHold("FRAUD_REVIEW", "look", NOON));
        List<Command> firm = and(secured, OrderCommands.firm(OrderCommands.CREATED));
        assertThat(state(firm).lifecycle()).isEqualTo(Lifecycle.CREATED);
        assertThat(state(firm, new KeepStock(NOON.plus(Duration.ofDays(3)))).progress().rejected())
                .isEqualTo(Progress.RejectReason.TIMEOUT);
    }

    @Test
    void a_declined_order_is_not_rejected_while_people_look_at_it() {
        List<Command> declined = and(HELD, OrderCommands.declined(1));
        OrderWays.after(declined).when(new RecordNoOtherCard()).thenNothing();
        List<Command> released = and(declined, new ReleaseHold("FRAUD_REVIEW", LATER));
        assertThat(state(released, new RecordNoOtherCard()).lifecycle())
                .isEqualTo(Lifecycle.REJECTED);
    }

    @Test
    void a_confirmed_order_keeps_its_stock_for_good_also_while_it_is_held() {
        List<Command> held = and(CONFIRMED, new PlaceHold("FRAUD_REVIEW", "look", NOON));
        assertThat(keptUntil(state(held))).isNull();
        assertThat(keptUntil(state(held, new ReleaseHold("FRAUD_REVIEW", LATER)))).isNull();
    }
}
