// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentCancelled;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentDelivered;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentDispatched;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentLeft;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentLost;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentPacked;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentPicked;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentPlanned;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentTracked;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The list of shipments: one row each, one per parcel that has left, and one per code that a
/// carrier gave to any of its parcels. The filters of the list's own columns have one index each,
/// which ends in `planned_at`; a code has few shipments. Times are in milliseconds since 1970.
public final class ShipmentsView {

    public static final View DEFINITION =
            View.named("shipments")
                    .version(2)
                    .table(
                            """
                            create table shipment_row (
                                id text primary key,
                                order_id text not null,
                                location text not null,
                                status text not null,
                                planned_at bigint not null,
                                revision bigint not null)""")
                    .table("create index shipment_row_by_time on shipment_row (planned_at)")
                    .table(
                            "create index shipment_row_by_order on shipment_row (order_id, planned_at)")
                    .table(
                            "create index shipment_row_by_status on shipment_row (status, planned_at)")
                    .table(
                            """
                            create table shipment_parcel (
                                shipment_id text not null,
                                parcel text not null,
                                status text not null,
                                primary key (shipment_id, parcel))""")
                    .table(
                            """
                            create table shipment_tracking (
                                code text not null,
                                shipment_id text not null,
                                primary key (code, shipment_id))""")
                    .on(ShipmentPlanned.class, ShipmentsView::plan)
                    .on(ShipmentPicked.class, (_, at, sql) -> move("PICKED", at, sql))
                    .on(ShipmentPacked.class, (_, at, sql) -> move("PACKED", at, sql))
                    .on(ShipmentDispatched.class, ShipmentsView::leave)
                    .on(ShipmentLeft.class, (_, at, sql) -> touch(at, sql))
                    .on(ShipmentTracked.class, (_, at, sql) -> touch(at, sql))
                    .on(
                            ShipmentDelivered.class,
                            (e, at, sql) -> settle(e.parcel(), Parcel.Status.DELIVERED, at, sql))
                    .on(
                            ShipmentLost.class,
                            (e, at, sql) -> settle(e.parcel(), Parcel.Status.LOST, at, sql))
                    .on(ShipmentCancelled.class, (_, at, sql) -> move("CANCELLED", at, sql));

    /// [ShipmentStatus#of(Set)] as an expression: a statement can name the parcels' statuses, and
    /// cannot call the function.
    private static final String STATUS = status();

    private ShipmentsView() {}

    private static void plan(ShipmentPlanned e, At at, Sql sql) {
        sql.run(
                """
                insert into shipment_row (id, order_id, location, status, planned_at, revision)
                values (?, ?, ?, 'PLANNED', ?, ?)""",
                at.id(),
                e.order(),
                e.location(),
                at.time().toEpochMilli(),
                at.revision());
    }

    private static void move(String status, At at, Sql sql) {
        sql.run(
                "update shipment_row set status = ?, revision = ? where id = ?",
                status,
                at.revision(),
                at.id());
    }

    private static void leave(ShipmentDispatched e, At at, Sql sql) {
        for (Parcel parcel : e.parcels()) {
            sql.run(
                    "insert into shipment_parcel (shipment_id, parcel, status) values (?, ?, ?)",
                    at.id(),
                    parcel.id(),
                    parcel.status().name());
            if (parcel.code() != null) {
                sql.run(
                        "insert into shipment_tracking (code, shipment_id) values (?, ?)"
                                + " on conflict (code, shipment_id) do nothing",
                        parcel.code().strip(),
                        at.id());
            }
        }
        move("DISPATCHED", at, sql);
    }

    private static void settle(String parcel, Parcel.Status status, At at, Sql sql) {
        sql.run(
                "update shipment_parcel set status = ? where shipment_id = ? and parcel = ?",
                status.name(),
                at.id(),
                parcel);
        sql.run(
                "update shipment_row set status = " + STATUS + ", revision = ? where id = ?",
                at.revision(),
                at.id());
    }

    /// Events that leave the status as it is change the revision.
    private static void touch(At at, Sql sql) {
        sql.run("update shipment_row set revision = ? where id = ?", at.revision(), at.id());
    }

    private static String status() {
        StringBuilder cases = new StringBuilder("case");
        for (Set<Parcel.Status> found : ShipmentStatus.COMBINATIONS) {
            cases.append(" when ").append(condition(found));
            cases.append(" then '").append(ShipmentStatus.of(found)).append('\'');
        }
        return cases.append(" end").toString();
    }

    private static String condition(Set<Parcel.Status> found) {
        List<String> conditions = new ArrayList<>();
        for (Parcel.Status status : ShipmentStatus.AFTER_DISPATCH) {
            conditions.add(
                    (found.contains(status) ? "" : "not ")
                            + "exists (select 1 from shipment_parcel p"
                            + " where p.shipment_id = shipment_row.id and p.status = '%s')"
                                    .formatted(status.name()));
        }
        return String.join(" and ", conditions);
    }
}
