// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.testkit.Simulation;
import dev.fakta.testkit.World;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// A stock item and its upkeep in worlds in which messages come late, doubled and reordered.
class StockWorldTest {

    private static final String ITEM = Command.idOf("tea", null);

    @Test
    void no_reservation_outlives_its_time_and_nobody_waits_while_units_are_free() {
        Simulation.of(StockWorldTest::set).run(300);
    }

    private static void set(World world) {
        world.with(InventoryMicrosystem.DEFINITION);
        world.send(StockItem.AGGREGATE, ITEM, new Command.Count("tea", null, 6L));
        world.actor("orders", 40, random -> send(world, need(world, random)));
        world.actor(
                "stock keeper",
                10,
                random -> send(world, new Command.Count("tea", null, (long) random.nextInt(9))));
        world.actor(
                "manager",
                4,
                random -> send(world, new Command.AllowBackorders(random.nextBoolean())));
        world.always("no unit is promised twice", () -> promisedOnce(state(world)));
        world.whenQuiet("what is over has ended", () -> nothingIsOver(world));
    }

    private static Command need(World world, RandomGenerator random) {
        Instant until =
                random.nextInt(4) == 0
                        ? null
                        : world.now().plus(Duration.ofMinutes(random.nextInt(1, 60)));
        long left = random.nextLong(3);
        return new Command.Need(
                "o-" + random.nextInt(4),
                0,
                random.nextLong(1, 20),
                random.nextLong(4),
                left,
                random.nextLong(left + 1),
                until,
                world.now());
    }

    private static void send(World world, Command command) {
        world.send(StockItem.AGGREGATE, ITEM, command);
    }

    private static StockItem state(World world) {
        return world.state(StockItem.AGGREGATE, ITEM);
    }

    private static void promisedOnce(StockItem stock) {
        assertThat(stock.missing()).isZero();
        assertThat(stock.isUnserved()).isFalse();
    }

    private static void nothingIsOver(World world) {
        assertThat(state(world).reservations().live().values())
                .noneMatch(one -> one.isOver(world.now()));
        assertThat(state(world).nextEnd()).isNull();
        assertThat(world.instances(StockUpkeep.SAGA).values())
                .allMatch(instance -> instance.timers().isEmpty() && instance.open().isEmpty());
    }
}
