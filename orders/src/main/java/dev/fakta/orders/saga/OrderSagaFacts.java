// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Saga;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.order.Edits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.PaymentFacts;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.StoreCredit;

/// What the order saga hears of, and whose it is. A payment has its order's id; stock and store
/// credit name it.
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
                        .on(Order.Event.OrderLinesCancelled.class, (_, at) -> at.id())
                        .on(Edits.Event.OrderEdited.class, (_, at) -> at.id())
                        .on(StockItem.Event.StockBackordered.class, (e, _) -> e.order())
                        .on(StockItem.Event.StockBackorderFilled.class, (e, _) -> e.order())
                        .on(StockItem.Event.StockDisplaced.class, (e, _) -> e.order()));
    }

    private static Saga<OrderSagaEvent, OrderSaga> money(Saga<OrderSagaEvent, OrderSaga> saga) {
        return saga.on(PaymentFacts.Event.OrderRefundRequested.class, (_, at) -> at.id())
                .on(PaymentFacts.Event.OrderVoidRequested.class, (_, at) -> at.id())
                .on(Payment.Event.PaymentAuthorized.class, (_, at) -> at.id())
                .on(Payment.Event.PaymentDeclined.class, (_, at) -> at.id())
                .on(Payment.Event.PaymentCaptured.class, (_, at) -> at.id())
                .on(Payment.Event.PaymentRefunded.class, (_, at) -> at.id())
                .on(Payment.Event.PaymentRefundFailed.class, (_, at) -> at.id())
                .on(Payment.Event.PaymentVoided.class, (_, at) -> at.id())
                .on(Payment.Event.AuthorizationExpired.class, (_, at) -> at.id())
                .on(Payment.Event.DisputeOpened.class, (_, at) -> at.id())
                .on(StoreCredit.Event.StoreCreditAuthorized.class, (e, _) -> e.order())
                .on(StoreCredit.Event.StoreCreditCaptured.class, (e, _) -> e.order())
                .on(StoreCredit.Event.StoreCreditReleased.class, (e, _) -> e.order())
                .on(StoreCredit.Event.StoreCreditRefunded.class, (e, _) -> e.order());
    }
}
