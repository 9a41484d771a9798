// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.returns;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.returns.Return.Event.ReturnApproved;
import dev.fakta.orders.returns.Return.Event.ReturnClosed;
import dev.fakta.orders.returns.Return.Event.ReturnExpired;
import dev.fakta.orders.returns.Return.Event.ReturnInspected;
import dev.fakta.orders.returns.Return.Event.ReturnReceived;
import dev.fakta.orders.returns.Return.Event.ReturnRejected;
import dev.fakta.orders.returns.Return.Event.ReturnRequested;
import dev.fakta.orders.returns.Return.Stage;

/// The list of returns, newest first: one row per return. Each filter has one index, which ends in
/// `requested_at`. Times are in milliseconds since 1970, amounts in minor units.
public final class ReturnsView {

    public static final View DEFINITION =
            View.named("returns")
                    .version(1)
                    .table(
                            """
                            create table return_row (
                                id text primary key,
                                order_id text not null,
                                status text not null,
                                reason text not null,
                                currency text not null,
                                quote_minor bigint not null,
                                refund_minor bigint not null,
                                requested_at bigint not null,
                                revision bigint not null)""")
                    .table("create index return_row_by_time on return_row (requested_at)")
                    .table(
                            "create index return_row_by_order on return_row (order_id, requested_at)")
                    .table("create index return_row_by_status on return_row (status, requested_at)")
                    .on(ReturnRequested.class, ReturnsView::request)
                    .on(ReturnApproved.class, (_, at, sql) -> move(Stage.APPROVED, 0, at, sql))
                    .on(ReturnRejected.class, (_, at, sql) -> move(Stage.REJECTED, 0, at, sql))
                    .on(ReturnReceived.class, (_, at, sql) -> move(Stage.RECEIVED, 0, at, sql))
                    .on(ReturnInspected.class, (_, at, sql) -> move(Stage.INSPECTED, 0, at, sql))
                    .on(ReturnExpired.class, (_, at, sql) -> move(Stage.EXPIRED, 0, at, sql))
                    .on(
                            ReturnClosed.class,
                            (e, at, sql) -> move(Stage.CLOSED, e.refund().minor(), at, sql));

    private ReturnsView() {}

    private static void request(ReturnRequested e, At at, Sql sql) {
        Return.Request request = e.request();
        sql.run(
                """
                insert into return_row (id, order_id, status, reason, currency, quote_minor,
                    refund_minor, requested_at, revision)
                values (?, ?, ?, ?, ?, ?, 0, ?, ?)""",
                at.id(),
                request.orderId(),
                Stage.REQUESTED.toString(),
                request.reason(),
                request.quote().currency().getCurrencyCode(),
                request.quote().minor(),
                request.at().toEpochMilli(),
                at.revision());
    }

    private static void move(Stage stage, long refund, At at, Sql sql) {
        sql.run(
                "update return_row set status = ?, refund_minor = ?, revision = ? where id = ?",
                stage.toString(),
                refund,
                at.revision(),
                at.id());
    }
}
