// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.Baskets.CODE;
import static dev.fakta.orders.saga.Baskets.NOON;
import static dev.fakta.orders.saga.Baskets.eur;
import static dev.fakta.orders.saga.Baskets.placed;
import static dev.fakta.testkit.SagaScenario.scenario;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaState.Status;
import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.order.Axes;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.PaymentFacts;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.order.Standing;
import dev.fakta.orders.order.StockBook.Supply;
import dev.fakta.orders.order.StockFacts;
import dev.fakta.testkit.SagaScenario;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The rows of the order saga's table, as far as an order's confirmation.
class OrderSagaTest {

    private static final Saga<OrderSagaEvent, OrderSaga> SAGA = OrderSaga.saga(Risk.none());
    private static final OrderCreated ORDER = placed("card", true, "tea", "cup");
    private static final Instant FIFTEEN = NOON.plus(OrderSaga.RETRY_WINDOW);

    private static SagaScenario<OrderSagaEvent, OrderSaga> begun() {
        return scenario(SAGA, "o-1").when(ORDER);
    }

    private static SagaScenario<OrderSagaEvent, OrderSaga> reserved() {
        return begun().whenAccepted("reserve-redemption").when(stock(Supply.RESERVED));
    }

    private static Order.Event stock(Supply supply) {
        return new StockFacts.Event.OrderStockChanged(List.of(), supply, Standing.CREATED);
    }

    private static SagaScenario<OrderSagaEvent, OrderSaga> asked() {
        return reserved().whenAccepted("request-payment");
    }

    private static Standing standing(Axes.Payment payment) {
        return new Standing(
                Axes.Lifecycle.CREATED, payment, Axes.Fulfilment.UNALLOCATED, Axes.Returns.NONE);
    }

    private static PaymentFacts.Event authorized() {
        return new PaymentFacts.Event.OrderPaymentAuthorized(
                "authorization-1", ORDER.totals().grand(), standing(Axes.Payment.AUTHORIZED));
    }

    private static PaymentFacts.Event declined() {
        return new PaymentFacts.Event.OrderPaymentDeclined(
                "authorization-1", standing(Axes.Payment.DECLINED));
    }

    private static final Campaign.Command GIVE_BACK =
            new Campaign.Command.ReleaseRedemption("o-1", CODE);

    private static SagaScenario<OrderSagaEvent, OrderSaga> confirmed() {
        return asked().when(authorized())
                .whenAccepted("confirm-redemption")
                .when(stock(Supply.FIRM))
                .whenAccepted("confirm-order");
    }

    @Test
    void row_1_a_code_is_reserved_first() {
        begun().thenSends(
                        new Campaign.Command.ReserveRedemption(
                                "o-1",
                                "customer-1",
                                CODE,
                                NOON.plus(OrderSaga.LONGEST_WAIT),
                                eur(100)));
    }

    @Test
    void row_1_a_code_that_is_used_up_rejects_the_order() {
        begun().whenRefused("reserve-redemption", Campaign.Refusal.USES_EXHAUSTED)
                .thenSends(new Order.Command.RejectOrder(RejectReason.CODE_EXHAUSTED))
                .whenAccepted("reject-order")
                .thenCompleted();
    }

    @Test
    void row_2_nobody_is_asked_for_money_before_the_order_has_its_stock() {
        begun().whenAccepted("reserve-redemption")
                .thenSendsNothing()
                .when(stock(Supply.ASKED))
                .thenSendsNothing()
                .when(stock(Supply.RESERVED))
                .thenSends(new PaymentFacts.Command.RequestPayment());
        begun().when(stock(Supply.RESERVED))
                .thenSendsNothing()
                .whenAccepted("reserve-redemption")
                .thenSends(new PaymentFacts.Command.RequestPayment());
    }

    @Test
    void row_2_an_order_that_is_out_of_stock_gives_its_code_back_and_is_rejected() {
        begun().whenAccepted("reserve-redemption")
                .when(stock(Supply.MISSING))
                .thenSends(GIVE_BACK)
                .whenAccepted("reserve-redemption")
                .thenSends(new Order.Command.RejectOrder(RejectReason.OUT_OF_STOCK))
                .whenAccepted("reject-order")
                .thenCompleted();
    }

    @Test
    void row_2_an_order_whose_stock_was_kept_long_enough_is_rejected() {
        asked().when(stock(Supply.OVER))
                .thenSends(GIVE_BACK)
                .whenAccepted("reserve-redemption")
                .thenSends(new Order.Command.RejectOrder(RejectReason.TIMEOUT));
    }

