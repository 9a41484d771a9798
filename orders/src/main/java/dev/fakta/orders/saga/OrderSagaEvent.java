// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Saga;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.order.StockBook.Supply;
import java.time.Instant;

/// What the order saga itself records.
sealed interface OrderSagaEvent {

    record Begun(OrderPlan plan) implements OrderSagaEvent {}

    record Failed(RejectReason reason) implements OrderSagaEvent {}

    /// The order's cancellation was asked for.
    record Stopped() implements OrderSagaEvent {}

    record Declined() implements OrderSagaEvent {}

    /// The provider has not answered.
    record Waited(Instant extendedTo) implements OrderSagaEvent {}

    record Extended(Instant until) implements OrderSagaEvent {}

    /// Everything that is wanted is reserved or waits, for a while or for good.
    record Supplied(Supply supply) implements OrderSagaEvent {}

    /// What is due is promised, or not any more.
    record Paid(boolean isPaid) implements OrderSagaEvent {}

    /// The saga, with the stable names of its events.
    static Saga<OrderSagaEvent, OrderSaga> of(Saga<OrderSagaEvent, OrderSaga> saga) {
        return saga.event("order-saga-begun", Begun.class)
                .event("order-saga-failed", Failed.class)
                .event("order-saga-stopped", Stopped.class)
                .event("order-saga-declined", Declined.class)
                .event("order-saga-waited", Waited.class)
                .event("order-saga-extended", Extended.class)
                .event("order-saga-supplied", Supplied.class)
                .event("order-saga-paid", Paid.class);
    }
}
