// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.order.Axes.Fulfilment;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.Axes.Returns;
import dev.fakta.orders.order.Order.Event.OrderCancelled;
import dev.fakta.orders.order.Order.Event.OrderHoldPlaced;
import dev.fakta.orders.order.Order.Event.OrderHoldReleased;
import dev.fakta.orders.order.Order.Event.OrderNoteAdded;
import dev.fakta.orders.pricing.PricedLine;
import java.util.Locale;

/// The list of orders, newest first: one row per order, one per sku and per code in it.
///
/// Each filter of the list has one index, which ends in `(placed_at, id)`, so that a page is a
/// range of that index whatever the number of orders:
///
/// | filter | range of |
/// |---|---|
/// | none, from, until | `order_row_by_time` |
/// | customer | `order_row_by_customer` |
/// | status | `order_row_by_status` |
/// | sku, code | the primary keys of `order_sku`, `order_code`, joined by id |
/// | q, a number or its beginning | the primary key of `order_row`: [OrderNumber#toId] |
/// | q, an e-mail address or its beginning | `order_row_by_email` (lower case) |
///
/// `placed_at` is in milliseconds since 1970, amounts are in minor units.
public final class OrdersView {

    public static final View DEFINITION =
            View.named("orders")
                    .version(1)
                    .table(
                            """
                            create table order_row (
                                id text primary key,
                                number text not null,
                                customer_id text not null,
                                email text not null,
                                status text not null,
                                payment text not null,
                                fulfilment text not null,
                                returns text not null,
                                holds integer not null,
                                currency text not null,
                                grand_minor bigint not null,
                                placed_at bigint not null,
                                revision bigint not null)""")
                    .table("create index order_row_by_time on order_row (placed_at, id)")
                    .table(
                            "create index order_row_by_customer"
                                    + " on order_row (customer_id, placed_at, id)")
                    .table("create index order_row_by_status on order_row (status, placed_at, id)")
                    .table("create index order_row_by_email on order_row (email, placed_at, id)")
                    .table(
                            """
                            create table order_sku (
                                sku text not null,
                                placed_at bigint not null,
                                id text not null,
                                primary key (sku, placed_at, id))""")
                    .table(
                            """
                            create table order_code (
                                code text not null,
                                placed_at bigint not null,
                                id text not null,
                                primary key (code, placed_at, id))""")
                    .on(OrderCreated.class, OrdersView::create)
                    .on(OrderHoldPlaced.class, (_, at, sql) -> hold(1, at, sql))
                    .on(OrderHoldReleased.class, (_, at, sql) -> hold(-1, at, sql))
                    .on(OrderNoteAdded.class, (_, at, sql) -> hold(0, at, sql))
                    .on(OrderCancelled.class, (_, at, sql) -> cancel(at, sql));

    private OrdersView() {}

    private static void create(OrderCreated e, At at, Sql sql) {
        long placedAt = e.placedAt().toEpochMilli();
        sql.run(
                "insert into order_row (id, number, customer_id, email, status, payment, fulfilment,"
                        + " returns, holds, currency, grand_minor, placed_at, revision)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)",
                at.id(),
                e.number(),
                e.customerId(),
                e.email().toLowerCase(Locale.ROOT),
                Lifecycle.CREATED.toString(),
                Payment.NONE.toString(),
                Fulfilment.UNALLOCATED.toString(),
                Returns.NONE.toString(),
                e.currency().getCurrencyCode(),
                e.totals().grand().minor(),
                placedAt,
                at.revision());
        for (PricedLine line : e.lines()) {
            // Two lines may have the same sku.
            sql.run(
                    "insert into order_sku (sku, placed_at, id) values (?, ?, ?)"
                            + " on conflict do nothing",
                    line.sku(),
                    placedAt,
                    at.id());
        }
        for (OrderCreated.Code code : e.codes()) {
            sql.run(
                    "insert into order_code (code, placed_at, id) values (?, ?, ?)",
                    code.code(),
                    placedAt,
                    at.id());
        }
    }

    /// Counts the holds, and the revision.
    ///
    /// @param change of the number of holds
    private static void hold(int change, At at, Sql sql) {
        sql.run(
                "update order_row set holds = holds + ?, revision = ? where id = ?",
                change,
                at.revision(),
                at.id());
    }

    private static void cancel(At at, Sql sql) {
        sql.run(
                "update order_row set status = ?, fulfilment = ?, revision = ? where id = ?",
                Lifecycle.CANCELLED.toString(),
                Fulfilment.NOTHING.toString(),
                at.revision(),
                at.id());
    }
}
