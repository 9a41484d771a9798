// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.order.OrderCommands.ALL;
import static dev.fakta.orders.order.OrderCommands.CREATED;
import static dev.fakta.orders.order.OrderCommands.GRAND;
import static dev.fakta.orders.order.OrderCommands.NOON;
import static dev.fakta.orders.order.OrderCommands.eur;
import static dev.fakta.orders.order.OrderCommands.goingWell;
import static dev.fakta.orders.order.OrderCommands.teaValue;
import static dev.fakta.orders.order.OrderCommands.units;
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
import dev.fakta.orders.order.Order.Attention;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Order.Command.CancelLines;
import dev.fakta.orders.order.Order.Command.CompleteCancellation;
import dev.fakta.orders.order.Order.Command.CompleteOrder;
import dev.fakta.orders.order.Order.Command.ConfirmOrder;
import dev.fakta.orders.order.Order.Command.PlaceHold;
import dev.fakta.orders.order.Order.Command.RejectOrder;
import dev.fakta.orders.order.Order.Command.ReleaseHold;
import dev.fakta.orders.order.Order.Command.RequestCancellation;
import dev.fakta.orders.order.Order.Event;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.order.PaymentFacts.Command.RecordPaymentAuthorized;
import dev.fakta.orders.order.PaymentFacts.Command.RecordPaymentCaptured;
import dev.fakta.orders.order.PaymentFacts.Command.RecordPaymentDeclined;
import dev.fakta.orders.order.PaymentFacts.Command.RecordPaymentDisputed;
import dev.fakta.orders.order.PaymentFacts.Command.RecordPaymentExpired;
import dev.fakta.orders.order.PaymentFacts.Command.RecordPaymentPending;
import dev.fakta.orders.order.PaymentFacts.Command.RecordPaymentRefunded;
import dev.fakta.orders.order.PaymentFacts.Command.RecordPaymentVoided;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentAuthorized;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentCaptured;
import dev.fakta.orders.order.PaymentFacts.Event.OrderRefundRequested;
import dev.fakta.orders.order.PaymentFacts.Event.OrderVoidRequested;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordBackordered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentCancelled;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDelivered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentLost;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentPlanned;
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
                                    Returns.PARTIALLY_RETURNED));
            assertThat(end.due()).isEqualTo(GRAND - teaValue().minor());
        }

        @Test
        void an_order_is_confirmed_once_its_payment_is_promised() {
            after(List.of(new Command.CreateOrder(CREATED)))
                    .when(new ConfirmOrder())
                    .thenRejected(Refusal.PAYMENT_NOT_AUTHORIZED);
            after(PAID)
                    .when(new ConfirmOrder())
                    .then(
                            new Event.OrderConfirmed(
                                    new Standing(
                                            Lifecycle.CONFIRMED,
                                            Payment.AUTHORIZED,
                                            Fulfilment.UNALLOCATED,
                                            Returns.NONE)));
            after(CONFIRMED).when(new ConfirmOrder()).thenNothing();
        }

        @Test
        void an_order_on_invoice_needs_no_promise() {
            OrderCreated invoice =
                    Placing.order().payment(new PlaceOrder.Payment("invoice", null)).placed();
            Order order =
                    state(
                            List.of(new Command.CreateOrder(invoice)),
                            new ConfirmOrder(),
                            new RecordShipmentPlanned("s", units(0, 2)),
                            new RecordShipmentDispatched("s", ""),
                            new CompleteOrder());
            assertThat(order.lifecycle()).isEqualTo(Lifecycle.COMPLETED);
        }

        @Test
        void an_order_is_completed_when_all_has_left_and_is_paid() {
            after(CONFIRMED).when(new CompleteOrder()).thenRejected(Refusal.NOT_ALL_SHIPPED);
            after(
                            and(
                                    CONFIRMED,
                                    new RecordShipmentPlanned("s", ALL),
                                    new RecordShipmentDispatched("s", "")))
                    .when(new CompleteOrder())
                    .thenRejected(Refusal.NOT_PAID);
            assertThat(state(SHIPPED, new CompleteOrder()).lifecycle())
                    .isEqualTo(Lifecycle.COMPLETED);
        }

        @Test
        void what_is_set_aside_beyond_the_need_is_let_go_of_in_the_end() {
            after(and(SHIPPED, new RecordPaymentAuthorized("p/9", eur(500))))
                    .when(new CompleteOrder())
                    .andState(order -> assertThat(order.money().voidAsked()).isEqualTo(500))
                    .when(new CompleteOrder())
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
        void an_authorization_after_the_rejection_is_recorded_and_let_go_of() {
            Standing rejected =
                    new Standing(
                            Lifecycle.REJECTED,
                            Payment.AUTHORIZED,
                            Fulfilment.NOTHING,
                            Returns.NONE);
            after(List.of(new Command.CreateOrder(CREATED), new RejectOrder(RejectReason.TIMEOUT)))
                    .when(new RecordPaymentAuthorized("p/1", eur(GRAND)))
                    .then(
                            new OrderPaymentAuthorized("p/1", eur(GRAND), rejected),
                            new OrderVoidRequested(eur(GRAND), rejected))
                    .when(new RecordPaymentVoided("p/2", eur(GRAND)))
                    .andState(order -> assertThat(order.payment()).isEqualTo(Payment.VOIDED))
                    .andState(order -> assertThat(order.money().voidAsked()).isZero());
        }
    }

    @Nested
    class Cancelling {
        @Test
        void an_order_that_others_work_on_is_cancelled_when_they_have_undone_their_part() {
            Order asked = state(CONFIRMED, new RequestCancellation("too dear"));
            assertThat(asked.lifecycle()).isEqualTo(Lifecycle.CANCELLING);
            assertThat(asked.fulfilment()).isEqualTo(Fulfilment.UNALLOCATED);
            after(and(CONFIRMED, new RequestCancellation("too dear")))
                    .when(new CompleteCancellation())
                    .then(
                            new Event.OrderCancelled("too dear", cancelled(Payment.AUTHORIZED)),
                            new OrderVoidRequested(eur(GRAND), cancelled(Payment.AUTHORIZED)));
        }

        @Test
        void a_payment_that_is_under_way_has_to_be_waited_for() {
            Order order =
                    state(
                            List.of(new Command.CreateOrder(CREATED)),
                            new RecordPaymentPending("p/0"),
                            new RequestCancellation(null));
            assertThat(order.lifecycle()).isEqualTo(Lifecycle.CANCELLING);
        }

        @Test
        void nothing_leaves_while_an_order_is_being_cancelled() {
            after(
                            and(
                                    CONFIRMED,
                                    new RecordShipmentPlanned("s1", ALL),
                                    new RequestCancellation(null)))
                    .when(new RecordShipmentDispatched("s1", "T"))
                    .thenRejected(Refusal.ORDER_CANCELLING);
        }

        @Test
        void nobody_completes_a_cancellation_that_nobody_asked_for() {
            after(CONFIRMED)
                    .when(new CompleteCancellation())
                    .thenRejected(Refusal.ORDER_NOT_CANCELLING);
        }

        @Test
        void an_order_of_which_something_has_left_is_not_cancelled_as_a_whole() {
            after(SHIPPED)
                    .when(new RequestCancellation(null))
                    .thenRejected(Refusal.SOMETHING_SHIPPED);
        }

        @Test
        void a_capture_after_the_cancellation_is_recorded_and_asked_back_and_revives_nothing() {
            List<Command> late =
                    and(CONFIRMED, new RequestCancellation(null), new CompleteCancellation());
            after(late)
                    .when(new RecordPaymentCaptured("p/2", eur(GRAND)))
                    .then(
                            new OrderPaymentCaptured(
                                    "p/2", eur(GRAND), cancelled(Payment.OVERCHARGED)),
                            new OrderRefundRequested(eur(GRAND), cancelled(Payment.OVERCHARGED)))
                    .andState(order -> assertThat(order.money().voidAsked()).isZero())
                    .when(new RecordPaymentCaptured("p/2", eur(GRAND)))
                    .thenNothing()
                    .when(new RecordPaymentRefunded("p/3", eur(GRAND)))
                    .andState(
                            order ->
                                    assertThat(order.standing())
                                            .isEqualTo(cancelled(Payment.REFUNDED)));
        }

        @Test
        void a_shipment_that_leaves_after_the_cancellation_is_a_task_for_somebody() {
            List<Command> late =
                    and(
                            CONFIRMED,
                            new RecordShipmentPlanned("s1", ALL),
                            new RequestCancellation(null),
                            new CompleteCancellation());
            Attention attention =
                    new Attention(Attention.Topic.DISPATCHED_AFTER_CANCELLATION, "s1");
            after(late)
                    .when(new RecordShipmentDispatched("s1", "T"))
                    .then(new Event.OrderAttentionRequested(attention))
                    .andState(order -> assertThat(order.lifecycle()).isEqualTo(Lifecycle.CANCELLED))
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
        void cancelled_units_that_are_paid_are_asked_back() {
            List<Command> captured = and(CONFIRMED, new RecordPaymentCaptured("p/2", eur(GRAND)));
            Order order = state(captured, new CancelLines(new ArrayList<>(units(0, 2)), null));
            assertThat(order.money().refundAsked()).isEqualTo(teaValue().minor());
            assertThat(order.payment()).isEqualTo(Payment.OVERCHARGED);
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
            List<Command> created = List.of(new Command.CreateOrder(CREATED));
            assertThat(state(created, new RecordPaymentPending("a")).payment())
                    .isEqualTo(Payment.PENDING);
            assertThat(state(created, new RecordPaymentDeclined("a")).payment())
                    .isEqualTo(Payment.DECLINED);
            assertThat(state(PAID).payment()).isEqualTo(Payment.AUTHORIZED);
            assertThat(state(PAID, new RecordPaymentVoided("b", eur(GRAND))).payment())
                    .isEqualTo(Payment.VOIDED);
            assertThat(state(PAID, new RecordPaymentExpired("b", eur(GRAND))).payment())
                    .isEqualTo(Payment.EXPIRED);
            assertThat(state(PAID, new RecordPaymentCaptured("b", eur(1))).payment())
                    .isEqualTo(Payment.PARTIALLY_CAPTURED);
            assertThat(state(PAID, new RecordPaymentCaptured("b", eur(GRAND))).payment())
                    .isEqualTo(Payment.CAPTURED);
            assertThat(state(SHIPPED, new RecordPaymentDisputed("d", eur(1))).payment())
                    .isEqualTo(Payment.DISPUTED);
            assertThat(state(SHIPPED, new RecordPaymentRefunded("d", eur(1))).payment())
                    .isEqualTo(Payment.PARTIALLY_REFUNDED);
        }

        @Test
        void two_payments_together_may_be_enough() {
            List<Command> half =
                    List.of(
                            new Command.CreateOrder(CREATED),
                            new RecordPaymentAuthorized("credit/1", eur(1000)));
            assertThat(state(half).payment()).isEqualTo(Payment.PENDING);
            assertThat(
                            state(half, new RecordPaymentAuthorized("card/1", eur(GRAND - 1000)))
                                    .payment())
                    .isEqualTo(Payment.AUTHORIZED);
        }

        @Test
        void no_more_is_captured_than_authorized_nor_refunded_than_captured() {
            after(PAID)
                    .when(new RecordPaymentCaptured("b", eur(GRAND + 1)))
                    .thenRejected(Refusal.CAPTURE_EXCEEDS_AUTHORIZATION);
            after(SHIPPED)
                    .when(new RecordPaymentRefunded("b", eur(GRAND + 1)))
                    .thenRejected(Refusal.REFUND_EXCEEDS_CAPTURE);
            after(SHIPPED)
                    .when(new RecordPaymentVoided("b", eur(1)))
                    .thenRejected(Refusal.NOT_SET_ASIDE);
        }

        @Test
        void a_second_capture_of_the_whole_amount_is_asked_back_at_once() {
            List<Command> twice = and(SHIPPED, new RecordPaymentAuthorized("p/8", eur(GRAND)));
            Order order = state(twice, new RecordPaymentCaptured("p/9", eur(GRAND)));
            assertThat(order.payment()).isEqualTo(Payment.OVERCHARGED);
            assertThat(order.money().refundAsked()).isEqualTo(GRAND);
        }

        @Test
        void a_capture_of_what_was_thought_to_have_expired_is_recorded() {
            Order order =
                    state(
                            PAID,
                            new RecordPaymentExpired("b", eur(GRAND)),
                            new RecordPaymentCaptured("c", eur(GRAND)));
            assertThat(order.payment()).isEqualTo(Payment.CAPTURED);
            assertThat(order.money().withdrawn()).isZero();
        }

        @Test
        void an_order_takes_a_bounded_number_of_facts() {
            List<Command> many = new ArrayList<>(List.of(new Command.CreateOrder(CREATED)));
            for (int fact = 0; fact < MoneyLedger.MOST_FACTS; fact++) {
                many.add(new RecordPaymentDeclined("d/" + fact));
            }
            after(many)
                    .when(new RecordPaymentDeclined("one more"))
                    .thenRejected(Refusal.TOO_MANY_FACTS);
        }
    }

    @Nested
    class Shipping {
        @Test
        void nothing_is_planned_or_leaves_while_the_order_is_held() {
            after(and(CONFIRMED, new PlaceHold("MANUAL", null)))
                    .when(new RecordShipmentPlanned("s1", ALL))
                    .thenRejected(Refusal.ORDER_HELD);
            List<Command> planned =
                    and(
                            CONFIRMED,
                            new RecordShipmentPlanned("s1", ALL),
                            new PlaceHold("FRAUD_REVIEW", null));
            after(planned)
                    .when(new RecordShipmentDispatched("s1", "T"))
                    .thenRejected(Refusal.ORDER_HELD);
            assertThat(
                            state(
                                            planned,
                                            new ReleaseHold("FRAUD_REVIEW"),
                                            new RecordShipmentDispatched("s1", "T"))
                                    .fulfilment())
                    .isEqualTo(Fulfilment.SHIPPED);
        }

        @Test
        void nothing_leaves_when_the_promise_of_the_payment_has_expired() {
            after(
                            and(
                                    CONFIRMED,
                                    new RecordShipmentPlanned("s1", ALL),
                                    new RecordPaymentExpired("e", eur(GRAND))))
                    .when(new RecordShipmentDispatched("s1", "T"))
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
            assertThat(state(CONFIRMED, new RecordBackordered(units(0, 1))).fulfilment())
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
                            new Event.OrderAttentionRequested(
                                    new Attention(Attention.Topic.DELIVERED_AFTER_LOSS, "s1")));
        }

        @Test
        void what_is_lost_of_a_completed_order_is_paid_back() {
            Order order = state(SHIPPED, new CompleteOrder(), new RecordShipmentLost("s1"));
            assertThat(order.fulfilment()).isEqualTo(Fulfilment.NOTHING);
            assertThat(order.money().refundAsked()).isEqualTo(GRAND);
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
