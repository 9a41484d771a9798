// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentCancelled;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentDelivered;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentDispatched;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentLost;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentPacked;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentPicked;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentPlanned;

/// The list of shipments: one row each. Each filter has one index, which ends in `planned_at`.
/// Times are in milliseconds since 1970.
public final class ShipmentsView {

    public static final View DEFINITION =
            View.named("shipments")
                    .version(1)
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
                    .on(ShipmentPlanned.class, ShipmentsView::plan)
                    .on(ShipmentPicked.class, (_, at, sql) -> move("PICKED", at, sql))
                    .on(ShipmentPacked.class, (_, at, sql) -> move("PACKED", at, sql))
                    .on(ShipmentDispatched.class, (_, at, sql) -> move("DISPATCHED", at, sql))
                    .on(
                            ShipmentDelivered.class,
                            (e, at, sql) ->
                                    move(e.complete() ? "DELIVERED" : "DISPATCHED", at, sql))
                    .on(ShipmentLost.class, (_, at, sql) -> move("LOST", at, sql))
                    .on(ShipmentCancelled.class, (_, at, sql) -> move("CANCELLED", at, sql));

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
}
