// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.Baskets.NOON;
import static dev.fakta.orders.saga.Baskets.eur;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.Axes.Fulfilment;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Attention;
import dev.fakta.orders.order.Order.Attention.Topic;
import dev.fakta.orders.order.Order.Command.PlaceHold;
import dev.fakta.orders.order.Order.Command.ReleaseHold;
import dev.fakta.orders.order.Order.Command.RequestCancellation;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentCancelled;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentLate;
import dev.fakta.orders.order.ShipmentFacts.Command.ReleaseShipment;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentDelivered;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentLost;
import dev.fakta.orders.order.UnitLedger;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.orders.shipping.Shipment.Command.CancelShipment;
import dev.fakta.orders.shipping.Shipment.Command.Dispatch;
import dev.fakta.orders.shipping.Shipment.Command.RecordDelivered;
import dev.fakta.orders.shipping.Shipment.Command.RecordLost;
import dev.fakta.orders.shipping.Shipment.Label;
import dev.fakta.orders.shipping.Shipment.Stage;
import dev.fakta.runtime.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Orders and shipments together, with the courier and the clock between them: the rows of the saga
/// table that are about shipping.
class ShippingTest {

    private static final String FIRST = "o-1-1";
    private static final String SECOND = "o-1-2";
    private static final String TEAS = "0";
    private static final String CUP = "1";

    private final Shop shop = new Shop();

    private void place(String... skus) {
        OrderCreated placed = Baskets.placed("invoice", false, skus);
        shop.place(Baskets.keptUntil(placed, NOON.plusSeconds(900)));
    }

    /// An order of a line of tea and one of a cup, both in stock.
    private void placeBoth() {
        shop.count("tea", 5);
        shop.count("cup", 5);
        place("tea", "cup");
    }

    /// The same, but the cup has to be waited for.
    private void placeWithoutCup() {
        shop.count("tea", 5);
        shop.mayWait("cup");
        place("tea", "cup");
    }

