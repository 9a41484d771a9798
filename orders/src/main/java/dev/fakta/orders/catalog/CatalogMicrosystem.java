// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.catalog;

import dev.fakta.domain.Microsystem;
import dev.fakta.gateway.Routes;

/// The microsystem of what is sold.
public final class CatalogMicrosystem {

    public static final Microsystem DEFINITION =
            Microsystem.named("catalog").with(Product.AGGREGATE).with(ProductsView.DEFINITION);

    private CatalogMicrosystem() {}

    /// What is served of it over HTTP.
    public static void routes(Routes http) {
        ProductRoutes.list(http);
    }
}