    @Test
    void row_2_a_confirmed_order_is_not_undone_by_what_is_missing_later() {
        confirmed().when(stock(Supply.MISSING)).thenSendsNothing();
    }

    @Test
    void row_4_with_codes_and_stock_the_order_asks_for_its_money() {
        reserved().thenSends(new PaymentFacts.Command.RequestPayment());
    }

    @Test
    void row_4_declined_the_customer_may_try_another_card() {
        asked().when(declined())
                .thenSends(new StockFacts.Command.KeepStock(FIFTEEN))
                .whenAccepted("keep-stock-longer")
                .when(authorized())
                .thenSends(new Campaign.Command.ConfirmRedemption("o-1", CODE))
                .whenTimePasses(OrderSaga.RETRY_WINDOW)
                .thenSendsNothing();
    }

    @Test
    void row_4_declined_three_times_all_is_taken_back() {
        asked().when(declined())
                .when(declined())
                .when(declined())
                .thenSends(GIVE_BACK)
                .whenAccepted("reserve-redemption")
                .thenSends(new Order.Command.RejectOrder(RejectReason.PAYMENT_DECLINED));
    }

    @Test
    void row_4_declined_and_nothing_else_tried_in_time_all_is_taken_back() {
        asked().when(declined())
                .whenAccepted("keep-stock-longer")
                .whenTimePasses(OrderSaga.RETRY_WINDOW)
                .thenSends(GIVE_BACK)
                .whenAccepted("reserve-redemption")
                .thenSends(new Order.Command.RejectOrder(RejectReason.PAYMENT_DECLINED))
                .whenAccepted("reject-order")
                .thenCompleted();
    }

    @Test
    void row_4_without_an_answer_the_goods_stay_reserved_and_the_order_says_so() {
        Instant halfPast = NOON.plus(OrderSaga.ANSWER_WINDOW);
        asked().whenTimePasses(OrderSaga.STOCK_WINDOW)
                .thenSends(new StockFacts.Command.KeepStock(halfPast.plus(OrderSaga.RETRY_WINDOW)))
                .whenAccepted("keep-stock-longer")
                .whenTimePasses(OrderSaga.ANSWER_WINDOW.minus(OrderSaga.STOCK_WINDOW))
                .andState(saga -> assertThat(saga.isOverdue()).isTrue())
                .thenIs(Status.LIVE)
                .when(authorized())
                .andState(saga -> assertThat(saga.isOverdue()).isFalse());
    }

    @Test
    void row_4_a_part_that_is_promised_does_not_confirm_the_order() {
        asked().when(
                        new PaymentFacts.Event.OrderStoreCreditAuthorized(
                                "store-credit", eur(100), standing(Axes.Payment.PENDING)))
                .thenSendsNothing();
    }

    @Test
    void row_4_lines_that_are_cancelled_can_make_what_is_promised_enough() {
        asked().when(
                        new Order.Event.OrderLinesCancelled(
                                List.of(new LineUnits(1, 1)),
                                "",
                                eur(1000),
                                standing(Axes.Payment.AUTHORIZED)))
                .thenSends(new Campaign.Command.ConfirmRedemption("o-1", CODE));
    }

    @Test
    void row_5_the_order_is_confirmed_when_code_and_stock_are_its_own_for_good() {
        asked().when(authorized())
                .thenSends(new Campaign.Command.ConfirmRedemption("o-1", CODE))
                .whenAccepted("confirm-redemption")
                .thenSendsNothing()
                .when(stock(Supply.FIRM))
                .thenSends(new Order.Command.ConfirmOrder());
        asked().when(authorized())
                .when(stock(Supply.FIRM))
                .thenSendsNothing()
                .whenAccepted("confirm-redemption")
                .thenSends(new Order.Command.ConfirmOrder());
    }

    @Test
    void row_5_cancelled_meanwhile_all_is_undone_and_the_order_is_cancelled() {
        asked().when(authorized())
                .whenAccepted("confirm-redemption")
                .when(stock(Supply.FIRM))
                .whenRefused("confirm-order", Order.Refusal.ORDER_CANCELLING)
                .thenSends(GIVE_BACK)
                .when(new Order.Event.OrderCancellationRequested("", Standing.CREATED))
                .whenAccepted("reserve-redemption")
                .thenSends(new Order.Command.CompleteCancellation())
                .whenAccepted("complete-cancellation")
                .thenCompleted();
    }

