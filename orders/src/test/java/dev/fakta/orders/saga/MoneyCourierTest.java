// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.Baskets.NOON;
import static dev.fakta.orders.saga.Baskets.eur;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.OrdersMicrosystem;
import dev.fakta.orders.inventory.InventoryMicrosystem;
import dev.fakta.orders.inventory.StockItem;
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
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentLost;
import dev.fakta.orders.payments.Operation;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.Payment.Command.Fact;
import dev.fakta.orders.payments.PaymentsMicrosystem;
import dev.fakta.orders.payments.StoreCredit;
import dev.fakta.orders.returns.Return;
import dev.fakta.orders.returns.ReturnProcessors;
import dev.fakta.orders.shipping.ShippingMicrosystem;
import dev.fakta.runtime.Reply;
import dev.fakta.testkit.CalmWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Orders, payments and store credit together, with the courier between them: the rows of the saga
/// table that are about money. Two things for 10.00 and 5.00 of shipping; the provider says what
/// the test says.
class MoneyCourierTest {

    private static final String ID = "o-1";
    private static final String CUSTOMER = "customer-1";
    private static final Duration WEEK = Duration.ofDays(7);

    private final CalmWorld shop =
            CalmWorld.of(
                    OrdersMicrosystem.DEFINITION,
                    InventoryMicrosystem.DEFINITION,
                    PaymentsMicrosystem.DEFINITION,
                    ShippingMicrosystem.DEFINITION);

    private void place(OrderCreated.Payment payment, String... skus) {
        for (String sku : skus) {
            shop.send(
                    StockItem.AGGREGATE,
                    StockItem.Command.idOf(sku, null),
                    new StockItem.Command.Count(sku, null, 10L));
        }
        order(new Order.Command.CreateOrder(Baskets.placed(payment, false, skus)));
    }

    private void placeByCard() {
        place(new OrderCreated.Payment("card", "tok_ok"), "tea", "cup");
    }

    private void placeWithCredit(long minor) {
        shop.send(
                StoreCredit.AGGREGATE,
                CUSTOMER,
                new StoreCredit.Command.IssueCredit("gift", eur(minor), "gift"));
        place(new OrderCreated.Payment("card", "tok_ok", true), "tea", "cup");
    }

    private void order(Order.Command command) {
        assertThat(shop.send(Order.AGGREGATE, ID, command)).isInstanceOf(Reply.Accepted.class);
    }

    private Order order() {
        return shop.state(Order.AGGREGATE, ID);
    }

    private Payment payment() {
        return shop.state(Payment.AGGREGATE, ID);
    }

    private StoreCredit credit() {
        return shop.state(StoreCredit.AGGREGATE, CUSTOMER);
    }

    private Operation open(Kind kind) {
        return Objects.requireNonNull(payment().inFlight(kind), () -> "no " + kind + " is asked");
    }

    private void provider(Fact fact) {
        assertThat(shop.send(Payment.AGGREGATE, ID, fact)).isInstanceOf(Reply.Accepted.class);
    }

    private void authorizes() {
        Operation asked = open(Kind.AUTHORIZATION);
        Instant end = shop.now().plus(WEEK);
        provider(new Fact.RecordAuthorized(asked.number(), asked.amount(), "ref", end, null));
    }

    private void declines() {
        provider(new Fact.RecordDeclined(open(Kind.AUTHORIZATION).number(), "no funds", null));
    }

    private void captures() {
        Operation asked = open(Kind.CAPTURE);
        provider(new Fact.RecordCaptured(asked.number(), asked.amount(), "ref", null));
    }

    private void refusesToCapture() {
        provider(new Fact.RecordCaptureFailed(open(Kind.CAPTURE).number(), "no", null));
    }

    private void refunds() {
        Operation asked = open(Kind.REFUND);
        provider(new Fact.RecordRefunded(asked.number(), asked.amount(), "ref", null));
    }

    private void leaves(String shipment) {
        order(new RecordShipmentDispatched(shipment, "T"));
    }

    private static List<LineUnits> line(int line) {
        return List.of(new LineUnits(line, 1));
    }

    private void confirmed() {
        placeByCard();
        authorizes();
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
    }

    private long kept() {
        return order().money().kept();
    }

    private void hasReturned(String id, int line) {
        shop.process(ReturnProcessors.REQUEST, id, new ReturnProcessors.Wish(ID, line(line), "no"));
        shop.send(Return.AGGREGATE, id, new Return.Command.ApproveReturn());
        shop.process(ReturnProcessors.RECEIVE, id, new Return.Command.RecordReceived(null));
        shop.send(
                Return.AGGREGATE,
                id,
                new Return.Command.Inspect(List.of(new Return.Inspected(line, 1, 0))));
    }

