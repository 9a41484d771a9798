// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.gateway.ListOrder;
import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.orders.money.Money;
import dev.fakta.views.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The list of orders over HTTP, newest first unless it is asked for in another order. Each filter
/// is a range of an index; see [OrdersView].
final class OrderList {

    private static final String PLACED_AT = "placedAt";
    private static final String GRAND = "grand";

    private OrderList() {}

    /// An order in the list.
    ///
    /// @param holds how many there are; nothing for customers
    record Listed(
            String id,
            String number,
            String customerId,
            String email,
            String status,
            String payment,
            String fulfilment,
            String returns,
            @Nullable Long holds,
            Money grand,
            Instant placedAt,
            long revision) {

        static Listed of(Row row) {
            return new Listed(
                    row.text("id"),
                    row.text("number"),
                    row.text("customer_id"),
                    row.text("email"),
                    row.text("status"),
                    row.text("payment"),
                    row.text("fulfilment"),
                    row.text("returns"),
                    row.number("holds"),
                    Money.of(row.number("grand_minor"), row.text("currency")),
                    Instant.ofEpochMilli(row.number("placed_at")),
                    row.number("revision"));
        }

        static Listed forCustomer(Row row) {
            Listed all = of(row);
            return new Listed(
                    all.id,
                    all.number,
                    all.customerId,
                    all.email,
                    all.status,
                    all.payment,
                    all.fulfilment,
                    all.returns,
                    null,
                    all.grand,
                    all.placedAt,
                    all.revision);
        }
    }

    /// A page of the list. A customer's own orders are the list, whatever customer it asks for.
    static Page<Listed> page(Query query) {
        query.oneOf("status", Axes.Lifecycle.values())
                .oneOf("payment", Axes.Payment.values())
                .oneOf("fulfilment", Axes.Fulfilment.values())
                .oneOf("returns", Axes.Returns.values());
        String only = query.onlyCustomer();
        if (only == null) {
            query.oneOf("hold", Axes.HoldKind.values());
        }
        Select select = new Select(query, only == null);
        String asked = query.text("customer");
        select.where("o.customer_id = ?", only == null ? asked : only);
        select.where("o.status = ?", query.text("status"));
        select.where("o.payment = ?", query.text("payment"));
        select.where("o.fulfilment = ?", query.text("fulfilment"));
        select.where("o.returns = ?", query.text("returns"));
        select.search(query.text("q"));
        select.from(query.time("from"));
        select.until(query.time("until"));
        return select.page();
    }

    /// The list's statement as it is put together. Values are arguments and never part of its text.
    private static final class Select {
        private final Query query;
        private final String tables;
        private final String placedAt;
        private final ListOrder order;
        private final StringBuilder conditions = new StringBuilder(" where 1 = 1");
        private final List<@Nullable Object> arguments = new ArrayList<>();

        /// The first of hold, sku, code and tracking that is given drives the statement: its index
        /// is in the order of the list.
        ///
        /// @param showsHolds whether the list may be asked for holds, which customers do not see
        Select(Query query, boolean showsHolds) {
            this.query = query;
            String code = query.text("code");
            String normal = code == null ? null : code.strip().toUpperCase(Locale.ROOT);
            List<Source> sources =
                    List.of(
                            new Source(
                                    "order_hold", "kind", showsHolds ? query.text("hold") : null),
                            new Source("order_sku", "sku", query.text("sku")),
                            new Source("order_code", "code", normal),
                            new Source("order_tracking", "number", query.text("tracking")));
            String driver = null;
            for (Source source : sources) {
                if (source.value != null && driver == null) {
                    driver = source.table;
                    where("k.%s = ?".formatted(source.column), source.value);
                } else {
                    where(
                            "o.id in (select c.id from %s c where c.%s = ?)"
                                    .formatted(source.table, source.column),
                            source.value);
                }
            }
            this.tables =
                    driver == null
                            ? " from order_row o"
                            : " from %s k join order_row o on o.id = k.id".formatted(driver);
            this.placedAt = driver == null ? "o.placed_at" : "k.placed_at";
            this.order =
                    query.order(
                            "-" + PLACED_AT, Map.of(PLACED_AT, placedAt, GRAND, "o.grand_minor"));
        }

        /// A table with a row per order and value, and the value that is looked for.
        private record Source(String table, String column, @Nullable String value) {}

        void where(String condition, @Nullable Object value) {
            if (value != null) {
                conditions.append(" and ").append(condition);
                arguments.add(value);
            }
        }

        /// An e-mail address has an `@`; anything else is a number. The beginning of either will
        /// do.
        void search(@Nullable String text) {
            if (text == null) {
                return;
            }
            boolean isEmail = text.indexOf('@') >= 0;
            String beginning =
                    isEmail ? text.strip().toLowerCase(Locale.ROOT) : OrderNumber.toId(text);
            String end = beginning + Character.MAX_VALUE;
            if (isEmail) {
                conditions.append(
                        " and o.customer_id in (select m.customer_id from order_customer m"
                                + " where m.email >= ? and m.email < ?)");
                arguments.addAll(List.of(beginning, end));
            }
            String column = isEmail ? "o.email" : "o.id";
            where(column + " >= ?", beginning);
            where(column + " < ?", end);
        }

        void from(@Nullable Instant time) {
            where(placedAt + " >= ?", time == null ? null : time.toEpochMilli());
        }

        void until(@Nullable Instant time) {
            where(placedAt + " < ?", time == null ? null : time.toEpochMilli());
        }

        Page<Listed> page() {
            // The driving table's columns: the order of the list is a range of its index.
            String id = tables.contains(" k ") && order.column().equals(placedAt) ? "k.id" : "o.id";
            ListOrder.Place after = order.after();
            if (after != null) {
                conditions.append(" and ").append(order.behind(id));
                arguments.addAll(List.of(after.value(), after.id()));
            }
            return query.page(
                    "select o.*" + tables + conditions + order.by(id) + " limit ?",
                    query.onlyCustomer() == null ? Listed::of : Listed::forCustomer,
                    listed -> order.cursor(place(listed)),
                    arguments.toArray());
        }

        private ListOrder.Place place(Listed listed) {
            boolean isByTime = order.column().equals(placedAt);
            return new ListOrder.Place(
                    isByTime ? listed.placedAt.toEpochMilli() : listed.grand.minor(), listed.id);
        }
    }
}
