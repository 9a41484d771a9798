// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.OrderDecider.Step;
import dev.fakta.orders.order.StockFacts.Event.OrderReviewed;
import dev.fakta.orders.order.StockFacts.Event.OrderStockKept;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The time that people have to look at an order before it is confirmed. A hold as FRAUD_REVIEW is
/// the only one that keeps an order from being confirmed, so it also keeps the order's stock: an
/// order that ends before anybody can have looked would be held in vain.
record Review(Order order) {

    /// How long people may take, from when the order is held.
    static final Duration WINDOW = Duration.ofDays(3);

    /// Whether the order waits for people before it can be confirmed.
    boolean isOpen() {
        return order.lifecycle() == Lifecycle.CREATED && order.isHeldFor(HoldKind.FRAUD_REVIEW);
    }

    /// What follows from a hold of this kind that is placed now.
    List<Step> begun(HoldKind kind, Instant now) {
        Instant kept = new StockNeeds(order).keptUntil();
        Instant end = now.plus(WINDOW);
        return concerns(kind) && kept != null && end.isAfter(kept)
                ? List.of(at -> new OrderStockKept(end, at))
                : List.of();
    }

    /// What follows from a hold of this kind that is released now.
    List<Step> ended(HoldKind kind, Instant now) {
        return concerns(kind)
                ? List.of(at -> new OrderReviewed(now.plus(StockDecider.KEPT), at))
                : List.of();
    }

    private boolean concerns(HoldKind kind) {
        return kind == HoldKind.FRAUD_REVIEW && order.lifecycle() == Lifecycle.CREATED;
    }
}
