// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.Baskets.NOON;
import static dev.fakta.orders.saga.Baskets.eur;
import static dev.fakta.testkit.SagaScenario.scenario;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Processor;
import dev.fakta.domain.SagaState.Status;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.order.Axes;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.PaymentFacts;
import dev.fakta.orders.order.ShipmentFacts;
import dev.fakta.orders.order.Standing;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.saga.FulfilmentProcessors.MoneyRequest;
import dev.fakta.orders.saga.FulfilmentProcessors.PlanRequest;
import dev.fakta.orders.shipping.Parcel;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.testkit.SagaScenario;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The rows of the order saga's table, from an order's confirmation to its end.
class FulfilmentTest {

    private static final String FIRST = "o-1-1";
    private static final Instant LATER = NOON.plusSeconds(60);
    private static final List<LineUnits> TWO_TEAS = List.of(new LineUnits(0, 2));

    private static Standing standing(Axes.Fulfilment fulfilment) {
        return new Standing(
                Axes.Lifecycle.CONFIRMED, Axes.Payment.AUTHORIZED, fulfilment, Axes.Returns.NONE);
    }

    private static SagaScenario<Fulfilment.Event, Fulfilment> confirmed() {
        return scenario(Fulfilment.SAGA, "o-1")
                .when(new Order.Event.OrderConfirmed(standing(Axes.Fulfilment.UNALLOCATED)));
    }

    private static SagaScenario<Fulfilment.Event, Fulfilment> planned() {
        return confirmed()
                .whenAccepted("plan-shipment")
                .whenIn(
                        FIRST,
                        new Shipment.Event.ShipmentPlanned(
                                "o-1",
                                "main",
                                List.of(
                                        new Shipment.Line(0, "tea", 2),
                                        new Shipment.Line(1, "cup", 1))));
    }

    private static Parcel parcel(String id, String code, Parcel.Content... contents) {
        return new Parcel(id, 100, List.of(contents), Parcel.Status.DISPATCHED, "DHL", code, null);
    }

    private static final Parcel.Content TEAS = new Parcel.Content(0, 2);
    private static final Parcel.Content CUP = new Parcel.Content(1, 1);

    private static SagaScenario<Fulfilment.Event, Fulfilment> dispatched() {
        return planned()
                .whenIn(
                        FIRST,
                        new Shipment.Event.ShipmentDispatched(
                                "o-1",
                                List.of(parcel("a", "T1", TEAS), parcel("b", "T2", CUP)),
                                eur(400)));
    }

    private static SagaScenario<Fulfilment.Event, Fulfilment> left() {
        return dispatched()
                .whenAccepted("ship-stock")
                .whenAccepted("tell-order-of-shipment")
                .when(
                        new ShipmentFacts.Event.OrderShipmentDispatched(
                                FIRST, "T1 T2", standing(Axes.Fulfilment.SHIPPED)));
    }

    private static Payment.Event captured(long minor) {
        return new Payment.Event.PaymentCaptured(1, eur(minor), "ref", null);
    }

    private static Payment.Event captureFailed(int number) {
        return new Payment.Event.PaymentCaptureFailed(number, "expired", null);
    }

    private static Shipment.Event delivered(String parcel, Parcel.Content content, boolean all) {
        return new Shipment.Event.ShipmentDelivered("o-1", parcel, List.of(content), LATER, all);
    }

    private static SagaScenario<Fulfilment.Event, Fulfilment> lost() {
        return left().whenIn(FIRST, delivered("b", CUP, false))
                .whenAccepted("tell-order-of-shipment")
                .whenIn(FIRST, new Shipment.Event.ShipmentLost("o-1", "a", List.of(TEAS), ""))
                .whenAccepted("tell-order-of-shipment")
                .when(
                        new ShipmentFacts.Event.OrderShipmentLost(
                                FIRST, TWO_TEAS, standing(Axes.Fulfilment.PARTIALLY_DELIVERED)));
    }