    @Test
    void row_4_the_money_is_set_aside_once_stock_is() {
        placeByCard();
        assertThat(open(Kind.AUTHORIZATION).amount()).isEqualTo(eur(2500));
        assertThat(order().payment()).isEqualTo(Axes.Payment.PENDING);
        authorizes();
        assertThat(order().payment()).isEqualTo(Axes.Payment.AUTHORIZED);
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
    }

    @Test
    void row_4_declined_another_card_is_asked_and_not_the_first_again() {
        placeByCard();
        declines();
        assertThat(order().payment()).isEqualTo(Axes.Payment.DECLINED);
        assertThat(payment().inFlight(Kind.AUTHORIZATION)).isNull();
        order(new Pay("card", "tok_better"));
        assertThat(open(Kind.AUTHORIZATION).purpose()).isEqualTo("tok_better");
        authorizes();
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
    }

    @Test
    void row_4_store_credit_comes_first_and_the_card_pays_the_rest() {
        placeWithCredit(600);
        assertThat(open(Kind.AUTHORIZATION).amount()).isEqualTo(eur(1900));
        authorizes();
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
        assertThat(order().money().credit().captured()).isEqualTo(600);
        assertThat(credit().balance()).isZero();
    }

    @Test
    void row_4_store_credit_that_is_enough_needs_no_card() {
        placeWithCredit(9_000);
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
        assertThat(payment().operations()).isEmpty();
        assertThat(credit().balance()).isEqualTo(6_500);
        assertThat(order().payment()).isEqualTo(Axes.Payment.CAPTURED);
    }

    @Test
    void row_4_without_store_credit_the_card_pays_it_all() {
        place(new OrderCreated.Payment("card", "tok_ok", true), "tea", "cup");
        assertThat(open(Kind.AUTHORIZATION).amount()).isEqualTo(eur(2500));
    }

    @Test
    void row_4_store_credit_alone_that_is_not_enough_is_declined_and_a_card_may_pay_the_rest() {
        shop.send(
                StoreCredit.AGGREGATE,
                CUSTOMER,
                new StoreCredit.Command.IssueCredit("gift", eur(600), "gift"));
        place(new OrderCreated.Payment("store-credit", null), "tea", "cup");
        assertThat(order().payment()).isEqualTo(Axes.Payment.DECLINED);
        order(new Pay(null, "tok_ok"));
        assertThat(open(Kind.AUTHORIZATION).amount()).isEqualTo(eur(1900));
        authorizes();
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
    }

    @Test
    void row_4_nothing_is_asked_of_a_card_for_an_order_on_invoice() {
        place(new OrderCreated.Payment("invoice", null), "tea");
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
        assertThat(payment().order()).isNull();
    }

    @Test
    void row_7_the_part_that_left_is_captured_and_then_the_rest() {
        confirmed();
        leaves("o-1-1");
        assertThat(open(Kind.CAPTURE).amount()).isEqualTo(eur(2500));
        captures();
        assertThat(order().payment()).isEqualTo(Axes.Payment.CAPTURED);
    }

    @Test
    void row_7_a_capture_that_fails_has_the_money_authorized_once_more_and_taken() {
        confirmed();
        leaves("o-1-1");
        refusesToCapture();
        assertThat(open(Kind.AUTHORIZATION).amount()).isEqualTo(eur(2500));
        authorizes();
        captures();
        assertThat(kept()).isEqualTo(2500);
        assertThat(order().holds()).isEmpty();
    }

    @Test
    void row_7_a_capture_that_fails_again_has_the_order_held_until_another_card_pays() {
        confirmed();
        leaves("o-1-1");
        refusesToCapture();
        authorizes();
        refusesToCapture();
        assertThat(order().holds()).extracting(Order.Hold::kind).contains(HoldKind.PAYMENT_RISK);
        order(new Pay("card", "tok_other"));
        authorizes();
        assertThat(order().holds()).isEmpty();
        captures();
        assertThat(kept()).isEqualTo(2500);
    }

    @Test
    void row_7_an_authorization_that_ends_before_the_goods_leave_is_asked_for_again() {
        confirmed();
        shop.pass(WEEK);
        assertThat(open(Kind.AUTHORIZATION).number()).isEqualTo(2);
        declines();
        assertThat(order().holds()).extracting(Order.Hold::kind).contains(HoldKind.PAYMENT_RISK);
    }

