// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.simulation;

import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Order;
import dev.fakta.testkit.Simulation;
import dev.fakta.testkit.World;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Plays many worlds of [OrdersWorld] and counts the orders in them, until some worlds have broken
/// a law.
///
/// An order counts when it was created and its world has come to rest and kept every law; what
/// became of it is counted too. Worlds that are played again to shorten a history do not count.
///
/// `OrdersSimulationTest` plays as many worlds as the system properties `fakta.simulation.worlds`,
/// `.steps` and `.cores` say; [#main] does the same without a test.
final class OrdersHunt {

    private static final boolean IS_LONG = Boolean.getBoolean("fakta.long");
    private static final int WORLDS =
            Integer.getInteger("fakta.simulation.worlds", IS_LONG ? 90_000 : 9_000);
    private static final int STEPS = Integer.getInteger("fakta.simulation.steps", 300);
    private static final int CORES =
            Integer.getInteger(
                    "fakta.simulation.cores", Runtime.getRuntime().availableProcessors());
    private static final int MOST_BROKEN = 10;

    private final Map<Lifecycle, Integer> ends = new EnumMap<>(Lifecycle.class);
    private final long start = System.nanoTime();
    private final long processorStart = processorNanos();
    private Duration time = Duration.ZERO;
    private Duration processor = Duration.ZERO;
    private int worlds;

    private OrdersHunt() {}

    public static void main(String[] args) {
        Played played = play();
        System.out.println(played);
        played.broken().forEach(System.out::println);
    }

    static Simulation simulation() {
        return Simulation.of(world -> OrdersWorld.prepare(world, OrdersLaws.ALL)).steps(STEPS);
    }

    /// Plays the worlds that the system properties ask for; fewer when ten of them are broken.
    static Played play() {
        OrdersHunt hunt = new OrdersHunt();
        List<Simulation.Failure> broken =
                simulation().onCores(CORES).atEnd(hunt::count).findAll(WORLDS, MOST_BROKEN);
        return new Played(hunt.worlds, hunt.ends, hunt.time, hunt.processor, broken);
    }

    private synchronized void count(World world) {
        worlds++;
        time = Duration.ofNanos(System.nanoTime() - start);
        processor = Duration.ofNanos(processorNanos() - processorStart);
        for (Order order : world.states(Order.AGGREGATE).values()) {
            if (order.created() != null) {
                ends.merge(order.lifecycle(), 1, Integer::sum);
            }
        }
    }

    private static long processorNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    /// What was played.
    ///
    /// @param worlds that have kept every law
    /// @param ends how many orders were where when their world had come to rest
    /// @param time by the clock, until the last world that kept every law; to shorten histories
    ///   comes behind that
    /// @param processor time on all cores, with that of whatever else the JVM does meanwhile
    /// @param broken the worlds that broke a law, with their shortest histories
    record Played(
            int worlds,
            Map<Lifecycle, Integer> ends,
            Duration time,
            Duration processor,
            List<Simulation.Failure> broken) {

        int orders() {
            return ends.values().stream().mapToInt(Integer::intValue).sum();
        }

        @Override
        public String toString() {
            return "%,d orders %s in %,d worlds of %d steps, %d worlds broken; %.1f s on %d cores, %.1f s of one core: %,d orders a minute on one core"
                    .formatted(
                            orders(),
                            ends,
                            worlds,
                            STEPS,
                            broken.size(),
                            seconds(time),
                            CORES,
                            seconds(processor),
                            Math.round(orders() * 60 / seconds(processor)));
        }

        private static double seconds(Duration time) {
            return time.toNanos() / 1e9;
        }
    }
}