    @Test
    void row_6_a_confirmed_order_has_a_shipment_planned() {
        confirmed().thenSends(new PlanRequest("o-1"));
    }

    @Test
    void row_6_what_cannot_be_planned_waits_for_the_holds_end() {
        confirmed()
                .whenRefused("plan-shipment", Order.Refusal.ORDER_HELD)
                .thenSendsNothing()
                .when(new Order.Event.OrderHoldReleased(Axes.HoldKind.MANUAL))
                .thenSends(new PlanRequest("o-1"));
    }

    @Test
    void row_6_what_changes_while_a_shipment_is_planned_is_planned_behind_it() {
        confirmed()
                .when(new Order.Event.OrderHoldReleased(Axes.HoldKind.MANUAL))
                .thenSendsNothing()
                .whenAccepted("plan-shipment")
                .thenSends(new PlanRequest("o-1"));
    }

    @Test
    void row_6_goods_that_come_in_are_shipped_behind_the_others() {
        planned()
                .when(
                        new ShipmentFacts.Event.OrderBackordered(
                                List.of(new LineUnits(2, 0)), standing(Axes.Fulfilment.ALLOCATED)))
                .thenSends(new PlanRequest("o-1"))
                .andState(saga -> assertThat(saga.nextShipment()).isEqualTo("o-1-2"));
    }

    @Test
    void row_6_a_shipment_that_does_not_leave_in_time_is_for_an_operator() {
        planned()
                .thenWakes("service-level " + FIRST, Fulfilment.SERVICE_LEVEL)
                .whenTimePasses(Fulfilment.SERVICE_LEVEL)
                .thenSends(new ShipmentFacts.Command.RecordShipmentLate(FIRST));
    }

    @Test
    void row_6_a_shipment_that_the_warehouse_gives_up_is_planned_again() {
        planned()
                .whenIn(FIRST, new Shipment.Event.ShipmentCancelled("o-1", "not found"))
                .thenSends(new ShipmentFacts.Command.RecordShipmentCancelled(FIRST))
                .whenAccepted("tell-order-of-shipment")
                .whenTimePasses(Duration.ofHours(1))
                .thenSends(new PlanRequest("o-1"));
    }

    @Test
    void row_7_what_leaves_is_taken_from_the_stock_and_told_to_the_order() {
        dispatched()
                .thenSends(
                        new ShipmentFacts.Command.RecordShipmentDispatched(FIRST, "T1 T2"),
                        new StockItem.Command.Ship("o-1", 0, FIRST, 2L),
                        new StockItem.Command.Ship("o-1", 1, FIRST, 1L));
    }

    @Test
    void row_7_the_part_that_left_is_captured() {
        left().thenSends(new MoneyRequest(FIRST, 0));
    }

    private static SagaScenario<Fulfilment.Event, Fulfilment> secondLeft(
            SagaScenario<Fulfilment.Event, Fulfilment> first) {
        return first.whenIn(
                        "o-1-2",
                        new Shipment.Event.ShipmentPlanned(
                                "o-1", "main", List.of(new Shipment.Line(2, "pot", 1))))
                .whenIn(
                        "o-1-2",
                        new Shipment.Event.ShipmentDispatched(
                                "o-1",
                                List.of(parcel("c", "T3", new Parcel.Content(2, 1))),
                                eur(400)))
                .whenAccepted("ship-stock")
                .whenAccepted("tell-order-of-shipment")
                .when(
                        new ShipmentFacts.Event.OrderShipmentDispatched(
                                "o-1-2", "T3", standing(Axes.Fulfilment.SHIPPED)));
    }

    @Test
    void row_7_the_next_part_is_captured_behind_the_first_and_counts_it() {
        secondLeft(left().whenAccepted("capture-part"))
                .thenSendsNothing() // the first one is still being captured
                .when(captured(2500))
                .thenSends(new MoneyRequest("o-1-2", 2500));
    }

