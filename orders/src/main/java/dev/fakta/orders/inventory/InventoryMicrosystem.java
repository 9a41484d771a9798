// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import dev.fakta.domain.Microsystem;
import dev.fakta.gateway.Routes;

/// The microsystem of what is in stock.
public final class InventoryMicrosystem {

    public static final Microsystem DEFINITION =
            Microsystem.named("inventory")
                    .with(StockItem.AGGREGATE)
                    .with(StockView.DEFINITION)
                    .with(StockUpkeep.SAGA);

    private InventoryMicrosystem() {}

    /// What is served of it over HTTP.
    public static void routes(Routes http) {
        StockRoutes.list(http);
    }
}
