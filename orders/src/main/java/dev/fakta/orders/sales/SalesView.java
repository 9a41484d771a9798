// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.sales;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.order.Edits.Event.OrderEdited;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order.Event.OrderCancelled;
import dev.fakta.orders.order.Order.Event.OrderConfirmed;
import dev.fakta.orders.order.Order.Event.OrderLinesCancelled;
import dev.fakta.orders.order.Order.Event.OrderRejected;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.PricedLine.Deduction;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/// What was sold: one row for each line of an order, on the day on which the order was placed
/// (UTC), and one for each campaign that made a line cheaper. A line counts once its order is
/// confirmed, and no more when that is cancelled. Amounts in minor units.
///
/// A line's worth is what the customer pays for all of it; when units are cancelled it shrinks in
/// proportion, rounded down.
public final class SalesView {

    public static final View DEFINITION =
            View.named("sales")
                    .version(1)
                    .table(
                            """
                            create table sale (
                                order_id text not null,
                                line bigint not null,
                                day text not null,
                                sku text not null,
                                currency text not null,
                                ordered bigint not null,
                                units bigint not null,
                                minor bigint not null,
                                counts bigint not null,
                                primary key (order_id, line))""")
                    .table("create index sale_by_day on sale (day)")
                    .table("create index sale_by_sku on sale (sku, day)")
                    .table(
                            """
                            create table sale_campaign (
                                order_id text not null,
                                line bigint not null,
                                campaign text not null,
                                off_minor bigint not null)""")
                    .table("create index sale_campaign_by_line on sale_campaign (order_id, line)")
                    .on(OrderCreated.class, SalesView::place)
                    .on(OrderConfirmed.class, (_, at, sql) -> count(at, sql))
                    .on(OrderRejected.class, (_, at, sql) -> forget(at, sql))
                    .on(OrderCancelled.class, (_, at, sql) -> forget(at, sql))
                    .on(OrderLinesCancelled.class, (e, at, sql) -> cut(e.lines(), at, sql))
                    .on(OrderEdited.class, SalesView::edit);

    private SalesView() {}

    private static void place(OrderCreated e, At at, Sql sql) {
        for (int line = 0; line < e.lines().size(); line++) {
            add(e.lines().get(line), line, e.placedAt(), 0, at, sql);
        }
    }

    private static void add(
            PricedLine line, int number, Instant placed, int counts, At at, Sql sql) {
        sql.run(
                """
                insert into sale (order_id, line, day, sku, currency, ordered, units, minor, counts)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                at.id(),
                number,
                placed.atOffset(ZoneOffset.UTC).toLocalDate().toString(),
                line.sku(),
                line.total().currency().getCurrencyCode(),
                line.quantity(),
                line.quantity(),
                line.total().minor(),
                counts);
        for (Deduction deduction : line.deductions()) {
            sql.run(
                    "insert into sale_campaign (order_id, line, campaign, off_minor) values (?, ?, ?, ?)",
                    at.id(),
                    number,
                    deduction.campaignId(),
                    deduction.amount().minor());
        }
    }

    private static void count(At at, Sql sql) {
        sql.run("update sale set counts = 1 where order_id = ?", at.id());
    }

    private static void forget(At at, Sql sql) {
        sql.run("delete from sale where order_id = ?", at.id());
        sql.run("delete from sale_campaign where order_id = ?", at.id());
    }

    private static void cut(List<LineUnits> lines, At at, Sql sql) {
        for (LineUnits each : lines) {
            sql.run(
                    """
                    update sale set minor = minor * (units - ?) / units, units = units - ?
                    where order_id = ? and line = ? and units > 0""",
                    each.quantity(),
                    each.quantity(),
                    at.id(),
                    each.line());
        }
    }

    /// The new lines belong to the order's day, and count when it does.
    private static void edit(OrderEdited e, At at, Sql sql) {
        cut(e.proposal().fewer(), at, sql);
        for (PricedLine line : e.proposal().more()) {
            sql.run(
                    """
                    insert into sale (order_id, line, day, sku, currency, ordered, units, minor, counts)
                    select order_id, max(line) + 1, min(day), ?, ?, ?, ?, ?, max(counts)
                    from sale where order_id = ? group by order_id""",
                    line.sku(),
                    line.total().currency().getCurrencyCode(),
                    line.quantity(),
                    line.quantity(),
                    line.total().minor(),
                    at.id());
        }
    }
}
