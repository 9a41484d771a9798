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
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Edits;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.PaymentFacts;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.order.ShipmentFacts;
import dev.fakta.orders.order.Standing;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.StoreCredit;
import dev.fakta.orders.saga.FulfilmentProcessors.KeepRequest;
import dev.fakta.testkit.SagaScenario;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The rows of the order saga's table, as far as an order's confirmation.
class OrderSagaTest {

    private static final Saga<OrderSagaEvent, OrderSaga> SAGA = OrderSaga.saga(Risk.none());
    private static final OrderCreated ORDER = placed("card", true, "tea", "cup");
    private static final Instant FIFTEEN = NOON.plus(OrderSteps.RESERVED_FOR);

    private static SagaScenario<OrderSagaEvent, OrderSaga> begun() {
        return scenario(SAGA, "o-1").when(ORDER);
    }

    private static SagaScenario<OrderSagaEvent, OrderSaga> reserved() {
        return begun().whenAccepted("reserve-redemption").whenAccepted("reserve-stock");
    }

    private static SagaScenario<OrderSagaEvent, OrderSaga> asked() {
        return reserved().whenAccepted("tell-order-of-money").whenAccepted("authorize");
    }

    private static Payment.Event authorized(int number) {
        return new Payment.Event.PaymentAuthorized(
                number, ORDER.totals().grand(), "ref", NOON.plus(Duration.ofDays(7)), null);
    }

    private static Payment.Event declined(int number) {
        return new Payment.Event.PaymentDeclined(number, "insufficient funds", null);
    }

    private static StockItem.Command release(int line) {
        return new StockItem.Command.ReleaseReservation("o-1", line, null);
    }

    private static final Campaign.Command GIVE_BACK =
            new Campaign.Command.ReleaseRedemption("o-1", CODE);

