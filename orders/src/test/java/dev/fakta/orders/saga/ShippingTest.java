// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.Baskets.NOON;
import static dev.fakta.orders.saga.Baskets.eur;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.SagaState.Status;
import dev.fakta.orders.OrdersMicrosystem;
import dev.fakta.orders.inventory.InventoryMicrosystem;
import dev.fakta.orders.inventory.StockItem;
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
import dev.fakta.orders.payments.PaymentsMicrosystem;
import dev.fakta.orders.shipping.Parcel.Content;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.orders.shipping.Shipment.Command.CancelShipment;
import dev.fakta.orders.shipping.Shipment.Command.Dispatch;
import dev.fakta.orders.shipping.Shipment.Command.Pack;
import dev.fakta.orders.shipping.Shipment.Command.Pick;
import dev.fakta.orders.shipping.Shipment.Command.RecordDelivered;
import dev.fakta.orders.shipping.Shipment.Command.RecordLost;
import dev.fakta.orders.shipping.Shipment.Label;
import dev.fakta.orders.shipping.Shipment.Packed;
import dev.fakta.orders.shipping.Shipment.Stage;
import dev.fakta.orders.shipping.ShipmentRoutes;
import dev.fakta.orders.shipping.ShippingMicrosystem;
import dev.fakta.runtime.Reply;
import dev.fakta.testkit.CalmWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Orders and shipments together, with the courier and the clock between them: the rows of the saga
/// table that are about shipping.
class ShippingTest {

    private static final String ID = "o-1";
    private static final String FIRST = "o-1-1";
    private static final String SECOND = "o-1-2";
    private static final String TEAS = "a";
    private static final String CUP = "b";

    private final CalmWorld shop =
            CalmWorld.of(
                    OrdersMicrosystem.DEFINITION,
                    InventoryMicrosystem.DEFINITION,
                    PaymentsMicrosystem.DEFINITION,
                    ShippingMicrosystem.DEFINITION);

    private void count(String sku, long units) {
        shop.send(
                StockItem.AGGREGATE,
                StockItem.Command.idOf(sku, null),
                new StockItem.Command.Count(sku, null, units));
    }

    private void place(String... skus) {
        OrderCreated placed = Baskets.placed("invoice", false, skus);
        order(new Order.Command.CreateOrder(Baskets.keptUntil(placed, NOON.plusSeconds(900))));
    }

    /// An order of a line of tea and one of a cup, both in stock.
    private void placeBoth() {
        count("tea", 5);
        count("cup", 5);
        place("tea", "cup");
    }

    /// The same, but the cup has to be waited for.
    private void placeWithoutCup() {
        count("tea", 5);
        shop.send(
                StockItem.AGGREGATE,
                StockItem.Command.idOf("cup", null),
                new StockItem.Command.AllowBackorders(true));
        place("tea", "cup");
    }

    private void order(Order.Command command) {
        assertThat(shop.send(Order.AGGREGATE, ID, command)).isInstanceOf(Reply.Accepted.class);
    }

    private Order order() {
        return shop.state(Order.AGGREGATE, ID);
    }

    private Shipment shipment(String id) {
        return shop.state(Shipment.AGGREGATE, id);
    }

