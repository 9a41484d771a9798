// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Order;
import dev.fakta.testkit.Simulation;
import dev.fakta.testkit.World;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Some worlds of a small shop. Most laws of [OrdersWorld] do not hold in all worlds yet, so that
/// fresh seeds would find a history that breaks one, now and then.
class OrdersSimulationTest {

    private static final int WORLDS = 40;

    @Test
    void what_is_taken_and_given_back_agrees_and_nothing_is_oversold() {
        Set<Lifecycle> ends = EnumSet.noneOf(Lifecycle.class);
        Simulation simulation = Simulation.of(world -> shop(world, ends));
        for (int seed = 1; seed <= WORLDS; seed++) {
            simulation.replay(seed + ": 0-99");
        }
        assertThat(ends).contains(Lifecycle.COMPLETED, Lifecycle.REJECTED, Lifecycle.CANCELLED);
    }

    private static void shop(World world, Set<Lifecycle> ends) {
        OrdersWorld.prepare(world, Set.of(OrdersWorld.MONEY_AGREES, OrdersWorld.NOTHING_OVERSOLD));
        world.whenQuiet(
                "orders end",
                () ->
                        world.states(Order.AGGREGATE)
                                .values()
                                .forEach(order -> ends.add(order.lifecycle())));
    }
}
