// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Attention;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentCancelled;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentDispatched;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.returns.Return;
import java.util.Locale;

/// What waits for people, one row each: orders that are held, what does not fit and cannot be
/// undone, returns to approve and to inspect, and money whose fate the provider does not tell. A
/// row goes when its reason does. Sagas that are stuck are listed by the kit, at `/sagas`. Times
/// are in milliseconds since 1970.
public final class TasksView {

    private static final String HOLD = "hold";
    private static final String ATTENTION = "attention";
    private static final String RETURN = "return";
    private static final String PAYMENT = "payment";

    public static final View DEFINITION = payments(returns(orders()));

    private TasksView() {}

    private static View orders() {
        return View.named("tasks")
                .version(1)
                .table(
                        """
                        create table task (
                            id text primary key,
                            kind text not null,
                            subject text not null,
                            what text not null,
                            reason text not null,
                            since bigint not null)""")
                .table("create index task_by_time on task (since)")
                .table("create index task_by_kind on task (kind, since)")
                .table("create index task_by_subject on task (subject, since)")
                .on(
                        Order.Event.OrderHoldPlaced.class,
                        (e, at, sql) -> add(HOLD, at.id(), e.kind().name(), e.reason(), at, sql))
                .on(
                        Order.Event.OrderHoldReleased.class,
                        (e, at, sql) -> remove(HOLD, at.id(), e.kind().name(), sql))
                .on(Order.Event.OrderCancelled.class, (_, at, sql) -> remove(HOLD, at.id(), sql))
                .on(Order.Event.OrderRejected.class, (_, at, sql) -> remove(HOLD, at.id(), sql))
                .on(
                        Order.Event.OrderAttentionRequested.class,
                        (e, at, sql) -> add(ATTENTION, at.id(), what(e.attention()), "", at, sql))
                .on(
                        Order.Event.OrderAttentionSettled.class,
                        (e, at, sql) -> remove(ATTENTION, at.id(), what(e.attention()), sql))
                .on(OrderShipmentDispatched.class, (e, at, sql) -> onTime(e.shipment(), at, sql))
                .on(OrderShipmentCancelled.class, (e, at, sql) -> onTime(e.shipment(), at, sql));
    }

    private static View returns(View view) {
        return view.on(
                        Return.Event.ReturnRequested.class,
                        (e, at, sql) ->
                                add(RETURN, at.id(), "APPROVE", e.request().reason(), at, sql))
                .on(Return.Event.ReturnApproved.class, (_, at, sql) -> remove(RETURN, at.id(), sql))
                .on(Return.Event.ReturnRejected.class, (_, at, sql) -> remove(RETURN, at.id(), sql))
                .on(Return.Event.ReturnExpired.class, (_, at, sql) -> remove(RETURN, at.id(), sql))
                .on(
                        Return.Event.ReturnReceived.class,
                        (_, at, sql) -> add(RETURN, at.id(), "INSPECT", "", at, sql))
                .on(
                        Return.Event.ReturnInspected.class,
                        (_, at, sql) -> remove(RETURN, at.id(), sql));
    }

    private static View payments(View view) {
        return view.on(
                        Payment.Event.OutcomeUnknown.class,
                        (e, at, sql) ->
                                add(
                                        PAYMENT,
                                        at.id(),
                                        e.kind().name(),
                                        "The provider has not answered.",
                                        at,
                                        sql))
                .on(
                        Payment.Event.PaymentAuthorized.class,
                        (_, at, sql) -> remove(PAYMENT, at.id(), "AUTHORIZATION", sql))
                .on(
                        Payment.Event.PaymentDeclined.class,
                        (_, at, sql) -> remove(PAYMENT, at.id(), "AUTHORIZATION", sql))
                .on(
                        Payment.Event.PaymentCaptured.class,
                        (_, at, sql) -> remove(PAYMENT, at.id(), "CAPTURE", sql))
                .on(
                        Payment.Event.PaymentCaptureFailed.class,
                        (_, at, sql) -> remove(PAYMENT, at.id(), "CAPTURE", sql))
                .on(
                        Payment.Event.PaymentVoided.class,
                        (_, at, sql) -> remove(PAYMENT, at.id(), "VOID", sql))
                .on(
                        Payment.Event.PaymentVoidFailed.class,
                        (e, at, sql) -> add(PAYMENT, at.id(), "VOID", e.reason(), at, sql))
                .on(
                        Payment.Event.PaymentRefunded.class,
                        (_, at, sql) -> remove(PAYMENT, at.id(), "REFUND", sql))
                .on(
                        Payment.Event.PaymentRefundFailed.class,
                        (e, at, sql) -> add(PAYMENT, at.id(), "REFUND", e.reason(), at, sql))
                .on(
                        Payment.Event.DisputeOpened.class,
                        (e, at, sql) ->
                                add(
                                        PAYMENT,
                                        at.id(),
                                        "DISPUTE " + e.dispute(),
                                        e.reason(),
                                        at,
                                        sql));
    }

    private static String what(Attention attention) {
        return attention.topic().name() + " " + attention.subject();
    }

    private static void onTime(String shipment, At at, Sql sql) {
        remove(
                ATTENTION,
                at.id(),
                what(new Attention(Attention.Topic.NOT_DISPATCHED_IN_TIME, shipment)),
                sql);
    }

    private static String id(String kind, String subject, String what) {
        return kind + "/" + subject + "/" + what.toLowerCase(Locale.ROOT);
    }

    private static void add(
            String kind, String subject, String what, String reason, At at, Sql sql) {
        remove(kind, subject, what, sql);
        sql.run(
                "insert into task (id, kind, subject, what, reason, since) values (?, ?, ?, ?, ?, ?)",
                id(kind, subject, what),
                kind,
                subject,
                what,
                reason,
                at.time().toEpochMilli());
    }

    private static void remove(String kind, String subject, String what, Sql sql) {
        sql.run("delete from task where id = ?", id(kind, subject, what));
    }

    private static void remove(String kind, String subject, Sql sql) {
        sql.run("delete from task where subject = ? and kind = ?", subject, kind);
    }
}
