// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment.Event;

/// What providers were asked for: one row per operation, so that those in flight (`REQUESTED`),
/// with an unknown outcome (`UNKNOWN`) and failed (`FAILED`) are found by their status. Amounts in
/// minor units, times in milliseconds since 1970.
public final class PaymentsView {

    public static final View DEFINITION =
            View.named("payments")
                    .version(1)
                    .table(
                            """
                            create table payment_operation (
                                id text primary key,
                                payment text not null,
                                kind text not null,
                                number bigint not null,
                                currency text not null,
                                minor bigint not null,
                                status text not null,
                                reason text not null,
                                asked_at bigint not null)""")
                    .table("create index payment_operation_by_time on payment_operation (asked_at)")
                    .table(
                            "create index payment_operation_by_payment"
                                    + " on payment_operation (payment, asked_at)")
                    .table(
                            "create index payment_operation_by_status"
                                    + " on payment_operation (status, asked_at)")
                    .table(
                            "create index payment_operation_by_kind"
                                    + " on payment_operation (kind, asked_at)")
                    .on(
                            Event.AuthorizationRequested.class,
                            (e, at, sql) ->
                                    ask(Kind.AUTHORIZATION, e.number(), e.amount(), at, sql))
                    .on(
                            Event.CaptureRequested.class,
                            (e, at, sql) -> ask(Kind.CAPTURE, e.number(), e.amount(), at, sql))
                    .on(
                            Event.VoidRequested.class,
                            (e, at, sql) -> ask(Kind.VOID, e.number(), e.amount(), at, sql))
                    .on(
                            Event.RefundRequested.class,
                            (e, at, sql) -> ask(Kind.REFUND, e.number(), e.amount(), at, sql))
                    .on(
                            Event.PaymentAuthorized.class,
                            (e, at, sql) ->
                                    end(Kind.AUTHORIZATION, e.number(), Status.DONE, "", at, sql))
                    .on(
                            Event.PaymentDeclined.class,
                            (e, at, sql) ->
                                    end(
                                            Kind.AUTHORIZATION,
                                            e.number(),
                                            Status.FAILED,
                                            e.reason(),
                                            at,
                                            sql))
                    .on(
                            Event.AuthorizationExpired.class,
                            (e, at, sql) ->
                                    end(
                                            Kind.AUTHORIZATION,
                                            e.number(),
                                            Status.EXPIRED,
                                            "",
                                            at,
                                            sql))
                    .on(
                            Event.PaymentCaptured.class,
                            (e, at, sql) -> end(Kind.CAPTURE, e.number(), Status.DONE, "", at, sql))
                    .on(
                            Event.PaymentOvercharged.class,
                            (e, at, sql) ->
                                    end(Kind.CAPTURE, e.number(), Status.SURPLUS, "", at, sql))
                    .on(
                            Event.PaymentCaptureFailed.class,
                            (e, at, sql) ->
                                    end(
                                            Kind.CAPTURE,
                                            e.number(),
                                            Status.FAILED,
                                            e.reason(),
                                            at,
                                            sql))
                    .on(
                            Event.PaymentVoided.class,
                            (e, at, sql) -> end(Kind.VOID, e.number(), Status.DONE, "", at, sql))
                    .on(
                            Event.PaymentVoidFailed.class,
                            (e, at, sql) ->
                                    end(Kind.VOID, e.number(), Status.FAILED, e.reason(), at, sql))
                    .on(
                            Event.PaymentRefunded.class,
                            (e, at, sql) -> end(Kind.REFUND, e.number(), Status.DONE, "", at, sql))
                    .on(
                            Event.PaymentRefundedBeyond.class,
                            (e, at, sql) ->
                                    end(Kind.REFUND, e.number(), Status.SURPLUS, "", at, sql))
                    .on(
                            Event.PaymentRefundSettled.class,
                            (e, at, sql) ->
                                    end(
                                            Kind.REFUND,
                                            e.number(),
                                            Status.SETTLED,
                                            e.reason(),
                                            at,
                                            sql))
                    .on(
                            Event.PaymentRefundFailed.class,
                            (e, at, sql) ->
                                    end(
                                            Kind.REFUND,
                                            e.number(),
                                            Status.FAILED,
                                            e.reason(),
                                            at,
                                            sql))
                    .on(
                            Event.OutcomeUnknown.class,
                            (e, at, sql) -> end(e.kind(), e.number(), Status.UNKNOWN, "", at, sql));

    private PaymentsView() {}

    private static String id(Kind kind, int number, At at) {
        return "%s-%s-%d".formatted(at.id(), kind, number);
    }

    private static void ask(Kind kind, int number, Money amount, At at, Sql sql) {
        sql.run(
                """
                insert into payment_operation (id, payment, kind, number, currency, minor, status,
                    reason, asked_at)
                values (?, ?, ?, ?, ?, ?, ?, '', ?)""",
                id(kind, number, at),
                at.id(),
                kind.toString(),
                number,
                amount.currency().getCurrencyCode(),
                amount.minor(),
                Status.REQUESTED.toString(),
                at.time().toEpochMilli());
    }

    private static void end(Kind kind, int number, Status status, String reason, At at, Sql sql) {
        sql.run(
                "update payment_operation set status = ?, reason = ? where id = ?",
                status.toString(),
                reason,
                id(kind, number, at));
    }
}