    private UnitLedger.Shipment known(String id) {
        return order().units().shipments().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void warehouse(String id, Shipment.Command command) {
        assertThat(shop.send(Shipment.AGGREGATE, id, command)).isInstanceOf(Reply.Accepted.class);
    }

    /// Packs each line in a parcel of its own; the parcels are named `a`, `b`.
    private List<Label> pack(String id) {
        List<Packed> parcels = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        for (Shipment.Line line : shipment(id).lines()) {
            String parcel = line.line() == 0 ? TEAS : CUP;
            parcels.add(new Packed(parcel, 1, List.of(new Content(line.line(), line.quantity()))));
            labels.add(new Label(parcel, "post", id + parcel));
        }
        warehouse(id, new Pick());
        warehouse(id, new Pack(parcels));
        return labels;
    }

    private Reply<Object> leave(String id) {
        Dispatch dispatch = new Dispatch(pack(id), eur(400));
        return shop.process(ShipmentRoutes.DISPATCH, id, dispatch);
    }

    private List<Object> events(Class<?> type) {
        return shop.events(Order.AGGREGATE, ID).stream().filter(type::isInstance).toList();
    }

    @Test
    void row_6_a_confirmed_order_has_a_shipment_planned() {
        placeBoth();
        assertThat(shipment(FIRST).stage()).isEqualTo(Stage.PLANNED);
        assertThat(shipment(FIRST).order()).isEqualTo(ID);
        assertThat(shipment(FIRST).lines())
                .containsExactly(new Shipment.Line(0, "tea", 1), new Shipment.Line(1, "cup", 1));
        assertThat(known(FIRST).lines()).containsExactly(new LineUnits(0, 1), new LineUnits(1, 1));
        assertThat(shipment(SECOND).stage()).isEqualTo(Stage.NONE);
    }

    @Test
    void row_6_what_is_held_is_planned_when_the_hold_ends() {
        placeWithoutCup();
        order(new PlaceHold("MANUAL", "look", NOON));
        count("cup", 5);
        assertThat(shipment(SECOND).stage()).isEqualTo(Stage.NONE);
        order(new ReleaseHold("MANUAL", NOON));
        assertThat(shipment(SECOND).lines()).containsExactly(new Shipment.Line(1, "cup", 1));
    }

    @Test
    void row_6_goods_that_come_in_are_shipped_behind_the_others() {
        placeWithoutCup();
        assertThat(shipment(FIRST).lines()).containsExactly(new Shipment.Line(0, "tea", 1));
        count("cup", 5);
        assertThat(shipment(SECOND).lines()).containsExactly(new Shipment.Line(1, "cup", 1));
    }

    @Test
    void row_6_a_shipment_that_the_warehouse_gives_up_is_planned_again_an_hour_later() {
        placeBoth();
        warehouse(FIRST, new CancelShipment("not found"));
        assertThat(known(FIRST).stage()).isEqualTo(UnitLedger.Shipment.Stage.CANCELLED);
        assertThat(shipment(SECOND).stage()).isEqualTo(Stage.NONE);
        shop.pass(ShippingClock.PAUSE);
        assertThat(shipment(SECOND).stage()).isEqualTo(Stage.PLANNED);
        assertThat(shipment(SECOND).lines()).hasSize(2);
    }

    @Test
    void row_6_a_shipment_that_does_not_leave_in_time_is_for_an_operator() {
        placeBoth();
        shop.pass(ShippingClock.SERVICE_LEVEL);
        assertThat(order().attentions())
                .containsExactly(new Attention(Topic.NOT_DISPATCHED_IN_TIME, FIRST));
        leave(FIRST);
        assertThat(order().attentions()).isEmpty();
    }

    @Test
    void row_6_a_shipment_that_left_in_time_is_not() {
        placeBoth();
        leave(FIRST);
        shop.pass(ShippingClock.SERVICE_LEVEL);
        assertThat(order().attentions()).isEmpty();
    }

    @Test
    void row_6_a_shipment_that_was_let_go_and_never_left_is_for_an_operator() {
        placeBoth();
        order(new ReleaseShipment(FIRST, "T"));
        shop.pass(ShippingClock.SERVICE_LEVEL);
        assertThat(order().attentions())
                .containsExactly(new Attention(Topic.NOT_DISPATCHED_IN_TIME, FIRST));
        order(new RecordShipmentLate(FIRST));
        assertThat(order().attentions()).hasSize(1);
    }

    @Test
    void row_7_what_leaves_is_told_to_the_order() {
        placeBoth();
        warehouse(FIRST, new Dispatch(pack(FIRST), eur(400))); // whether the order lets it or not
        assertThat(known(FIRST).stage()).isEqualTo(UnitLedger.Shipment.Stage.DISPATCHED);
        assertThat(known(FIRST).tracking()).isEqualTo("o-1-1a o-1-1b");
        assertThat(order().fulfilment()).isEqualTo(Fulfilment.SHIPPED);
    }

    @Test
    void row_7_what_leaves_although_the_order_is_held_has_left() {
        placeBoth();
        order(new PlaceHold("MANUAL", "look", NOON));
        assertThat(leave(FIRST)).isInstanceOf(Reply.Rejected.class);
        warehouse(FIRST, new Dispatch(List.of(label(TEAS), label(CUP)), eur(400)));
        assertThat(order().fulfilment()).isEqualTo(Fulfilment.SHIPPED);
    }

    private static Label label(String parcel) {
        return new Label(parcel, "post", FIRST + parcel);
    }

    @Test
    void row_8_each_parcel_that_arrives_is_told_to_the_order() {
        placeBoth();
        leave(FIRST);
        warehouse(FIRST, new RecordDelivered(CUP, NOON.plusSeconds(60)));
        assertThat(order().fulfilment()).isEqualTo(Fulfilment.PARTIALLY_DELIVERED);
        assertThat(order().quantities(1).delivered()).isEqualTo(1);
        warehouse(FIRST, new RecordDelivered(TEAS, NOON.plusSeconds(30)));
        assertThat(order().fulfilment()).isEqualTo(Fulfilment.DELIVERED);
        assertThat(order().units().deliveredAt()).isEqualTo(NOON.plusSeconds(60));
        assertThat(shop.instances(ShippingClock.SAGA).get(FIRST).status())
                .isEqualTo(Status.COMPLETED);
    }

    @Test
    void row_8_goods_that_nobody_hears_of_count_as_arrived_unit_by_unit() {
        placeBoth();
        leave(FIRST);
        warehouse(FIRST, new RecordDelivered(CUP, NOON.plusSeconds(60)));
        shop.pass(ShippingClock.DELIVERY);
        assertThat(order().fulfilment()).isEqualTo(Fulfilment.DELIVERED);
        assertThat(known(FIRST).presumed()).containsExactly(new LineUnits(0, 1));
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.COMPLETED);
    }

