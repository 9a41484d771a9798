// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import static dev.fakta.orders.tasks.TaskTable.add;
import static dev.fakta.orders.tasks.TaskTable.remove;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment.Event;

/// Money that waits for people. What a provider's answer is about, a payment's events say by number
/// only: `asked` keeps what each refund and void was for, so that a failure goes when the same is
/// asked for again, and `taken` what was captured, so that a failed capture goes when nothing more
/// is to be taken.
final class PaymentTasks {

    private static final String CAPTURE_FAILED = "CAPTURE_FAILED";

    private PaymentTasks() {}

    static View in(View view) {
        View tables =
                view.table("create table asked (id text primary key, what text not null)")
                        .table(
                                "create table taken (payment text primary key, minor bigint not null)")
                        .table("create table ended_dispute (id text primary key)");
        return disputes(refunds(voids(captures(authorizations(tables)))));
    }

    private static View authorizations(View view) {
        return view.on(
                        Event.OutcomeUnknown.class,
                        (e, at, sql) ->
                                add(
                                        TaskKind.PAYMENT,
                                        unanswered(e.kind(), e.number()),
                                        "The provider has not answered.",
                                        at,
                                        sql))
                .on(
                        Event.PaymentAuthorized.class,
                        (e, at, sql) -> answered(Kind.AUTHORIZATION, e.number(), at, sql))
                .on(
                        Event.PaymentDeclined.class,
                        (e, at, sql) -> answered(Kind.AUTHORIZATION, e.number(), at, sql))
                .on(
                        Event.AuthorizationExpired.class,
                        (e, at, sql) -> remove(TaskKind.PAYMENT, failedVoid(e.number()), at, sql));
    }

    private static View captures(View view) {
        return view.on(
                        Event.CaptureRequested.class,
                        (_, at, sql) -> remove(TaskKind.PAYMENT, CAPTURE_FAILED, at, sql))
                .on(
                        Event.PaymentCaptureFailed.class,
                        (e, at, sql) -> {
                            answered(Kind.CAPTURE, e.number(), at, sql);
                            add(TaskKind.PAYMENT, CAPTURE_FAILED, e.reason(), at, sql);
                        })
                .on(
                        Event.PaymentCaptured.class,
                        (e, at, sql) -> {
                            answered(Kind.CAPTURE, e.number(), at, sql);
                            remove(TaskKind.PAYMENT, CAPTURE_FAILED, at, sql);
                            take(e.amount().minor(), at, sql);
                        })
                .on(
                        Event.PaymentOvercharged.class,
                        (e, at, sql) -> answered(Kind.CAPTURE, e.number(), at, sql))
                .on(
                        Event.PaymentCancelled.class,
                        (_, at, sql) -> remove(TaskKind.PAYMENT, CAPTURE_FAILED, at, sql))
                .on(Event.WishChanged.class, (e, at, sql) -> wishes(e.take().minor(), at, sql));
    }

    private static View voids(View view) {
        return view.on(
                        Event.VoidRequested.class,
                        (e, at, sql) ->
                                ask(Kind.VOID, e.number(), failedVoid(e.authorization()), at, sql))
                .on(Event.PaymentVoided.class, (e, at, sql) -> done(Kind.VOID, e.number(), at, sql))
                .on(
                        Event.PaymentVoidFailed.class,
                        (e, at, sql) -> failed(Kind.VOID, e.number(), e.reason(), at, sql));
    }

