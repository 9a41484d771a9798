// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.At;
import dev.fakta.domain.EventType;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.order.Axes.Fulfilment;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.Axes.Returns;
import dev.fakta.orders.order.Order.Event.Moving;
import dev.fakta.orders.order.Order.Event.OrderHoldPlaced;
import dev.fakta.orders.order.Order.Event.OrderHoldReleased;
import dev.fakta.orders.pricing.PricedLine;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The list of orders: one row per order, one per sku, code and tracking number in it, and one per
/// hold that it is under. Where an order stands is told by its events, see [Order.Event.Moving],
/// and not computed here.
///
/// Each filter of the list has one index, which ends in `placed_at`, so that a page is a range of
/// that index whatever the number of orders (only orders of the same millisecond are then sorted by
/// id):
///
/// | filter | range of |
/// |---|---|
/// | none, from, until | `order_row_by_time` |
/// | customer | `order_row_by_customer` |
/// | status | `order_row_by_status` |
/// | payment | `order_row_by_payment` |
/// | fulfilment | `order_row_by_fulfilment` |
/// | returns | `order_row_by_returns` |
/// | sku, code | `order_sku_by_sku`, `order_code_by_code`, joined by id |
/// | hold | `order_hold_by_kind`, joined by id |
/// | tracking | `order_tracking_by_number`, joined by id |
/// | q, a number or its beginning | the primary key of `order_row`: [OrderNumber#toId] |
/// | q, an e-mail address or its beginning | `order_customer`, joined by customer id |
///
/// Sorted by what it costs, the whole list is a range of `order_row_by_grand`; what a filter finds
/// is sorted for the answer then.
///
/// Indexes in random order (customer, sku) cost most of an insert. So none of them carries the id,
/// e-mail addresses are kept once per customer and not indexed per order, and a transaction of
/// thousands of events is several times as fast as one of hundreds.
///
/// `placed_at` is in milliseconds since 1970, amounts are in minor units, e-mail addresses in lower
/// case.
public final class OrdersView {

    public static final View DEFINITION =
            following(
                    View.named("orders")
                            .version(4)
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
                            .table("create index order_row_by_time on order_row (placed_at)")
                            .table(
                                    "create index order_row_by_customer"
                                            + " on order_row (customer_id, placed_at)")
                            .table(
                                    "create index order_row_by_status on order_row (status, placed_at)")
                            .table(
                                    "create index order_row_by_payment"
                                            + " on order_row (payment, placed_at)")
                            .table(
                                    "create index order_row_by_fulfilment"
                                            + " on order_row (fulfilment, placed_at)")
                            .table(
                                    "create index order_row_by_returns"
                                            + " on order_row (returns, placed_at)")
                            .table("create index order_row_by_grand on order_row (grand_minor)")
                            .table(
                                    """
                            create table order_hold (
                                id text not null,
                                kind text not null,
                                placed_at bigint not null,
                                primary key (id, kind))""")
                            .table(
                                    "create index order_hold_by_kind on order_hold (kind, placed_at)")
                            .table(
                                    """
                            create table order_customer (
                                email text not null,
                                customer_id text not null,
                                primary key (email, customer_id))""")
                            .table(
                                    """
                            create table order_sku (
                                sku text not null,
                                placed_at bigint not null,
                                id text not null)""")
                            .table("create index order_sku_by_sku on order_sku (sku, placed_at)")
                            .table(
                                    """
                            create table order_code (
                                code text not null,
                                placed_at bigint not null,
                                id text not null)""")
                            .table(
                                    "create index order_code_by_code on order_code (code, placed_at)")
                            .table(
                                    """
                            create table order_tracking (
                                number text not null,
                                placed_at bigint not null,
                                id text not null)""")
                            .table(
                                    "create index order_tracking_by_number"
                                            + " on order_tracking (number, placed_at)")
                            .on(OrderCreated.class, OrdersView::create));

    private OrdersView() {}

    /// Every event of an order changes its row, if only the revision.
    private static View following(View view) {
        View following = view;
        for (EventType<? extends Order.Event> event : Order.AGGREGATE.events()) {
            if (event.type() != OrderCreated.class) {
                following = following.on(event.type(), OrdersView::follow);
            }
        }
        return following;
    }

