// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import dev.fakta.domain.Microsystem;
import dev.fakta.gateway.Routes;

/// The microsystem of what leaves the warehouses.
public final class ShippingMicrosystem {

    public static final Microsystem DEFINITION =
            Microsystem.named("shipping")
                    .with(Shipment.AGGREGATE)
                    .with(ShipmentRoutes.DISPATCH)
                    .with(CarrierReports.TRACKING)
                    .with(CarrierReports.DELIVERY)
                    .with(ShipmentsView.DEFINITION);

    private ShippingMicrosystem() {}

    /// What is served of it over HTTP.
    public static void routes(Routes http) {
        ShipmentRoutes.list(http);
    }
}
