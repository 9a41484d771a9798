// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.gateway.CallerRole.CUSTOMER;
import static dev.fakta.gateway.CallerRole.IMPORTER;
import static dev.fakta.gateway.CallerRole.OPERATOR;
import static dev.fakta.gateway.CallerRole.STAFF;

import dev.fakta.domain.At;
import dev.fakta.domain.Processor;
import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Edits.Command.DiscardEdit;
import dev.fakta.orders.order.Order.Command.AddNote;
import dev.fakta.orders.order.Order.Command.CreateOrder;
import dev.fakta.orders.order.Order.Command.RejectOrder;
import dev.fakta.orders.order.Order.Command.RequestCancellation;
import dev.fakta.orders.order.Order.Command.SettleAttention;
import dev.fakta.orders.order.Order.Event.OrderNoteAdded;
import dev.fakta.orders.order.PaymentFacts.Command.GrantCredit;
import dev.fakta.orders.order.PaymentFacts.Command.RecordInvoicePayment;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.PricedShipping;
import dev.fakta.orders.pricing.Totals;
import dev.fakta.runtime.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Orders over HTTP: one resource per transition, and the list.
public final class OrderRoutes {

    private OrderRoutes() {}

    /// What is served of orders over HTTP.
    ///
    /// @param placing takes new orders
    /// @param seal what the tokens of cards are sealed with
    public static void list(
            Routes http, Processor<PlaceOrder, Order.Command> placing, TokenSeal seal) {
        http.owned(Order.AGGREGATE, OrderRoutes::customer)
                .customersSee(Order.AGGREGATE, OrderJson::forCustomer)
                .resource("/orders", Order.AGGREGATE, OrderJson::of)
                .allowing(CUSTOMER, STAFF, IMPORTER, OPERATOR)
                .eventsAllowing(STAFF, OPERATOR)
                .create("/orders", placing)
                .naming("customerId", PlaceOrder.class, PlaceOrder::customerId)
                .allowing(CUSTOMER, STAFF, IMPORTER)
                .preview("/orders/price", placing, Price::of)
                .naming("customerId", PlaceOrder.class, PlaceOrder::customerId)
                .allowing(CUSTOMER, STAFF, IMPORTER)
                .get("/orders", OrdersView.DEFINITION, OrderRoutes::page)
                .allowing(CUSTOMER, STAFF, IMPORTER, OPERATOR);
        listForCustomers(http, seal);
        listForStaff(http);
    }

    /// What customers may do with their own orders.
    private static void listForCustomers(Routes http, TokenSeal seal) {
        http.post("/orders/{id}/cancel", RequestCancellation.class, Order.AGGREGATE)
                .allowing(CUSTOMER, STAFF)
                .post("/orders/{id}/cancel-lines", PullBack.CANCEL_LINES)
                .allowing(CUSTOMER, STAFF)
                .post("/orders/{id}/pay", GiveCard.sealing(seal))
                .allowing(CUSTOMER, STAFF)
                .put("/orders/{id}/edit", EditOrder.DEFINITION)
                .allowing(CUSTOMER, STAFF)
                .post("/orders/{id}/edit/apply", PullBack.APPLY_EDIT)
                .allowing(CUSTOMER, STAFF)
                .delete("/orders/{id}/edit", DiscardEdit.class, Order.AGGREGATE)
                .allowing(CUSTOMER, STAFF)
                .put("/orders/{id}/address", EditOrder.ADDRESS)
                .allowing(CUSTOMER, STAFF);
    }

    private static void listForStaff(Routes http) {
        http.add("/orders/{id}/notes", AddNote.class, Order.AGGREGATE)
                .allowing(STAFF)
                .list("/orders/{id}/notes", Order.AGGREGATE, OrderNoteAdded.class, Note::of)
                .allowing(STAFF)
                .put("/orders/{id}/holds/{kind}", Holds.PLACE)
                .allowing(STAFF)
                .delete("/orders/{id}/holds/{kind}", Holds.RELEASE)
                .allowing(STAFF)
                .post("/orders/{id}/reject", RejectOrder.class, Order.AGGREGATE)
                .allowing(STAFF)
                .post("/orders/{id}/settle-attention", SettleAttention.class, Order.AGGREGATE)
                .allowing(STAFF, OPERATOR)
                .post("/orders/{id}/credit", GrantCredit.class, Order.AGGREGATE)
                .allowing(STAFF)
                .add("/orders/{id}/invoice-payments", RecordInvoicePayment.class, Order.AGGREGATE)
                .allowing(STAFF);
    }

