// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Saga;
import dev.fakta.orders.order.Progress.RejectReason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the order saga itself records.
sealed interface OrderSagaEvent {

    record Begun(OrderPlan plan) implements OrderSagaEvent {}

    record Failed(RejectReason reason) implements OrderSagaEvent {}

    /// The order's cancellation was asked for.
    record Stopped() implements OrderSagaEvent {}

    record Declined() implements OrderSagaEvent {}

    /// The provider has not answered, or has after all.
    record Waited(boolean isOverdue, @Nullable Instant extendedTo) implements OrderSagaEvent {}

    record Extended(Instant until) implements OrderSagaEvent {}

    /// Lines were added to the order.
    record Grown(List<OrderPlan.Line> lines) implements OrderSagaEvent {
        public Grown {
            lines = List.copyOf(lines);
        }
    }

    /// So many units of a line wait for stock.
    record Waiting(int line, long units) implements OrderSagaEvent {}

    /// What cards have promised has changed by so many minor units.
    record Moved(long minor) implements OrderSagaEvent {}

    /// What was captured from cards, and is not asked back, has changed by so many minor units.
    record Kept(long minor) implements OrderSagaEvent {}

    /// What is store credit has changed by so many minor units.
    record Credited(long minor) implements OrderSagaEvent {}

    /// The saga, with the stable names of its events.
    static Saga<OrderSagaEvent, OrderSaga> of(Saga<OrderSagaEvent, OrderSaga> saga) {
        return saga.event("order-saga-begun", Begun.class)
                .event("order-saga-failed", Failed.class)
                .event("order-saga-stopped", Stopped.class)
                .event("order-saga-declined", Declined.class)
                .event("order-saga-waited", Waited.class)
                .event("order-saga-extended", Extended.class)
                .event("order-saga-grown", Grown.class)
                .event("order-saga-waiting", Waiting.class)
                .event("order-saga-moved", Moved.class)
                .event("order-saga-kept", Kept.class)
                .event("order-saga-credited", Credited.class);
    }
}
