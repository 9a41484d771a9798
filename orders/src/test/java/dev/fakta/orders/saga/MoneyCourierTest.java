// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.Baskets.NOON;
import static dev.fakta.orders.saga.Baskets.eur;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.Axes;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Edits;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Attention;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.PaymentFacts.Command.GrantCredit;
import dev.fakta.orders.order.PaymentFacts.Command.Pay;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDelivered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentLost;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment.Command.Fact;
import dev.fakta.orders.returns.Return;
import dev.fakta.orders.returns.ReturnProcessors;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Orders, payments and store credit together, with the courier between them: the rows of the saga
/// table that are about money. Two things for 10.00 and 5.00 of shipping; the provider says what
/// the test says.
class MoneyCourierTest {

    private final Shop shop = new Shop();

    private void place(OrderCreated.Payment payment, String... skus) {
        for (String sku : skus) {
            shop.count(sku, 10);
        }
        shop.place(Baskets.placed(payment, false, skus));
    }

    private void placeByCard() {
        place(new OrderCreated.Payment("card", "tok_ok"), "tea", "cup");
    }

    private void placeWithCredit(long minor) {
        shop.giveCredit(eur(minor));
        place(new OrderCreated.Payment("card", "tok_ok", true), "tea", "cup");
    }

    private static List<LineUnits> line(int line) {
        return List.of(new LineUnits(line, 1));
    }

    private void confirmed() {
        placeByCard();
        shop.authorizes();
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
    }

    private long kept() {
        return shop.order().money().kept();
    }

    private void hasReturned(String id, int line) {
        shop.world()
                .process(
                        ReturnProcessors.REQUEST,
                        id,
                        new ReturnProcessors.Wish(Shop.ID, line(line), "no"));
        shop.world().send(Return.AGGREGATE, id, new Return.Command.ApproveReturn());
        shop.world().process(ReturnProcessors.RECEIVE, id, new Return.Command.RecordReceived(null));
        shop.world()
                .send(
                        Return.AGGREGATE,
                        id,
                        new Return.Command.Inspect(
                                List.of(new Return.Inspected(line, 1, 0)), null));
    }

    @Test
    void row_4_the_money_is_set_aside_once_stock_is() {
        placeByCard();
        assertThat(shop.asked(Kind.AUTHORIZATION).amount()).isEqualTo(eur(2500));
        assertThat(shop.order().payment()).isEqualTo(Axes.Payment.PENDING);
        shop.authorizes();
        assertThat(shop.order().payment()).isEqualTo(Axes.Payment.AUTHORIZED);
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
    }

    @Test
    void row_4_declined_another_card_is_asked_and_not_the_first_again() {
        placeByCard();
        shop.declines();
        assertThat(shop.order().payment()).isEqualTo(Axes.Payment.DECLINED);
        assertThat(shop.payment().inFlight(Kind.AUTHORIZATION)).isNull();
        shop.tell(new Pay("card", "tok_better"));
        assertThat(shop.asked(Kind.AUTHORIZATION).purpose()).isEqualTo("tok_better");
        shop.authorizes();
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
    }

    @Test
    void row_4_store_credit_comes_first_and_the_card_pays_the_rest() {
        placeWithCredit(600);
        assertThat(shop.asked(Kind.AUTHORIZATION).amount()).isEqualTo(eur(1900));
        shop.authorizes();
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
        assertThat(shop.order().money().credit().captured()).isEqualTo(600);
        assertThat(shop.credit().balance()).isZero();
    }

    @Test
    void row_4_store_credit_that_is_enough_needs_no_card() {
        placeWithCredit(9_000);
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
        assertThat(shop.payment().operations()).isEmpty();
        assertThat(shop.credit().balance()).isEqualTo(6_500);
        assertThat(shop.order().payment()).isEqualTo(Axes.Payment.CAPTURED);
    }

    @Test
    void row_4_without_store_credit_the_card_pays_it_all() {
        place(new OrderCreated.Payment("card", "tok_ok", true), "tea", "cup");
        assertThat(shop.asked(Kind.AUTHORIZATION).amount()).isEqualTo(eur(2500));
    }