    private UnitLedger.Shipment known(String id) {
        return shop.order().units().shipments().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private List<Object> events(Class<?> type) {
        return shop.world().events(Order.AGGREGATE, Shop.ID).stream()
                .filter(type::isInstance)
                .toList();
    }

    @Test
    void row_6_a_confirmed_order_has_a_shipment_planned() {
        placeBoth();
        assertThat(shop.shipment(FIRST).stage()).isEqualTo(Stage.PLANNED);
        assertThat(shop.shipment(FIRST).order()).isEqualTo(Shop.ID);
        assertThat(shop.shipment(FIRST).lines())
                .containsExactly(new Shipment.Line(0, "tea", 1), new Shipment.Line(1, "cup", 1));
        assertThat(known(FIRST).lines()).containsExactly(new LineUnits(0, 1), new LineUnits(1, 1));
        assertThat(shop.shipment(SECOND).stage()).isEqualTo(Stage.NONE);
    }

    @Test
    void row_6_what_is_held_is_planned_when_the_hold_ends() {
        placeWithoutCup();
        shop.tell(new PlaceHold("MANUAL", "look", NOON));
        shop.count("cup", 5);
        assertThat(shop.shipment(SECOND).stage()).isEqualTo(Stage.NONE);
        shop.tell(new ReleaseHold("MANUAL", NOON));
        assertThat(shop.shipment(SECOND).lines()).containsExactly(new Shipment.Line(1, "cup", 1));
    }

    @Test
    void row_6_goods_that_come_in_are_shipped_behind_the_others() {
        placeWithoutCup();
        assertThat(shop.shipment(FIRST).lines()).containsExactly(new Shipment.Line(0, "tea", 1));
        shop.count("cup", 5);
        assertThat(shop.shipment(SECOND).lines()).containsExactly(new Shipment.Line(1, "cup", 1));
    }

    @Test
    void row_6_a_shipment_that_the_warehouse_gives_up_is_planned_again_an_hour_later() {
        placeBoth();
        shop.warehouse(FIRST, new CancelShipment("not found"));
        assertThat(known(FIRST).stage()).isEqualTo(UnitLedger.Shipment.Stage.CANCELLED);
        assertThat(shop.shipment(SECOND).stage()).isEqualTo(Stage.NONE);
        shop.pass(ShippingClock.PAUSE);
        assertThat(shop.shipment(SECOND).stage()).isEqualTo(Stage.PLANNED);
        assertThat(shop.shipment(SECOND).lines()).hasSize(2);
    }

    @Test
    void row_6_a_shipment_that_does_not_leave_in_time_is_for_an_operator() {
        placeBoth();
        shop.pass(ShippingClock.SERVICE_LEVEL);
        assertThat(shop.order().attentions())
                .containsExactly(new Attention(Topic.NOT_DISPATCHED_IN_TIME, FIRST));
        shop.dispatches(FIRST);
        assertThat(shop.order().attentions()).isEmpty();
    }

    @Test
    void row_6_a_shipment_that_left_in_time_is_not() {
        placeBoth();
        shop.dispatches(FIRST);
        shop.pass(ShippingClock.SERVICE_LEVEL);
        assertThat(shop.order().attentions()).isEmpty();
    }

    @Test
    void row_6_a_shipment_that_was_let_go_and_never_left_is_for_an_operator() {
        placeBoth();
        shop.tell(new ReleaseShipment(FIRST, "T"));
        shop.pass(ShippingClock.SERVICE_LEVEL);
        assertThat(shop.order().attentions())
                .containsExactly(new Attention(Topic.NOT_DISPATCHED_IN_TIME, FIRST));
        shop.tell(new RecordShipmentLate(FIRST));
        assertThat(shop.order().attentions()).hasSize(1);
    }

    @Test
    void row_7_what_leaves_is_told_to_the_order() {
        placeBoth();
        shop.warehouse(
                FIRST,
                new Dispatch(shop.packs(FIRST), eur(400))); // whether the order lets it or not
        assertThat(known(FIRST).stage()).isEqualTo(UnitLedger.Shipment.Stage.DISPATCHED);
        assertThat(known(FIRST).tracking()).isEqualTo("o-1-1-0 o-1-1-1");
        assertThat(shop.order().fulfilment()).isEqualTo(Fulfilment.SHIPPED);
    }

    @Test
    void row_7_what_leaves_although_the_order_is_held_has_left() {
        placeBoth();
        shop.tell(new PlaceHold("MANUAL", "look", NOON));
        assertThat(shop.dispatches(FIRST)).isInstanceOf(Reply.Rejected.class);
        shop.warehouse(FIRST, new Dispatch(List.of(label(TEAS), label(CUP)), eur(400)));
        assertThat(shop.order().fulfilment()).isEqualTo(Fulfilment.SHIPPED);
    }

    private static Label label(String parcel) {
        return new Label(parcel, "post", FIRST + "-" + parcel);
    }

    @Test
    void row_8_each_parcel_that_arrives_is_told_to_the_order() {
        placeBoth();
        shop.dispatches(FIRST);
        shop.warehouse(FIRST, new RecordDelivered(CUP, NOON.plusSeconds(60)));
        assertThat(shop.order().fulfilment()).isEqualTo(Fulfilment.PARTIALLY_DELIVERED);
        assertThat(shop.order().quantities(1).delivered()).isEqualTo(1);
        shop.warehouse(FIRST, new RecordDelivered(TEAS, NOON.plusSeconds(30)));
        assertThat(shop.order().fulfilment()).isEqualTo(Fulfilment.DELIVERED);
        assertThat(shop.order().units().deliveredAt()).isEqualTo(NOON.plusSeconds(60));
        assertThat(shop.world().alarms(ShippingClock.CLOCK)).isEmpty();
    }

    @Test
    void row_8_goods_that_nobody_hears_of_count_as_arrived_unit_by_unit() {
        placeBoth();
        shop.dispatches(FIRST);
        shop.warehouse(FIRST, new RecordDelivered(CUP, NOON.plusSeconds(60)));
        shop.pass(ShippingClock.DELIVERY);
        assertThat(shop.order().fulfilment()).isEqualTo(Fulfilment.DELIVERED);
        assertThat(known(FIRST).presumed()).containsExactly(new LineUnits(0, 1));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.COMPLETED);
    }

    @Test
    void row_8_what_leaves_later_has_not_arrived_with_the_rest() {
        placeWithoutCup();
        shop.dispatches(FIRST);
        shop.pass(Duration.ofDays(13));
        shop.count("cup", 5);
        shop.dispatches(SECOND);
        shop.pass(Duration.ofDays(2));
        assertThat(shop.order().quantities(0).delivered()).isEqualTo(1);
        assertThat(shop.order().quantities(1).delivered()).isZero();
        assertThat(shop.order().fulfilment()).isEqualTo(Fulfilment.PARTIALLY_DELIVERED);
    }

    @Test
    void row_8_goods_that_counted_as_arrived_and_arrive_are_counted_once() {
        placeBoth();
        shop.dispatches(FIRST);
        shop.pass(ShippingClock.DELIVERY);
        shop.warehouse(FIRST, new RecordDelivered(TEAS, NOON.plus(ShippingClock.DELIVERY)));
        assertThat(known(FIRST).presumed()).containsExactly(new LineUnits(1, 1));
        assertThat(shop.order().quantities(0).delivered()).isEqualTo(1);
        assertThat(events(OrderShipmentDelivered.class)).hasSize(1);
    }

