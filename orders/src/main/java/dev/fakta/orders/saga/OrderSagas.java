// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Microsystem;

/// Adds to the microsystem of orders what carries them on by themselves.
public final class OrderSagas {

    private OrderSagas() {}

    /// The same microsystem, with its sagas.
    public static Microsystem of(Microsystem orders) {
        return orders.with(PaymentClock.SAGA)
                .with(PaymentClock.KEEP_STOCK)
                .with(ShippingClock.SAGA)
                .with(ShippingClock.PRESUME_DELIVERED)
                .with(ReturnSaga.SAGA)
                .with(ShippingCourier.SAGA)
                .with(ShippingCourier.ERRAND)
                .with(StockCourier.SAGA)
                .with(StockCourier.ERRAND)
                .with(MoneyCourier.SAGA)
                .with(MoneyCourier.ERRAND)
                .with(CodeCourier.SAGA)
                .with(CodeCourier.ERRAND);
    }
}
