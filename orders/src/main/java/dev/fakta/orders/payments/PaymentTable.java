// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment.Event;

/// One row per payment in the view of payments: what its order wants secured, what was taken and
/// given back, and in `status` where it stands, see [PaymentStatus].
///
/// `attempt` is the newest authorization, and `attempt_status` what became of it. Each filter of
/// the list has an index that ends in `requested_at`, so that a page is a range of it.
final class PaymentTable {

    private PaymentTable() {}

    static View in(View view) {
        return view.table(
                        """
                        create table payment_row (
                            id text primary key,
                            order_id text not null,
                            method text not null,
                            status text not null,
                            currency text not null,
                            total_minor bigint not null,
                            captured_minor bigint not null,
                            refunded_minor bigint not null,
                            attempt integer not null,
                            attempt_status text not null,
                            requested_at bigint not null,
                            revision bigint not null)""")
                .table("create index payment_row_by_time on payment_row (requested_at)")
                .table("create index payment_row_by_total on payment_row (total_minor)")
                .table("create index payment_row_by_order on payment_row (order_id, requested_at)")
                .table("create index payment_row_by_status on payment_row (status, requested_at)")
                .table("create index payment_row_by_method on payment_row (method, requested_at)");
    }

    /// Follows an event, behind what it means to the operations.
    static void follow(Event event, At at, Sql sql) {
        switch (event) {
            case Event.WishChanged e -> agree(e.order(), e.secure(), at, sql);
            case Event.AuthorizationRequested e -> {
                agree(e.order(), e.total(), at, sql);
                sql.run(
                        "update payment_row set method = ?, attempt = ?, attempt_status = ?"
                                + " where id = ?",
                        e.method(),
                        e.number(),
                        PaymentStatus.PENDING.name(),
                        at.id());
            }
            case Event.PaymentAuthorized e -> attempt(e.number(), Status.DONE, at, sql);
            case Event.PaymentDeclined e -> attempt(e.number(), Status.FAILED, at, sql);
            case Event.AuthorizationExpired e -> attempt(e.number(), Status.EXPIRED, at, sql);
            case Event.OutcomeUnknown(var kind, var number) when kind == Kind.AUTHORIZATION ->
                    attempt(number, Status.UNKNOWN, at, sql);
            case Event.PaymentVoided e -> letGo(e.number(), at, sql);
            case Event.PaymentCaptured e ->
                    sql.run(
                            "update payment_row set captured_minor = captured_minor + ?"
                                    + " where id = ?",
                            e.amount().minor(),
                            at.id());
            case Event.PaymentRefunded e -> giveBack(e, at, sql);
            case Event _ -> {} // changes the operations alone
        }
        sql.run(
                """
                update payment_row set revision = ?, status = case
                    when captured_minor = 0 then attempt_status
                    when refunded_minor >= captured_minor then 'REFUNDED'
                    when refunded_minor > 0 then 'PARTIALLY_REFUNDED'
                    when captured_minor < total_minor then 'PARTIALLY_CAPTURED'
                    else 'CAPTURED' end
                where id = ?""",
                at.revision(),
                at.id());
    }

    private static void agree(String order, Money total, At at, Sql sql) {
        sql.run(
                """
                insert into payment_row (id, order_id, method, status, currency, total_minor,
                    captured_minor, refunded_minor, attempt, attempt_status, requested_at, revision)
                values (?, ?, '', ?, ?, ?, 0, 0, 0, ?, ?, ?)
                on conflict (id) do update set order_id = excluded.order_id,
                    currency = excluded.currency, total_minor = excluded.total_minor""",
                at.id(),
                order,
                PaymentStatus.NONE.name(),
                total.currency().getCurrencyCode(),
                total.minor(),
                PaymentStatus.NONE.name(),
                at.time().toEpochMilli(),
                at.revision());
    }

    private static void attempt(int number, Status status, At at, Sql sql) {
        sql.run(
                "update payment_row set attempt_status = ? where id = ? and attempt = ?",
                PaymentStatus.of(status).name(),
                at.id(),
                number);
    }

    /// An authorization is voided by an operation of its own, and only while it holds money.
    private static void letGo(int number, At at, Sql sql) {
        sql.run(
                """
                update payment_row set attempt_status = ? where id = ? and attempt_status = ?
                    and attempt = (select o.about from payment_operation o where o.id = ?)""",
                PaymentStatus.VOIDED.name(),
                at.id(),
                PaymentStatus.AUTHORIZED.name(),
                PaymentsView.id(Kind.VOID, number, at));
    }

    /// What is given back of an overcharge had not been taken for the order.
    private static void giveBack(Event.PaymentRefunded refunded, At at, Sql sql) {
        sql.run(
                """
                update payment_row set refunded_minor = refunded_minor + ? where id = ?
                    and not exists (select 1 from payment_operation o
                        where o.id = ? and o.about > 0)""",
                refunded.amount().minor(),
                at.id(),
                PaymentsView.id(Kind.REFUND, refunded.number(), at));
    }
}
