// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Microsystem;
import dev.fakta.gateway.Routes;

/// Adds to the microsystem of orders what carries them on by themselves.
public final class OrderSagas {

    private OrderSagas() {}

    /// The same microsystem, with its sagas.
    ///
    /// @param risk which orders somebody has to look at
    public static Microsystem of(Microsystem orders, Risk risk) {
        return orders.with(OrderSaga.saga(risk))
                .with(Fulfilment.SAGA)
                .with(ReturnSaga.SAGA)
                .with(FulfilmentProcessors.PLAN)
                .with(FulfilmentProcessors.CAPTURE)
                .with(FulfilmentProcessors.AUTHORIZE)
                .with(FulfilmentProcessors.KEEP)
                .with(PayOrder.DEFINITION);
    }

    /// What customers do about an order that waits for them.
    public static void routes(Routes http) {
        http.post("/orders/{id}/payment", PayOrder.DEFINITION);
    }
}
