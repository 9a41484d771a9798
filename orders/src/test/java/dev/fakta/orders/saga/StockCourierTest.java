// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.Baskets.NOON;
import static dev.fakta.orders.saga.Baskets.eur;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.order.Axes.Fulfilment;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.EditOrder;
import dev.fakta.orders.order.Edits;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Attention.Topic;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.PlaceOrder;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.order.PullBack;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentCancelled;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentLost;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentCancelled;
import dev.fakta.orders.order.Sourcing;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.orders.shipping.Shipment.Stage;
import dev.fakta.runtime.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Orders and stock together, with the courier between them: the rows of the saga table that are
/// about stock.
class StockCourierTest {

    private static final String FIRST = "o-1-1";

    private final Shop shop = new Shop();

    private void place(String method, String... skus) {
        OrderCreated placed = Baskets.placed(method, false, skus);
        shop.place(Baskets.keptUntil(placed, NOON.plusSeconds(900)));
    }

    private StockItem.Standing standing(String sku, int line) {
        return shop.stock(sku).standing(Shop.ID, line);
    }

    @Test
    void row_2_stock_is_asked_for_all_lines_at_once_for_fifteen_minutes() {
        shop.count("tea", 3);
        shop.count("cup", 3);
        place("card", "tea", "cup");
        assertThat(standing("tea", 0).reserved()).isEqualTo(1);
        assertThat(standing("cup", 1).reserved()).isEqualTo(1);
        assertThat(standing("tea", 0).until()).isEqualTo(NOON.plusSeconds(900));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CREATED);
    }

    @Test
    void row_2_an_order_that_cannot_have_all_of_its_lines_leaves_nothing_behind() {
        shop.count("tea", 3);
        place("card", "tea", "cup");
        assertThat(shop.order().progress().rejected()).isEqualTo(RejectReason.OUT_OF_STOCK);
        assertThat(shop.stock("tea").available()).isEqualTo(3);
    }

    @Test
    void row_2_two_lines_of_one_sku_share_its_stock() {
        shop.count("tea", 1);
        place("card", "tea", "tea");
        assertThat(shop.order().progress().rejected()).isEqualTo(RejectReason.OUT_OF_STOCK);
        assertThat(shop.stock("tea").available()).isEqualTo(1);
    }

    @Test
    void row_2_what_waits_is_told_to_the_order_and_again_when_it_is_there() {
        shop.mayWait("tea");
        place("invoice", "tea");
        assertThat(shop.order().fulfilment()).isEqualTo(Fulfilment.BACKORDERED);
        assertThat(shop.order().shippable(Sourcing.MAIN)).isEmpty();
        shop.count("tea", 5);
        assertThat(shop.order().planned(FIRST)).containsExactly(new LineUnits(0, 1));
    }

    @Test
    void row_2_stock_that_was_kept_long_enough_is_not_asked_for_again() {
        shop.count("tea", 1);
        place("card", "tea");
        shop.pass(Duration.ofHours(1)); // nobody answers for the card
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CREATED);
        assertThat(standing("tea", 0).reserved()).isEqualTo(1); // it was kept longer
        shop.tell(new Order.Command.RejectOrder(RejectReason.FRAUD));
        assertThat(shop.stock("tea").available()).isEqualTo(1);
    }

    @Test
    void row_5_stock_is_kept_for_good_once_the_money_is_there() {
        shop.count("tea", 1);
        place("card", "tea");
        shop.authorizes();
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
        assertThat(standing("tea", 0).until()).isNull();
        shop.pass(Duration.ofDays(1));
        assertThat(standing("tea", 0).reserved()).isEqualTo(1);
    }

    @Test
    void row_7_what_leaves_is_taken_from_the_stock_once() {
        shop.count("tea", 3);
        place("invoice", "tea");
        shop.leaves(FIRST);
        assertThat(shop.stock("tea").onHand()).isEqualTo(2);
        assertThat(shop.stock("tea").available()).isEqualTo(2);
        shop.tell(new RecordShipmentDispatched(FIRST, "T"));
        assertThat(shop.stock("tea").onHand()).isEqualTo(2);
    }

    @Test
    void row_7_a_parcel_that_leaves_after_a_count_has_missed_it_goes_all_the_same() {
        shop.count("tea", 1);
        place("invoice", "tea");
        shop.count("tea", 0);
        assertThat(standing("tea", 0).waiting()).isEqualTo(1);
        shop.leaves(FIRST);
        assertThat(shop.order().fulfilment()).isEqualTo(Fulfilment.SHIPPED);
        assertThat(shop.stock("tea").isShort()).isTrue();
        shop.count("tea", 4);
        assertThat(shop.stock("tea").isShort()).isFalse();
        assertThat(shop.stock("tea").available()).isEqualTo(4);
    }

    @Test
    void row_8_what_is_lost_is_asked_for_again() {
        shop.count("tea", 2);
        place("invoice", "tea");
        shop.leaves(FIRST);
        shop.tell(new RecordShipmentLost(FIRST));
        assertThat(standing("tea", 0).reserved()).isEqualTo(1);
        assertThat(shop.order().planned("o-1-2")).containsExactly(new LineUnits(0, 1));
        shop.leaves("o-1-2");
        assertThat(shop.stock("tea").onHand()).isZero();
    }

    @Test
    void row_8_what_is_lost_is_booked_once_by_an_item_that_has_forgotten_the_line() {
        shop.count("tea", 10_000);
        place("invoice", "tea");
        shop.leaves(FIRST);
        for (int other = 0; other < 4_000; other++) {
            others("other-" + other, 1);
        }
        assertThat(standing("tea", 0).revision()).isZero();
        shop.tell(new RecordShipmentLost(FIRST));
        assertThat(standing("tea", 0).reserved()).isEqualTo(1);
        shop.leaves("o-1-2");
        assertThat(standing("tea", 0).left()).isEqualTo(2);
        assertThat(shop.stock("tea").onHand()).isEqualTo(10_000 - 4_000 - 2);
    }

    /// So many units of tea leave for another order, which needs no more.
    private void others(String order, long left) {
        shop.tell("tea", new StockItem.Command.Need(order, 0, 1L, 0L, left, 0L, null, NOON));
    }

    @Test
    void row_8_what_is_lost_and_not_in_stock_is_given_back() {
        shop.count("tea", 1);
        shop.count("cup", 1);
        place("invoice", "tea", "cup");
        shop.leaves(FIRST);
        shop.tell(new RecordShipmentLost(FIRST));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CANCELLED);
        assertThat(shop.order().due()).isZero();
    }

    @Test
    void row_8_what_is_lost_is_given_back_only_as_far_as_it_is_missing() {
        shop.count("tea", 3);
        shop.count("cup", 1);
        place("invoice", "tea", "cup");
        shop.leaves(FIRST);
        shop.tell(new RecordShipmentLost(FIRST));
        assertThat(shop.order().quantities(0).cancelled()).isZero();
        assertThat(shop.order().quantities(1).cancelled()).isEqualTo(1);
        assertThat(shop.order().planned("o-1-2")).containsExactly(new LineUnits(0, 1));
    }

    @Test
    void cancel_row_units_of_a_line_give_their_stock_back() {
        shop.count("tea", 1);
        shop.mayWait("cup");
        place("invoice", "tea", "cup");
        assertThat(standing("cup", 1).waiting()).isEqualTo(1);
        shop.tell(new Order.Command.CancelLines(List.of(new LineUnits(1, 1)), "no"));
        assertThat(standing("cup", 1).waiting()).isZero();
        shop.count("cup", 1);
        assertThat(shop.stock("cup").available()).isEqualTo(1);
    }

    @Test
    void cancel_row_before_the_confirmation_the_line_does_not_hold_the_others_up() {
        shop.count("tea", 1);
        shop.count("cup", 1);
        place("card", "tea", "cup");
        shop.tell(new Order.Command.CancelLines(List.of(new LineUnits(1, 1)), "no"));
        shop.authorizes();
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
        assertThat(shop.stock("cup").available()).isEqualTo(1);
    }

    @Test
    void cancel_row_what_is_packed_is_kept_until_it_is_unpacked() {
        shop.count("tea", 1);
        place("invoice", "tea");
        shop.tell(new Order.Command.RequestCancellation("no"));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CANCELLED);
        assertThat(shop.stock("tea").available()).isEqualTo(1);
    }

    private static final Order.Command.CancelLines NO_CUP =
            new Order.Command.CancelLines(List.of(new LineUnits(1, 1)), "no");

    @Test
    void cancel_row_units_of_a_shipment_that_nobody_has_picked_can_be_cancelled() {
        shop.count("tea", 1);
        shop.count("cup", 1);
        place("invoice", "tea", "cup");
        assertThat(shop.world().process(PullBack.CANCEL_LINES, Shop.ID, NO_CUP))
                .isInstanceOf(Reply.Accepted.class);
        assertThat(shop.world().state(Shipment.AGGREGATE, FIRST).stage())
                .isEqualTo(Stage.CANCELLED);
        assertThat(shop.order().planned("o-1-2")).containsExactly(new LineUnits(0, 1));
        assertThat(shop.stock("cup").available()).isEqualTo(1);
    }

    @Test
    void cancel_row_units_that_the_warehouse_has_begun_with_cannot() {
        shop.count("tea", 1);
        shop.count("cup", 1);
        place("invoice", "tea", "cup");
        shop.world().send(Shipment.AGGREGATE, FIRST, new Shipment.Command.Pick());
        assertThat(shop.world().process(PullBack.CANCEL_LINES, Shop.ID, NO_CUP))
                .isInstanceOfSatisfying(
                        Reply.Rejected.class,
                        refused ->
                                assertThat(refused.rejection())
                                        .isEqualTo(Shipment.Refusal.ALREADY_PICKED));
        assertThat(shop.order().quantities(1).cancelled()).isZero();
        assertThat(shop.order().planned(FIRST)).hasSize(2);
    }

    @Test
    void cancel_row_what_is_pulled_back_is_cancelled_in_the_same_decision() {
        shop.count("tea", 1);
        shop.count("cup", 1);
        place("invoice", "tea", "cup");
        Order packed = shop.order();
        Edits.Command.ChangePulledBack both =
                new Edits.Command.ChangePulledBack(List.of(FIRST), NO_CUP);
        var taken = (Decision.Accepted<Order.Event>) Order.AGGREGATE.decide(packed, both);
        assertThat(taken.events())
                .hasExactlyElementsOfTypes(
                        OrderShipmentCancelled.class, Order.Event.OrderLinesCancelled.class);
        Order.Command.CancelLines twoCups =
                new Order.Command.CancelLines(List.of(new LineUnits(1, 2)), "no");
        assertThat(
                        Order.AGGREGATE.decide(
                                packed,
                                new Edits.Command.ChangePulledBack(List.of(FIRST), twoCups)))
                .isEqualTo(Decision.reject(Order.Refusal.UNITS_NOT_OPEN));
        shop.leaves(FIRST);
        assertThat(Order.AGGREGATE.decide(shop.order(), both))
                .isEqualTo(Decision.reject(Order.Refusal.SHIPMENT_DISPATCHED));
    }

    @Test
    void edit_of_units_that_are_planned_pulls_them_back() {
        shop.count("tea", 1);
        shop.count("pot", 1);
        place("invoice", "tea");
        shop.tell(
                new Edits.Command.ProposeEdit(
                        List.of(new LineUnits(0, 1)),
                        Baskets.placed("invoice", false, "pot").lines()));
        assertThat(
                        shop.world()
                                .process(
                                        PullBack.APPLY_EDIT,
                                        Shop.ID,
                                        new Edits.Command.ApplyEdit()))
                .isInstanceOf(Reply.Accepted.class);
        assertThat(shop.stock("tea").available()).isEqualTo(1);
        assertThat(shop.order().planned("o-1-2")).containsExactly(new LineUnits(1, 1));
    }

    @Test
    void edit_of_the_address_pulls_back_what_is_planned_and_plans_it_anew() {
        shop.count("tea", 1);
        place("invoice", "tea");
        shop.world()
                .process(
                        EditOrder.ADDRESS,
                        Shop.ID,
                        new EditOrder.Move(
                                new PlaceOrder.Destination(
                                        "Eva", "Allee 2", null, "Hof", "Bayern", "95028", "DE")));
        assertThat(shop.order().address().line1()).isEqualTo("Allee 2");
        assertThat(shop.order().planned("o-1-2")).containsExactly(new LineUnits(0, 1));
    }

    @Test
    void edit_of_the_address_that_is_refused_leaves_what_is_planned() {
        shop.count("tea", 1);
        place("invoice", "tea");
        assertThat(
                        shop.world()
                                .process(
                                        EditOrder.ADDRESS,
                                        Shop.ID,
                                        new EditOrder.Move(
                                                new PlaceOrder.Destination(
                                                        "Eva", "Gasse 2", null, "Graz", null,
                                                        "8010", "AT"))))
                .isInstanceOfSatisfying(
                        Reply.Rejected.class,
                        refused ->
                                assertThat(refused.rejection())
                                        .isEqualTo(Order.Refusal.TAX_WOULD_CHANGE));
        assertThat(shop.order().planned(FIRST)).hasSize(1);
        assertThat(shop.world().state(Shipment.AGGREGATE, FIRST).stage()).isEqualTo(Stage.PLANNED);
    }

    @Test
    void row_6_what_the_warehouse_gives_up_stays_the_orders() {
        shop.count("tea", 1);
        place("invoice", "tea");
        shop.tell(new RecordShipmentCancelled(FIRST));
        assertThat(standing("tea", 0).reserved()).isEqualTo(1);
        assertThat(shop.order().shippable(Sourcing.MAIN)).containsExactly(new LineUnits(0, 1));
    }

    private void swapTeaFor(String sku) {
        shop.tell(
                new Edits.Command.ProposeEdit(
                        List.of(new LineUnits(0, 1)),
                        Baskets.placed("invoice", false, sku).lines()));
        shop.tell(new Edits.Command.ApplyEdit());
    }

    @Test
    void edit_a_line_that_was_added_is_asked_for_and_may_leave_when_it_is_there() {
        shop.mayWait("tea");
        shop.count("pot", 1);
        place("invoice", "tea");
        swapTeaFor("pot");
        assertThat(standing("tea", 0).waiting()).isZero();
        assertThat(shop.order().planned(FIRST)).containsExactly(new LineUnits(1, 1));
    }

    @Test
    void edit_a_line_that_was_added_and_is_not_in_stock_is_cancelled() {
        shop.mayWait("tea");
        place("invoice", "tea", "tea");
        swapTeaFor("pot");
        assertThat(shop.order().quantities(2).cancelled()).isEqualTo(1);
        assertThat(shop.order().quantities(1).wanted()).isEqualTo(1);
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
    }

    @Test
    void edit_that_swaps_the_only_line_for_one_that_is_sold_out_cancels_the_order() {
        shop.mayWait("tea");
        place("invoice", "tea");
        swapTeaFor("pot");
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CANCELLED);
        assertThat(shop.order().due()).isZero();
        assertThat(shop.order().amount(shop.order().due())).isEqualTo(eur(0));
    }

    @Test
    void what_an_item_does_not_take_is_for_people() {
        OrderCreated placed = Baskets.placed("invoice", false, "x".repeat(64));
        String tooLong = "o-" + "1".repeat(100);
        shop.world().send(Order.AGGREGATE, tooLong, new Order.Command.CreateOrder(placed));
        assertThat(shop.world().state(Order.AGGREGATE, tooLong).attentions())
                .containsExactly(new Order.Attention(Topic.STOCK_REFUSED, "ORDER_INVALID"));
    }
}
