// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.inventory.StockItem.Command.Adjust;
import dev.fakta.orders.inventory.StockItem.Command.AllowBackorders;
import dev.fakta.orders.inventory.StockItem.Command.ChangeSafetyStock;
import dev.fakta.orders.inventory.StockItem.Command.Count;
import dev.fakta.orders.inventory.StockItem.Command.Receive;
import dev.fakta.orders.inventory.StockItem.Command.WriteOff;
import dev.fakta.runtime.Row;
import dev.fakta.runtime.Versioned;
import org.jspecify.annotations.Nullable;

/// Stock over HTTP. A sku's stock at one location is the resource `/stock/SKU@LOCATION`.
public final class StockRoutes {

    private StockRoutes() {}

    public static void list(Routes http) {
        http.resource("/stock", StockItem.AGGREGATE, StockRoutes::json)
                .putTo(
                        "/stock/{sku}",
                        Count.class,
                        StockItem.AGGREGATE,
                        (sku, count) -> StockItem.Command.idOf(sku, count.location()))
                .post("/stock/{id}/receipts", Receive.class, StockItem.AGGREGATE)
                .post("/stock/{id}/adjustments", Adjust.class, StockItem.AGGREGATE)
                .post("/stock/{id}/write-offs", WriteOff.class, StockItem.AGGREGATE)
                .put("/stock/{id}/safety-stock", ChangeSafetyStock.class, StockItem.AGGREGATE)
                .put("/stock/{id}/backorders", AllowBackorders.class, StockItem.AGGREGATE)
                .get("/stock", StockView.DEFINITION, StockRoutes::page);
    }

    /// The stock of a sku at a location, as clients see it.
    private record Stock(
            String sku,
            String location,
            long onHand,
            long reserved,
            long backordered,
            long revision) {

        static Stock of(Row row) {
            return new Stock(
                    row.text("sku"),
                    row.text("location"),
                    row.number("on_hand"),
                    row.number("reserved"),
                    row.number("backordered"),
                    row.number("revision"));
        }

        String cursor() {
            return StockItem.Command.idOf(sku, location);
        }
    }

    private static Stock json(Versioned<StockItem> versioned) {
        String id = versioned.id();
        int at = id.lastIndexOf('@');
        return new Stock(
                id.substring(0, at),
                id.substring(at + 1),
                versioned.state().onHand(),
                versioned.state().reservations().reserved(),
                versioned.state().reservations().backordered(),
                versioned.revision());
    }

    private static Page<Stock> page(Query query) {
        String after = query.text("after");
        int at = after == null ? 0 : Math.max(0, after.lastIndexOf('@'));
        @Nullable String sku = query.text("sku");
        return query.page(
                "select * from stock where (sku, location) > (?, ?)"
                        + " and (cast(? as text) is null or sku = ?) order by sku, location limit ?",
                Stock::of,
                Stock::cursor,
                after == null ? "" : after.substring(0, at),
                after == null ? "" : after.substring(Math.min(after.length(), at + 1)),
                sku,
                sku);
    }
}