    @Test
    void row_7_a_capture_that_fails_has_the_money_authorized_once_more() {
        left().whenAccepted("capture-part")
                .when(captureFailed(1))
                .thenSends(new MoneyRequest("", 0))
                .whenAccepted("authorize-again")
                .when(
                        new PaymentFacts.Event.OrderPaymentAuthorized(
                                "authorized-2", eur(2500), standing(Axes.Fulfilment.SHIPPED)))
                .thenSends(new PlanRequest("o-1"), new MoneyRequest(FIRST, 0));
    }

    @Test
    void row_7_a_capture_that_fails_again_has_the_order_held() {
        left().whenAccepted("capture-part")
                .when(captureFailed(1))
                .whenAccepted("authorize-again")
                .when(
                        new PaymentFacts.Event.OrderPaymentAuthorized(
                                "authorized-2", eur(2500), standing(Axes.Fulfilment.SHIPPED)))
                .whenRefused("plan-shipment", Order.Refusal.NOTHING_OPEN)
                .whenAccepted("capture-part")
                .when(captureFailed(2))
                .thenSends(
                        new Order.Command.PlaceHold(
                                "PAYMENT_RISK", "The money could not be taken."));
    }

    @Test
    void row_7_an_authorization_that_expires_before_the_goods_leave_is_asked_for_again() {
        planned()
                .when(new Payment.Event.AuthorizationExpired(1, eur(2500)))
                .thenSends(new MoneyRequest("", 0))
                .whenAccepted("authorize-again")
                .when(new Payment.Event.PaymentDeclined(2, "no funds", null))
                .thenSends(
                        new Order.Command.PlaceHold(
                                "PAYMENT_RISK", "The money could not be taken."));
    }

    @Test
    void row_7_while_the_money_is_authorized_once_more_the_order_is_not_held() {
        left().whenAccepted("capture-part")
                .when(captureFailed(1))
                .whenAccepted("authorize-again")
                .whenTimePasses(Duration.ofSeconds(1))
                .thenSends(new MoneyRequest(FIRST, 0))
                .whenRefused("capture-part", Payment.Refusal.NOT_AUTHORIZED)
                .thenSendsNothing()
                .thenIs(Status.LIVE);
    }

    @Test
    void row_7_what_left_while_nothing_was_to_be_captured_is_captured_behind_it() {
        secondLeft(left())
                .thenSendsNothing()
                .whenRefused("capture-part", new Processor.Problem("order", "has paid"))
                .thenSends(new MoneyRequest("o-1-2", 0))
                .whenRefused("capture-part", new Processor.Problem("order", "has paid"))
                .thenSendsNothing();
    }

    @Test
    void row_7_a_capture_waits_for_another_one() {
        left().whenRefused("capture-part", Payment.Refusal.OPERATION_IN_FLIGHT)
                .thenSendsNothing()
                .whenTimePasses(Duration.ofSeconds(1))
                .thenSends(new MoneyRequest(FIRST, 0));
    }

    @Test
    void row_7_nothing_is_captured_of_an_order_on_invoice() {
        left().whenRefused(
                        "capture-part", new Processor.Problem("order", "is not paid by a provider"))
                .thenSendsNothing()
                .thenIs(Status.LIVE);
    }

    @Test
    void row_8_each_parcel_that_arrives_is_told_to_the_order() {
        left().whenIn(FIRST, delivered("b", CUP, false))
                .thenSends(
                        new ShipmentFacts.Command.RecordShipmentDelivered(
                                FIRST, List.of(new LineUnits(1, 1)), LATER))
                .whenAccepted("tell-order-of-shipment")
                .whenIn(FIRST, delivered("a", TEAS, true))
                .thenSends(
                        new ShipmentFacts.Command.RecordShipmentDelivered(
                                FIRST, List.of(new LineUnits(1, 1), new LineUnits(0, 2)), LATER));
    }

