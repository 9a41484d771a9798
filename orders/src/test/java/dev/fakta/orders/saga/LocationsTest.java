// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.Baskets.NOON;
import static dev.fakta.orders.saga.Baskets.eur;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.money.Rate;
import dev.fakta.orders.order.Axes.Fulfilment;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.LineStock;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentPlanned;
import dev.fakta.orders.order.StockFacts.Command.RecordStock;
import dev.fakta.orders.order.StockNeed;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.orders.shipping.Shipment.Command.RecordLost;
import dev.fakta.orders.shipping.Shipment.Stage;
import dev.fakta.runtime.Reply;
import dev.fakta.testkit.Given;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Orders that are served from Hof and, when that does not have all of it, from Graz.
class LocationsTest {

    private static final String HOF = "hof";
    private static final String GRAZ = "graz";

    private final Shop shop = new Shop();

    private void count(String location, long units) {
        shop.count("tea", location, units);
    }

    private void mayWait(String location) {
        shop.mayWait("tea", location);
    }

    private void place(int units) {
        shop.place(placed("invoice", units));
    }

    /// So many units of tea, on one line.
    private static OrderCreated placed(String method, int units) {
        PricedLine line =
                new PricedLine(
                        "tea",
                        "tea",
                        units,
                        eur(1000),
                        eur(1000L * units),
                        eur(0),
                        eur(0),
                        Rate.ZERO,
                        List.of());
        OrderCreated several = Baskets.with(Baskets.placed(method, false, "tea"), List.of(line));
        return Baskets.servedFrom(Baskets.keptUntil(several, NOON.plusSeconds(900)), HOF, GRAZ);
    }

    private StockItem stock(String location) {
        return shop.stock("tea", location);
    }

    private long reserved(String location) {
        return stock(location).standing(Shop.ID, 0).reserved();
    }

    private long waiting(String location) {
        return stock(location).standing(Shop.ID, 0).waiting();
    }

    private Shipment shipment(int number) {
        return shop.shipment(Shop.ID + "-" + number);
    }

    private void leave(int number) {
        assertThat(shop.dispatches(Shop.ID + "-" + number)).isInstanceOf(Reply.Accepted.class);
    }

    @Test
    void the_first_location_serves_it_all_when_it_can() {
        count(HOF, 9);
        count(GRAZ, 9);
        place(6);
        assertThat(reserved(HOF)).isEqualTo(6);
        assertThat(reserved(GRAZ)).isZero();
        assertThat(shipment(1).location()).isEqualTo(HOF);
        assertThat(shipment(2).stage()).isEqualTo(Stage.NONE);
    }