    private static void follow(Order.Event event, At at, Sql sql) {
        switch (event) {
            case OrderHoldPlaced(var kind, _) -> {
                sql.run(
                        "insert into order_hold (id, kind, placed_at)"
                                + " select id, cast(? as text), placed_at from order_row where id = ?",
                        kind.name(),
                        at.id());
                hold(1, at, sql);
            }
            case OrderHoldReleased(var kind) -> {
                sql.run("delete from order_hold where id = ? and kind = ?", at.id(), kind.name());
                hold(-1, at, sql);
            }
            case ShipmentFacts.Event.OrderShipmentDispatched(_, var tracking, var standing) -> {
                insertTracking(tracking, at, sql);
                move(standing, at, sql);
            }
            case Edits.Event.OrderEdited(var proposal, var standing) -> {
                edit(proposal, at, sql);
                move(standing, at, sql);
            }
            case Moving moving -> move(moving.standing(), at, sql);
            case Order.Event _ -> hold(0, at, sql);
        }
    }

    private static void create(OrderCreated e, At at, Sql sql) {
        long placedAt = e.placedAt().toEpochMilli();
        String email = e.email().toLowerCase(Locale.ROOT);
        sql.run(
                """
                insert into order_row (id, number, customer_id, email, status, payment, fulfilment,
                    returns, holds, currency, grand_minor, placed_at, revision)
                values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)""",
                at.id(),
                e.number(),
                e.customerId(),
                email,
                Lifecycle.CREATED.toString(),
                Payment.NONE.toString(),
                Fulfilment.UNALLOCATED.toString(),
                Returns.NONE.toString(),
                e.currency().getCurrencyCode(),
                e.totals().grand().minor(),
                placedAt,
                at.revision());
        sql.run(
                """
                insert into order_customer (email, customer_id) values (?, ?)
                on conflict do nothing""",
                email,
                e.customerId());
        insertSkus(e.lines(), placedAt, at, sql);
        for (OrderCreated.Code code : e.codes()) {
            sql.run(
                    "insert into order_code (code, placed_at, id) values (?, ?, ?)",
                    code.code(),
                    placedAt,
                    at.id());
        }
    }

    /// One row per sku, though several lines may have it.
    private static void insertSkus(List<PricedLine> lines, long placedAt, At at, Sql sql) {
        for (int index = 0; index < lines.size(); index++) {
            String sku = lines.get(index).sku();
            if (isFirst(sku, lines, index)) {
                sql.run(
                        "insert into order_sku (sku, placed_at, id) values (?, ?, ?)",
                        sku,
                        placedAt,
                        at.id());
            }
        }
    }

    private static boolean isFirst(String sku, List<PricedLine> lines, int index) {
        for (int earlier = 0; earlier < index; earlier++) {
            if (lines.get(earlier).sku().equals(sku)) {
                return false;
            }
        }
        return true;
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

    private static void move(Standing standing, At at, Sql sql) {
        sql.run(
                "update order_row set status = ?, payment = ?, fulfilment = ?, returns = ?,"
                        + " revision = ? where id = ?",
                standing.status().toString(),
                standing.payment().toString(),
                standing.fulfilment().toString(),
                standing.returns().toString(),
                at.revision(),
                at.id());
    }

    /// A shipment has a code per parcel; each of them, and all together, finds its order, and finds
    /// it once, though two shipments have the same.
    private static void insertTracking(String tracking, At at, Sql sql) {
        Set<String> numbers = new LinkedHashSet<>(List.of(tracking.split(" ")));
        numbers.add(tracking);
        for (String number : numbers) {
            if (!number.isEmpty()) {
                sql.run(
                        "insert into order_tracking (number, placed_at, id)"
                                + " select cast(? as text), r.placed_at, r.id from order_row r"
                                + " where r.id = ? and not exists"
                                + " (select 1 from order_tracking k where k.number = ?"
                                + " and k.placed_at = r.placed_at and k.id = r.id)",
                        number,
                        at.id(),
                        number);
            }
        }
    }

    private static void edit(Edits.Proposal proposal, At at, Sql sql) {
        sql.run(
                "update order_row set grand_minor = ? where id = ?",
                proposal.totals().grand().minor(),
                at.id());
        for (PricedLine line : proposal.more()) {
            sql.run(
                    "insert into order_sku (sku, placed_at, id)"
                            + " select cast(? as text), r.placed_at, r.id from order_row r"
                            + " where r.id = ? and not exists"
                            + " (select 1 from order_sku k where k.id = r.id and k.sku = ?"
                            + " and k.placed_at = r.placed_at)",
                    line.sku(),
                    at.id(),
                    line.sku());
        }
    }
}
