// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentCancelled;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentPlanned;
import dev.fakta.orders.order.UnitLedger.Shipment.Stage;
import java.util.ArrayList;
import java.util.List;

/// What an order wants of its shipments, in absolute terms.
record ShipmentWishes(Order order) {

    /// Those that have not left as far as is known. What is planned in an order that ends is to
    /// stay.
    List<ShipmentWish> all() {
        boolean isLive = Actions.ended(order) == null;
        List<ShipmentWish> wishes = new ArrayList<>();
        for (UnitLedger.Shipment shipment : order.units().shipments()) {
            if (!shipment.hasLeft()) {
                boolean isPlanned = shipment.stage() == Stage.PLANNED;
                wishes.add(
                        new ShipmentWish(
                                shipment.id(),
                                shipment.location(),
                                shipment.lines(),
                                isPlanned && isLive));
            }
        }
        return wishes;
    }

    /// Whether the shipping has to be told of what the event has led to. A shipment that is planned
    /// is told by whoever had the order plan it. One that did not come off is no reason: what
    /// pulled it back is about to change the order, and what the warehouse gave up is tried again
    /// after a while.
    boolean areNews(Order before, Order.Event event) {
        if (event instanceof OrderShipmentPlanned || event instanceof OrderShipmentCancelled) {
            return false;
        }
        return order.canBeShipped() || !new ShipmentWishes(before).all().containsAll(all());
    }
}