    @Test
    void what_the_first_does_not_have_comes_from_the_next_in_a_shipment_of_its_own() {
        count(HOF, 4);
        count(GRAZ, 9);
        place(6);
        assertThat(shop.order().lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
        assertThat(reserved(HOF)).isEqualTo(4);
        assertThat(reserved(GRAZ)).isEqualTo(2);
        assertThat(shipment(1).location()).isEqualTo(HOF);
        assertThat(shipment(1).lines()).containsExactly(new Shipment.Line(0, "tea", 4));
        assertThat(shipment(2).location()).isEqualTo(GRAZ);
        assertThat(shipment(2).lines()).containsExactly(new Shipment.Line(0, "tea", 2));
        leave(2);
        assertThat(stock(GRAZ).onHand()).isEqualTo(7);
        assertThat(stock(HOF).onHand()).isEqualTo(4);
        leave(1);
        assertThat(stock(HOF).onHand()).isZero();
        assertThat(shop.order().fulfilment()).isEqualTo(Fulfilment.SHIPPED);
    }

    @Test
    void an_order_that_all_together_cannot_serve_is_out_of_stock_and_leaves_nothing_behind() {
        count(HOF, 4);
        count(GRAZ, 1);
        place(6);
        assertThat(shop.order().progress().rejected()).isEqualTo(RejectReason.OUT_OF_STOCK);
        assertThat(stock(HOF).available()).isEqualTo(4);
        assertThat(stock(GRAZ).available()).isEqualTo(1);
    }

    @Test
    void nothing_waits_while_another_location_has_it() {
        count(HOF, 4);
        mayWait(HOF);
        count(GRAZ, 9);
        place(6);
        assertThat(waiting(HOF)).isZero();
        assertThat(reserved(GRAZ)).isEqualTo(2);
    }

    @Test
    void what_no_location_has_waits_where_it_may() {
        count(HOF, 3);
        mayWait(HOF);
        count(GRAZ, 1);
        place(6);
        assertThat(reserved(HOF)).isEqualTo(3);
        assertThat(reserved(GRAZ)).isEqualTo(1);
        assertThat(waiting(HOF)).isEqualTo(2);
        assertThat(shop.order().quantities(0).backordered()).isEqualTo(2);
        shop.tell("tea", HOF, new StockItem.Command.Receive(2L, "delivery"));
        assertThat(reserved(HOF)).isEqualTo(5);
        assertThat(shipment(3).location()).isEqualTo(HOF);
        assertThat(shipment(3).lines()).containsExactly(new Shipment.Line(0, "tea", 2));
    }

    @Test
    void what_a_count_takes_away_comes_from_another_location() {
        count(HOF, 6);
        count(GRAZ, 9);
        shop.place(placed("card", 6));
        count(HOF, 5);
        assertThat(reserved(HOF)).isEqualTo(5);
        assertThat(reserved(GRAZ)).isEqualTo(1);
        count(GRAZ, 0);
        assertThat(shop.order().progress().rejected()).isEqualTo(RejectReason.OUT_OF_STOCK);
        assertThat(stock(HOF).available()).isEqualTo(5);
    }

    @Test
    void what_is_lost_is_asked_for_everywhere_again() {
        count(HOF, 4);
        count(GRAZ, 2);
        place(6);
        leave(1);
        leave(2);
        count(HOF, 5);
        shop.warehouse(Shop.ID + "-2", new RecordLost("0", "fell off"));
        assertThat(reserved(HOF)).isEqualTo(2);
        assertThat(shipment(3).location()).isEqualTo(HOF);
    }

    @Test
    void cancelled_units_are_free_at_the_location_that_comes_last() {
        count(HOF, 4);
        count(GRAZ, 9);
        shop.place(placed("card", 6));
        shop.tell(new Order.Command.CancelLines(List.of(new LineUnits(0, 2)), "no"));
        assertThat(reserved(HOF)).isEqualTo(4);
        assertThat(reserved(GRAZ)).isZero();
    }

    @Test
    void what_a_planned_shipment_waits_for_is_not_waited_for_by_the_rest() {
        count(HOF, 1);
        mayWait(GRAZ);
        place(3);
        assertThat(shipment(1).lines()).containsExactly(new Shipment.Line(0, "tea", 1));
        shop.hold("MANUAL");
        count(GRAZ, 2);
        count(HOF, 0);
        count(GRAZ, 1);
        assertThat(waiting(HOF)).as("for the planned shipment").isEqualTo(1);
        assertThat(reserved(GRAZ)).isEqualTo(1);
        assertThat(waiting(GRAZ)).isEqualTo(1);
        assertThat(shop.order().quantities(0).open()).isEqualTo(2);
    }

    private static LineStock stands(String location, int reserved, int waiting, int refused) {
        return new LineStock(0, location, 1, reserved, waiting, refused, 0, null);
    }

    private static RecordStock hears(LineStock... answers) {
        return new RecordStock(List.of(answers), false);
    }

    /// What came to pass in a world of the simulation: Hof had three units, one of them in a
    /// planned shipment, and loses all; Graz has two, and loses one.
    @Test
    void a_unit_that_is_lost_beside_a_planned_shipment_and_is_nowhere_to_be_had_is_given_up() {
        List<Order.Command> commands =
                List.of(
                        new Order.Command.CreateOrder(placed("invoice", 3)),
                        hears(stands(HOF, 3, 0, 0)),
                        new RecordShipmentPlanned("o-1-1", HOF, List.of(new LineUnits(0, 1))),
                        hears(stands(HOF, 0, 1, 0), stands(GRAZ, 2, 0, 0)),
                        hears(stands(GRAZ, 1, 1, 0)),
                        hears(stands(HOF, 0, 1, 1), stands(GRAZ, 1, 0, 0)),
                        hears(stands(GRAZ, 1, 0, 1)));
        List<Order.Event> events = new ArrayList<>();
        commands.forEach(
                command ->
                        events.addAll(
                                Given.givenAll(Order.AGGREGATE, events).when(command).events()));
        Order order = Given.givenAll(Order.AGGREGATE, events).state();
        assertThat(order.quantities(0).wanted()).isEqualTo(2);
        assertThat(order.needs()).extracting(StockNeed::units).containsExactly(1, 1);
    }
}
