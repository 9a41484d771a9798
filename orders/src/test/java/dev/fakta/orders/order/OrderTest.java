// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.order.Placing.order;
import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Axes.Fulfilment;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.Axes.Returns;
import dev.fakta.orders.order.Order.Command.AddNote;
import dev.fakta.orders.order.Order.Command.CreateOrder;
import dev.fakta.orders.order.Order.Command.PlaceHold;
import dev.fakta.orders.order.Order.Command.ReleaseHold;
import dev.fakta.orders.order.Order.Command.RequestCancellation;
import dev.fakta.orders.order.Order.Event.OrderCancelled;
import dev.fakta.orders.order.Order.Event.OrderHoldPlaced;
import dev.fakta.orders.order.Order.Event.OrderHoldReleased;
import dev.fakta.orders.order.Order.Event.OrderNoteAdded;
import dev.fakta.orders.order.Order.Hold;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.Totals;
import dev.fakta.testkit.Given;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OrderTest {

    static final OrderCreated CREATED = order().placed();
    static final String TOO_LONG = "x".repeat(2001);

    static Given<Order.Command, Order.Event, Order> created(Order.Event... since) {
        List<Order.Event> history = new ArrayList<>();
        history.add(CREATED);
        history.addAll(List.of(since));
        return Given.givenAll(Order.AGGREGATE, history);
    }

    @Nested
    class Creating {
        @Test
        void an_order_is_created_with_all_that_was_decided() {
            given(Order.AGGREGATE)
                    .when(new CreateOrder(CREATED))
                    .then(CREATED)
                    .andState(order -> assertThat(order.created()).isSameAs(CREATED))
                    .andState(order -> assertThat(order.lifecycle()).isEqualTo(Lifecycle.CREATED))
                    .andState(order -> assertThat(order.payment()).isEqualTo(Payment.NONE))
                    .andState(order -> assertThat(order.returns()).isEqualTo(Returns.NONE))
                    .andState(
                            order ->
                                    assertThat(order.fulfilment())
                                            .isEqualTo(Fulfilment.UNALLOCATED));
        }

        @Test
        void creating_the_same_order_again_changes_nothing() {
            created().when(new CreateOrder(CREATED)).thenNothing();
        }

        @Test
        void another_order_under_the_same_id_is_refused() {
            created()
                    .when(new CreateOrder(order().customer("other", "o@b.de").placed()))
                    .thenRejected(Refusal.ORDER_ALREADY_CREATED);
        }

        @Test
        void an_order_without_lines_is_refused() {
            refuse(with(List.of(), CREATED.totals()), Refusal.NO_LINES);
        }

        @Test
        void a_total_that_is_off_by_one_cent_is_refused() {
            Totals t = CREATED.totals();
            Totals off =
                    new Totals(
                            t.items(),
                            t.discount(),
                            t.shipping(),
                            t.tax(),
                            t.grand().plus(Money.of(1, "EUR")));
            refuse(with(CREATED.lines(), off), Refusal.TOTALS_DO_NOT_ADD_UP);
        }

        @Test
        void a_line_without_units_is_refused() {
            PricedLine l = CREATED.lines().getFirst();
            refuse(changed(0, l.unitPrice(), l.net(), l.discount()), Refusal.QUANTITY_INVALID);
        }

        @Test
        void a_second_currency_is_refused() {
            PricedLine l = CREATED.lines().getFirst();
            Money usd = Money.of(1999, "USD");
            refuse(changed(2, usd, l.net(), l.discount()), Refusal.CURRENCIES_MIXED);
            refuse(changed(2, l.unitPrice(), usd, l.discount()), Refusal.CURRENCIES_MIXED);
        }

        @Test
        void a_discount_that_no_campaign_gave_is_refused() {
            PricedLine l = CREATED.lines().getFirst();
            refuse(
                    changed(2, l.unitPrice(), l.net(), Money.of(1, "EUR")),
                    Refusal.TOTALS_DO_NOT_ADD_UP);
        }

        @Test
        void amounts_that_do_not_fit_are_refused() {
            PricedLine l = CREATED.lines().getFirst();
            PricedLine huge = line(2, l.unitPrice(), Money.of(Long.MAX_VALUE, "EUR"), l.discount());
            refuse(with(List.of(huge, huge), CREATED.totals()), Refusal.TOTALS_DO_NOT_ADD_UP);
        }

        private void refuse(OrderCreated order, Refusal refusal) {
            given(Order.AGGREGATE).when(new CreateOrder(order)).thenRejected(refusal);
        }

        private OrderCreated changed(int quantity, Money unit, Money net, Money discount) {
            return with(List.of(line(quantity, unit, net, discount)), CREATED.totals());
        }

        private PricedLine line(int quantity, Money unit, Money net, Money discount) {
            PricedLine l = CREATED.lines().getFirst();
            return new PricedLine(
                    l.sku(),
                    l.name(),
                    quantity,
                    unit,
                    net,
                    discount,
                    l.tax(),
                    l.taxRate(),
                    l.deductions());
        }

        private OrderCreated with(List<PricedLine> lines, Totals totals) {
            OrderCreated c = CREATED;
            return new OrderCreated(
                    c.number(),
                    c.customerId(),
                    c.email(),
                    Currency.getInstance("EUR"),
                    c.placedAt(),
                    lines,
                    c.shipping(),
                    c.address(),
                    totals,
                    c.pricesIncludeTax(),
                    c.rounding(),
                    c.codes(),
                    c.payment(),
                    c.stockUntil(),
                    c.review(),
                    null);
        }
    }

    @Nested
    class Unknown {
        @Test
        void an_order_that_does_not_exist_takes_no_other_command() {
            for (Order.Command command :
                    List.of(
                            new PlaceHold("MANUAL", "?", Placing.NOON),
                            new ReleaseHold("MANUAL", Placing.NOON),
                            new AddNote("hello"),
                            new RequestCancellation("why not"))) {
                given(Order.AGGREGATE).when(command).thenRejected(Refusal.UNKNOWN_ORDER);
            }
        }
    }

    @Nested
    class Holding {
        final OrderHoldPlaced held = new OrderHoldPlaced(HoldKind.ADDRESS, "no such street");

        @Test
        void an_order_is_held_once_for_each_kind_of_reason() {
            created()
                    .when(new PlaceHold("ADDRESS", " no such street ", Placing.NOON))
                    .then(held)
                    .when(new PlaceHold("ADDRESS", "again", Placing.NOON))
                    .thenNothing()
                    .when(new PlaceHold("MANUAL", null, Placing.NOON))
                    .then(new OrderHoldPlaced(HoldKind.MANUAL, ""))
                    .andState(
                            order ->
                                    assertThat(order.holds())
                                            .containsExactly(
                                                    new Hold(HoldKind.ADDRESS, "no such street"),
                                                    new Hold(HoldKind.MANUAL, "")));
        }

        @Test
        void a_hold_is_released_once() {
            created(held)
                    .when(new ReleaseHold("ADDRESS", Placing.NOON))
                    .then(new OrderHoldReleased(HoldKind.ADDRESS))
                    .andState(order -> assertThat(order.holds()).isEmpty())
                    .when(new ReleaseHold("ADDRESS", Placing.NOON))
                    .thenNothing();
        }

        @Test
        void a_kind_has_to_be_known_and_a_reason_to_be_short() {
            created()
                    .when(new PlaceHold("WEATHER", null, Placing.NOON))
                    .thenRejected(Refusal.HOLD_KIND_UNKNOWN);
            created()
                    .when(new PlaceHold(null, null, Placing.NOON))
                    .thenRejected(Refusal.HOLD_KIND_UNKNOWN);
            created()
                    .when(new ReleaseHold(null, Placing.NOON))
                    .thenRejected(Refusal.HOLD_KIND_UNKNOWN);
            created()
                    .when(new PlaceHold("MANUAL", TOO_LONG, Placing.NOON))
                    .thenRejected(Refusal.TEXT_INVALID);
        }
    }

    @Nested
    class Noting {
        @Test
        void a_note_is_added_without_the_blanks_around_it() {
            created().when(new AddNote(" hello ")).then(new OrderNoteAdded("hello"));
        }

        @Test
        void a_note_has_a_text_of_at_most_2000_characters() {
            created().when(new AddNote(null)).thenRejected(Refusal.TEXT_INVALID);
            created().when(new AddNote(" ")).thenRejected(Refusal.TEXT_INVALID);
            created().when(new AddNote(TOO_LONG)).thenRejected(Refusal.TEXT_INVALID);
        }

        @Test
        void a_cancelled_order_can_still_be_noted_on() {
            created(new OrderCancelled("", Standing.CANCELLED))
                    .when(new AddNote("sad"))
                    .then(new OrderNoteAdded("sad"));
        }
    }

    @Nested
    class Cancelling {
        @Test
        void an_order_that_is_not_confirmed_is_cancelled_at_once_with_all_units() {
            created()
                    .when(new RequestCancellation("too dear"))
                    .then(new OrderCancelled("too dear", Standing.CANCELLED))
                    .andState(order -> assertThat(order.lifecycle()).isEqualTo(Lifecycle.CANCELLED))
                    .andState(order -> assertThat(order.fulfilment()).isEqualTo(Fulfilment.NOTHING))
                    .andState(order -> assertThat(order.quantities(0).cancelled()).isEqualTo(2))
                    .andState(order -> assertThat(order.quantities(0).open()).isZero());
        }

        @Test
        void a_reason_is_not_needed_but_has_a_limit() {
            created()
                    .when(new RequestCancellation(null))
                    .then(new OrderCancelled("", Standing.CANCELLED));
            created().when(new RequestCancellation(TOO_LONG)).thenRejected(Refusal.TEXT_INVALID);
        }

        @Test
        void a_cancelled_order_is_not_cancelled_again() {
            created(new OrderCancelled("a", Standing.CANCELLED))
                    .when(new RequestCancellation("b"))
                    .thenNothing();
        }

        @Test
        void cancelled_is_final() {
            created(new OrderCancelled("", Standing.CANCELLED))
                    .when(new PlaceHold("MANUAL", "", Placing.NOON))
                    .thenRejected(Refusal.ORDER_CANCELLED);
            created(new OrderCancelled("", Standing.CANCELLED))
                    .when(new ReleaseHold("MANUAL", Placing.NOON))
                    .thenRejected(Refusal.ORDER_CANCELLED);
        }
    }

    @Nested
    class TheLedger {
        @Test
        void units_that_nobody_touched_are_open() {
            assertThat(created().state().quantities(0)).isEqualTo(Quantities.untouched(2));
            assertThat(created().state().quantities(0).open()).isEqualTo(2);
        }

        @Test
        void cancelling_leaves_what_was_shipped() {
            Quantities some = new Quantities(10, 1, 0, 2, 3, 2, 1, 0);
            assertThat(some.open()).isEqualTo(4);
            assertThat(some.cancelRest()).isEqualTo(new Quantities(10, 7, 0, 0, 3, 2, 1, 0));
        }

        @Test
        void quantities_that_do_not_add_up_are_an_error() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Quantities(1, 1, 0, 1, 0, 0, 0, 0));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Quantities(1, 0, 0, 0, 0, 1, 0, 0));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Quantities(2, 0, 0, 0, 2, 1, 2, 0));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Quantities(1, -1, 0, 0, 0, 0, 0, 0));
        }
    }

    @Nested
    class Numbers {
        @Test
        void a_number_is_the_id_in_groups_of_five_capitals() {
            assertThat(OrderNumber.of("01jyz3k8qhn4t6v9x2ab")).isEqualTo("01JYZ-3K8QH-N4T6V-9X2AB");
            assertThat(OrderNumber.of("ab")).isEqualTo("AB");
        }

        @Test
        void what_somebody_typed_leads_back_to_the_id() {
            assertThat(OrderNumber.toId(" 01JYZ-3K8Q")).isEqualTo("01jyz3k8q");
        }
    }
}
