// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Microsystem;

/// Adds to the microsystem of orders what carries them on by themselves.
public final class OrderSagas {

    private OrderSagas() {}

    /// The same microsystem, with its saga, couriers and clocks.
    public static Microsystem of(Microsystem orders) {
        return orders.with(PaymentClock.CLOCK)
                .with(PaymentClock.KEEP_STOCK)
                .with(ShippingClock.CLOCK)
                .with(ShippingClock.PRESUME_DELIVERED)
                .with(ReturnSaga.SAGA)
                .with(ShippingCourier.COURIER)
                .with(StockCourier.COURIER)
                .with(MoneyCourier.COURIER)
                .with(CodeCourier.COURIER)
                .retired("payment-clock")
                .retired("shipping-clock");
    }
}