    /// Whose an order is.
    public static @Nullable String customer(Order order) {
        OrderCreated agreed = order.created();
        return agreed == null ? null : agreed.customerId();
    }

    /// What an order would cost.
    private record Price(
            String currency,
            List<PricedLine> lines,
            PricedShipping shipping,
            Totals totals,
            boolean pricesIncludeTax,
            List<OrderCreated.Code> codes) {

        static Price of(Order.Command command) {
            if (!(command instanceof CreateOrder(var order))) {
                throw new IllegalArgumentException("makes no order: " + command);
            }
            return new Price(
                    order.currency().getCurrencyCode(),
                    order.lines(),
                    order.shipping(),
                    order.totals(),
                    order.pricesIncludeTax(),
                    order.codes());
        }
    }

    /// A note of an order.
    private record Note(String text, Instant at, String actor) {
        static Note of(OrderNoteAdded added, At at) {
            return new Note(added.text(), at.time(), at.actor());
        }
    }

    /// An order in the list.
    ///
    /// @param holds how many there are; nothing for customers
    private record Listed(
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

        String cursor() {
            return placedAt.toEpochMilli() + "." + id;
        }
    }

    /// Newest first. Each filter is a range of an index; see [OrdersView]. A customer's own orders
    /// are the list, whatever customer it asks for.
    private static Page<Listed> page(Query query) {
        query.oneOf("status", Axes.Lifecycle.values());
        Select select = new Select(query);
        String only = query.onlyCustomer();
        String asked = query.text("customer");
        select.where("o.customer_id = ?", only == null ? asked : only);
        select.where("o.status = ?", query.text("status"));
        select.search(query.text("q"));
        select.from(query.time("from"));
        select.until(query.time("until"));
        select.after(query.text("after"));
        return select.page();
    }

    /// The list's statement as it is put together. Values are arguments and never part of its text.
    private static final class Select {
        private final Query query;
        private final String tables;
        private final StringBuilder conditions = new StringBuilder(" where 1 = 1");
        private final List<@Nullable Object> arguments = new ArrayList<>();

        /// The first of sku, code and tracking that is given drives the statement: its index is in
        /// the order of the list.
        Select(Query query) {
            this.query = query;
            String code = query.text("code");
            String normal = code == null ? null : code.strip().toUpperCase(Locale.ROOT);
            List<Source> sources =
                    List.of(
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
            where(placedAt() + " >= ?", time == null ? null : time.toEpochMilli());
        }

        void until(@Nullable Instant time) {
            where(placedAt() + " < ?", time == null ? null : time.toEpochMilli());
        }

        void after(@Nullable String cursor) {
            if (cursor == null) {
                return;
            }
            int dot = cursor.indexOf('.');
            try {
                long millis = Long.parseLong(cursor.substring(0, Math.max(dot, 0)));
                conditions.append(" and (%s, %s) < (?, ?)".formatted(placedAt(), id()));
                arguments.add(millis);
                arguments.add(cursor.substring(dot + 1));
            } catch (NumberFormatException _) {
                query.refuse("after", "not a cursor of this list");
            }
        }

        /// The columns that the order of the list is a range of: the driving table's.
        private String placedAt() {
            return tables.contains(" k ") ? "k.placed_at" : "o.placed_at";
        }

        private String id() {
            return tables.contains(" k ") ? "k.id" : "o.id";
        }

        Page<Listed> page() {
            return query.page(
                    "select o.*"
                            + tables
                            + conditions
                            + " order by %s desc, %s desc limit ?".formatted(placedAt(), id()),
                    query.onlyCustomer() == null ? Listed::of : Listed::forCustomer,
                    Listed::cursor,
                    arguments.toArray());
        }
    }
}
