// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Microsystem;

/// Adds to the microsystem of orders what carries them on by themselves.
public final class OrderSagas {

    private OrderSagas() {}

    public static Microsystem of(Microsystem orders) {
        return orders.with(OrderSaga.SAGA);
    }
}
