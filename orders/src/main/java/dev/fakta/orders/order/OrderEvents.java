// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Aggregate;
import dev.fakta.orders.order.Order.Event;

/// The stable names of an order's events.
final class OrderEvents {

    private OrderEvents() {}

    /// The aggregate, with every event named.
    static Aggregate<Order.Command, Event, Order> named() {
        return returns(shipments(payments(edits(wholes()))));
    }

    private static Aggregate<Order.Command, Event, Order> wholes() {
        return Aggregate.named("order")
                .taking(Order.Command.class)
                .startingAs(Order.NONE)
                .deciding(Order::decide)
                .evolving(Order::evolve)
                .version(3)
                .event("order-created", OrderCreated.class)
                .event("order-confirmed", Event.OrderConfirmed.class)
                .event("order-rejected", Event.OrderRejected.class)
                .event("order-cancellation-requested", Event.OrderCancellationRequested.class)
                .event("order-cancelled", Event.OrderCancelled.class)
                .event("order-lines-cancelled", Event.OrderLinesCancelled.class)
                .event("order-completed", Event.OrderCompleted.class)
                .event("order-hold-placed", Event.OrderHoldPlaced.class)
                .event("order-hold-released", Event.OrderHoldReleased.class)
                .event("order-note-added", Event.OrderNoteAdded.class)
                .event("order-attention-requested", Event.OrderAttentionRequested.class)
                .event("order-attention-settled", Event.OrderAttentionSettled.class);
    }

    private static Aggregate<Order.Command, Event, Order> edits(
            Aggregate<Order.Command, Event, Order> order) {
        return order.event("order-edit-proposed", Edits.Event.OrderEditProposed.class)
                .event("order-edited", Edits.Event.OrderEdited.class)
                .event("order-edit-discarded", Edits.Event.OrderEditDiscarded.class)
                .event("order-address-changed", Edits.Event.OrderAddressChanged.class);
    }

    private static Aggregate<Order.Command, Event, Order> payments(
            Aggregate<Order.Command, Event, Order> order) {
        return order.event("order-payment-pending", PaymentFacts.Event.OrderPaymentPending.class)
                .event("order-payment-authorized", PaymentFacts.Event.OrderPaymentAuthorized.class)
                .event(
                        "order-store-credit-authorized",
                        PaymentFacts.Event.OrderStoreCreditAuthorized.class)
                .event("order-payment-declined", PaymentFacts.Event.OrderPaymentDeclined.class)
                .event("order-payment-captured", PaymentFacts.Event.OrderPaymentCaptured.class)
                .event("order-payment-refunded", PaymentFacts.Event.OrderPaymentRefunded.class)
                .event("order-payment-voided", PaymentFacts.Event.OrderPaymentVoided.class)
                .event("order-payment-expired", PaymentFacts.Event.OrderPaymentExpired.class)
                .event("order-payment-disputed", PaymentFacts.Event.OrderPaymentDisputed.class)
                .event("order-refund-requested", PaymentFacts.Event.OrderRefundRequested.class)
                .event("order-void-requested", PaymentFacts.Event.OrderVoidRequested.class);
    }

    private static Aggregate<Order.Command, Event, Order> shipments(
            Aggregate<Order.Command, Event, Order> order) {
        return order.event("order-shipment-planned", ShipmentFacts.Event.OrderShipmentPlanned.class)
                .event("order-backordered", ShipmentFacts.Event.OrderBackordered.class)
                .event(
                        "order-shipment-dispatched",
                        ShipmentFacts.Event.OrderShipmentDispatched.class)
                .event("order-shipment-delivered", ShipmentFacts.Event.OrderShipmentDelivered.class)
                .event("order-shipment-lost", ShipmentFacts.Event.OrderShipmentLost.class)
                .event(
                        "order-shipment-cancelled",
                        ShipmentFacts.Event.OrderShipmentCancelled.class);
    }

    private static Aggregate<Order.Command, Event, Order> returns(
            Aggregate<Order.Command, Event, Order> order) {
        return order.event("order-return-requested", ReturnFacts.Event.OrderReturnRequested.class)
                .event("order-return-received", ReturnFacts.Event.OrderReturnReceived.class)
                .event("order-return-closed", ReturnFacts.Event.OrderReturnClosed.class);
    }
}