    @Test
    void row_8_what_leaves_later_has_not_arrived_with_the_rest() {
        placeWithoutCup();
        leave(FIRST);
        shop.pass(Duration.ofDays(13));
        count("cup", 5);
        leave(SECOND);
        shop.pass(Duration.ofDays(2));
        assertThat(order().quantities(0).delivered()).isEqualTo(1);
        assertThat(order().quantities(1).delivered()).isZero();
        assertThat(order().fulfilment()).isEqualTo(Fulfilment.PARTIALLY_DELIVERED);
    }

    @Test
    void row_8_goods_that_counted_as_arrived_and_arrive_are_counted_once() {
        placeBoth();
        leave(FIRST);
        shop.pass(ShippingClock.DELIVERY);
        warehouse(FIRST, new RecordDelivered(TEAS, NOON.plus(ShippingClock.DELIVERY)));
        assertThat(known(FIRST).presumed()).containsExactly(new LineUnits(1, 1));
        assertThat(order().quantities(0).delivered()).isEqualTo(1);
        assertThat(events(OrderShipmentDelivered.class)).hasSize(1);
    }

    @Test
    void row_8_goods_that_counted_as_arrived_and_are_lost_are_sent_again() {
        placeWithoutCup();
        leave(FIRST);
        shop.pass(ShippingClock.DELIVERY);
        warehouse(FIRST, new RecordLost(TEAS, "fell off"));
        assertThat(known(FIRST).lost()).containsExactly(new LineUnits(0, 1));
        assertThat(shipment(SECOND).lines()).containsExactly(new Shipment.Line(0, "tea", 1));
        assertThat(order().quantities(0).delivered()).isZero();
    }