    @Test
    void row_8_an_order_that_has_arrived_is_completed_once_it_is_paid() {
        left().whenAccepted("capture-part")
                .when(
                        new ShipmentFacts.Event.OrderShipmentDelivered(
                                FIRST, TWO_TEAS, LATER, standing(Axes.Fulfilment.DELIVERED)))
                .thenSends(new Order.Command.CompleteOrder())
                .whenRefused("complete-order", Order.Refusal.NOT_PAID)
                .thenIs(Status.LIVE)
                .when(captured(2500))
                .when(
                        new PaymentFacts.Event.OrderPaymentCaptured(
                                "captured-1", eur(2500), standing(Axes.Fulfilment.DELIVERED)))
                .thenSends(new Order.Command.CompleteOrder())
                .whenAccepted("complete-order")
                .when(new Order.Event.OrderCompleted(standing(Axes.Fulfilment.DELIVERED)))
                .thenCompleted();
    }

    @Test
    void row_8_goods_that_nobody_hears_of_have_arrived() {
        left().whenAccepted("capture-part")
                .when(captured(2500))
                .whenTimePasses(Fulfilment.DELIVERY)
                .thenSends(new Order.Command.CompleteOrder());
    }

    @Test
    void row_8_what_leaves_later_has_not_arrived_with_the_rest() {
        left().whenAccepted("capture-part")
                .when(captured(2500))
                .whenTimePasses(Fulfilment.DELIVERY)
                .whenRefused("complete-order", Order.Refusal.NOT_ALL_SHIPPED)
                .when(new Order.Event.OrderHoldReleased(Axes.HoldKind.MANUAL))
                .thenSends(new PlanRequest("o-1"), new Order.Command.CompleteOrder())
                .whenRefused("complete-order", Order.Refusal.NOT_ALL_SHIPPED)
                .when(
                        new ShipmentFacts.Event.OrderShipmentDispatched(
                                "o-1-2", "T3", standing(Axes.Fulfilment.SHIPPED)))
                .when(
                        new PaymentFacts.Event.OrderPaymentCaptured(
                                "captured-2", eur(500), standing(Axes.Fulfilment.SHIPPED)))
                .thenSendsNothing();
    }

    @Test
    void row_8_the_order_hears_of_a_loss_when_no_parcel_is_under_way() {
        left().whenIn(FIRST, new Shipment.Event.ShipmentLost("o-1", "a", List.of(TEAS), ""))
                .thenSendsNothing()
                .whenIn(FIRST, delivered("b", CUP, false))
                .thenSends(
                        new ShipmentFacts.Command.RecordShipmentDelivered(
                                FIRST, List.of(new LineUnits(1, 1)), LATER))
                .whenAccepted("tell-order-of-shipment")
                .thenSends(new ShipmentFacts.Command.RecordShipmentLost(FIRST));
    }

    /// A loss makes units open that nothing is set aside for: a shipment that is planned then would
    /// have them in it.
    @Test
    void row_8_no_shipment_is_planned_before_it_is_known_what_becomes_of_a_loss() {
        left().whenIn(FIRST, delivered("b", CUP, false))
                .whenAccepted("tell-order-of-shipment")
                .whenIn(FIRST, new Shipment.Event.ShipmentLost("o-1", "a", List.of(TEAS), ""))
                .when(new Order.Event.OrderHoldReleased(Axes.HoldKind.MANUAL))
                .thenSendsNothing()
                .whenAccepted("tell-order-of-shipment")
                .when(
                        new ShipmentFacts.Event.OrderShipmentLost(
                                FIRST, TWO_TEAS, standing(Axes.Fulfilment.PARTIALLY_DELIVERED)))
                .thenSends(
                        new StockItem.Command.Reserve("o-1", 0, 2L, FulfilmentSteps.LATEST, false))
                .whenAccepted("reserve-lost")
                .whenAccepted("confirm-lost")
                .thenSends(new PlanRequest("o-1"));
    }

