// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static dev.fakta.gateway.CallerRole.CUSTOMER;
import static dev.fakta.gateway.CallerRole.IMPORTER;
import static dev.fakta.gateway.CallerRole.STAFF;

import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.inventory.StockItem.Command.Adjust;
import dev.fakta.orders.inventory.StockItem.Command.AllowBackorders;
import dev.fakta.orders.inventory.StockItem.Command.ChangeSafetyStock;
import dev.fakta.orders.inventory.StockItem.Command.Count;
import dev.fakta.orders.inventory.StockItem.Command.Receive;
import dev.fakta.orders.inventory.StockItem.Command.WriteOff;
import dev.fakta.runtime.Versioned;
import dev.fakta.views.Row;
import org.jspecify.annotations.Nullable;

/// Stock over HTTP. A sku's stock at one location is `/stock/SKU/LOCATION`; what is said of it
/// names the location in the body, which is `main` when it is left out.
public final class StockRoutes {

    /// How the stock's id is made of its path.
    public static final String ID_FORM = "{sku}@{location}";

    private StockRoutes() {}

    public static void list(Routes http) {
        http.customersSee(StockItem.AGGREGATE, found -> json(found).forCustomer())
                .resourceAt(
                        "/stock/{sku}/{location}", ID_FORM, StockItem.AGGREGATE, StockRoutes::json)
                .shared()
                .allowing(CUSTOMER, STAFF, IMPORTER)
                .eventsAllowing(STAFF)
                .get("/stock/{sku}", StockView.DEFINITION, StockRoutes::everywhere)
                .shared()
                .allowing(CUSTOMER, STAFF, IMPORTER)
                .get("/stock", StockView.DEFINITION, StockRoutes::page)
                .shared()
                .allowing(CUSTOMER, STAFF, IMPORTER)
                .putTo("/stock/{sku}", Count.class, StockItem.AGGREGATE, StockRoutes::id)
                .example(new Count(null, "main", 100L))
                .puttingBack("/stock/{sku}", Stock.class)
                .allowing(STAFF, IMPORTER)
                .postTo("/stock/{sku}/receive", Receive.class, StockItem.AGGREGATE, StockRoutes::id)
                .example(new Receive(40L, "delivery-4711"))
                .allowing(STAFF, IMPORTER)
                .postTo("/stock/{sku}/adjust", Adjust.class, StockItem.AGGREGATE, StockRoutes::id)
                .example(new Adjust(-2L, "Miscounted.", "count-12"))
                .allowing(STAFF, IMPORTER)
                .postTo(
                        "/stock/{sku}/write-off",
                        WriteOff.class,
                        StockItem.AGGREGATE,
                        StockRoutes::id)
                .example(new WriteOff(1L, "Torn.", "damage-3"))
                .allowing(STAFF, IMPORTER)
                .putTo(
                        "/stock/{sku}/safety-stock",
                        ChangeSafetyStock.class,
                        StockItem.AGGREGATE,
                        StockRoutes::id)
                .example(new ChangeSafetyStock(5L))
                .allowing(STAFF)
                .putTo(
                        "/stock/{sku}/backorders",
                        AllowBackorders.class,
                        StockItem.AGGREGATE,
                        StockRoutes::id)
                .example(new AllowBackorders(true))
                .allowing(STAFF)
                .checking(
                        StockItem.Command.class, command -> StockCheck.faults(command).problems());
    }

    /// The id of the stock that a command is about.
    public static String id(String sku, StockItem.Command command) {
        return StockItem.Command.idOf(sku, command.location());
    }

    /// The stock of a sku at a location, as clients see it.
    ///
    /// @param onHand, like the other numbers of units: nothing for customers
    /// @param available units that an order would get at once
    /// @param backorders whether an order may wait for more
    private record Stock(
            String sku,
            String location,
            @Nullable Long onHand,
            @Nullable Long reserved,
            @Nullable Long backordered,
            @Nullable Long safetyStock,
            long available,
            boolean backorders,
            long revision) {

        static Stock of(Row row) {
            return new Stock(
                    row.text("sku"),
                    row.text("location"),
                    row.number("on_hand"),
                    row.number("reserved"),
                    row.number("backordered"),
                    row.number("safety_stock"),
                    Math.max(
                            0,
                            row.number("on_hand")
                                    - row.number("reserved")
                                    - row.number("safety_stock")),
                    row.flag("backorders"),
                    row.number("revision"));
        }

        /// What customers see: whether they get it, and not how much there is.
        Stock forCustomer() {
            return new Stock(
                    sku, location, null, null, null, null, available, backorders, revision);
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
                versioned.state().safetyStock(),
                versioned.state().available(),
                versioned.state().backorders(),
                versioned.revision());
    }

    /// One sku at all its locations.
    private static Page<Stock> everywhere(Query query) {
        Page<Stock> all = page(query, query.path("sku"));
        if (all.items().isEmpty() && query.text("after") == null) {
            throw query.unknown("stock " + query.path("sku"));
        }
        return all;
    }

    private static Page<Stock> page(Query query) {
        return page(query, query.text("sku"));
    }

    private static Page<Stock> page(Query query, @Nullable String sku) {
        Page<Stock> all = stock(query, sku);
        return query.onlyCustomer() == null
                ? all
                : new Page<>(all.items().stream().map(Stock::forCustomer).toList(), all.next());
    }

    private static Page<Stock> stock(Query query, @Nullable String sku) {
        String after = query.text("after");
        int at = after == null ? 0 : Math.max(0, after.lastIndexOf('@'));
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
