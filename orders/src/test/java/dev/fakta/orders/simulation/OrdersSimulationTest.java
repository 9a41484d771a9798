// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Order;
import dev.fakta.testkit.Simulation;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Worlds of a small shop, with fresh seeds in every run: no order is charged twice, oversold or
/// forgotten, whatever happens in which order. A world that breaks a law is shown with its shortest
/// history, and with the line that replays it.
class OrdersSimulationTest {

    private static final int WORLDS = 250;
    private static final int STEPS = 400;

    @Test
    void no_law_is_broken_whatever_happens_in_whichever_order() {
        Map<Lifecycle, Integer> ends = new EnumMap<>(Lifecycle.class);
        Simulation.of(
                        world -> {
                            OrdersWorld.prepare(world, OrdersWorld.LAWS);
                            world.whenQuiet(
                                    "orders end",
                                    () ->
                                            world.states(Order.AGGREGATE)
                                                    .values()
                                                    .forEach(
                                                            order ->
                                                                    ends.merge(
                                                                            order.lifecycle(),
                                                                            1,
                                                                            Integer::sum)));
                        })
                .steps(STEPS)
                .run(WORLDS);
        assertThat(ends).containsKeys(Lifecycle.COMPLETED, Lifecycle.REJECTED, Lifecycle.CANCELLED);
    }
}