    @Test
    void row_8_the_order_hears_of_a_loss_when_no_shipment_is_being_planned() {
        left().when(new Order.Event.OrderHoldReleased(Axes.HoldKind.MANUAL))
                .thenSends(new PlanRequest("o-1"))
                .whenIn(FIRST, delivered("b", CUP, false))
                .whenAccepted("tell-order-of-shipment")
                .whenIn(FIRST, new Shipment.Event.ShipmentLost("o-1", "a", List.of(TEAS), ""))
                .thenSendsNothing()
                .whenRefused("plan-shipment", Order.Refusal.NOTHING_OPEN)
                .thenSends(new ShipmentFacts.Command.RecordShipmentLost(FIRST));
    }

    @Test
    void row_8_what_is_lost_is_sent_again() {
        lost().thenSends(new StockItem.Command.Reserve("o-1", 0, 2L, FulfilmentSteps.LATEST, false))
                .whenAccepted("reserve-lost")
                .thenSends(new StockItem.Command.ConfirmReservation("o-1", 0, null))
                .whenAccepted("confirm-lost")
                .thenSends(new PlanRequest("o-1"));
    }

    @Test
    void row_8_a_line_that_can_be_sent_again_is_when_another_one_cannot() {
        left().when(
                        new ShipmentFacts.Event.OrderShipmentLost(
                                FIRST,
                                List.of(new LineUnits(0, 2), new LineUnits(1, 1)),
                                standing(Axes.Fulfilment.UNALLOCATED)))
                .whenAccepted("reserve-lost", FIRST + "/0")
                .whenRefused("reserve-lost", StockItem.Refusal.OUT_OF_STOCK)
                .whenAccepted("confirm-lost")
                .thenSendsNothing()
                .whenAccepted("give-up-lost")
                .thenSends(new PlanRequest("o-1"));
    }

    @Test
    void row_8_what_is_lost_and_not_in_stock_is_given_back() {
        lost().whenRefused("reserve-lost", StockItem.Refusal.OUT_OF_STOCK)
                .thenSends(
                        new Order.Command.CancelLines(
                                new ArrayList<>(TWO_TEAS), "Lost, and no more in stock."))
                .whenRefused("give-up-lost", Order.Refusal.NOTHING_LEFT)
                .thenSends(new Order.Command.RequestCancellation("Lost, and no more in stock."));
    }

    @Test
    void cancel_stops_what_has_not_left() {
        planned()
                .when(
                        new Order.Event.OrderCancellationRequested(
                                "", standing(Axes.Fulfilment.ALLOCATED)))
                .thenSends(new Shipment.Command.CancelShipment("The order is cancelled."))
                .whenAccepted("cancel-shipment")
                .when(new Order.Event.OrderCancelled("", standing(Axes.Fulfilment.NOTHING)))
                .whenAccepted("cancel-shipment")
                .thenCompleted();
    }

    @Test
    void late_a_shipment_that_left_after_the_cancellation_is_told_to_the_order() {
        planned()
                .when(new Order.Event.OrderCancelled("", standing(Axes.Fulfilment.NOTHING)))
                .whenRefused("cancel-shipment", Shipment.Refusal.ALREADY_DISPATCHED)
                .whenIn(
                        FIRST,
                        new Shipment.Event.ShipmentDispatched(
                                "o-1", List.of(parcel("a", "T1", TEAS, CUP)), eur(400)))
                .thenSends(
                        new ShipmentFacts.Command.RecordShipmentDispatched(FIRST, "T1"),
                        new StockItem.Command.Ship("o-1", 0, FIRST, 2L),
                        new StockItem.Command.Ship("o-1", 1, FIRST, 1L));
    }

    @Test
    void late_a_fact_that_comes_twice_counts_once() {
        left().whenAccepted("capture-part").when(captured(2500)).whenRepeated().thenNothing();
    }
}