    @Test
    void row_8_goods_that_counted_as_arrived_and_are_lost_are_not_due_in_an_order_that_is_over() {
        placeBoth();
        leave(FIRST);
        shop.pass(ShippingClock.DELIVERY);
        long due = order().due();
        warehouse(FIRST, new RecordLost(CUP, "fell off"));
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.COMPLETED);
        assertThat(order().quantities(1).cancelled()).isEqualTo(1);
        assertThat(order().due()).isEqualTo(due - 1000);
    }

    @Test
    void row_8_a_loss_does_not_wait_for_the_other_parcels() {
        placeBoth();
        leave(FIRST);
        warehouse(FIRST, new RecordLost(TEAS, "fell off"));
        assertThat(known(FIRST).stage()).isEqualTo(UnitLedger.Shipment.Stage.DISPATCHED);
        assertThat(shipment(SECOND).lines()).containsExactly(new Shipment.Line(0, "tea", 1));
        warehouse(FIRST, new RecordDelivered(CUP, NOON));
        assertThat(known(FIRST).stage()).isEqualTo(UnitLedger.Shipment.Stage.LOST);
        assertThat(events(OrderShipmentLost.class)).hasSize(1);
        assertThat(order().attentions()).isEmpty();
    }

    @Test
    void row_8_what_was_lost_and_arrives_after_all_is_for_people_once() {
        placeBoth();
        leave(FIRST);
        warehouse(FIRST, new RecordLost(TEAS, "fell off"));
        warehouse(FIRST, new RecordDelivered(TEAS, NOON));
        Attention arrived = new Attention(Topic.DELIVERED_AFTER_LOSS, FIRST);
        assertThat(order().attentions()).containsExactly(arrived);
        assertThat(known(FIRST).unexpected()).containsExactly(new LineUnits(0, 1));
        order(new Order.Command.SettleAttention(arrived.topic(), arrived.subject()));
        warehouse(FIRST, new RecordDelivered(CUP, NOON)); // the courier tells all of it again
        assertThat(order().attentions()).isEmpty();
        assertThat(order().quantities(0).delivered()).isZero();
    }

    @Test
    void cancel_row_what_has_not_left_stays() {
        placeBoth();
        pack(FIRST);
        order(new RequestCancellation("no"));
        assertThat(shipment(FIRST).stage()).isEqualTo(Stage.CANCELLED);
        assertThat(order().lifecycle()).isEqualTo(Lifecycle.CANCELLED);
        shop.pass(ShippingClock.PAUSE);
        assertThat(shipment(SECOND).stage()).isEqualTo(Stage.NONE);
    }

    @Test
    void late_row_a_shipment_that_left_after_the_cancellation_is_for_people_once() {
        placeBoth();
        List<Label> labels = pack(FIRST);
        order(new RecordShipmentCancelled(FIRST)); // and the warehouse has not heard of it
        warehouse(FIRST, new Dispatch(labels, eur(400)));
        Attention left = new Attention(Topic.DISPATCHED_AFTER_CANCELLATION, FIRST);
        assertThat(order().attentions()).containsExactly(left);
        assertThat(known(FIRST).unexpected()).hasSize(2);
        order(new Order.Command.SettleAttention(left.topic(), left.subject()));
        warehouse(FIRST, new RecordDelivered(TEAS, NOON));
        warehouse(FIRST, new RecordLost(CUP, "fell off"));
        assertThat(order().attentions()).isEmpty();
        assertThat(order().quantities(0).delivered()).isZero();
    }

    @Test
    void told_twice_nothing_happens() {
        placeBoth();
        leave(FIRST);
        warehouse(FIRST, new RecordDelivered(CUP, NOON));
        int before = shop.events(Order.AGGREGATE, ID).size();
        for (int i = 0; i < 2; i++) {
            shop.process(ShippingCourier.ERRAND, ID, new Courier.Errand());
        }
        assertThat(shop.events(Order.AGGREGATE, ID)).hasSize(before);
    }
}
