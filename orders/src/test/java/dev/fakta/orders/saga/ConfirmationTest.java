// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.Baskets.CAMPAIGN;
import static dev.fakta.orders.saga.Baskets.CODE;
import static dev.fakta.orders.saga.Baskets.NOON;
import static dev.fakta.orders.saga.Baskets.eur;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.campaign.Campaign.Command.Use.Wanted;
import dev.fakta.orders.campaign.CampaignRoutes;
import dev.fakta.orders.campaign.Definitions;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.PaymentFacts.Command.Pay;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentRequested;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.payments.Operation.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The rows of the saga table as far as an order's confirmation: orders, campaigns, stock and
/// payments together. A code takes a euro off two things for ten euros each; the provider says what
/// the test says.
class ConfirmationTest {

    private static final Instant QUARTER = NOON.plus(Duration.ofMinutes(15));
    private static final Instant REVIEWED = NOON.plus(Duration.ofDays(3));

    private final Shop shop = new Shop();

    private void stock(long units) {
        for (String sku : List.of("tea", "cup")) {
            shop.count(sku, units);
        }
        shop.world()
                .process(
                        CampaignRoutes.DEFINE,
                        CAMPAIGN,
                        Definitions.percentage("5").codes(CODE).uses(1L, null).command());
    }

    private static OrderCreated wanted(String method) {
        return Baskets.keptUntil(Baskets.placed(method, true, "tea", "cup"), QUARTER);
    }

    private static OrderCreated reviewed(String method) {
        return Baskets.reviewed(Baskets.keptUntil(wanted(method), REVIEWED));
    }

    private void placed() {
        stock(10);
        shop.place(wanted("card"));
    }

    private Wanted code() {
        return shop.world().state(Campaign.AGGREGATE, CAMPAIGN).standing(Shop.ID, CODE).is();
    }

    private long reserved() {
        return shop.stock("tea").reservations().reserved();
    }

    private long requests() {
        return shop.world().events(Order.AGGREGATE, Shop.ID).stream()
                .filter(OrderPaymentRequested.class::isInstance)
                .count();
    }

