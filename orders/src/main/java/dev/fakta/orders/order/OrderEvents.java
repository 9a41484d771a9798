// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.EventType;
import dev.fakta.orders.order.Order.Event;
import java.util.ArrayList;
import java.util.List;

/// The stable names of an order's events.
final class OrderEvents {

    private OrderEvents() {}

    /// Those that can move an axis.
    static List<Class<? extends Event.Moving>> moving() {
        List<Class<? extends Event.Moving>> moving = new ArrayList<>();
        for (EventType<?> event : Order.AGGREGATE.events()) {
            if (Event.Moving.class.isAssignableFrom(event.type())) {
                moving.add(event.type().asSubclass(Event.Moving.class));
            }
        }
        return moving;
    }

    /// The aggregate, with every event named.
    static Aggregate<Order.Command, Event, Order> named() {
        return stock(returns(shipments(payments(Edits.named(wholes())))));
    }

    private static Aggregate<Order.Command, Event, Order> wholes() {
        return Aggregate.named("order")
                .taking(Order.Command.class)
                .startingAs(Order.NONE)
                .deciding(Order::decide)
                .evolving(Order::evolve)
                .refusing(Order.Refusal.class)
                .version(8)
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

    private static Aggregate<Order.Command, Event, Order> payments(
            Aggregate<Order.Command, Event, Order> order) {
        return asked(order)
                .event("order-payment-pending", PaymentFacts.Event.OrderPaymentPending.class)
                .event("order-payment-authorized", PaymentFacts.Event.OrderPaymentAuthorized.class)
                .event("order-payment-declined", PaymentFacts.Event.OrderPaymentDeclined.class)
                .event("order-payment-captured", PaymentFacts.Event.OrderPaymentCaptured.class)
                .event("order-payment-refunded", PaymentFacts.Event.OrderPaymentRefunded.class)
                .event("order-payment-voided", PaymentFacts.Event.OrderPaymentVoided.class)
                .event("order-payment-expired", PaymentFacts.Event.OrderPaymentExpired.class)
                .event(
                        "order-store-credit-authorized",
                        PaymentFacts.Event.OrderStoreCreditAuthorized.class)
                .event("order-store-credit-taken", PaymentFacts.Event.OrderStoreCreditTaken.class)
                .event(
                        "order-store-credit-released",
                        PaymentFacts.Event.OrderStoreCreditReleased.class)
                .event(
                        "order-store-credit-returned",
                        PaymentFacts.Event.OrderStoreCreditReturned.class)
                .event("order-payment-disputed", PaymentFacts.Event.OrderPaymentDisputed.class)
                .event("order-dispute-won", PaymentFacts.Event.OrderDisputeWon.class);
    }

    private static Aggregate<Order.Command, Event, Order> asked(
            Aggregate<Order.Command, Event, Order> order) {
        return order.event(
                        "order-payment-requested", PaymentFacts.Event.OrderPaymentRequested.class)
                .event("order-card-given", PaymentFacts.Event.OrderCardGiven.class)
                .event("order-card-tried-again", PaymentFacts.Event.OrderCardTriedAgain.class)
                .event("order-refund-requested", PaymentFacts.Event.OrderRefundRequested.class)
                .event("order-credit-granted", PaymentFacts.Event.OrderCreditGranted.class)
                .event("order-invoice-paid", PaymentFacts.Event.OrderInvoicePaid.class);
    }

    private static Aggregate<Order.Command, Event, Order> shipments(
            Aggregate<Order.Command, Event, Order> order) {
        return order.event("order-shipment-planned", ShipmentFacts.Event.OrderShipmentPlanned.class)
                .event(
                        "order-shipment-dispatched",
                        ShipmentFacts.Event.OrderShipmentDispatched.class)
                .event("order-shipment-delivered", ShipmentFacts.Event.OrderShipmentDelivered.class)
                .event("order-shipment-presumed", ShipmentFacts.Event.OrderShipmentPresumed.class)
                .event(
                        "order-shipment-unexpected",
                        ShipmentFacts.Event.OrderShipmentUnexpected.class)
                .event("order-shipment-lost", ShipmentFacts.Event.OrderShipmentLost.class)
                .event(
                        "order-shipment-cancelled",
                        ShipmentFacts.Event.OrderShipmentCancelled.class);
    }

    private static Aggregate<Order.Command, Event, Order> stock(
            Aggregate<Order.Command, Event, Order> order) {
        return order.event("order-stock-changed", StockFacts.Event.OrderStockChanged.class)
                .event("order-stock-kept", StockFacts.Event.OrderStockKept.class)
                .event("order-reviewed", StockFacts.Event.OrderReviewed.class)
                .event("order-codes-changed", CodeFacts.Event.OrderCodesChanged.class);
    }

    private static Aggregate<Order.Command, Event, Order> returns(
            Aggregate<Order.Command, Event, Order> order) {
        return order.event("order-return-requested", ReturnFacts.Event.OrderReturnRequested.class)
                .event("order-return-received", ReturnFacts.Event.OrderReturnReceived.class)
                .event("order-return-closed", ReturnFacts.Event.OrderReturnClosed.class);
    }
}