    @Test
    void row_7_the_card_that_is_asked_again_is_the_newest() {
        placeByCard();
        declines();
        order(new Pay("card", "tok_better"));
        authorizes();
        shop.pass(WEEK);
        assertThat(open(Kind.AUTHORIZATION).purpose()).isEqualTo("tok_better");
    }

    @Test
    void row_8_what_is_lost_and_sent_again_is_taken_once() {
        confirmed();
        leaves("o-1-1");
        captures();
        order(new RecordShipmentLost("o-1-1"));
        assertThat(payment().inFlight(Kind.REFUND)).isNull();
        leaves("o-1-2");
        assertThat(payment().inFlight(Kind.CAPTURE)).isNull();
        assertThat(kept()).isEqualTo(2500);
    }

    @Test
    void row_8_an_order_that_has_arrived_is_completed_once_it_is_paid() {
        confirmed();
        leaves("o-1-1");
        order(new RecordShipmentDelivered("o-1-1", List.of(), NOON));
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
        captures();
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.COMPLETED);
    }

    @Test
    void row_8_what_came_back_before_it_was_paid_ends_the_order() {
        confirmed();
        leaves("o-1-1");
        order(new RecordShipmentDelivered("o-1-1", List.of(), NOON));
        refusesToCapture();
        hasReturned("r1", 0);
        hasReturned("r2", 1);
        assertThat(order().due()).isZero();
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.COMPLETED);
    }

    @Test
    void row_8_an_edit_that_takes_the_last_open_units_away_completes_the_order() {
        teaHasLeft();
        order(new RecordShipmentDelivered("o-1-1", List.of(), NOON));
        order(new Edits.Command.ProposeEdit(line(1), List.of()));
        order(new Edits.Command.ApplyEdit());
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.COMPLETED);
        assertThat(kept()).isEqualTo(1500);
    }

    @Test
    void cancel_row_what_was_set_aside_is_let_go() {
        placeWithCredit(600);
        authorizes();
        order(new Order.Command.RequestCancellation("no"));
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.CANCELLED);
        assertThat(open(Kind.VOID).amount()).isEqualTo(eur(1900));
        assertThat(credit().balance()).isEqualTo(600);
    }

    @Test
    void cancel_row_cards_get_theirs_back_before_store_credit_does() {
        placeWithCredit(600);
        authorizes();
        leaves("o-1-1");
        captures();
        order(new RecordShipmentDelivered("o-1-1", List.of(), NOON));
        hasReturned("r1", 0);
        refunds();
        assertThat(order().money().cards().refunded()).isEqualTo(1000);
        hasReturned("r2", 1);
        refunds();
        assertThat(kept()).isZero();
        assertThat(credit().balance()).isEqualTo(600);
    }

    @Test
    void cancel_row_a_refund_that_fails_is_asked_again_by_itself_and_then_people_are() {
        confirmed();
        leaves("o-1-1");
        captures();
        order(new GrantCredit("g1", eur(500), "sorry"));
        for (int i = 0; i < 10; i++) {
            provider(new Fact.RecordRefundFailed(open(Kind.REFUND).number(), "no", null));
            shop.pass(Duration.ofDays(1));
        }
        assertThat(payment().inFlight(Kind.REFUND)).isNull();
        assertThat(order().attentions())
                .contains(new Attention(Attention.Topic.REFUND_FAILED, "credit g1"));
    }

    @Test
    void return_two_at_once_are_two_refunds() {
        confirmed();
        leaves("o-1-1");
        captures();
        order(new RecordShipmentDelivered("o-1-1", List.of(), NOON));
        hasReturned("r1", 0);
        hasReturned("r2", 1);
        refunds();
        refunds();
        assertThat(kept()).isZero();
        assertThat(shop.state(Return.AGGREGATE, "r1").refund()).isEqualTo(eur(1000));
        assertThat(shop.state(Return.AGGREGATE, "r2").refund()).isEqualTo(eur(1500));
    }

    /// The tea is there, the cup waits for stock.
    private void teaHasLeft() {
        mayWait("cup");
        count("tea", 10);
        order(new Order.Command.CreateOrder(Baskets.placed("card", false, "tea", "cup")));
        authorizes();
        leaves("o-1-1");
        captures();
        assertThat(kept()).isEqualTo(1500);
    }

    private void mayWait(String sku) {
        shop.send(
                StockItem.AGGREGATE,
                StockItem.Command.idOf(sku, null),
                new StockItem.Command.AllowBackorders(true));
    }

    private void count(String sku, long units) {
        shop.send(
                StockItem.AGGREGATE,
                StockItem.Command.idOf(sku, null),
                new StockItem.Command.Count(sku, null, units));
    }

    @Test
    void return_before_the_rest_has_left_is_refunded_at_once() {
        teaHasLeft();
        order(new RecordShipmentDelivered("o-1-1", List.of(), NOON));
        hasReturned("r1", 0);
        refunds();
        assertThat(kept()).isEqualTo(500); // shipping
        count("cup", 1);
        leaves("o-1-2");
        captures();
        assertThat(kept()).isEqualTo(1500);
    }

    @Test
    void edit_that_is_dearer_has_the_difference_set_aside_before_anything_leaves() {
        confirmed();
        order(new Order.Command.PlaceHold("MANUAL", "look"));
        order(
                new Edits.Command.ProposeEdit(
                        List.of(), Baskets.placed("card", false, "tea").lines()));
        order(new Edits.Command.ApplyEdit());
        assertThat(open(Kind.AUTHORIZATION).amount()).isEqualTo(eur(1000));
        assertThat(order().payment()).isEqualTo(Axes.Payment.PENDING);
        authorizes();
        assertThat(order().payment()).isEqualTo(Axes.Payment.AUTHORIZED);
    }

    @Test
    void edit_that_is_dearer_and_declined_waits_for_another_card() {
        confirmed();
        order(
                new Edits.Command.ProposeEdit(
                        List.of(), Baskets.placed("card", false, "tea").lines()));
        order(new Edits.Command.ApplyEdit());
        declines();
        assertThat(order().holds()).extracting(Order.Hold::kind).contains(HoldKind.PAYMENT_RISK);
        order(new Pay("card", "tok_other"));
        assertThat(open(Kind.AUTHORIZATION).amount()).isEqualTo(eur(1000));
        authorizes();
        assertThat(order().holds()).isEmpty();
    }

    @Test
    void credit_between_two_shipments_is_not_taken_back() {
        teaHasLeft();
        order(new GrantCredit("g1", eur(500), "sorry"));
        refunds();
        assertThat(kept()).isEqualTo(1000);
        count("cup", 10);
        leaves("o-1-2");
        captures();
        assertThat(order().money().captured()).isEqualTo(2500);
        assertThat(kept()).isEqualTo(2000);
    }

    @Test
    void credit_before_anything_left_is_not_set_aside_or_taken() {
        confirmed();
        order(new GrantCredit("g1", eur(500), "sorry"));
        order(new GrantCredit("g1", eur(500), "sorry"));
        leaves("o-1-1");
        assertThat(open(Kind.CAPTURE).amount()).isEqualTo(eur(2000));
    }

    @Test
    void late_row_a_card_that_was_declined_and_is_authorized_late_does_not_touch_the_good_one() {
        placeByCard();
        declines();
        order(new Pay("card", "tok_better"));
        authorizes();
        provider(new Fact.RecordAuthorized(1, eur(2500), "ref", NOON.plus(WEEK), "event-1"));
        assertThat(open(Kind.VOID).about()).isEqualTo(1);
        provider(new Fact.RecordVoided(open(Kind.VOID).number(), "ref", null));
        assertThat(order().payment()).isEqualTo(Axes.Payment.AUTHORIZED);
        leaves("o-1-1");
        captures();
        assertThat(kept()).isEqualTo(2500);
    }

    @Test
    void late_row_a_capture_that_was_made_twice_is_returned_and_is_not_the_orders() {
        confirmed();
        leaves("o-1-1");
        refusesToCapture();
        authorizes();
        captures();
        provider(new Fact.RecordCaptured(1, eur(2500), "ref", "event-1"));
        refunds();
        assertThat(order().money().refunded()).isZero();
        assertThat(kept()).isEqualTo(2500);
    }

    @Test
    void late_row_money_that_is_promised_after_the_reject_is_let_go() {
        placeByCard();
        order(new Order.Command.RejectOrder(RejectReason.FRAUD));
        authorizes();
        assertThat(open(Kind.VOID).about()).isEqualTo(1);
    }

    @Test
    void dispute_nothing_is_given_back_of_what_a_bank_wants_until_it_is_won() {
        confirmed();
        leaves("o-1-1");
        captures();
        order(new RecordShipmentDelivered("o-1-1", List.of(), NOON));
        provider(new Fact.RecordDispute("d1", eur(2500), "fraud", null));
        assertThat(order().payment()).isEqualTo(Axes.Payment.DISPUTED);
        hasReturned("r1", 0);
        assertThat(payment().inFlight(Kind.REFUND)).isNull();
        provider(new Fact.RecordDisputeClosed("d1", true, null));
        refunds();
        assertThat(kept()).isEqualTo(1500);
    }
}