    private void isRejected(RejectReason reason) {
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.REJECTED);
        assertThat(shop.order().progress().rejected()).isEqualTo(reason);
        leftNothing();
    }

    private void leftNothing() {
        assertThat(code()).isEqualTo(Wanted.NOTHING);
        assertThat(reserved()).isZero();
        assertThat(shop.payment().standing().setAside()).isZero();
        assertThat(shop.world().alarms(PaymentClock.CLOCK)).isEmpty();
    }

    private void isConfirmed() {
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
        assertThat(code()).isEqualTo(Wanted.REDEEMED);
        assertThat(shop.order().stock().lines()).allMatch(line -> line.until() == null);
    }

    @Test
    void row_1_a_code_is_set_aside_for_its_order() {
        placed();
        assertThat(code()).isEqualTo(Wanted.SET_ASIDE);
    }

    @Test
    void row_1_a_code_that_is_used_up_rejects_the_order() {
        stock(10);
        shop.world()
                .send(
                        Campaign.AGGREGATE,
                        CAMPAIGN,
                        new Campaign.Command.Use(
                                "other", "c", CODE, 1L, Wanted.REDEEMED, eur(100), null, NOON));
        shop.place(wanted("card"));
        isRejected(RejectReason.CODE_EXHAUSTED);
        assertThat(requests()).isZero();
    }

    @Test
    void row_2_nobody_is_asked_for_money_before_the_order_has_its_stock_and_its_code() {
        shop.world()
                .process(
                        CampaignRoutes.DEFINE,
                        CAMPAIGN,
                        Definitions.percentage("5").codes(CODE).command());
        shop.place(wanted("card"));
        assertThat(requests()).isZero();
    }

    @Test
    void row_2_an_order_that_is_out_of_stock_gives_its_code_back_and_is_rejected() {
        stock(0);
        shop.place(wanted("card"));
        isRejected(RejectReason.OUT_OF_STOCK);
        assertThat(requests()).isZero();
    }

    @Test
    void row_2_an_order_whose_stock_was_kept_long_enough_is_rejected() {
        placed();
        shop.pass(Duration.ofMinutes(5));
        shop.declines();
        shop.pass(Duration.ofMinutes(5));
        shop.tell(new Pay("card", "tok_2"));
        shop.declines();
        shop.pass(Duration.ofDays(1));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.REJECTED);
        leftNothing();
    }

    @Test
    void row_3_a_suspicious_order_is_held_with_its_stock_until_somebody_has_looked() {
        stock(10);
        shop.place(reviewed("card"));
        assertThat(shop.order().holds())
                .extracting(Order.Hold::kind)
                .containsExactly(HoldKind.FRAUD_REVIEW);
        shop.pass(Duration.ofDays(2));
        assertThat(reserved()).isEqualTo(1);
        assertThat(requests()).isZero();
        shop.release("FRAUD_REVIEW");
        shop.authorizes();
        isConfirmed();
    }

    @Test
    void row_3_an_order_that_somebody_rejects_leaves_nothing_behind() {
        stock(10);
        shop.place(reviewed("card"));
        shop.tell(new Order.Command.RejectOrder(RejectReason.FRAUD));
        isRejected(RejectReason.FRAUD);
    }

    @Test
    void row_3_an_order_that_nobody_looks_at_is_rejected_in_the_end() {
        stock(10);
        shop.place(reviewed("card"));
        shop.pass(Duration.ofDays(4));
        isRejected(RejectReason.TIMEOUT);
    }

    @Test
    void row_3_a_suspicious_order_on_invoice_is_confirmed_after_somebody_has_looked() {
        stock(10);
        shop.place(reviewed("invoice"));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CREATED);
        shop.release("FRAUD_REVIEW");
        isConfirmed();
    }

    @Test
    void row_3_an_order_that_staff_hold_before_it_is_paid_keeps_its_stock_while_they_look() {
        placed();
        shop.hold("FRAUD_REVIEW");
        shop.pass(Duration.ofDays(2));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CREATED);
        assertThat(reserved()).isEqualTo(1);
        shop.release("FRAUD_REVIEW");
        shop.authorizes();
        isConfirmed();
    }

    @Test
    void row_3_an_order_that_staff_hold_before_money_is_asked_for_keeps_its_stock_too() {
        for (String sku : List.of("tea", "cup")) {
            shop.count(sku, 10);
        }
        shop.place(wanted("card")); // nobody knows its code
        shop.pass(Duration.ofMinutes(10));
        shop.hold("FRAUD_REVIEW");
        shop.pass(Duration.ofDays(2));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CREATED);
        assertThat(reserved()).isEqualTo(1);
        assertThat(requests()).isZero();
    }

    @Test
    void row_3_a_declined_order_is_not_rejected_while_staff_look_and_has_its_time_afterwards() {
        placed();
        shop.declines();
        shop.hold("FRAUD_REVIEW");
        shop.pass(Duration.ofHours(20));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CREATED);
        shop.release("FRAUD_REVIEW");
        shop.pass(Duration.ofMinutes(14));
        assertThat(reserved()).isEqualTo(1);
        shop.pass(Duration.ofMinutes(2));
        isRejected(RejectReason.PAYMENT_DECLINED);
    }

    @Test
    void row_3_an_order_that_staff_hold_and_nobody_looks_at_is_rejected_in_the_end() {
        placed();
        shop.hold("FRAUD_REVIEW");
        shop.authorizes();
        shop.pass(Duration.ofDays(4));
        assertThat(shop.order().progress().rejected()).isEqualTo(RejectReason.TIMEOUT);
        assertThat(reserved()).isZero();
    }

    @Test
    void row_4_with_codes_and_stock_the_order_asks_for_its_money_once() {
        placed();
        assertThat(shop.asked(Kind.AUTHORIZATION).amount()).isEqualTo(eur(2_400));
        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void row_4_declined_the_customer_may_try_another_card() {
        placed();
        shop.declines();
        shop.pass(Duration.ofMinutes(14));
        assertThat(reserved()).isEqualTo(1);
        shop.tell(new Pay("card", "tok_2"));
        shop.authorizes();
        isConfirmed();
        shop.pass(Duration.ofHours(1));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
    }

    @Test
    void row_4_declined_three_times_all_is_taken_back() {
        placed();
        shop.declines();
        shop.tell(new Pay("card", "tok_2"));
        shop.declines();
        shop.tell(new Pay("card", "tok_3"));
        shop.declines();
        isRejected(RejectReason.PAYMENT_DECLINED);
    }

    @Test
    void row_4_declined_and_nothing_else_tried_in_time_all_is_taken_back() {
        placed();
        shop.declines();
        shop.pass(Duration.ofMinutes(16));
        isRejected(RejectReason.PAYMENT_DECLINED);
    }

    @Test
    void row_4_declined_a_second_card_that_has_no_answer_yet_is_waited_for() {
        placed();
        shop.declines();
        shop.pass(Duration.ofMinutes(10));
        shop.tell(new Pay("card", "tok_2"));
        shop.pass(Duration.ofMinutes(20));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CREATED);
        assertThat(reserved()).isEqualTo(1);
        shop.authorizes();
        isConfirmed();
    }

    @Test
    void row_4_without_an_answer_the_goods_stay_reserved_and_the_order_says_so() {
        placed();
        shop.pass(Duration.ofMinutes(31));
        assertThat(shop.order().holds())
                .extracting(Order.Hold::kind)
                .containsExactly(HoldKind.PAYMENT_RISK);
        shop.pass(Duration.ofHours(30));
        assertThat(reserved()).isEqualTo(1);
        assertThat(code()).isEqualTo(Wanted.SET_ASIDE);
        shop.authorizes();
        isConfirmed();
        assertThat(shop.order().holds()).isEmpty();
    }

    @Test
    void row_4_lines_that_are_cancelled_can_make_what_is_promised_enough() {
        stock(10);
        shop.giveCredit(eur(2_000));
        OrderCreated.Payment creditFirst = new OrderCreated.Payment("card", "tok_ok", true);
        shop.place(Baskets.keptUntil(Baskets.placed(creditFirst, true, "tea", "cup"), QUARTER));
        assertThat(shop.asked(Kind.AUTHORIZATION).amount()).isEqualTo(eur(400));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CREATED);
        shop.tell(
                new Order.Command.CancelLines(
                        new ArrayList<>(List.of(new LineUnits(1, 1))), "too dear"));
        isConfirmed();
    }

    @Test
    void row_5_the_order_is_confirmed_when_code_and_stock_are_its_own_for_good() {
        placed();
        shop.authorizes();
        isConfirmed();
    }

    @Test
    void row_5_a_promise_that_is_lost_before_the_confirmation_is_asked_for_again() {
        placed();
        shop.hold("FRAUD_REVIEW");
        shop.authorizesUntil(NOON.plus(Duration.ofMinutes(2)));
        shop.pass(Duration.ofMinutes(3));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CREATED);
        shop.authorizes();
        shop.release("FRAUD_REVIEW");
        isConfirmed();
    }

    @Test
    void row_5_an_order_on_invoice_is_confirmed_without_money() {
        stock(10);
        shop.place(wanted("invoice"));
        isConfirmed();
        assertThat(requests()).isZero();
    }

    @Test
    void row_5_a_hold_does_not_keep_an_order_that_is_paid_from_being_confirmed() {
        placed();
        shop.hold("MANUAL");
        shop.authorizes();
        isConfirmed();
        shop.pass(Duration.ofHours(1));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
    }

    @Test
    void cancel_row_an_order_that_money_is_asked_for_is_cancelled_at_once() {
        placed();
        shop.tell(new Order.Command.RequestCancellation("too dear"));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CANCELLED);
        shop.authorizes();
        assertThat(shop.payment().inFlight(Kind.VOID)).isNotNull();
        assertThat(code()).isEqualTo(Wanted.NOTHING);
        assertThat(reserved()).isZero();
    }

    @Test
    void cancel_row_a_confirmed_order_gives_back_money_stock_and_code() {
        placed();
        shop.authorizes();
        shop.tell(new Order.Command.RequestCancellation("too dear"));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CANCELLED);
        assertThat(code()).isEqualTo(Wanted.NOTHING);
        assertThat(reserved()).isZero();
        assertThat(shop.payment().inFlight(Kind.VOID)).isNotNull();
    }

    @Test
    void a_code_whose_time_is_over_is_given_back_and_rejects_its_order() {
        placed();
        shop.pass(Duration.ofDays(8));
        isRejected(RejectReason.CODE_EXHAUSTED);
    }
}
