// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.orders.inventory.StockItem.Event;

/// What is on hand, reserved and waited for: one row per sku and location.
public final class StockView {

    public static final View DEFINITION =
            View.named("stock")
                    .version(5)
                    .table(
                            """
                            create table stock (
                                sku text not null,
                                location text not null,
                                on_hand bigint not null,
                                reserved bigint not null,
                                backordered bigint not null,
                                safety_stock bigint not null default 0,
                                backorders integer not null default 0,
                                revision bigint not null,
                                primary key (sku, location))\
                            """)
                    .on(Event.StockCounted.class, StockView::counted)
                    .on(Event.StockReceived.class, (e, at, sql) -> add(at, sql, e.quantity(), 0, 0))
                    .on(Event.StockAdjusted.class, (e, at, sql) -> add(at, sql, e.change(), 0, 0))
                    .on(
                            Event.StockRestocked.class,
                            (e, at, sql) -> add(at, sql, e.quantity(), 0, 0))
                    .on(
                            Event.StockWrittenOff.class,
                            (e, at, sql) -> add(at, sql, -e.quantity(), 0, 0))
                    .on(Event.SafetyStockChanged.class, StockView::keepBack)
                    .on(Event.BackordersAllowed.class, StockView::allow)
                    .on(
                            Event.StockLeft.class,
                            (e, at, sql) -> add(at, sql, -e.quantity(), -e.ofReserved(), 0))
                    .on(Event.StockStandingChanged.class, StockView::standing)
                    .on(Event.StockRefused.class, (_, at, sql) -> add(at, sql, 0, 0, 0))
                    .on(Event.StockFellShort.class, (_, at, sql) -> add(at, sql, 0, 0, 0))
                    .on(Event.StockEndsAwaited.class, (_, at, sql) -> add(at, sql, 0, 0, 0))
                    .on(Event.StockServingInterrupted.class, (_, at, sql) -> add(at, sql, 0, 0, 0))
                    .on(Event.StockEndingInterrupted.class, (_, at, sql) -> add(at, sql, 0, 0, 0));

    private StockView() {}

    private static void counted(Event.StockCounted e, At at, View.Sql sql) {
        sql.run(
                """
                insert into stock (sku, location, on_hand, reserved, backordered, revision)
                values (?, ?, ?, 0, 0, ?)
                on conflict (sku, location) do update set
                    on_hand = excluded.on_hand,
                    revision = excluded.revision\
                """,
                e.sku(),
                e.location(),
                e.onHand(),
                at.revision());
    }

    /// The event says what all lines together have and await, so nothing is added up here.
    private static void standing(Event.StockStandingChanged e, At at, View.Sql sql) {
        int mark = at.id().lastIndexOf('@');
        sql.run(
                """
                insert into stock (sku, location, on_hand, reserved, backordered, revision)
                values (?, ?, 0, ?, ?, ?)
                on conflict (sku, location) do update set
                    reserved = excluded.reserved,
                    backordered = excluded.backordered,
                    revision = excluded.revision\
                """,
                at.id().substring(0, mark),
                at.id().substring(mark + 1),
                e.reservedInAll(),
                e.waitingInAll(),
                at.revision());
    }

    private static void keepBack(Event.SafetyStockChanged e, At at, View.Sql sql) {
        add(at, sql, 0, 0, 0);
        int mark = at.id().lastIndexOf('@');
        sql.run(
                "update stock set safety_stock = ? where sku = ? and location = ?",
                e.units(),
                at.id().substring(0, mark),
                at.id().substring(mark + 1));
    }

    private static void allow(Event.BackordersAllowed e, At at, View.Sql sql) {
        add(at, sql, 0, 0, 0);
        int mark = at.id().lastIndexOf('@');
        sql.run(
                "update stock set backorders = ? where sku = ? and location = ?",
                e.allowed() ? 1 : 0,
                at.id().substring(0, mark),
                at.id().substring(mark + 1));
    }

    private static void add(At at, View.Sql sql, long onHand, long reserved, long backordered) {
        int mark = at.id().lastIndexOf('@');
        sql.run(
                """
                insert into stock (sku, location, on_hand, reserved, backordered, revision)
                values (?, ?, ?, ?, ?, ?)
                on conflict (sku, location) do update set
                    on_hand = stock.on_hand + excluded.on_hand,
                    reserved = stock.reserved + excluded.reserved,
                    backordered = stock.backordered + excluded.backordered,
                    revision = excluded.revision\
                """,
                at.id().substring(0, mark),
                at.id().substring(mark + 1),
                onHand,
                reserved,
                backordered,
                at.revision());
    }
}
