// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Saga;
import dev.fakta.orders.order.Edits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Event.Moving;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentCaptured;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentCancelled;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentPlanned;
import dev.fakta.orders.order.Standing.Counterpart;
import dev.fakta.orders.shipping.Shipment;
import java.util.List;

/// What the fulfilment hears of, and whose it is. A shipment names its order.
final class FulfilmentFacts {

    /// Facts that matter whether or not a shipment can be planned.
    private static final List<Class<? extends Moving>> ALWAYS =
            List.of(
                    Order.Event.OrderConfirmed.class,
                    Order.Event.OrderCancellationRequested.class,
                    Order.Event.OrderCancelled.class,
                    Order.Event.OrderCompleted.class,
                    OrderShipmentDispatched.class,
                    OrderPaymentCaptured.class);

    /// The fulfilment's own doing; what the warehouse gives up is planned again after a while.
    private static final List<Class<? extends Moving>> NEVER =
            List.of(OrderShipmentPlanned.class, OrderShipmentCancelled.class);

    private FulfilmentFacts() {}

    static Saga<Fulfilment.Event, Fulfilment> of(Saga<Fulfilment.Event, Fulfilment> saga) {
        Saga<Fulfilment.Event, Fulfilment> all =
                saga.on(Order.Event.OrderHoldReleased.class, (_, at) -> at.id())
                        .on(Edits.Event.OrderAddressChanged.class, (_, at) -> at.id())
                        .on(Shipment.Event.ShipmentPlanned.class, (e, _) -> e.order())
                        .on(Shipment.Event.ShipmentDispatched.class, (e, _) -> e.order())
                        .on(Shipment.Event.ShipmentDelivered.class, (e, _) -> e.order())
                        .on(Shipment.Event.ShipmentLost.class, (e, _) -> e.order())
                        .on(Shipment.Event.ShipmentCancelled.class, (e, _) -> e.order());
        for (Class<? extends Moving> type : Order.moving()) {
            all = NEVER.contains(type) ? all : hearing(all, type);
        }
        return all;
    }

    private static <T extends Moving> Saga<Fulfilment.Event, Fulfilment> hearing(
            Saga<Fulfilment.Event, Fulfilment> saga, Class<T> type) {
        boolean isAlways = ALWAYS.contains(type);
        return saga.on(
                type,
                (event, at) ->
                        isAlways || event.standing().tells(Counterpart.SHIPPING) ? at.id() : null);
    }
}