    @Test
    void row_8_goods_that_counted_as_arrived_and_are_lost_are_sent_again() {
        placeWithoutCup();
        shop.dispatches(FIRST);
        shop.pass(ShippingClock.DELIVERY);
        shop.warehouse(FIRST, new RecordLost(TEAS, "fell off"));
        assertThat(known(FIRST).lost()).containsExactly(new LineUnits(0, 1));
        assertThat(shop.shipment(SECOND).lines()).containsExactly(new Shipment.Line(0, "tea", 1));
        assertThat(shop.order().quantities(0).delivered()).isZero();
    }

    @Test
    void row_8_goods_that_counted_as_arrived_and_are_lost_are_not_due_in_an_order_that_is_over() {
        placeBoth();
        shop.dispatches(FIRST);
        shop.pass(ShippingClock.DELIVERY);
        long due = shop.order().due();
        shop.warehouse(FIRST, new RecordLost(CUP, "fell off"));
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.COMPLETED);
        assertThat(shop.order().quantities(1).cancelled()).isEqualTo(1);
        assertThat(shop.order().due()).isEqualTo(due - 1000);
    }

    @Test
    void row_8_a_loss_does_not_wait_for_the_other_parcels() {
        placeBoth();
        shop.dispatches(FIRST);
        shop.warehouse(FIRST, new RecordLost(TEAS, "fell off"));
        assertThat(known(FIRST).stage()).isEqualTo(UnitLedger.Shipment.Stage.DISPATCHED);
        assertThat(shop.shipment(SECOND).lines()).containsExactly(new Shipment.Line(0, "tea", 1));
        shop.warehouse(FIRST, new RecordDelivered(CUP, NOON));
        assertThat(known(FIRST).stage()).isEqualTo(UnitLedger.Shipment.Stage.LOST);
        assertThat(events(OrderShipmentLost.class)).hasSize(1);
        assertThat(shop.order().attentions()).isEmpty();
    }

    @Test
    void row_8_what_was_lost_and_arrives_after_all_is_for_people_once() {
        placeBoth();
        shop.dispatches(FIRST);
        shop.warehouse(FIRST, new RecordLost(TEAS, "fell off"));
        shop.warehouse(FIRST, new RecordDelivered(TEAS, NOON));
        Attention arrived = new Attention(Topic.DELIVERED_AFTER_LOSS, FIRST);
        assertThat(shop.order().attentions()).containsExactly(arrived);
        assertThat(known(FIRST).unexpected()).containsExactly(new LineUnits(0, 1));
        shop.tell(new Order.Command.SettleAttention(arrived.topic(), arrived.subject()));
        shop.warehouse(FIRST, new RecordDelivered(CUP, NOON)); // the courier tells all of it again
        assertThat(shop.order().attentions()).isEmpty();
        assertThat(shop.order().quantities(0).delivered()).isZero();
    }

    @Test
    void cancel_row_what_has_not_left_stays() {
        placeBoth();
        shop.packs(FIRST);
        shop.tell(new RequestCancellation("no"));
        assertThat(shop.shipment(FIRST).stage()).isEqualTo(Stage.CANCELLED);
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CANCELLED);
        shop.pass(ShippingClock.PAUSE);
        assertThat(shop.shipment(SECOND).stage()).isEqualTo(Stage.NONE);
    }

    @Test
    void late_row_a_shipment_that_left_after_the_cancellation_is_for_people_once() {
        placeBoth();
        List<Label> labels = shop.packs(FIRST);
        shop.tell(new RecordShipmentCancelled(FIRST)); // and the warehouse has not heard of it
        shop.warehouse(FIRST, new Dispatch(labels, eur(400)));
        Attention left = new Attention(Topic.DISPATCHED_AFTER_CANCELLATION, FIRST);
        assertThat(shop.order().attentions()).containsExactly(left);
        assertThat(known(FIRST).unexpected()).hasSize(2);
        shop.tell(new Order.Command.SettleAttention(left.topic(), left.subject()));
        shop.warehouse(FIRST, new RecordDelivered(TEAS, NOON));
        shop.warehouse(FIRST, new RecordLost(CUP, "fell off"));
        assertThat(shop.order().attentions()).isEmpty();
        assertThat(shop.order().quantities(0).delivered()).isZero();
    }

    @Test
    void told_twice_nothing_happens() {
        placeBoth();
        shop.dispatches(FIRST);
        shop.warehouse(FIRST, new RecordDelivered(CUP, NOON));
        int before = shop.world().events(Order.AGGREGATE, Shop.ID).size();
        for (int i = 0; i < 2; i++) {
            shop.world().process(ShippingCourier.ERRAND, Shop.ID, new OrderCourier.Errand());
        }
        assertThat(shop.world().events(Order.AGGREGATE, Shop.ID)).hasSize(before);
    }
}
