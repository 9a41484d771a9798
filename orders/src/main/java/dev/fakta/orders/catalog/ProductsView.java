// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.catalog;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.catalog.Product.Event.ProductDescribed;
import dev.fakta.orders.catalog.Product.Event.ProductListed;
import dev.fakta.orders.catalog.Product.Event.ProductPriceChanged;
import dev.fakta.orders.catalog.Product.Event.ProductRelisted;
import dev.fakta.orders.catalog.Product.Event.ProductRetired;
import dev.fakta.orders.money.Money;
import java.util.List;

/// The catalogue: one row per product, one per price.
public final class ProductsView {

    public static final View DEFINITION =
            View.named("products")
                    .version(1)
                    .table(
                            """
                            create table product (
                                sku text primary key,
                                name text not null,
                                tax_category text not null,
                                weight_grams bigint not null,
                                active integer not null,
                                revision bigint not null)""")
                    .table(
                            """
                            create table product_price (
                                sku text not null,
                                currency text not null,
                                minor bigint not null,
                                primary key (sku, currency))""")
                    .on(ProductListed.class, ProductsView::list)
                    .on(ProductDescribed.class, ProductsView::describe)
                    .on(ProductPriceChanged.class, (e, at, sql) -> price(e.prices(), at, sql))
                    .on(ProductRetired.class, (_, at, sql) -> activate(0, at, sql))
                    .on(ProductRelisted.class, (_, at, sql) -> activate(1, at, sql));

    private ProductsView() {}

    private static void list(ProductListed e, At at, Sql sql) {
        sql.run(
                "insert into product (sku, name, tax_category, weight_grams, active, revision)"
                        + " values (?, ?, ?, ?, 1, ?)",
                at.id(),
                e.name(),
                e.taxCategory(),
                e.weightGrams(),
                at.revision());
        insertPrices(e.prices(), at, sql);
    }

    private static void describe(ProductDescribed e, At at, Sql sql) {
        sql.run(
                "update product set name = ?, tax_category = ?, weight_grams = ?, revision = ?"
                        + " where sku = ?",
                e.name(),
                e.taxCategory(),
                e.weightGrams(),
                at.revision(),
                at.id());
    }

    private static void price(List<Money> prices, At at, Sql sql) {
        sql.run("delete from product_price where sku = ?", at.id());
        insertPrices(prices, at, sql);
        sql.run("update product set revision = ? where sku = ?", at.revision(), at.id());
    }

    private static void insertPrices(List<Money> prices, At at, Sql sql) {
        for (Money price : prices) {
            sql.run(
                    "insert into product_price (sku, currency, minor) values (?, ?, ?)",
                    at.id(),
                    price.currency().getCurrencyCode(),
                    price.minor());
        }
    }

    private static void activate(int active, At at, Sql sql) {
        sql.run(
                "update product set active = ?, revision = ? where sku = ?",
                active,
                at.revision(),
                at.id());
    }
}
