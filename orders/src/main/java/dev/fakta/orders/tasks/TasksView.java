// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import static dev.fakta.orders.tasks.TaskTable.add;
import static dev.fakta.orders.tasks.TaskTable.remove;
import static dev.fakta.orders.tasks.TaskTable.removeAll;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Attention;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentCancelled;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentDispatched;
import dev.fakta.orders.returns.Return;

/// What waits for people, one row each: orders that are held or stalled, what does not fit and
/// cannot be undone, returns to approve, to inspect and to close, and money that does not move as
/// it should ([PaymentTasks]). A row goes when its reason does. Sagas in trouble are listed by the
/// kit, and stand beside these rows in [TaskRoutes]. Times are in milliseconds since 1970.
public final class TasksView {

    public static final View DEFINITION =
            PaymentTasks.in(returns(orders(TaskTable.in(View.named("tasks").version(2)))));

    private TasksView() {}

    private static View orders(View view) {
        return view.on(
                        Order.Event.OrderHoldPlaced.class,
                        (e, at, sql) -> add(TaskKind.HOLD, e.kind().name(), e.reason(), at, sql))
                .on(
                        Order.Event.OrderHoldReleased.class,
                        (e, at, sql) -> remove(TaskKind.HOLD, e.kind().name(), at, sql))
                .on(Order.Event.OrderCancelled.class, (_, at, sql) -> onEnd(at, sql))
                .on(Order.Event.OrderRejected.class, (_, at, sql) -> onEnd(at, sql))
                .on(Order.Event.OrderCompleted.class, (_, at, sql) -> onEnd(at, sql))
                .on(
                        Order.Event.OrderAttentionRequested.class,
                        (e, at, sql) -> add(kind(e.attention()), what(e.attention()), "", at, sql))
                .on(
                        Order.Event.OrderAttentionSettled.class,
                        (e, at, sql) -> remove(kind(e.attention()), what(e.attention()), at, sql))
                .on(OrderShipmentDispatched.class, (e, at, sql) -> onTime(e.shipment(), at, sql))
                .on(OrderShipmentCancelled.class, (e, at, sql) -> onTime(e.shipment(), at, sql));
    }

    private static void onEnd(At at, Sql sql) {
        removeAll(TaskKind.HOLD, at, sql);
        removeAll(TaskKind.STALLED, at, sql);
    }

    private static View returns(View view) {
        return view.on(
                        Return.Event.ReturnRequested.class,
                        (e, at, sql) ->
                                add(TaskKind.RETURN, "APPROVE", e.request().reason(), at, sql))
                .on(
                        Return.Event.ReturnApproved.class,
                        (_, at, sql) -> removeAll(TaskKind.RETURN, at, sql))
                .on(
                        Return.Event.ReturnRejected.class,
                        (_, at, sql) -> removeAll(TaskKind.RETURN, at, sql))
                .on(
                        Return.Event.ReturnExpired.class,
                        (_, at, sql) -> removeAll(TaskKind.RETURN, at, sql))
                .on(
                        Return.Event.ReturnReceived.class,
                        (_, at, sql) -> {
                            removeAll(TaskKind.RETURN, at, sql);
                            add(TaskKind.RETURN, "INSPECT", "", at, sql);
                        })
                .on(
                        Return.Event.ReturnInspected.class,
                        (_, at, sql) -> {
                            removeAll(TaskKind.RETURN, at, sql);
                            add(TaskKind.RETURN, "CLOSE", "", at, sql);
                        })
                .on(
                        Return.Event.ReturnClosed.class,
                        (_, at, sql) -> removeAll(TaskKind.RETURN, at, sql));
    }

    private static TaskKind kind(Attention attention) {
        return attention.topic() == Attention.Topic.STALLED ? TaskKind.STALLED : TaskKind.ATTENTION;
    }

    private static String what(Attention attention) {
        return attention.topic().name() + " " + attention.subject();
    }

    private static void onTime(String shipment, At at, Sql sql) {
        remove(
                TaskKind.ATTENTION,
                what(new Attention(Attention.Topic.NOT_DISPATCHED_IN_TIME, shipment)),
                at,
                sql);
    }
}
