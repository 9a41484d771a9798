// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.order.Axes.Fulfilment;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Order.Event;
import dev.fakta.orders.order.OrderDecider.Step;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.order.StockBook.Supply;
import org.jspecify.annotations.Nullable;

/// What an order concludes from what it knows, behind every decision: it asks for its money once
/// codes and stock are set aside, is confirmed once all is its own for good, is rejected when it
/// cannot have what it was placed with, and is cancelled when somebody has asked for that. Nobody
/// else tells it to.
record Conclusion(Order order) {

    /// How many cards may be declined before the order is rejected.
    static final int MOST_DECLINES = 3;

    /// The next step that follows; none when nothing does.
    @Nullable Step next() {
        return switch (order.lifecycle()) {
            case CANCELLING -> {
                String reason = OrderDecider.orEmpty(order.progress().cancelling());
                yield at -> new Event.OrderCancelled(reason, at);
            }
            case CREATED -> beforeConfirmation();
            case CONFIRMED -> isMoneyToAsk() ? PaymentFacts.Event.OrderPaymentRequested::new : null;
            case COMPLETED, REJECTED, CANCELLED -> null;
        };
    }

    private @Nullable Step beforeConfirmation() {
        Supply supply = new StockNeeds(order).supply();
        CodeWishes codes = new CodeWishes(order);
        RejectReason reason = rejection(supply, codes);
        if (reason != null) {
            return at -> new Event.OrderRejected(reason, at);
        }
        boolean isSupplied = supply == Supply.RESERVED || supply == Supply.FIRM;
        if (new Review(order).isOpen() || !isSupplied || !codes.areSetAside()) {
            return null;
        }
        if (isMoneyToAsk()) {
            return PaymentFacts.Event.OrderPaymentRequested::new;
        }
        boolean isConfirmed = supply == Supply.FIRM && codes.areRedeemed() && order.isSecured();
        return isConfirmed ? Event.OrderConfirmed::new : null;
    }

    private @Nullable RejectReason rejection(Supply supply, CodeWishes codes) {
        if (supply == Supply.MISSING) {
            return RejectReason.OUT_OF_STOCK;
        }
        if (codes.isAnyRefused()) {
            return RejectReason.CODE_EXHAUSTED;
        }
        boolean isDeclined = order.money().card().declines() >= MOST_DECLINES;
        return isDeclined && !order.isSecured() ? RejectReason.PAYMENT_DECLINED : null;
    }

    /// Whether the order is completed by now: nothing holds it, and everything that is wanted has
    /// arrived and is paid for.
    boolean isOver() {
        return order.lifecycle() == Lifecycle.CONFIRMED
                && order.holds().isEmpty()
                && order.fulfilment() == Fulfilment.DELIVERED
                && order.account().isPaid();
    }

    private boolean isMoneyToAsk() {
        return order.money().card().attempt() == 0 && !order.isSecured();
    }
}
