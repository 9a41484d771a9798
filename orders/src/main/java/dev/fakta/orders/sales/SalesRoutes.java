// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.sales;

import static dev.fakta.gateway.CallerRole.STAFF;

import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.views.Row;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reports of sales over HTTP: `GET /sales?by=day|sku|campaign`, per currency, with the days, the
/// skus or the campaigns in their order. What customers need not pay for, as it was cancelled or
/// came back, is not in them.
public final class SalesRoutes {

    /// What a report can be by: the parameter's value, its column, and the tables that it is read
    /// from. A campaign's sales are those of the lines that it made cheaper.
    private enum By {
        DAY("s.day", "sale s", "0", true),
        SKU("s.sku", "sale s", "0", false),
        CAMPAIGN(
                "c.campaign",
                "sale_campaign c join sale s on s.order_id = c.order_id and s.line = c.line",
                "c.minor",
                false);

        private final String column;
        private final String tables;
        private final String off;
        private final boolean hasShipping;

        By(String column, String tables, String off, boolean hasShipping) {
            this.column = column;
            this.tables = tables;
            this.off = off;
            this.hasShipping = hasShipping;
        }
    }

    private SalesRoutes() {}

    public static void list(Routes http) {
        http.get("/sales", SalesView.DEFINITION, SalesRoutes::page).allowing(STAFF);
    }

    /// A line of the report.
    ///
    /// @param of the day, the sku or the campaign
    /// @param orders those of which something is left
    /// @param minor what customers pay for the goods
    /// @param shippingMinor what customers pay for shipping beside that, in a report by day
    /// @param offMinor what the campaign took off, in a report by campaign
    private record Sold(
            String of,
            String currency,
            long orders,
            long units,
            long minor,
            long shippingMinor,
            long offMinor) {

        static Sold from(Row row) {
            return new Sold(
                    row.text("what"),
                    row.text("currency"),
                    row.number("orders"),
                    row.number("units"),
                    row.number("minor"),
                    row.number("shipping_minor"),
                    row.number("off_minor"));
        }

        String cursor() {
            return of + "\n" + currency;
        }
    }

    private static Page<Sold> page(Query query) {
        By by = by(query);
        StringBuilder conditions =
                new StringBuilder(
                        " where s.counts = 1 and (s.credited < s.ordered"
                                + " or (s.line < 0 and s.minor > 0))");
        List<@Nullable Object> arguments = new ArrayList<>();
        if (!by.hasShipping) {
            conditions.append(" and s.line >= 0");
        }
        where("s.day >= ?", day("from", query), conditions, arguments);
        where("s.day < ?", day("until", query), conditions, arguments);
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
                    sum(s.ordered - s.credited) as units,
                    sum(case when s.line >= 0 then s.minor else 0 end) as minor,
                    sum(case when s.line < 0 then s.minor else 0 end) as shipping_minor,
                    sum(%2$s) as off_minor
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

    /// A day, as text: the days of the view are in the order of their texts.
    private static @Nullable String day(String name, Query query) {
        String text = query.text(name);
        try {
            return text == null ? null : LocalDate.parse(text).toString();
        } catch (DateTimeException _) {
            query.refuse(name, "a day, as in 2026-11-22");
            return null;
        }
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