    private static SagaScenario<OrderSagaEvent, OrderSaga> confirmed() {
        return asked().when(authorized(1))
                .whenAccepted("tell-order-of-money")
                .whenAccepted("confirm-redemption")
                .whenAccepted("confirm-reservation")
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
    void row_2_stock_is_reserved_for_all_lines_at_once_for_fifteen_minutes() {
        begun().whenAccepted("reserve-redemption")
                .thenSends(
                        new StockItem.Command.Reserve("o-1", 0, 1L, FIFTEEN, false),
                        new StockItem.Command.Reserve("o-1", 1, 1L, FIFTEEN, false));
    }

    @Test
    void row_2_a_line_that_is_out_of_stock_undoes_the_others_and_rejects() {
        begun().whenAccepted("reserve-redemption")
                .whenRefused("reserve-stock", "1", StockItem.Refusal.OUT_OF_STOCK)
                .thenSendsNothing() // the other line has not answered: it might be reserved later
                .whenAccepted("reserve-stock", "0")
                .thenSends(release(0))
                .whenAccepted("reserve-stock", "0")
                .thenSends(GIVE_BACK)
                .whenAccepted("reserve-redemption")
                .thenSends(new Order.Command.RejectOrder(RejectReason.OUT_OF_STOCK))
                .whenAccepted("reject-order")
                .thenCompleted();
    }

    @Test
    void row_4_the_order_is_pending_before_anybody_is_asked_for_money() {
        reserved()
                .thenSends(new PaymentFacts.Command.RecordPaymentPending("pending-1"))
                .whenAccepted("tell-order-of-money")
                .thenSends(
                        new Payment.Command.RequestAuthorization(
                                "o-1",
                                ORDER.totals().grand(),
                                ORDER.totals().grand(),
                                "card",
                                "tok_ok"));
    }

    @Test
    void row_4_declined_the_customer_may_try_another_card() {
        asked().when(declined(1))
                .thenSends(
                        new StockItem.Command.ExtendReservation("o-1", 0, FIFTEEN),
                        new StockItem.Command.ExtendReservation("o-1", 1, FIFTEEN),
                        new PaymentFacts.Command.RecordPaymentDeclined("declined-1"))
                .when(authorized(2))
                .thenSends(
                        new PaymentFacts.Command.RecordPaymentAuthorized(
                                "authorized-2", ORDER.totals().grand()));
    }

    @Test
    void row_4_declined_three_times_all_is_taken_back() {
        asked().when(declined(1))
                .when(declined(2))
                .when(declined(3))
                .thenSends(
                        new PaymentFacts.Command.RecordPaymentDeclined("declined-3"),
                        new Payment.Command.VoidPayment());
    }

    @Test
    void row_4_declined_and_nothing_else_tried_in_time_all_is_taken_back() {
        asked().when(declined(1))
                .whenAccepted("tell-order-of-money")
                .whenAccepted("extend-reservation")
                .whenTimePasses(OrderSaga.RETRY_WINDOW)
                .thenSends(new Payment.Command.VoidPayment())
                .whenAccepted("authorize")
                .thenSends(release(1))
                .whenAccepted("reserve-stock")
                .thenSends(release(0))
                .whenAccepted("reserve-stock")
                .thenSends(GIVE_BACK)
                .whenAccepted("reserve-redemption")
                .thenSends(new Order.Command.RejectOrder(RejectReason.PAYMENT_DECLINED))
                .whenAccepted("reject-order")
                .thenCompleted();
    }

    @Test
    void row_4_without_an_answer_the_goods_stay_reserved_and_the_order_says_so() {
        asked().whenTimePasses(OrderSaga.ANSWER_WINDOW)
                .andState(saga -> assertThat(saga.isOverdue()).isTrue())
                .thenIs(Status.LIVE)
                .when(authorized(1))
                .thenSends(
                        new Order.Command.ReleaseHold("PAYMENT_RISK"),
                        new PaymentFacts.Command.RecordPaymentAuthorized(
                                "authorized-1", ORDER.totals().grand()));
    }

    private static final OrderCreated CREDITED =
            placed(new OrderCreated.Payment("card", "tok_ok", true), false, "tea");

    private static final Money ALL = CREDITED.totals().grand();

    private static StoreCredit.Event promised(Money amount) {
        return new StoreCredit.Event.StoreCreditAuthorized("o-1", amount);
    }

    private static SagaScenario<OrderSagaEvent, OrderSaga> setAside(OrderCreated order) {
        return scenario(SAGA, "o-1").when(order).whenAccepted("reserve-stock");
    }

    private static SagaScenario<OrderSagaEvent, OrderSaga> half() {
        return setAside(CREDITED)
                .whenAccepted("set-aside-store-credit")
                .whenIn("customer-1", promised(eur(500)))
                .whenAccepted("tell-order-of-money")
                .whenAccepted("tell-order-of-money")
                .whenAccepted("authorize")
                .when(
                        new Payment.Event.PaymentAuthorized(
                                1, eur(1000), "ref", NOON.plus(Duration.ofDays(7)), null))
                .whenAccepted("tell-order-of-money");
    }

    private static SagaScenario<OrderSagaEvent, OrderSaga> halfTaken() {
        return half().whenAccepted("confirm-reservation")
                .whenAccepted("confirm-order")
                .whenAccepted("take-store-credit")
                .whenIn(
                        "customer-1",
                        new StoreCredit.Event.StoreCreditCaptured("o-1", "order", eur(500)))
                .whenAccepted("tell-order-of-money");
    }

    @Test
    void row_4_store_credit_comes_first_and_the_card_pays_the_rest() {
        setAside(CREDITED)
                .thenSends(new StoreCredit.Command.AuthorizeUpTo("o-1", ALL))
                .whenAccepted("set-aside-store-credit")
                .whenIn("customer-1", promised(eur(500)))
                .thenSends(
                        new PaymentFacts.Command.RecordStoreCreditAuthorized(
                                "credit-authorized-2", eur(500)))
                .whenAccepted("tell-order-of-money")
                .thenSends(new PaymentFacts.Command.RecordPaymentPending("pending-1"))
                .whenAccepted("tell-order-of-money")
                .thenSends(
                        new Payment.Command.RequestAuthorization(
                                "o-1", ALL, eur(1000), "card", "tok_ok"));
        half().thenSends(new StockItem.Command.ConfirmReservation("o-1", 0, 0L));
    }

    @Test
    void row_4_store_credit_that_is_enough_needs_no_card() {
        setAside(CREDITED)
                .whenAccepted("set-aside-store-credit")
                .whenIn("customer-1", promised(ALL))
                .whenAccepted("tell-order-of-money")
                .thenSends(new StockItem.Command.ConfirmReservation("o-1", 0, 0L))
                .whenAccepted("confirm-reservation")
                .whenAccepted("confirm-order")
                .thenSends(new StoreCredit.Command.Capture("o-1", "order", ALL));
    }

    @Test
    void row_4_without_store_credit_the_card_pays_it_all() {
        setAside(CREDITED)
                .whenRefused("set-aside-store-credit", StoreCredit.Refusal.INSUFFICIENT_CREDIT)
                .whenAccepted("tell-order-of-money")
                .thenSends(
                        new Payment.Command.RequestAuthorization(
                                "o-1", ALL, ALL, "card", "tok_ok"));
    }

    @Test
    void row_4_store_credit_alone_that_is_not_enough_is_declined_and_another_way_may_be_tried() {
        setAside(placed("store-credit", false, "tea"))
                .thenSends(new StoreCredit.Command.Authorize("o-1", ALL))
                .whenRefused("set-aside-store-credit", StoreCredit.Refusal.INSUFFICIENT_CREDIT)
                .thenSends(
                        new StockItem.Command.ExtendReservation(
                                "o-1", 0, FIFTEEN.plus(OrderSaga.RETRY_WINDOW)),
                        new PaymentFacts.Command.RecordPaymentDeclined("declined-0"))
                .whenAccepted("extend-reservation")
                .whenAccepted("tell-order-of-money")
                .whenTimePasses(OrderSaga.RETRY_WINDOW)
                .thenSends(release(0));
    }

    @Test
    void cancel_row_store_credit_that_was_set_aside_is_let_go() {
        half().when(new Order.Event.OrderCancellationRequested("", Standing.CREATED))
                .thenSends(new Payment.Command.VoidPayment())
                .whenAccepted("confirm-reservation")
                .whenAccepted("authorize")
                .thenSends(new StoreCredit.Command.Release("o-1"))
                .whenIn("customer-1", new StoreCredit.Event.StoreCreditReleased("o-1", eur(500)))
                .thenSends(
                        new PaymentFacts.Command.RecordPaymentVoided(
                                "credit-released-5", eur(500)));
    }

    @Test
    void cancel_row_cards_get_theirs_back_before_store_credit_does() {
        halfTaken()
                .when(new Payment.Event.PaymentCaptured(1, eur(700), "ref", null))
                .whenAccepted("tell-order-of-money")
                .when(new PaymentFacts.Event.OrderRefundRequested(eur(900), Standing.CREATED))
                .andState(saga -> assertThat(saga.funds().kept()).isZero())
                .thenSends(
                        new Payment.Command.Refund("owed-6", eur(700)),
                        new StoreCredit.Command.Refund("o-1", "owed-6", eur(200)));
    }

    @Test
    void late_row_store_credit_of_an_order_that_is_closed_is_let_go() {
        halfTaken()
                .when(new PaymentFacts.Event.OrderVoidRequested(eur(1000), Standing.CREATED))
                .thenSends(
                        new StoreCredit.Command.Release("o-1"), new Payment.Command.VoidPayment());
    }

    @Test
    void row_5_the_order_is_not_confirmed_before_it_knows_what_of_it_waits_for_stock() {
        asked().when(authorized(1))
                .whenAccepted("tell-order-of-money")
                .whenAccepted("confirm-redemption")
                .whenAccepted("confirm-reservation", "0")
                .whenRefused("confirm-reservation", StockItem.Refusal.WAITING_DIFFERS)
                .thenSendsNothing()
                .whenIn("cup@main", new StockItem.Event.StockBackordered("o-1", 1, 1, FIFTEEN))
                .whenTimePasses(Duration.ofSeconds(1))
                .thenSends(new StockItem.Command.ConfirmReservation("o-1", 1, 1L))
                .whenAccepted("confirm-reservation", "1")
                .thenSendsNothing() // the order has not answered that it knows
                .whenAccepted("tell-order-of-backorder")
                .thenSends(new Order.Command.ConfirmOrder());
    }

    @Test
    void row_5_when_the_money_is_there_everything_is_confirmed_and_then_the_order() {
        asked().when(authorized(1))
                .whenAccepted("tell-order-of-money")
                .thenSends(
                        new Campaign.Command.ConfirmRedemption("o-1", CODE),
                        new StockItem.Command.ConfirmReservation("o-1", 0, 0L),
                        new StockItem.Command.ConfirmReservation("o-1", 1, 0L))
                .whenAccepted("confirm-redemption")
                .whenAccepted("confirm-reservation")
                .thenSends(new Order.Command.ConfirmOrder());
    }

    @Test
    void row_5_cancelled_meanwhile_all_is_undone_and_the_order_is_cancelled() {
        asked().when(authorized(1))
                .whenAccepted("tell-order-of-money")
                .whenAccepted("confirm-redemption")
                .whenAccepted("confirm-reservation")
                .whenRefused("confirm-order", Order.Refusal.ORDER_CANCELLING)
                .thenSends(new Payment.Command.VoidPayment())
                .when(new Order.Event.OrderCancellationRequested("", Standing.CREATED))
                .whenAccepted("authorize")
                .whenAccepted("reserve-stock")
                .whenAccepted("reserve-stock")
                .whenAccepted("reserve-redemption")
                .thenSends(new Order.Command.CompleteCancellation())
                .whenAccepted("complete-cancellation")
                .thenCompleted();
    }

    @Test
    void an_order_on_invoice_is_confirmed_without_money() {
        scenario(SAGA, "o-2")
                .when(placed("invoice", false, "tea"))
                .whenAccepted("reserve-stock")
                .thenSends(new StockItem.Command.ConfirmReservation("o-2", 0, 0L))
                .whenAccepted("confirm-reservation")
                .thenSends(new Order.Command.ConfirmOrder());
    }

    @Test
    void an_order_that_hears_of_its_backorder_first_is_not_confirmed_by_that() {
        scenario(SAGA, "o-2")
                .when(placed("invoice", false, "tea"))
                .whenIn("tea@main", new StockItem.Event.StockBackordered("o-2", 0, 1, FIFTEEN))
                .whenAccepted("tell-order-of-backorder")
                .thenSendsNothing()
                .whenAccepted("reserve-stock")
                .thenSends(new StockItem.Command.ConfirmReservation("o-2", 0, 1L));
    }

    @Test
    void cancel_row_a_confirmed_order_gives_back_money_stock_and_code() {
        confirmed()
                .when(new Order.Event.OrderCancellationRequested("", Standing.CREATED))
                .thenSends(new Payment.Command.VoidPayment())
                .whenAccepted("authorize")
                .thenSends(release(1))
                .whenAccepted("reserve-stock")
                .thenSends(release(0))
                .whenAccepted("reserve-stock")
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
    void late_row_money_that_comes_after_the_reject_is_told_and_given_back() {
        asked().when(declined(1))
                .whenAccepted("tell-order-of-money")
                .whenAccepted("extend-reservation")
                .whenTimePasses(OrderSaga.RETRY_WINDOW)
                .whenAccepted("authorize")
                .whenAccepted("reserve-stock")
                .whenAccepted("reserve-stock")
                .whenAccepted("reserve-redemption")
                .whenAccepted("reject-order")
                .thenCompleted()
                .when(authorized(1))
                .thenSends(
                        new PaymentFacts.Command.RecordPaymentAuthorized(
                                "authorized-1", ORDER.totals().grand()))
                .when(
                        new PaymentFacts.Event.OrderVoidRequested(
                                ORDER.totals().grand(), Standing.CREATED))
                .thenSends(new Payment.Command.VoidPayment());
    }

    @Test
    void late_row_money_that_was_captured_after_the_cancellation_is_refunded() {
        confirmed()
                .when(new PaymentFacts.Event.OrderRefundRequested(eur(700), Standing.CREATED))
                .thenSends(new Payment.Command.Refund("owed-3", eur(700)));
    }

    @Test
    void a_fact_that_the_order_cannot_count_yet_is_told_again() {
        confirmed()
                .when(new Payment.Event.PaymentVoided(1, "ref", null))
                .whenRefused("tell-order-of-money", Order.Refusal.NOT_SET_ASIDE)
                .whenTimePasses(Duration.ofSeconds(1))
                .thenSends(
                        new PaymentFacts.Command.RecordPaymentVoided(
                                "voided-1", ORDER.totals().grand()));
    }

    @Test
    void a_confirmed_order_that_nothing_is_heard_of_is_listed_for_the_operator() {
        confirmed().whenTimePasses(OrderSaga.PATIENCE).thenStuck("nothing has come");
    }

    @Test
    void row_2_what_waits_for_stock_is_told_to_the_order_until_it_is_there() {
        reserved()
                .whenIn("cup@main", new StockItem.Event.StockBackordered("o-1", 1, 1, FIFTEEN))
                .thenSends(
                        new ShipmentFacts.Command.RecordBackordered(List.of(new LineUnits(1, 1))))
                .whenAccepted("tell-order-of-backorder")
                .whenIn("cup@main", new StockItem.Event.StockBackorderFilled("o-1", 1, 1))
                .thenSends(
                        new ShipmentFacts.Command.RecordBackordered(List.of(new LineUnits(1, 0))));
    }

    private static SagaScenario<OrderSagaEvent, OrderSaga> suspicious() {
        Risk risk = new Risk(Map.of(ORDER.currency(), ORDER.totals().grand().minor() - 1));
        return scenario(OrderSaga.saga(risk), "o-1")
                .when(ORDER)
                .whenAccepted("reserve-redemption")
                .whenAccepted("reserve-stock");
    }

    @Test
    void row_3_a_suspicious_order_is_held_with_its_stock_until_somebody_has_looked() {
        Instant until = NOON.plus(OrderSaga.REVIEW_WINDOW);
        suspicious()
                .thenSends(
                        new Order.Command.PlaceHold(
                                "FRAUD_REVIEW",
                                "The order is above the amount that somebody looks at."),
                        new StockItem.Command.ExtendReservation("o-1", 0, until),
                        new StockItem.Command.ExtendReservation("o-1", 1, until))
                .whenAccepted("hold-order")
                .whenAccepted("extend-reservation")
                .when(new Order.Event.OrderHoldReleased(HoldKind.FRAUD_REVIEW))
                .thenSends(new PaymentFacts.Command.RecordPaymentPending("pending-1"));
    }

    @Test
    void row_3_an_order_that_somebody_rejects_leaves_nothing_behind() {
        suspicious()
                .whenAccepted("hold-order")
                .whenAccepted("extend-reservation")
                .when(new Order.Event.OrderRejected(RejectReason.FRAUD, Standing.CREATED))
                .thenSends(release(1))
                .whenAccepted("reserve-stock")
                .thenSends(release(0))
                .whenAccepted("reserve-stock")
                .thenSends(GIVE_BACK)
                .whenAccepted("reserve-redemption")
                .thenCompleted();
    }

    @Test
    void row_3_an_order_that_nobody_looks_at_is_rejected_in_the_end() {
        suspicious()
                .whenAccepted("hold-order")
                .whenAccepted("extend-reservation")
                .whenTimePasses(OrderSaga.REVIEW_WINDOW)
                .thenSends(release(1));
    }

    @Test
    void cancel_row_units_of_a_line_give_their_stock_back() {
        confirmed()
                .when(
                        new Order.Event.OrderLinesCancelled(
                                List.of(new LineUnits(1, 1)), "", eur(1000), Standing.CREATED))
                .thenSends(new KeepRequest("o-1", 1))
                .whenAccepted("keep-stock")
                .when(new Order.Event.OrderCompleted(Standing.CREATED))
                .thenSends(new KeepRequest("o-1", 1))
                .whenAccepted("keep-stock")
                .thenCompleted();
    }

    @Test
    void edit_stock_for_a_line_that_was_added_is_set_aside_before_it_may_leave() {
        confirmed()
                .when(added("pot"))
                .thenSends(new StockItem.Command.Reserve("o-1", 2, 1L, FIFTEEN, false))
                .whenAccepted("reserve-added-line")
                .thenSends(new StockItem.Command.ConfirmReservation("o-1", 2, 0L))
                .whenAccepted("confirm-added-line")
                .thenSends(
                        new ShipmentFacts.Command.RecordBackordered(List.of(new LineUnits(2, 0))));
    }

    @Test
    void edit_a_line_that_was_added_and_is_not_in_stock_is_cancelled() {
        confirmed()
                .when(added("pot"))
                .whenRefused("reserve-added-line", StockItem.Refusal.OUT_OF_STOCK)
                .thenSends(
                        new Order.Command.CancelLines(
                                new ArrayList<>(List.of(new LineUnits(2, 1))), "Not in stock."));
    }

    private static Edits.Event added(String sku) {
        return new Edits.Event.OrderEdited(
                new Edits.Proposal(
                        List.of(), placed("card", false, sku).lines(), eur(0), ORDER.totals()),
                Standing.CREATED);
    }

    @Test
    void cancel_row_a_refund_that_fails_is_asked_for_again() {
        confirmed()
                .when(new PaymentFacts.Event.OrderRefundRequested(eur(500), Standing.CREATED))
                .whenAccepted("refund-payment")
                .when(new Payment.Event.PaymentRefundFailed(1, "no", null))
                .thenSendsNothing()
                .whenTimePasses(Duration.ofMinutes(10))
                .andState(saga -> assertThat(saga.isCancelling()).isFalse())
                .thenSends(new Payment.Command.Refund(owed(confirmed()), eur(500)));
    }

    /// What the refund is for: the order's event that asks for it.
    private static String owed(SagaScenario<OrderSagaEvent, OrderSaga> before) {
        return before.when(new PaymentFacts.Event.OrderRefundRequested(eur(500), Standing.CREATED))
                .state()
                .runs()
                .getLast()
                .key()
                .replaceFirst("owed\\.(\\d+)\\..*", "owed-$1");
    }

    @Test
    void a_duplicate_of_any_input_changes_nothing() {
        asked().when(authorized(1)).whenRepeated().thenSendsNothing();
    }
}
