// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.order.OrderCommands.ALL;
import static dev.fakta.orders.order.OrderCommands.CREATED;
import static dev.fakta.orders.order.OrderCommands.GRAND;
import static dev.fakta.orders.order.OrderCommands.NOON;
import static dev.fakta.orders.order.OrderCommands.authorized;
import static dev.fakta.orders.order.OrderCommands.captured;
import static dev.fakta.orders.order.OrderCommands.contested;
import static dev.fakta.orders.order.OrderCommands.declined;
import static dev.fakta.orders.order.OrderCommands.ended;
import static dev.fakta.orders.order.OrderCommands.eur;
import static dev.fakta.orders.order.OrderCommands.goingWell;
import static dev.fakta.orders.order.OrderCommands.pending;
import static dev.fakta.orders.order.OrderCommands.teaValue;
import static dev.fakta.orders.order.OrderCommands.units;
import static dev.fakta.orders.order.OrderWays.ASKED;
import static dev.fakta.orders.order.OrderWays.CONFIRMED;
import static dev.fakta.orders.order.OrderWays.DELIVERED;
import static dev.fakta.orders.order.OrderWays.PAID;
import static dev.fakta.orders.order.OrderWays.SHIPPED;
import static dev.fakta.orders.order.OrderWays.after;
import static dev.fakta.orders.order.OrderWays.and;
import static dev.fakta.orders.order.OrderWays.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.Axes.Fulfilment;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.Axes.Returns;
import dev.fakta.orders.order.MoneyStanding.OfCards;
import dev.fakta.orders.order.MoneyStanding.Outcome;
import dev.fakta.orders.order.Order.Attention;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Order.Command.CancelLines;
import dev.fakta.orders.order.Order.Command.PlaceHold;
import dev.fakta.orders.order.Order.Command.RejectOrder;
import dev.fakta.orders.order.Order.Command.ReleaseHold;
import dev.fakta.orders.order.Order.Command.RequestCancellation;
import dev.fakta.orders.order.Order.Command.SettleAttention;
import dev.fakta.orders.order.Order.Event;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.order.PaymentFacts.Command.Pay;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentAuthorized;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentCaptured;
import dev.fakta.orders.order.PaymentFacts.Event.OrderRefundRequested;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnRequested;
import dev.fakta.orders.order.ShipmentFacts.Command.PresumeDelivered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentCancelled;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDelivered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentLost;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentPlanned;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipments;
import dev.fakta.orders.order.ShipmentFacts.Command.ReleaseShipment;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentUnexpected;
import dev.fakta.orders.order.Standing.Counterpart;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// An order of two tea and three cups on its way, step by step.
class OrderLifeTest {

    private static Standing cancelled(Payment payment) {
        return new Standing(Lifecycle.CANCELLED, payment, Fulfilment.NOTHING, Returns.NONE);
    }

    @Nested
    class GoingWell {
        @Test
        void an_order_goes_from_created_to_completed_and_its_tea_comes_back() {
            Order end = state(goingWell());
            assertThat(end.standing())
                    .isEqualTo(
                            new Standing(
                                    Lifecycle.COMPLETED,
                                    Payment.PARTIALLY_REFUNDED,
                                    Fulfilment.DELIVERED,
                                    Returns.PARTIALLY_RETURNED,
                                    List.of(Counterpart.STOCK)));
            assertThat(end.due()).isEqualTo(GRAND - teaValue().minor());
        }

        @Test
        void an_order_is_confirmed_once_its_payment_is_promised() {
            after(List.of(new Command.CreateOrder(CREATED)))
                    .when(OrderCommands.firm(CREATED))
                    .andState(order -> assertThat(order.lifecycle()).isEqualTo(Lifecycle.CREATED));
            assertThat(after(PAID).when(OrderCommands.firm(CREATED)).events().getLast())
                    .isEqualTo(
                            new Event.OrderConfirmed(
                                    new Standing(
                                            Lifecycle.CONFIRMED,
                                            Payment.AUTHORIZED,
                                            Fulfilment.UNALLOCATED,
                                            Returns.NONE,
                                            List.of(Counterpart.SHIPPING))));
            after(CONFIRMED).when(OrderCommands.firm(CREATED)).thenNothing();
        }