    @Test
    void row_4_store_credit_alone_that_is_not_enough_is_declined_and_a_card_may_pay_the_rest() {
        shop.giveCredit(eur(600));
        place(new OrderCreated.Payment("store-credit", null), "tea", "cup");
        assertThat(shop.order().payment()).isEqualTo(Axes.Payment.DECLINED);
        shop.tell(new Pay(null, "tok_ok"));
        assertThat(shop.asked(Kind.AUTHORIZATION).amount()).isEqualTo(eur(1900));
        shop.authorizes();
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
    }

    @Test
    void row_4_nothing_is_asked_of_a_card_for_an_order_on_invoice() {
        place(new OrderCreated.Payment("invoice", null), "tea");
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
        assertThat(shop.payment().order()).isNull();
    }

    @Test
    void row_7_the_part_that_left_is_captured_and_then_the_rest() {
        confirmed();
        shop.leaves("o-1-1");
        assertThat(shop.asked(Kind.CAPTURE).amount()).isEqualTo(eur(2500));
        shop.captures();
        assertThat(shop.order().payment()).isEqualTo(Axes.Payment.CAPTURED);
    }

    @Test
    void row_7_a_capture_that_fails_has_the_money_authorized_once_more_and_taken() {
        confirmed();
        shop.leaves("o-1-1");
        shop.refusesToCapture();
        assertThat(shop.asked(Kind.AUTHORIZATION).amount()).isEqualTo(eur(2500));
        shop.authorizes();
        shop.captures();
        assertThat(kept()).isEqualTo(2500);
        assertThat(shop.order().holds()).isEmpty();
    }

    @Test
    void row_7_a_capture_that_fails_again_has_the_order_held_until_another_card_pays() {
        confirmed();
        shop.leaves("o-1-1");
        shop.refusesToCapture();
        shop.authorizes();
        shop.refusesToCapture();
        assertThat(shop.order().holds())
                .extracting(Order.Hold::kind)
                .contains(HoldKind.PAYMENT_RISK);
        shop.tell(new Pay("card", "tok_other"));
        shop.authorizes();
        assertThat(shop.order().holds()).isEmpty();
        shop.captures();
        assertThat(kept()).isEqualTo(2500);
    }

    @Test
    void row_7_an_authorization_that_ends_before_the_goods_leave_is_asked_for_again() {
        confirmed();
        shop.pass(Shop.WEEK);
        assertThat(shop.asked(Kind.AUTHORIZATION).number()).isEqualTo(2);
        shop.declines();
        assertThat(shop.order().holds())
                .extracting(Order.Hold::kind)
                .contains(HoldKind.PAYMENT_RISK);
    }

    @Test
    void row_7_the_card_that_is_asked_again_is_the_newest() {
        placeByCard();
        shop.declines();
        shop.tell(new Pay("card", "tok_better"));
        shop.authorizes();
        shop.pass(Shop.WEEK);
        assertThat(shop.asked(Kind.AUTHORIZATION).purpose()).isEqualTo("tok_better");
    }

    @Test
    void row_8_what_is_lost_and_sent_again_is_taken_once() {
        confirmed();
        shop.leaves("o-1-1");
        shop.captures();
        shop.tell(new RecordShipmentLost("o-1-1"));
        assertThat(shop.payment().inFlight(Kind.REFUND)).isNull();
        shop.leaves("o-1-2");
        assertThat(shop.payment().inFlight(Kind.CAPTURE)).isNull();
        assertThat(kept()).isEqualTo(2500);
    }