    @Test
    void row_5_a_promise_that_is_lost_meanwhile_is_waited_for() {
        asked().when(authorized())
                .whenAccepted("confirm-redemption")
                .when(stock(Supply.FIRM))
                .whenRefused("confirm-order", Order.Refusal.PAYMENT_NOT_AUTHORIZED)
                .thenSendsNothing()
                .when(authorized())
                .thenSends(new Order.Command.ConfirmOrder());
    }

    @Test
    void an_order_on_invoice_is_confirmed_without_money() {
        scenario(SAGA, "o-2")
                .when(placed("invoice", false, "tea"))
                .thenSendsNothing()
                .when(stock(Supply.FIRM))
                .thenSends(new Order.Command.ConfirmOrder());
    }

    @Test
    void cancel_row_a_confirmed_order_gives_back_money_stock_and_code() {
        confirmed()
                .when(new Order.Event.OrderCancellationRequested("", Standing.CREATED))
                .thenSends(GIVE_BACK)
                .whenAccepted("reserve-redemption")
                .thenSends(new Order.Command.CompleteCancellation());
    }

    @Test
    void cancel_row_an_order_that_nobody_had_begun_to_work_on_is_cancelled_already() {
        begun().when(new Order.Event.OrderCancelled("", Standing.CANCELLED))
                .thenSendsNothing() // the reservation of the code is on its way
                .whenAccepted("reserve-redemption")
                .thenSends(GIVE_BACK)
                .whenAccepted("reserve-redemption")
                .thenCompleted();
    }

    @Test
    void a_confirmed_order_that_nothing_is_heard_of_is_listed_for_the_operator() {
        confirmed().whenTimePasses(OrderSaga.PATIENCE).thenStuck("nothing has come");
    }

    private static SagaScenario<OrderSagaEvent, OrderSaga> suspicious() {
        Risk risk = new Risk(Map.of(ORDER.currency(), ORDER.totals().grand().minor() - 1));
        return scenario(OrderSaga.saga(risk), "o-1")
                .when(ORDER)
                .whenAccepted("reserve-redemption")
                .when(stock(Supply.RESERVED));
    }

    @Test
    void row_3_a_suspicious_order_is_held_with_its_stock_until_somebody_has_looked() {
        Instant until = NOON.plus(OrderSaga.REVIEW_WINDOW);
        suspicious()
                .thenSends(
                        new Order.Command.PlaceHold(
                                "FRAUD_REVIEW",
                                "The order is above the amount that somebody looks at."),
                        new StockFacts.Command.KeepStock(until))
                .whenAccepted("hold-order")
                .whenAccepted("keep-stock-longer")
                .when(new Order.Event.OrderHoldReleased(HoldKind.FRAUD_REVIEW))
                .thenSends(new PaymentFacts.Command.RequestPayment());
    }

    @Test
    void row_3_an_order_that_somebody_rejects_leaves_nothing_behind() {
        suspicious()
                .whenAccepted("hold-order")
                .whenAccepted("keep-stock-longer")
                .when(new Order.Event.OrderRejected(RejectReason.FRAUD, Standing.CREATED))
                .thenSends(GIVE_BACK)
                .whenAccepted("reserve-redemption")
                .thenCompleted();
    }

    @Test
    void row_3_an_order_that_nobody_looks_at_is_rejected_in_the_end() {
        suspicious()
                .whenAccepted("hold-order")
                .whenAccepted("keep-stock-longer")
                .whenTimePasses(OrderSaga.REVIEW_WINDOW)
                .thenSends(GIVE_BACK)
                .whenAccepted("reserve-redemption")
                .thenSends(new Order.Command.RejectOrder(RejectReason.TIMEOUT));
    }

    @Test
    void row_3_a_suspicious_order_on_invoice_is_confirmed_after_somebody_has_looked() {
        OrderCreated order = placed("invoice", false, "tea");
        Risk risk = new Risk(Map.of(order.currency(), order.totals().grand().minor() - 1));
        scenario(OrderSaga.saga(risk), "o-1")
                .when(order)
                .when(stock(Supply.FIRM))
                .whenAccepted("hold-order")
                .whenAccepted("keep-stock-longer")
                .thenSendsNothing()
                .when(new Order.Event.OrderHoldReleased(HoldKind.FRAUD_REVIEW))
                .thenSends(new Order.Command.ConfirmOrder());
    }

    @Test
    void a_duplicate_of_any_input_changes_nothing() {
        asked().when(authorized()).whenRepeated().thenSendsNothing();
    }
}
