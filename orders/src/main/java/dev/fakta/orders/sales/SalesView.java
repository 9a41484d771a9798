// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.sales;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Edits.Event.OrderEdited;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order.Event.OrderCancelled;
import dev.fakta.orders.order.Order.Event.OrderConfirmed;
import dev.fakta.orders.order.Order.Event.OrderLinesCancelled;
import dev.fakta.orders.order.Order.Event.OrderRejected;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.ReturnFacts.Event.OrderReturnClosed;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentLost;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.PricedLine.Deduction;
import java.math.RoundingMode;
import java.time.ZoneOffset;
import java.util.List;

/// What was sold: one row for each line of an order and one for its shipping, on the day on which
/// the order was placed (UTC), and one for each campaign that made a line cheaper. A row counts
/// once its order is confirmed, and no more when that is cancelled. Amounts in minor units.
///
/// A row has two amounts: what all of it would cost, and `minor`, what is left of that without the
/// units that the customer need not pay for: cancelled ones, returned ones, and ones that were lost
/// after the order was completed. It is rounded as [dev.fakta.orders.money.Money#refundOf] rounds
/// and the order was, so that the rows of an order add up to what the customer pays. Shipping is
/// paid as long as a single unit is.
public final class SalesView {

    /// The number of the row of an order's shipping.
    static final int SHIPPING = -1;

    public static final View DEFINITION =
            View.named("sales")
                    .version(2)
                    .table(
                            """
                            create table sale (
                                order_id text not null,
                                line bigint not null,
                                day text not null,
                                sku text not null,
                                currency text not null,
                                rounding text not null,
                                ordered bigint not null,
                                credited bigint not null,
                                total_minor bigint not null,
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
                                rounding text not null,
                                ordered bigint not null,
                                credited bigint not null,
                                total_minor bigint not null,
                                minor bigint not null)""")
                    .table("create index sale_campaign_by_line on sale_campaign (order_id, line)")
                    .on(OrderCreated.class, SalesView::place)
                    .on(OrderConfirmed.class, (_, at, sql) -> count(at, sql))
                    .on(OrderRejected.class, (_, at, sql) -> forget(at, sql))
                    .on(OrderCancelled.class, (_, at, sql) -> forget(at, sql))
                    .on(OrderLinesCancelled.class, (e, at, sql) -> credit(e.lines(), at, sql))
                    .on(OrderReturnClosed.class, (e, at, sql) -> credit(e.lines(), at, sql))
                    .on(OrderShipmentLost.class, SalesView::lose)
                    .on(OrderEdited.class, SalesView::edit);

    /// What the credited units come to, in whole units, before it is rounded. Divides first: the
    /// product of an amount and a number of units may not fit.
    private static final String CREDIT =
            "(total_minor / ordered * credited + total_minor % ordered * credited / ordered)";

    /// What the division leaves, in parts of `ordered`.
    private static final String REST = "(total_minor % ordered * credited % ordered)";

    private static final String IS_UP =
            """
            (rounding in ('UP', 'CEILING') and %1$s > 0)
            or (rounding in ('HALF_UP', 'HALF_DOWN', 'HALF_EVEN') and 2 * %1$s > ordered)
            or (2 * %1$s = ordered
                and (rounding = 'HALF_UP' or (rounding = 'HALF_EVEN' and %2$s %% 2 = 1)))"""
                    .formatted(REST, CREDIT);

    private SalesView() {}

    private static void place(OrderCreated e, At at, Sql sql) {
        String day = e.placedAt().atOffset(ZoneOffset.UTC).toLocalDate().toString();
        for (int line = 0; line < e.lines().size(); line++) {
            PricedLine priced = e.lines().get(line);
            add(line, day, priced.sku(), priced.quantity(), priced.total(), e, at, sql);
            for (Deduction deduction : priced.deductions()) {
                deduct(line, priced.quantity(), deduction, e.rounding(), at, sql);
            }
        }
        add(SHIPPING, day, "", 0, e.shipping().total(), e, at, sql);
    }

    private static void add(
            int line,
            String day,
            String sku,
            int units,
            Money total,
            OrderCreated order,
            At at,
            Sql sql) {
        sql.run(
                """
                insert into sale (order_id, line, day, sku, currency, rounding, ordered, credited,
                    total_minor, minor, counts)
                values (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, 0)""",
                at.id(),
                line,
                day,
                sku,
                total.currency().getCurrencyCode(),
                order.rounding().name(),
                units,
                total.minor(),
                total.minor());
    }

    private static void deduct(
            int line, int units, Deduction deduction, RoundingMode rounding, At at, Sql sql) {
        sql.run(
                """
                insert into sale_campaign (order_id, line, campaign, rounding, ordered, credited,
                    total_minor, minor)
                values (?, ?, ?, ?, ?, 0, ?, ?)""",
                at.id(),
                line,
                deduction.campaignId(),
                rounding.name(),
                units,
                deduction.amount().minor(),
                deduction.amount().minor());
    }

    private static void count(At at, Sql sql) {
        sql.run("update sale set counts = 1 where order_id = ?", at.id());
    }

    private static void forget(At at, Sql sql) {
        sql.run("delete from sale where order_id = ?", at.id());
        sql.run("delete from sale_campaign where order_id = ?", at.id());
    }

    /// What is lost before the order is completed is sent again, or cancelled.
    private static void lose(OrderShipmentLost e, At at, Sql sql) {
        if (e.standing().status() == Lifecycle.COMPLETED) {
            credit(e.lines(), at, sql);
        }
    }

    private static void credit(List<LineUnits> lines, At at, Sql sql) {
        for (LineUnits each : lines) {
            credit("sale", each, at, sql);
            credit("sale_campaign", each, at, sql);
        }
        weighShipping(at, sql);
    }

    private static void credit(String table, LineUnits units, At at, Sql sql) {
        sql.run(
                "update %s set credited = credited + ? where order_id = ? and line = ?"
                        .formatted(table),
                units.quantity(),
                at.id(),
                units.line());
        sql.run(
                """
                update %s set minor = total_minor - %s - case when %s then 1 else 0 end
                where order_id = ? and line = ?"""
                        .formatted(table, CREDIT, IS_UP),
                at.id(),
                units.line());
    }

    private static void weighShipping(At at, Sql sql) {
        sql.run(
                """
                update sale set minor = case when exists (
                        select 1 from sale l
                        where l.order_id = sale.order_id and l.credited < l.ordered)
                    then total_minor else 0 end
                where order_id = ? and line = ?""",
                at.id(),
                SHIPPING);
    }

    /// The new lines belong to the order's day, and count when it does.
    private static void edit(OrderEdited e, At at, Sql sql) {
        credit(e.proposal().fewer(), at, sql);
        for (PricedLine line : e.proposal().more()) {
            sql.run(
                    """
                    insert into sale (order_id, line, day, sku, currency, rounding, ordered,
                        credited, total_minor, minor, counts)
                    select order_id, max(line) + 1, min(day), ?, ?, min(rounding), ?, 0, ?, ?,
                        max(counts)
                    from sale where order_id = ? group by order_id""",
                    line.sku(),
                    line.total().currency().getCurrencyCode(),
                    line.quantity(),
                    line.total().minor(),
                    line.total().minor(),
                    at.id());
        }
        weighShipping(at, sql);
    }
}
