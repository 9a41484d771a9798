// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Microsystem;

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
                .with(StockCourier.SAGA)
                .with(StockCourier.ERRAND)
                .with(MoneyCourier.SAGA)
                .with(MoneyCourier.ERRAND);
    }
}