    @Test
    void row_8_an_order_that_has_arrived_is_completed_once_it_is_paid() {
        confirmed();
        shop.leaves("o-1-1");
        shop.tell(new RecordShipmentDelivered("o-1-1", List.of(), NOON));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
        shop.captures();
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.COMPLETED);
    }

    @Test
    void row_8_what_came_back_before_it_was_paid_ends_the_order() {
        confirmed();
        shop.leaves("o-1-1");
        shop.tell(new RecordShipmentDelivered("o-1-1", List.of(), NOON));
        shop.refusesToCapture();
        hasReturned("r1", 0);
        hasReturned("r2", 1);
        assertThat(shop.order().due()).isZero();
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.COMPLETED);
    }

    @Test
    void row_8_an_edit_that_takes_the_last_open_units_away_completes_the_order() {
        teaHasLeft();
        shop.tell(new RecordShipmentDelivered("o-1-1", List.of(), NOON));
        shop.tell(new Edits.Command.ProposeEdit(line(1), List.of()));
        shop.tell(new Edits.Command.ApplyEdit());
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.COMPLETED);
        assertThat(kept()).isEqualTo(1500);
    }

    @Test
    void cancel_row_what_was_set_aside_is_let_go() {
        placeWithCredit(600);
        shop.authorizes();
        shop.tell(new Order.Command.RequestCancellation("no"));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CANCELLED);
        assertThat(shop.asked(Kind.VOID).amount()).isEqualTo(eur(1900));
        assertThat(shop.credit().balance()).isEqualTo(600);
    }

    @Test
    void cancel_row_cards_get_theirs_back_before_store_credit_does() {
        placeWithCredit(600);
        shop.authorizes();
        shop.leaves("o-1-1");
        shop.captures();
        shop.tell(new RecordShipmentDelivered("o-1-1", List.of(), NOON));
        hasReturned("r1", 0);
        shop.refunds();
        assertThat(shop.order().money().cards().refunded()).isEqualTo(1000);
        hasReturned("r2", 1);
        shop.refunds();
        assertThat(kept()).isZero();
        assertThat(shop.credit().balance()).isEqualTo(600);
    }

    @Test
    void cancel_row_a_refund_that_fails_is_asked_again_by_itself_and_then_people_are() {
        confirmed();
        shop.leaves("o-1-1");
        shop.captures();
        shop.tell(new GrantCredit("g1", eur(500), "sorry"));
        for (int i = 0; i < 10; i++) {
            shop.provider(
                    new Fact.RecordRefundFailed(shop.asked(Kind.REFUND).number(), "no", null));
            shop.pass(Duration.ofDays(1));
        }
        assertThat(shop.payment().inFlight(Kind.REFUND)).isNull();
        assertThat(shop.order().attentions())
                .contains(new Attention(Attention.Topic.REFUND_FAILED, "credit g1"));
    }

    @Test
    void return_two_at_once_are_two_refunds() {
        confirmed();
        shop.leaves("o-1-1");
        shop.captures();
        shop.tell(new RecordShipmentDelivered("o-1-1", List.of(), NOON));
        hasReturned("r1", 0);
        hasReturned("r2", 1);
        shop.refunds();
        shop.refunds();
        assertThat(kept()).isZero();
        assertThat(shop.world().state(Return.AGGREGATE, "r1").refund()).isEqualTo(eur(1000));
        assertThat(shop.world().state(Return.AGGREGATE, "r2").refund()).isEqualTo(eur(1500));
    }

    /// The tea is there, the cup waits for stock.
    private void teaHasLeft() {
        shop.mayWait("cup");
        shop.count("tea", 10);
        shop.place(Baskets.placed("card", false, "tea", "cup"));
        shop.authorizes();
        shop.leaves("o-1-1");
        shop.captures();
        assertThat(kept()).isEqualTo(1500);
    }

    @Test
    void return_before_the_rest_has_left_is_refunded_at_once() {
        teaHasLeft();
        shop.tell(new RecordShipmentDelivered("o-1-1", List.of(), NOON));
        hasReturned("r1", 0);
        shop.refunds();
        assertThat(kept()).isEqualTo(500); // shipping
        shop.count("cup", 1);
        shop.leaves("o-1-2");
        shop.captures();
        assertThat(kept()).isEqualTo(1500);
    }

    @Test
    void edit_that_is_dearer_has_the_difference_set_aside_before_anything_leaves() {
        confirmed();
        shop.tell(new Order.Command.PlaceHold("MANUAL", "look", NOON));
        shop.tell(
                new Edits.Command.ProposeEdit(
                        List.of(), Baskets.placed("card", false, "tea").lines()));
        shop.tell(new Edits.Command.ApplyEdit());
        assertThat(shop.asked(Kind.AUTHORIZATION).amount()).isEqualTo(eur(1000));
        assertThat(shop.order().payment()).isEqualTo(Axes.Payment.PENDING);
        shop.authorizes();
        assertThat(shop.order().payment()).isEqualTo(Axes.Payment.AUTHORIZED);
    }

    @Test
    void edit_that_is_dearer_and_declined_waits_for_another_card() {
        confirmed();
        shop.tell(
                new Edits.Command.ProposeEdit(
                        List.of(), Baskets.placed("card", false, "tea").lines()));
        shop.tell(new Edits.Command.ApplyEdit());
        shop.declines();
        assertThat(shop.order().holds())
                .extracting(Order.Hold::kind)
                .contains(HoldKind.PAYMENT_RISK);
        shop.tell(new Pay("card", "tok_other"));
        assertThat(shop.asked(Kind.AUTHORIZATION).amount()).isEqualTo(eur(1000));
        shop.authorizes();
        assertThat(shop.order().holds()).isEmpty();
    }

    @Test
    void credit_between_two_shipments_is_not_taken_back() {
        teaHasLeft();
        shop.tell(new GrantCredit("g1", eur(500), "sorry"));
        shop.refunds();
        assertThat(kept()).isEqualTo(1000);
        shop.count("cup", 10);
        shop.leaves("o-1-2");
        shop.captures();
        assertThat(shop.order().money().captured()).isEqualTo(2500);
        assertThat(kept()).isEqualTo(2000);
    }

    @Test
    void credit_before_anything_left_is_not_set_aside_or_taken() {
        confirmed();
        shop.tell(new GrantCredit("g1", eur(500), "sorry"));
        shop.tell(new GrantCredit("g1", eur(500), "sorry"));
        shop.leaves("o-1-1");
        assertThat(shop.asked(Kind.CAPTURE).amount()).isEqualTo(eur(2000));
    }

    @Test
    void late_row_a_card_that_was_declined_and_is_authorized_late_does_not_touch_the_good_one() {
        placeByCard();
        shop.declines();
        shop.tell(new Pay("card", "tok_better"));
        shop.authorizes();
        shop.provider(
                new Fact.RecordAuthorized(1, eur(2500), "ref", NOON.plus(Shop.WEEK), "event-1"));
        assertThat(shop.asked(Kind.VOID).about()).isEqualTo(1);
        shop.provider(new Fact.RecordVoided(shop.asked(Kind.VOID).number(), "ref", null));
        assertThat(shop.order().payment()).isEqualTo(Axes.Payment.AUTHORIZED);
        shop.leaves("o-1-1");
        shop.captures();
        assertThat(kept()).isEqualTo(2500);
    }

    @Test
    void late_row_a_capture_that_was_made_twice_is_returned_and_is_not_the_orders() {
        confirmed();
        shop.leaves("o-1-1");
        shop.refusesToCapture();
        shop.authorizes();
        shop.captures();
        shop.provider(new Fact.RecordCaptured(1, eur(2500), "ref", "event-1"));
        shop.refunds();
        assertThat(shop.order().money().refunded()).isZero();
        assertThat(kept()).isEqualTo(2500);
    }

    @Test
    void late_row_money_that_is_promised_after_the_reject_is_let_go() {
        placeByCard();
        shop.tell(new Order.Command.RejectOrder(RejectReason.FRAUD));
        shop.authorizes();
        assertThat(shop.asked(Kind.VOID).about()).isEqualTo(1);
    }

    @Test
    void dispute_nothing_is_given_back_of_what_a_bank_wants_until_it_is_won() {
        confirmed();
        shop.leaves("o-1-1");
        shop.captures();
        shop.tell(new RecordShipmentDelivered("o-1-1", List.of(), NOON));
        shop.provider(new Fact.RecordDispute("d1", eur(2500), "fraud", null));
        assertThat(shop.order().payment()).isEqualTo(Axes.Payment.DISPUTED);
        hasReturned("r1", 0);
        assertThat(shop.payment().inFlight(Kind.REFUND)).isNull();
        shop.provider(new Fact.RecordDisputeClosed("d1", true, null));
        shop.refunds();
        assertThat(kept()).isEqualTo(1500);
    }
}
