// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.catalog;

import static dev.fakta.gateway.CallerRole.CUSTOMER;
import static dev.fakta.gateway.CallerRole.IMPORTER;
import static dev.fakta.gateway.CallerRole.STAFF;

import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.catalog.Product.Command.ChangePrice;
import dev.fakta.orders.catalog.Product.Command.ListProduct;
import dev.fakta.orders.catalog.Product.Command.Retire;
import dev.fakta.orders.money.Money;
import dev.fakta.runtime.Versioned;
import dev.fakta.views.Row;
import java.util.List;

/// Products over HTTP.
public final class ProductRoutes {

    private static final ListProduct TEA =
            new ListProduct(
                    "Tea",
                    List.of(Money.of(1200, "USD"), Money.of(1100, "EUR")),
                    null,
                    500L,
                    List.of("drinks"),
                    true);

    private ProductRoutes() {}

    public static void list(Routes http) {
        http.longest("sku", Product.LONGEST_SKU)
                .resource("/products", Product.AGGREGATE, ProductJson::of)
                .shared()
                .allowing(CUSTOMER, STAFF, IMPORTER)
                .eventsAllowing(STAFF)
                .get("/products", ProductsView.DEFINITION, ProductRoutes::page)
                .shared()
                .allowing(CUSTOMER, STAFF, IMPORTER)
                .put("/products/{sku}", ListProduct.class, Product.AGGREGATE)
                .example(TEA)
                .puttingBack("/products/{sku}", ProductJson.class)
                .allowing(STAFF, IMPORTER)
                .post("/products/{sku}/change-price", ChangePrice.class, Product.AGGREGATE)
                .example(new ChangePrice(Money.of(1250, "USD")))
                .allowing(STAFF, IMPORTER)
                .post("/products/{sku}/retire", Retire.class, Product.AGGREGATE)
                .allowing(STAFF, IMPORTER)
                .checking(Product.Command.class, command -> Product.faults(command).problems());
    }

    /// A product as clients see it.
    private record ProductJson(
            String sku,
            String name,
            List<Money> prices,
            String taxCategory,
            long weightGrams,
            List<String> categories,
            boolean active,
            long revision) {

        static ProductJson of(Versioned<Product> versioned) {
            Product product = versioned.state();
            return new ProductJson(
                    versioned.id(),
                    product.name(),
                    product.prices(),
                    product.taxCategory(),
                    product.weightGrams(),
                    product.categories(),
                    product.active(),
                    versioned.revision());
        }
    }

    /// A product in the list.
    private record Listed(
            String sku,
            String name,
            String taxCategory,
            long weightGrams,
            boolean active,
            long revision) {

        static Listed of(Row row) {
            return new Listed(
                    row.text("sku"),
                    row.text("name"),
                    row.text("tax_category"),
                    row.number("weight_grams"),
                    row.flag("active"),
                    row.number("revision"));
        }
    }

    private static Page<Listed> page(Query query) {
        String after = query.text("after");
        return query.page(
                "select * from product where sku > ? order by sku limit ?",
                Listed::of,
                Listed::sku,
                after == null ? "" : after);
    }
}
