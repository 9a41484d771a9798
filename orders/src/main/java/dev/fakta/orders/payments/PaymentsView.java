// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.domain.At;
import dev.fakta.domain.EventType;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment.Event;

/// Payments, see [PaymentTable], and what providers were asked for: one row per operation, so that
/// those in flight (`REQUESTED`), with an unknown outcome (`UNKNOWN`) and failed (`FAILED`) are
/// found by their status. Amounts in minor units, times in milliseconds since 1970.
public final class PaymentsView {

    public static final View DEFINITION = following(PaymentTable.in(operations()));

    private PaymentsView() {}

    private static View operations() {
        return View.named("payments")
                .version(2)
                .table(
                        """
                        create table payment_operation (
                            id text primary key,
                            payment text not null,
                            kind text not null,
                            number bigint not null,
                            about integer not null,
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
                                + " on payment_operation (kind, asked_at)");
    }

    private static View following(View view) {
        View following = view;
        for (EventType<? extends Event> event : Payment.AGGREGATE.events()) {
            following = following.on(event.type(), PaymentsView::follow);
        }
        return following;
    }

    private static void follow(Event event, At at, Sql sql) {
        switch (event) {
            case Event.AuthorizationRequested e ->
                    ask(Kind.AUTHORIZATION, e.number(), 0, e.amount(), at, sql);
            case Event.CaptureRequested e ->
                    ask(Kind.CAPTURE, e.number(), e.authorization(), e.amount(), at, sql);
            case Event.VoidRequested e ->
                    ask(Kind.VOID, e.number(), e.authorization(), e.amount(), at, sql);
            case Event.RefundRequested e ->
                    ask(Kind.REFUND, e.number(), e.overcharge(), e.amount(), at, sql);
            case Event.PaymentAuthorized e ->
                    end(Kind.AUTHORIZATION, e.number(), Status.DONE, "", at, sql);
            case Event.PaymentDeclined e ->
                    end(Kind.AUTHORIZATION, e.number(), Status.FAILED, e.reason(), at, sql);
            case Event.AuthorizationExpired e ->
                    end(Kind.AUTHORIZATION, e.number(), Status.EXPIRED, "", at, sql);
            case Event.PaymentCaptured e -> end(Kind.CAPTURE, e.number(), Status.DONE, "", at, sql);
            case Event.PaymentOvercharged e ->
                    end(Kind.CAPTURE, e.number(), Status.SURPLUS, "", at, sql);
            case Event.PaymentCaptureFailed e ->
                    end(Kind.CAPTURE, e.number(), Status.FAILED, e.reason(), at, sql);
            case Event.PaymentVoided e -> end(Kind.VOID, e.number(), Status.DONE, "", at, sql);
            case Event.PaymentVoidFailed e ->
                    end(Kind.VOID, e.number(), Status.FAILED, e.reason(), at, sql);
            case Event.PaymentRefunded e -> end(Kind.REFUND, e.number(), Status.DONE, "", at, sql);
            case Event.PaymentRefundedBeyond e ->
                    end(Kind.REFUND, e.number(), Status.SURPLUS, "", at, sql);
            case Event.PaymentRefundSettled e ->
                    end(Kind.REFUND, e.number(), Status.SETTLED, e.reason(), at, sql);
            case Event.PaymentRefundFailed e ->
                    end(Kind.REFUND, e.number(), Status.FAILED, e.reason(), at, sql);
            case Event.OutcomeUnknown e -> end(e.kind(), e.number(), Status.UNKNOWN, "", at, sql);
            case Event.PaymentCancelled _,
                    Event.DisputeOpened _,
                    Event.DisputeClosed _,
                    Event.WishChanged _ -> {} // no operation
        }
        PaymentTable.follow(event, at, sql);
    }

    static String id(Kind kind, int number, At at) {
        return "%s-%s-%d".formatted(at.id(), kind, number);
    }

    private static void ask(Kind kind, int number, int about, Money amount, At at, Sql sql) {
        sql.run(
                """
                insert into payment_operation (id, payment, kind, number, about, currency, minor, status,
                    reason, asked_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, '', ?)""",
                id(kind, number, at),
                at.id(),
                kind.toString(),
                number,
                about,
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
