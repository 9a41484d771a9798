// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.order.Placing.line;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentCancelled;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentPlanned;
import dev.fakta.orders.order.Sourcing.Location;
import dev.fakta.orders.order.Sourcing.Rule;
import dev.fakta.orders.order.StockFacts.Event.OrderStockChanged;
import java.util.List;
import org.junit.jupiter.api.Test;

/// An order of two teas from two places: one lies in Graz and is packed, the other lies in Hof.
class StockNeedsTest {

    private static final List<LineUnits> ONE_TEA = List.of(new LineUnits(0, 1));
    private static final OrderShipmentCancelled UNPACKED =
            new OrderShipmentCancelled("s", Standing.CREATED);

    private final Order packed =
            Order.NONE
                    .evolve(
                            Placing.order()
                                    .lines(line("tea", 2L))
                                    .placed(
                                            new OrderRules(
                                                    Risk.none(),
                                                    new Sourcing(
                                                            List.of(
                                                                    new Location("graz", "AT"),
                                                                    new Location("hof", "DE")),
                                                            Rule.PRIORITY,
                                                            (_, _, _) -> 1))))
                    .evolve(hears("graz", 1, 0))
                    .evolve(hears("hof", 1, 0))
                    .evolve(new OrderShipmentPlanned("s", "graz", ONE_TEA, Standing.CREATED));

    private static OrderStockChanged hears(String location, int reserved, int waiting) {
        LineStock answer = new LineStock(0, location, 1, reserved, waiting, 0, 0, null);
        return new OrderStockChanged(List.of(answer), StockBook.Supply.RESERVED, Standing.CREATED);
    }

    private static int waiting(Order order) {
        return order.quantities(0).backordered();
    }

    @Test
    void what_a_planned_shipment_lacks_is_waited_for_by_no_open_unit() {
        Order counted = packed.evolve(hears("graz", 0, 1));
        assertThat(counted.shippable("hof")).isEqualTo(ONE_TEA);
        assertThat(waiting(counted)).isZero();
    }

    @Test
    void once_it_is_unpacked_its_units_wait() {
        assertThat(waiting(packed.evolve(hears("graz", 0, 1)).evolve(UNPACKED))).isEqualTo(1);
        assertThat(waiting(packed.evolve(UNPACKED).evolve(hears("graz", 0, 1)))).isEqualTo(1);
    }
}
