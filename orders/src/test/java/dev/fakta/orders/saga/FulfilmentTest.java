// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.Baskets.NOON;
import static dev.fakta.orders.saga.Baskets.eur;
import static dev.fakta.testkit.SagaScenario.scenario;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.SagaState.Status;
import dev.fakta.orders.order.Axes;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.PaymentFacts;
import dev.fakta.orders.order.ShipmentFacts;
import dev.fakta.orders.order.Standing;
import dev.fakta.orders.order.StockBook.Supply;
import dev.fakta.orders.order.StockFacts;
import dev.fakta.orders.saga.FulfilmentProcessors.PlanRequest;
import dev.fakta.orders.shipping.Parcel;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.testkit.SagaScenario;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The rows of the order saga's table, from an order's confirmation to its end.
class FulfilmentTest {

    private static final String FIRST = "o-1-1";
    private static final Instant LATER = NOON.plusSeconds(60);

    private static Standing standing(Axes.Fulfilment fulfilment) {
        return new Standing(
                Axes.Lifecycle.CONFIRMED, Axes.Payment.AUTHORIZED, fulfilment, Axes.Returns.NONE);
    }

    /// Something lies there that can be shipped.
    private static Standing ready(Axes.Fulfilment fulfilment) {
        return new Standing(
                Axes.Lifecycle.CONFIRMED,
                Axes.Payment.AUTHORIZED,
                fulfilment,
                Axes.Returns.NONE,
                List.of(Standing.Counterpart.SHIPPING));
    }

    private static SagaScenario<Fulfilment.Event, Fulfilment> confirmed() {
        return scenario(Fulfilment.SAGA, "o-1")
                .when(new Order.Event.OrderConfirmed(ready(Axes.Fulfilment.UNALLOCATED)));
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
                .whenAccepted("tell-order-of-shipment")
                .when(
                        new ShipmentFacts.Event.OrderShipmentDispatched(
                                FIRST, "T1 T2", standing(Axes.Fulfilment.SHIPPED)));
    }

    private static Shipment.Event delivered(String parcel, Parcel.Content content, boolean all) {
        return new Shipment.Event.ShipmentDelivered("o-1", parcel, List.of(content), LATER, all);
    }

    private static SagaScenario<Fulfilment.Event, Fulfilment> lost() {
        return left().whenIn(FIRST, delivered("b", CUP, false))
                .whenAccepted("tell-order-of-shipment")
                .whenIn(FIRST, new Shipment.Event.ShipmentLost("o-1", "a", List.of(TEAS), ""))
                .whenAccepted("tell-order-of-shipment");
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
                        new StockFacts.Event.OrderStockChanged(
                                List.of(), Supply.FIRM, ready(Axes.Fulfilment.ALLOCATED)))
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
    void row_7_what_leaves_is_told_to_the_order() {
        dispatched().thenSends(new ShipmentFacts.Command.RecordShipmentDispatched(FIRST, "T1 T2"));
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
    void row_6_nothing_is_planned_of_what_does_not_lie_there() {
        scenario(Fulfilment.SAGA, "o-1")
                .when(new Order.Event.OrderConfirmed(standing(Axes.Fulfilment.BACKORDERED)))
                .thenSendsNothing();
    }

    @Test
    void row_8_goods_that_nobody_hears_of_end_the_order_once_it_is_paid() {
        left().whenTimePasses(Fulfilment.DELIVERY)
                .thenSends(new Order.Command.CompleteOrder())
                .whenRefused("complete-order", Order.Refusal.NOT_PAID)
                .thenIs(Status.LIVE)
                .when(
                        new PaymentFacts.Event.OrderPaymentCaptured(
                                "captures", eur(2500), standing(Axes.Fulfilment.SHIPPED)))
                .thenSends(new Order.Command.CompleteOrder())
                .whenAccepted("complete-order")
                .when(new Order.Event.OrderCompleted(standing(Axes.Fulfilment.SHIPPED)))
                .thenCompleted();
    }

    @Test
    void row_8_goods_that_nobody_hears_of_have_arrived() {
        left().whenTimePasses(Fulfilment.DELIVERY).thenSends(new Order.Command.CompleteOrder());
    }

    @Test
    void row_8_what_leaves_later_has_not_arrived_with_the_rest() {
        left().whenTimePasses(Fulfilment.DELIVERY)
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

    @Test
    void row_8_what_is_lost_is_planned_once_stock_has_it_for_the_order() {
        lost().thenSendsNothing()
                .when(
                        new StockFacts.Event.OrderStockChanged(
                                List.of(), Supply.FIRM, ready(Axes.Fulfilment.UNALLOCATED)))
                .thenSends(new PlanRequest("o-1"));
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
                .thenSends(new ShipmentFacts.Command.RecordShipmentDispatched(FIRST, "T1"));
    }

    @Test
    void late_a_fact_that_comes_twice_counts_once() {
        left().whenRepeated().thenNothing();
    }
}
