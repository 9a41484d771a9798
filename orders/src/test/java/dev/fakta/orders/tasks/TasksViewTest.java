// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Tables;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Attention;
import dev.fakta.orders.order.Order.Attention.Topic;
import dev.fakta.orders.order.Standing;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.returns.Return;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// When something is a task, and when it is one no more.
class TasksViewTest {

    private Tables tables;

    @BeforeEach
    void open() throws SQLException {
        tables = Tables.of(TasksView.DEFINITION);
    }

    @AfterEach
    void close() throws SQLException {
        tables.close();
    }

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }

    private List<String> tasksAfter(Object... events) throws SQLException {
        tables.apply("x", events);
        return tables.rows("select kind, what from task where subject = 'x' order by what");
    }

    @Test
    void a_hold_is_one_until_it_is_released_or_the_order_ends() throws SQLException {
        Object placed = new Order.Event.OrderHoldPlaced(HoldKind.MANUAL, "m");
        assertThat(tasksAfter(placed)).containsExactly("hold|MANUAL");
        assertThat(tasksAfter(new Order.Event.OrderHoldReleased(HoldKind.MANUAL))).isEmpty();
        assertThat(tasksAfter(placed, new Order.Event.OrderCancelled("c", Standing.CANCELLED)))
                .isEmpty();
    }

    @Test
    void an_order_is_stalled_until_that_is_settled_or_it_ends() throws SQLException {
        Attention stalled = new Attention(Topic.STALLED, "CODES");
        Object raised = new Order.Event.OrderAttentionRequested(stalled);
        assertThat(tasksAfter(raised)).containsExactly("stalled|STALLED CODES");
        assertThat(tasksAfter(new Order.Event.OrderAttentionSettled(stalled))).isEmpty();
        assertThat(tasksAfter(raised, new Order.Event.OrderCompleted(Standing.CREATED))).isEmpty();
    }

    @Test
    void another_attention_outlives_the_order() throws SQLException {
        Attention refused = new Attention(Topic.STOCK_REFUSED, "why");
        Object raised = new Order.Event.OrderAttentionRequested(refused);
        assertThat(tasksAfter(raised, new Order.Event.OrderCompleted(Standing.CREATED)))
                .containsExactly("attention|STOCK_REFUSED why");
    }

    @Test
    void a_return_is_to_be_approved_then_inspected_then_closed() throws SQLException {
        assertThat(tasksAfter(new Return.Event.ReturnReceived(List.of())))
                .containsExactly("return|INSPECT");
        assertThat(tasksAfter(new Return.Event.ReturnInspected(List.of(), null)))
                .containsExactly("return|CLOSE");
        assertThat(tasksAfter(new Return.Event.ReturnClosed(eur(1)))).isEmpty();
    }

    @Test
    void an_answer_that_does_not_come_is_one_until_it_comes() throws SQLException {
        assertThat(
                        tasksAfter(
                                new Event.OutcomeUnknown(Kind.CAPTURE, 1),
                                new Event.OutcomeUnknown(Kind.REFUND, 2)))
                .containsExactly("payment|CAPTURE_UNANSWERED 1", "payment|REFUND_UNANSWERED 2");
        assertThat(
                        tasksAfter(
                                new Event.PaymentCaptured(1, eur(5), "c", null),
                                new Event.PaymentRefunded(2, eur(5), "r", null)))
                .isEmpty();
    }

    @Test
    void a_failed_refund_is_one_until_the_same_is_asked_again() throws SQLException {
        assertThat(
                        tasksAfter(
                                new Event.RefundRequested(1, "R1", 0, eur(5)),
                                new Event.PaymentRefundFailed(1, "no", 1, null),
                                new Event.RefundRequested(2, "R2", 0, eur(5)),
                                new Event.PaymentRefunded(2, eur(5), "r", null)))
                .containsExactly("payment|REFUND_FAILED R1");
        assertThat(tasksAfter(new Event.RefundRequested(3, "R1", 0, eur(5)))).isEmpty();
        assertThat(tasksAfter(new Event.PaymentRefundFailed(3, "no", 1, null)))
                .containsExactly("payment|REFUND_FAILED R1");
        assertThat(tasksAfter(new Event.PaymentRefunded(3, eur(5), "late", null))).isEmpty();
    }

    @Test
    void a_failed_void_is_one_until_the_authorization_is_gone() throws SQLException {
        Object asked = new Event.VoidRequested(1, 4, eur(5));
        Object failed = new Event.PaymentVoidFailed(1, "no", 1, null);
        assertThat(tasksAfter(asked, failed)).containsExactly("payment|VOID_FAILED 4");
        assertThat(tasksAfter(new Event.AuthorizationExpired(4, eur(5)))).isEmpty();
        assertThat(tasksAfter(failed)).containsExactly("payment|VOID_FAILED 4");
        assertThat(tasksAfter(new Event.VoidRequested(2, 4, eur(5)))).isEmpty();
    }

    @Test
    void a_failed_capture_is_one_while_the_money_is_wanted() throws SQLException {
        Object failed = new Event.PaymentCaptureFailed(2, "no", null);
        Object some = new Event.PaymentCaptured(1, eur(30), "c", null);
        assertThat(tasksAfter(some, failed, wish(100))).containsExactly("payment|CAPTURE_FAILED");
        assertThat(tasksAfter(wish(31))).containsExactly("payment|CAPTURE_FAILED");
        assertThat(tasksAfter(wish(30))).isEmpty();
        assertThat(tasksAfter(failed, new Event.CaptureRequested(3, 2, "take-3", eur(5))))
                .isEmpty();
    }

    private static Event wish(long take) {
        return new Event.WishChanged("x", 1, eur(100), eur(take), List.of(), null);
    }

    @Test
    void what_was_refunded_twice_is_one_until_it_is_owed() throws SQLException {
        assertThat(
                        tasksAfter(
                                new Event.RefundRequested(1, "R1", 0, eur(5)),
                                new Event.PaymentRefundFailed(1, "no", 1, null),
                                new Event.PaymentRefundedBeyond(1, eur(5), "r", null)))
                .containsExactly("payment|REFUNDED_BEYOND 1");
        assertThat(tasksAfter(new Event.PaymentRefunded(1, eur(5), "r", null))).isEmpty();
    }

    @Test
    void what_was_refunded_twice_is_one_until_people_have_settled_it() throws SQLException {
        assertThat(tasksAfter(new Event.PaymentRefundedBeyond(1, eur(5), "r", null)))
                .containsExactly("payment|REFUNDED_BEYOND 1");
        assertThat(tasksAfter(new Event.PaymentRefundSettled(1, eur(5), "transferred"))).isEmpty();
    }

    @Test
    void a_dispute_is_one_until_it_is_decided_whenever_that_is_told() throws SQLException {
        assertThat(
                        tasksAfter(
                                new Event.DisputeOpened("d1", eur(5), "fraud", null),
                                new Event.DisputeOpened("d2", eur(5), "fraud", null),
                                new Event.DisputeClosed("d1", false, null)))
                .containsExactly("dispute|d2");
        assertThat(
                        tasksAfter(
                                new Event.DisputeClosed("d2", true, null),
                                new Event.DisputeClosed("d3", true, null),
                                new Event.DisputeOpened("d3", eur(5), "late", null)))
                .isEmpty();
    }

    @Test
    void what_helps_is_a_request_for_every_kind_of_task() {
        for (TaskKind kind : TaskKind.values()) {
            TaskHelp help = TaskHelp.of(kind, "x", "STALLED y");
            assertThat(help.href()).startsWith(kind == TaskKind.SAGA ? "/sagas/" : kind.href("x"));
            assertThat(help.says()).endsWith(".");
        }
        assertThat(TaskHelp.of(TaskKind.PAYMENT, "x", "VOID_FAILED 1").href())
                .isEqualTo("/payments/x/retry");
        assertThat(TaskHelp.of(TaskKind.PAYMENT, "x", "REFUNDED_BEYOND 1").href())
                .isEqualTo("/payments/x/settle");
        assertThat(TaskHelp.of(TaskKind.HOLD, "x", "MANUAL").href())
                .isEqualTo("/orders/x/holds/MANUAL");
    }
}
