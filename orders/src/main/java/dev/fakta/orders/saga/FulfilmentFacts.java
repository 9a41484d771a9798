// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Saga;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentAuthorized;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentCaptured;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderBackordered;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentDelivered;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentLost;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.shipping.Shipment;

/// What the fulfilment hears of, and whose it is. A payment has its order's id, a shipment names
/// it.
final class FulfilmentFacts {

    private FulfilmentFacts() {}

    static Saga<Fulfilment.Event, Fulfilment> of(Saga<Fulfilment.Event, Fulfilment> saga) {
        return saga.on(Order.Event.OrderConfirmed.class, (_, at) -> at.id())
                .on(Order.Event.OrderHoldReleased.class, (_, at) -> at.id())
                .on(Order.Event.OrderLinesCancelled.class, (_, at) -> at.id())
                .on(Order.Event.OrderCancellationRequested.class, (_, at) -> at.id())
                .on(Order.Event.OrderCancelled.class, (_, at) -> at.id())
                .on(Order.Event.OrderCompleted.class, (_, at) -> at.id())
                .on(OrderBackordered.class, (_, at) -> at.id())
                .on(OrderShipmentDispatched.class, (_, at) -> at.id())
                .on(OrderShipmentDelivered.class, (_, at) -> at.id())
                .on(OrderShipmentLost.class, (_, at) -> at.id())
                .on(OrderPaymentCaptured.class, (_, at) -> at.id())
                .on(OrderPaymentAuthorized.class, (e, at) -> isFirst(e) ? null : at.id())
                .on(Shipment.Event.ShipmentPlanned.class, (e, _) -> e.order())
                .on(Shipment.Event.ShipmentDispatched.class, (e, _) -> e.order())
                .on(Shipment.Event.ShipmentDelivered.class, (e, _) -> e.order())
                .on(Shipment.Event.ShipmentLost.class, (e, _) -> e.order())
                .on(Shipment.Event.ShipmentCancelled.class, (e, _) -> e.order())
                .on(Payment.Event.PaymentDeclined.class, (_, at) -> at.id())
                .on(Payment.Event.AuthorizationExpired.class, (_, at) -> at.id())
                .on(Payment.Event.PaymentCaptured.class, (_, at) -> at.id())
                .on(Payment.Event.PaymentCaptureFailed.class, (_, at) -> at.id());
    }

    /// Whether it is what the order was confirmed with, which is heard of before there is anything
    /// to fulfil.
    private static boolean isFirst(OrderPaymentAuthorized authorized) {
        return authorized.reference().equals("authorized-1");
    }
}
