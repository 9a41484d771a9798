// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.sales;

import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.runtime.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reports of sales over HTTP: `GET /sales?by=day|sku|campaign`, per currency, with the days, the
/// skus or the campaigns in their order.
public final class SalesRoutes {

    /// What a report can be by: the parameter's value, its column, and the tables that it is read
    /// from. A campaign's sales are those of the lines that it made cheaper.
    private enum By {
        DAY("s.day", "sale s", "0"),
        SKU("s.sku", "sale s", "0"),
        CAMPAIGN(
                "c.campaign",
                "sale_campaign c join sale s on s.order_id = c.order_id and s.line = c.line",
                "c.off_minor");

        private final String column;
        private final String tables;
        private final String off;

        By(String column, String tables, String off) {
            this.column = column;
            this.tables = tables;
            this.off = off;
        }
    }

    private SalesRoutes() {}

    public static void list(Routes http) {
        http.get("/sales", SalesView.DEFINITION, SalesRoutes::page);
    }

    /// A line of the report.
    ///
    /// @param of the day, the sku or the campaign
    /// @param minor what customers pay for it
    /// @param offMinor what the campaign took off, in a report by campaign
    private record Sold(
            String of, String currency, long orders, long units, long minor, long offMinor) {

        static Sold from(Row row) {
            return new Sold(
                    row.text("what"),
                    row.text("currency"),
                    row.number("orders"),
                    row.number("units"),
                    row.number("minor"),
                    row.number("off_minor"));
        }

        String cursor() {
            return of + "\n" + currency;
        }
    }

    private static Page<Sold> page(Query query) {
        By by = by(query);
        StringBuilder conditions = new StringBuilder(" where s.counts = 1");
        List<@Nullable Object> arguments = new ArrayList<>();
        where("s.day >= ?", query.text("from"), conditions, arguments);
        where("s.day < ?", query.text("until"), conditions, arguments);
        where("s.sku = ?", query.text("sku"), conditions, arguments);
        String after = query.text("after");
        if (after != null) {
            int end = after.indexOf('\n');
            if (end < 0) {
                query.refuse("after", "not a cursor of this list");
            } else {
                conditions.append(" and (%s, s.currency) > (?, ?)".formatted(by.column));
                arguments.add(after.substring(0, end));
                arguments.add(after.substring(end + 1));
            }
        }
        return query.page(
                """
                select %1$s as what, s.currency as currency, count(distinct s.order_id) as orders,
                    sum(s.units) as units, sum(s.minor) as minor, sum(%2$s) as off_minor
                from %3$s%4$s group by %1$s, s.currency order by %1$s, s.currency limit ?"""
                        .formatted(by.column, by.off, by.tables, conditions),
                Sold::from,
                Sold::cursor,
                arguments.toArray());
    }

    private static By by(Query query) {
        String text = query.text("by");
        for (By by : By.values()) {
            if (text == null || by.name().equalsIgnoreCase(text)) {
                return by;
            }
        }
        query.refuse("by", "day, sku or campaign");
        return By.DAY;
    }

    private static void where(
            String condition,
            @Nullable String value,
            StringBuilder conditions,
            List<@Nullable Object> arguments) {
        if (value != null) {
            conditions.append(" and ").append(condition);
            arguments.add(value);
        }
    }
}