    private static View refunds(View view) {
        return view.on(
                        Event.RefundRequested.class,
                        (e, at, sql) ->
                                ask(
                                        Kind.REFUND,
                                        e.number(),
                                        "REFUND_FAILED " + e.purpose(),
                                        at,
                                        sql))
                .on(
                        Event.PaymentRefunded.class,
                        (e, at, sql) -> {
                            done(Kind.REFUND, e.number(), at, sql);
                            remove(TaskKind.PAYMENT, beyond(e.number()), at, sql);
                        })
                .on(
                        Event.PaymentRefundSettled.class,
                        (e, at, sql) -> remove(TaskKind.PAYMENT, beyond(e.number()), at, sql))
                .on(
                        Event.PaymentRefundFailed.class,
                        (e, at, sql) -> failed(Kind.REFUND, e.number(), e.reason(), at, sql))
                .on(
                        Event.PaymentRefundedBeyond.class,
                        (e, at, sql) -> {
                            done(Kind.REFUND, e.number(), at, sql);
                            String reason = "The customer has got this twice.";
                            add(TaskKind.PAYMENT, beyond(e.number()), reason, at, sql);
                        });
    }

    /// The end of a dispute may be told before its beginning.
    private static View disputes(View view) {
        return view.on(
                        Event.DisputeOpened.class,
                        (e, at, sql) -> {
                            add(TaskKind.DISPUTE, e.dispute(), e.reason(), at, sql);
                            sql.run(
                                    "delete from task where id = ? and id in (select id from ended_dispute)",
                                    TaskTable.id(TaskKind.DISPUTE, at.id(), e.dispute()));
                        })
                .on(
                        Event.DisputeClosed.class,
                        (e, at, sql) -> {
                            remove(TaskKind.DISPUTE, e.dispute(), at, sql);
                            sql.run(
                                    "insert into ended_dispute (id) values (?) on conflict (id) do nothing",
                                    TaskTable.id(TaskKind.DISPUTE, at.id(), e.dispute()));
                        });
    }

    private static String unanswered(Kind kind, int number) {
        return kind + "_UNANSWERED " + number;
    }

    private static String failedVoid(int authorization) {
        return "VOID_FAILED " + authorization;
    }

    private static String beyond(int refund) {
        return "REFUNDED_BEYOND " + refund;
    }

    private static void answered(Kind kind, int number, At at, Sql sql) {
        remove(TaskKind.PAYMENT, unanswered(kind, number), at, sql);
    }

    private static String operation(Kind kind, int number, At at) {
        return at.id() + "/" + kind + "/" + number;
    }

    /// Asks for it, perhaps again.
    ///
    /// @param what stands in the list when that fails
    private static void ask(Kind kind, int number, String what, At at, Sql sql) {
        remove(TaskKind.PAYMENT, what, at, sql);
        sql.run(
                """
                insert into asked (id, what) values (?, ?)
                on conflict (id) do update set what = excluded.what""",
                operation(kind, number, at),
                what);
    }

    private static void done(Kind kind, int number, At at, Sql sql) {
        answered(kind, number, at, sql);
        sql.run(
                """
                delete from task where subject = ? and kind = ?
                and what in (select what from asked where asked.id = ?)""",
                at.id(),
                TaskKind.PAYMENT.toString(),
                operation(kind, number, at));
    }

    private static void failed(Kind kind, int number, String reason, At at, Sql sql) {
        done(kind, number, at, sql);
        sql.run(
                """
                insert into task (id, kind, subject, what, reason, since)
                select cast(? as text) || what, cast(? as text), cast(? as text), what,
                    cast(? as text), cast(? as bigint)
                from asked where asked.id = ?""",
                TaskTable.id(TaskKind.PAYMENT, at.id(), ""),
                TaskKind.PAYMENT.toString(),
                at.id(),
                reason,
                at.time().toEpochMilli(),
                operation(kind, number, at));
    }

    private static void take(long minor, At at, Sql sql) {
        sql.run(
                """
                insert into taken (payment, minor) values (?, ?)
                on conflict (payment) do update set minor = taken.minor + excluded.minor""",
                at.id(),
                minor);
    }

    /// @param take minor units that the order wants taken in all
    private static void wishes(long take, At at, Sql sql) {
        sql.run(
                """
                delete from task where id = ?
                and coalesce((select minor from taken where payment = ?), 0) >= ?""",
                TaskTable.id(TaskKind.PAYMENT, at.id(), CAPTURE_FAILED),
                at.id(),
                take);
    }
}