        @Test
        void an_order_on_invoice_needs_no_promise() {
            OrderCreated invoice =
                    Placing.order().payment(new PlaceOrder.Payment("invoice", null)).placed();
            Order order =
                    state(
                            List.of(new Command.CreateOrder(invoice)),
                            OrderCommands.firm(invoice),
                            new RecordShipmentPlanned("s", units(0, 2)),
                            new RecordShipmentDispatched("s", ""),
                            new RecordShipmentDelivered("s", List.of(), NOON));
            assertThat(order.lifecycle()).isEqualTo(Lifecycle.COMPLETED);
        }

        @Test
        void an_order_completes_itself_once_all_has_arrived_and_is_paid() {
            assertThat(state(SHIPPED).lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
            assertThat(state(DELIVERED).lifecycle()).isEqualTo(Lifecycle.COMPLETED);
            List<Command> unpaid =
                    and(
                            CONFIRMED,
                            new RecordShipmentPlanned("s", ALL),
                            new RecordShipmentDispatched("s", ""),
                            new PresumeDelivered("s", NOON));
            assertThat(state(unpaid).lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
            assertThat(state(unpaid, captured(0, GRAND, 0)).lifecycle())
                    .isEqualTo(Lifecycle.COMPLETED);
        }

        @Test
        void a_held_order_completes_itself_when_the_hold_is_released() {
            List<Command> held =
                    and(
                            SHIPPED,
                            new PlaceHold("MANUAL", "look", Placing.NOON),
                            new RecordShipmentDelivered("s1", List.of(), NOON));
            assertThat(state(held).lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
            assertThat(state(held, new ReleaseHold("MANUAL", Placing.NOON)).lifecycle())
                    .isEqualTo(Lifecycle.COMPLETED);
        }

        @Test
        void what_is_set_aside_beyond_the_need_is_not_wanted_in_the_end() {
            after(and(SHIPPED, captured(500, GRAND, 0)))
                    .when(new RecordShipmentDelivered("s1", List.of(), NOON))
                    .andState(order -> assertThat(order.money().open()).isEqualTo(500))
                    .andState(order -> assertThat(order.moneyWish().secure()).isEqualTo(GRAND))
                    .when(new RecordShipmentDelivered("s1", List.of(), NOON))
                    .thenNothing();
        }
    }

    @Nested
    class Rejecting {
        @Test
        void an_order_is_rejected_with_its_reason_before_it_is_confirmed() {
            Order order =
                    state(
                            List.of(new Command.CreateOrder(CREATED)),
                            new RejectOrder(RejectReason.OUT_OF_STOCK));
            assertThat(order.lifecycle()).isEqualTo(Lifecycle.REJECTED);
            assertThat(order.fulfilment()).isEqualTo(Fulfilment.NOTHING);
            after(CONFIRMED)
                    .when(new RejectOrder(RejectReason.FRAUD))
                    .thenRejected(Refusal.ORDER_CONFIRMED);
        }

        @Test
        void an_authorization_after_the_rejection_is_recorded_and_not_wanted() {
            Standing rejected =
                    new Standing(
                            Lifecycle.REJECTED,
                            Payment.AUTHORIZED,
                            Fulfilment.NOTHING,
                            Returns.NONE,
                            List.of(Counterpart.STOCK));
            after(and(ASKED, new RejectOrder(RejectReason.TIMEOUT)))
                    .when(authorized(1, GRAND))
                    .then(new OrderPaymentAuthorized("authorization-1", eur(GRAND), rejected))
                    .andState(order -> assertThat(order.moneyWish().secure()).isZero())
                    .andState(order -> assertThat(order.moneyWish().card()).isNull())
                    .when(ended(1, Outcome.VOIDED))
                    .andState(order -> assertThat(order.payment()).isEqualTo(Payment.VOIDED));
        }
    }

    @Nested
    class Cancelling {
        @Test
        void an_order_that_others_work_on_says_so_and_is_cancelled_at_once() {
            after(CONFIRMED)
                    .when(new RequestCancellation("too dear"))
                    .then(
                            new Event.OrderCancellationRequested(
                                    "too dear",
                                    new Standing(
                                            Lifecycle.CANCELLING,
                                            Payment.AUTHORIZED,
                                            Fulfilment.UNALLOCATED,
                                            Returns.NONE,
                                            List.of(Counterpart.STOCK, Counterpart.MONEY))),
                            new Event.OrderCancelled(
                                    "too dear",
                                    cancelled(Payment.AUTHORIZED).telling(Counterpart.STOCK)))
                    .andState(order -> assertThat(order.moneyWish().secure()).isZero());
        }

        @Test
        void a_payment_that_is_under_way_is_no_reason_to_wait() {
            Order order = state(ASKED, pending(1), new RequestCancellation(null));
            assertThat(order.lifecycle()).isEqualTo(Lifecycle.CANCELLED);
            assertThat(order.moneyWish().card()).isNull();
        }

        @Test
        void an_order_of_which_something_has_left_is_not_cancelled_as_a_whole() {
            after(SHIPPED)
                    .when(new RequestCancellation(null))
                    .thenRejected(Refusal.SOMETHING_SHIPPED);
        }

        @Test
        void a_capture_after_the_cancellation_is_recorded_and_asked_back_and_revives_nothing() {
            Standing paid = cancelled(Payment.OVERCHARGED).telling(Counterpart.STOCK);
            List<Command> late = and(CONFIRMED, new RequestCancellation(null));
            after(late)
                    .when(captured(0, GRAND, 0))
                    .then(
                            new OrderPaymentCaptured("captures", eur(GRAND), paid),
                            new OrderRefundRequested(
                                    "surplus", eur(GRAND), eur(0), paid.telling(Counterpart.MONEY)))
                    .when(captured(0, GRAND, 0))
                    .thenNothing()
                    .when(captured(0, GRAND, GRAND))
                    .andState(
                            order ->
                                    assertThat(order.standing())
                                            .isEqualTo(
                                                    cancelled(Payment.REFUNDED)
                                                            .telling(Counterpart.STOCK)));
        }

        @Test
        void a_shipment_that_leaves_after_the_cancellation_is_a_task_for_somebody() {
            List<Command> late =
                    and(
                            CONFIRMED,
                            new RecordShipmentPlanned("s1", ALL),
                            new RequestCancellation(null));
            Attention attention =
                    new Attention(Attention.Topic.DISPATCHED_AFTER_CANCELLATION, "s1");
            after(late)
                    .when(new RecordShipmentDispatched("s1", "T"))
                    .then(
                            new OrderShipmentUnexpected("s1", ALL, state(late).standing()),
                            new Event.OrderAttentionRequested(attention))
                    .andState(order -> assertThat(order.lifecycle()).isEqualTo(Lifecycle.CANCELLED))
                    .when(new RecordShipmentDispatched("s1", "T"))
                    .thenNothing()
                    .when(new SettleAttention(attention.topic(), "s1"))
                    .when(new RecordShipmentDispatched("s1", "T"))
                    .thenNothing();
        }

        @Test
        void lines_are_cancelled_in_part_and_what_they_cost_is_not_due_any_more() {
            after(CONFIRMED)
                    .when(new CancelLines(new ArrayList<>(units(0, 1)), "one too many"))
                    .andState(order -> assertThat(order.quantities(0).cancelled()).isEqualTo(1))
                    .andState(order -> assertThat(order.due()).isEqualTo(GRAND - 1999))
                    .andState(order -> assertThat(order.totals().grand()).isEqualTo(eur(GRAND)));
        }

        @Test
        void cancelled_units_are_not_set_aside_any_more() {
            Order order = state(CONFIRMED, new CancelLines(new ArrayList<>(units(0, 2)), null));
            assertThat(order.moneyWish().secure()).isEqualTo(GRAND - teaValue().minor());
            assertThat(order.money().asked()).isZero();
        }

        @Test
        void what_was_taken_before_anything_left_is_asked_back_at_once() {
            Order order = state(CONFIRMED, captured(0, GRAND, 0));
            assertThat(order.money().asked()).isEqualTo(GRAND);
        }

        @Test
        void only_open_units_of_lines_that_exist_are_cancelled_and_never_all() {
            after(CONFIRMED).when(new CancelLines(null, null)).thenRejected(Refusal.LINES_INVALID);
            after(CONFIRMED)
                    .when(new CancelLines(new ArrayList<>(units(2, 1)), null))
                    .thenRejected(Refusal.LINES_INVALID);
            after(CONFIRMED)
                    .when(new CancelLines(new ArrayList<>(units(1, 4)), null))
                    .thenRejected(Refusal.UNITS_NOT_OPEN);
            after(CONFIRMED)
                    .when(new CancelLines(new ArrayList<>(ALL), null))
                    .thenRejected(Refusal.NOTHING_LEFT);
        }
    }

    @Nested
    class Paying {
        @Test
        void every_outcome_of_a_payment_has_its_value() {
            assertThat(state(ASKED, pending(1)).payment()).isEqualTo(Payment.PENDING);
            assertThat(state(ASKED, declined(1)).payment()).isEqualTo(Payment.DECLINED);
            assertThat(state(PAID).payment()).isEqualTo(Payment.AUTHORIZED);
            assertThat(state(PAID, ended(1, Outcome.VOIDED)).payment()).isEqualTo(Payment.VOIDED);
            assertThat(state(PAID, ended(1, Outcome.EXPIRED)).payment()).isEqualTo(Payment.EXPIRED);
            assertThat(state(PAID, captured(GRAND - 1, 1, 0)).payment())
                    .isEqualTo(Payment.PARTIALLY_CAPTURED);
            assertThat(state(PAID, captured(0, GRAND, 0)).payment()).isEqualTo(Payment.CAPTURED);
            assertThat(state(SHIPPED, contested(0, GRAND, 0, 1)).payment())
                    .isEqualTo(Payment.DISPUTED);
            assertThat(state(SHIPPED, captured(0, GRAND, 1)).payment())
                    .isEqualTo(Payment.PARTIALLY_REFUNDED);
        }

        @Test
        void a_part_that_is_set_aside_is_not_enough() {
            Order half = state(ASKED, authorized(1, 1000));
            assertThat(half.payment()).isEqualTo(Payment.PENDING);
            assertThat(half.isSecured()).isFalse();
        }

        @Test
        void more_than_is_due_is_asked_back_at_once() {
            Order order = state(SHIPPED, captured(0, 2 * GRAND, 0));
            assertThat(order.payment()).isEqualTo(Payment.OVERCHARGED);
            assertThat(order.money().asked()).isEqualTo(GRAND);
        }

        @Test
        void a_capture_of_what_was_thought_to_have_expired_is_recorded() {
            Order order =
                    state(
                            SHIPPED.subList(0, SHIPPED.size() - 1),
                            ended(1, Outcome.EXPIRED),
                            captured(0, GRAND, 0));
            assertThat(order.payment()).isEqualTo(Payment.CAPTURED);
            assertThat(order.isSecured()).isTrue();
        }

        @Test
        void a_standing_that_is_known_or_older_changes_nothing() {
            after(SHIPPED)
                    .when(captured(0, GRAND, 0))
                    .thenNothing()
                    .when(authorized(1, GRAND))
                    .thenNothing()
                    .when(captured(GRAND / 2, GRAND / 2, 0))
                    .thenNothing();
        }

        @Test
        void it_does_not_matter_which_standings_were_heard_before_the_last_one() {
            Command last = captured(0, GRAND, 0);
            List<Command> left = SHIPPED.subList(0, SHIPPED.size() - 1);
            Order all =
                    state(left, captured(GRAND / 2, GRAND / 2, 0), captured(1, GRAND - 1, 0), last);
            assertThat(state(left, last)).isEqualTo(all);
            after(and(left, last)).when(captured(1, GRAND - 1, 0)).thenNothing();
        }

        @Test
        void another_card_is_taken_while_something_is_owed() {
            after(and(ASKED, declined(1)))
                    .when(new Pay("card", "tok_good"))
                    .andState(
                            order ->
                                    assertThat(order.moneyWish().card())
                                            .isEqualTo(new MoneyWish.Card(2, "card", "tok_good")));
            after(PAID).when(new Pay("card", "tok")).thenRejected(Refusal.NOTHING_OWED);
            after(and(ASKED, declined(1)))
                    .when(new Pay("invoice", null))
                    .thenRejected(Refusal.CARD_INVALID);
            after(and(ASKED, new RejectOrder(RejectReason.PAYMENT_DECLINED)))
                    .when(new Pay("card", "tok"))
                    .thenRejected(Refusal.ORDER_REJECTED);
        }

        @Test
        void what_an_earlier_card_had_promised_and_does_not_any_more_is_for_people() {
            OfCards late = new OfCards(GRAND, 0, 0, 0, 2, Outcome.DECLINED, List.of());
            List<Command> confirmed =
                    and(
                            ASKED,
                            declined(1),
                            new Pay("card", "tok_bad"),
                            OrderCommands.heard(late), // the first was good after all
                            OrderCommands.firm(CREATED));
            assertThat(state(confirmed).lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
            assertThat(state(confirmed).holds()).isEmpty();
            assertThat(state(confirmed, declined(2)).isHeldFor(Axes.HoldKind.PAYMENT_RISK))
                    .isTrue();
        }

        @Test
        void money_is_asked_for_once_stock_is_set_aside_and_by_no_order_that_has_ended() {
            after(List.of(new Command.CreateOrder(CREATED)))
                    .when(OrderCommands.reserved(CREATED))
                    .andState(order -> assertThat(order.moneyWish().secure()).isEqualTo(GRAND));
            after(List.of(new Command.CreateOrder(CREATED), new RejectOrder(RejectReason.TIMEOUT)))
                    .when(OrderCommands.reserved(CREATED))
                    .andState(order -> assertThat(order.moneyWish()).isEqualTo(MoneyWish.NOTHING));
        }
    }

    @Nested
    class Shipping {
        @Test
        void nothing_is_planned_or_leaves_while_the_order_is_held() {
            after(and(CONFIRMED, new PlaceHold("MANUAL", null, Placing.NOON)))
                    .when(new RecordShipmentPlanned("s1", ALL))
                    .thenRejected(Refusal.ORDER_HELD);
            List<Command> planned =
                    and(
                            CONFIRMED,
                            new RecordShipmentPlanned("s1", ALL),
                            new PlaceHold("FRAUD_REVIEW", null, Placing.NOON));
            after(planned).when(new ReleaseShipment("s1", "T")).thenRejected(Refusal.ORDER_HELD);
            assertThat(
                            state(
                                            planned,
                                            new ReleaseHold("FRAUD_REVIEW", Placing.NOON),
                                            new RecordShipmentDispatched("s1", "T"))
                                    .fulfilment())
                    .isEqualTo(Fulfilment.SHIPPED);
        }

        @Test
        void nothing_leaves_when_the_promise_of_the_payment_has_expired() {
            after(and(CONFIRMED, new RecordShipmentPlanned("s1", ALL), ended(1, Outcome.EXPIRED)))
                    .when(new ReleaseShipment("s1", "T"))
                    .thenRejected(Refusal.PAYMENT_NOT_AUTHORIZED);
        }

        @Test
        void units_are_in_one_shipment_only() {
            after(and(CONFIRMED, new RecordShipmentPlanned("s1", units(0, 2))))
                    .when(new RecordShipmentPlanned("s2", units(0, 1)))
                    .thenRejected(Refusal.UNITS_NOT_OPEN);
            after(and(CONFIRMED, new RecordShipmentPlanned("s1", units(0, 2))))
                    .when(new RecordShipmentPlanned("s1", units(0, 2)))
                    .thenNothing()
                    .when(new RecordShipmentPlanned("s1", units(1, 2)))
                    .thenRejected(Refusal.SHIPMENT_KNOWN);
        }

        @Test
        void fulfilment_goes_from_part_to_part() {
            assertThat(state(CONFIRMED, OrderCommands.stock(units(0, 1))).fulfilment())
                    .isEqualTo(Fulfilment.BACKORDERED);
            List<Command> planned =
                    and(
                            CONFIRMED,
                            new RecordShipmentPlanned("s1", units(0, 2)),
                            new RecordShipmentPlanned("s2", units(1, 3)));
            assertThat(state(planned).fulfilment()).isEqualTo(Fulfilment.ALLOCATED);
            List<Command> left = and(planned, new RecordShipmentDispatched("s1", "T"));
            assertThat(state(left).fulfilment()).isEqualTo(Fulfilment.PARTIALLY_SHIPPED);
            assertThat(
                            state(left, new RecordShipmentDelivered("s1", units(0, 1), NOON))
                                    .fulfilment())
                    .isEqualTo(Fulfilment.PARTIALLY_DELIVERED);
            assertThat(state(DELIVERED).fulfilment()).isEqualTo(Fulfilment.DELIVERED);
        }

        @Test
        void what_is_told_as_delivered_so_far_counts_once() {
            after(and(SHIPPED, new RecordShipmentDelivered("s1", units(1, 2), NOON)))
                    .when(new RecordShipmentDelivered("s1", units(1, 2), NOON))
                    .thenNothing()
                    .when(new RecordShipmentDelivered("s1", units(1, 3), NOON))
                    .andState(order -> assertThat(order.quantities(1).delivered()).isEqualTo(3));
        }

        @Test
        void lost_units_are_open_again_and_can_be_shipped_or_cancelled() {
            Order lost = state(SHIPPED, new RecordShipmentLost("s1"));
            assertThat(lost.quantities(1).open()).isEqualTo(3);
            assertThat(
                            state(
                                            SHIPPED,
                                            new RecordShipmentLost("s1"),
                                            new RecordShipmentPlanned("s2", ALL))
                                    .fulfilment())
                    .isEqualTo(Fulfilment.ALLOCATED);
            after(and(SHIPPED, new RecordShipmentLost("s1")))
                    .when(new RecordShipmentDelivered("s1", List.of(), NOON))
                    .then(
                            new OrderShipmentUnexpected("s1", ALL, lost.standing()),
                            new Event.OrderAttentionRequested(
                                    new Attention(Attention.Topic.DELIVERED_AFTER_LOSS, "s1")));
        }

        @Test
        void what_is_presumed_to_have_arrived_and_returned_cannot_be_lost() {
            List<Command> presumed = and(SHIPPED, new PresumeDelivered("s1", NOON));
            assertThat(state(presumed).fulfilment()).isEqualTo(Fulfilment.DELIVERED);
            after(and(presumed, new RecordReturnRequested("r1", units(1, 2))))
                    .when(new RecordShipmentLost("s1", units(1, 3)))
                    .andState(order -> assertThat(order.quantities(1).delivered()).isEqualTo(2))
                    .when(new RecordShipmentLost("s1", units(1, 3)))
                    .thenNothing();
        }

        @Test
        void several_facts_are_taken_one_after_another_and_what_does_not_fit_is_for_people() {
            List<Command> planned = and(CONFIRMED, new RecordShipmentPlanned("s1", units(0, 2)));
            Order told =
                    state(
                            planned,
                            new RecordShipments(
                                    List.of(
                                            new RecordShipmentDispatched("s1", "T"),
                                            new RecordShipmentDelivered("s1", List.of(), NOON),
                                            new RecordShipmentDispatched("s9", "T"),
                                            new RecordShipmentCancelled("s1"))));
            assertThat(told.quantities(0).delivered()).isEqualTo(2);
            assertThat(told.attentions())
                    .containsExactly(
                            new Attention(Attention.Topic.SHIPPING_REFUSED, "SHIPMENT_UNKNOWN"),
                            new Attention(Attention.Topic.SHIPPING_REFUSED, "SHIPMENT_DISPATCHED"));
        }

        @Test
        void what_is_lost_of_a_completed_order_is_paid_back() {
            Order order =
                    state(
                            SHIPPED,
                            new PresumeDelivered("s1", NOON),
                            new RecordShipmentLost("s1", ALL));
            assertThat(order.fulfilment()).isEqualTo(Fulfilment.NOTHING);
            assertThat(order.money().asked()).isEqualTo(GRAND);
        }

        @Test
        void a_planned_shipment_can_be_cancelled_and_one_that_has_left_cannot() {
            List<Command> planned = and(CONFIRMED, new RecordShipmentPlanned("s1", ALL));
            assertThat(state(planned, new RecordShipmentCancelled("s1")).quantities(1).open())
                    .isEqualTo(3);
            after(SHIPPED)
                    .when(new RecordShipmentCancelled("s1"))
                    .thenRejected(Refusal.SHIPMENT_DISPATCHED);
        }
    }
}
