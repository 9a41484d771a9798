// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Saga;
import dev.fakta.orders.order.Edits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.PaymentFacts;
import dev.fakta.orders.order.StockFacts;

/// What the order saga hears of: what its order says.
final class OrderSagaFacts {

    private OrderSagaFacts() {}

    static Saga<OrderSagaEvent, OrderSaga> of(Saga<OrderSagaEvent, OrderSaga> saga) {
        return money(
                saga.on(OrderCreated.class, (_, at) -> at.id())
                        .on(Order.Event.OrderCancellationRequested.class, (_, at) -> at.id())
                        .on(Order.Event.OrderCancelled.class, (_, at) -> at.id())
                        .on(Order.Event.OrderRejected.class, (_, at) -> at.id())
                        .on(Order.Event.OrderCompleted.class, (_, at) -> at.id())
                        .on(Order.Event.OrderHoldReleased.class, (_, at) -> at.id())
                        .on(StockFacts.Event.OrderStockChanged.class, (_, at) -> at.id()));
    }

    private static Saga<OrderSagaEvent, OrderSaga> money(Saga<OrderSagaEvent, OrderSaga> saga) {
        return saga.on(Order.Event.OrderLinesCancelled.class, (_, at) -> at.id())
                .on(Edits.Event.OrderEdited.class, (_, at) -> at.id())
                .on(PaymentFacts.Event.OrderCreditGranted.class, (_, at) -> at.id())
                .on(PaymentFacts.Event.OrderPaymentAuthorized.class, (_, at) -> at.id())
                .on(PaymentFacts.Event.OrderStoreCreditAuthorized.class, (_, at) -> at.id())
                .on(PaymentFacts.Event.OrderPaymentDeclined.class, (_, at) -> at.id())
                .on(PaymentFacts.Event.OrderPaymentVoided.class, (_, at) -> at.id())
                .on(PaymentFacts.Event.OrderPaymentExpired.class, (_, at) -> at.id());
    }
}
