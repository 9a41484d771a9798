// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Does harm, one thing at a time, and waits until the cluster has got over it.
final class Nemesis {

    /// How long a killed node stays away. Downtime is measured until then.
    private static final Duration AWAY = Duration.ofSeconds(5);

    /// A JVM starts in 3 s, and in a minute on a machine where all others want to run too.
    private static final Duration WHOLE = Duration.ofMinutes(3);

    private static final Duration CALM = Duration.ofSeconds(3);
    private static final Duration LATENCY = Duration.ofMillis(100);
    private static final int SLOWEST_DISK = 2;
    private static final int FASTEST_DISK = 40;
    private static final double LEAST_JUMP = Math.log(1_000);
    private static final double GREATEST_JUMP = Math.log((double) Duration.ofHours(30).toMillis());
    private static final double SWIFTEST_DRIFT = 20;

    private final ClusterUnderTest cluster;
    private final Balancer balancer;
    private final History history;
    private final Workload workload;
    private final SplittableRandom random;

    /// Nodes by age, the oldest first.
    private final List<Integer> ages = new ArrayList<>();

    Nemesis(
            ClusterUnderTest cluster,
            Balancer balancer,
            History history,
            Workload workload,
            long seed) {
        this.cluster = cluster;
        this.balancer = balancer;
        this.history = history;
        this.workload = workload;
        this.random = new SplittableRandom(seed);
        IntStream.range(0, cluster.size()).forEach(ages::add);
    }

    /// Strikes any node, and returns when all are well again.
    ///
    /// @throws IllegalStateException when that takes too long
    Strike strike(Fault fault) throws SQLException {
        return strike(fault, random.nextInt(cluster.size()));
    }

    private Strike strike(Fault fault, int node) throws SQLException {
        boolean isOfDatabase = fault.isOfDatabase();
        Set<Integer> affected = isOfDatabase ? Set.of() : cluster.ownedBy(node);
        boolean isOldest = !isOfDatabase && ages.getFirst() == node;
        long from = history.now();
        String remark = harm(fault, node);
        long lifted = history.now();
        remark += recover(node);
        long whole = history.now();
        Pause.of(CALM);
        long until = fault == Fault.KILL ? lifted : whole;
        Map<Integer, Long> downtimes = new HashMap<>();
        for (int partition : affected) {
            downtimes.put(
                    partition, Downtime.of(history.of(workload.probe(partition)), from, until));
        }
        return new Strike(
                fault,
                isOfDatabase ? -1 : node,
                isOldest,
                from,
                lifted,
                whole,
                downtimes,
                remark.strip());
    }

    private String harm(Fault fault, int node) {
        switch (fault) {
            case KILL -> {
                cluster.node(node).kill();
                balancer.suspect(node);
                Pause.of(AWAY);
                startAgain(node);
            }
            case RESTART -> {
                return restart(node);
            }
            case FREEZE -> {
                Duration still = between(1_000, 15_000);
                cluster.node(node).freeze();
                Pause.of(still);
                cluster.node(node).thaw();
                return "still for %.1f s. ".formatted(still.toMillis() / 1e3);
            }
            case DATABASE_RESTART -> cluster.restartDatabase(between(100, 3_000));
            case DATABASE_SLOW -> {
                for (int i = 0; i < cluster.size(); i++) {
                    cluster.proxy(i).slow(LATENCY);
                }
                Pause.of(between(5_000, 10_000));
                heal();
            }
            case DATABASE_CUT -> {
                cutDatabase(node);
                Pause.of(between(2_000, 12_000));
                heal();
            }
            case DISK_SLOW -> {
                int writes = random.nextInt(SLOWEST_DISK, FASTEST_DISK + 1);
                cluster.slowDisk(writes, between(5_000, 10_000));
                return "%d writes per second. ".formatted(writes);
            }
            case CLOCK_JUMP -> {
                return jump(cluster.clock(node));
            }
            case CLOCK_DRIFT -> {
                return drift(cluster.clock(node));
            }
            case ISOLATION, DEAFNESS, ISLAND -> {
                cut(fault, node);
                Pause.of(between(1_000, 15_000));
                heal();
            }
        }
        return "";
    }

    /// Sets a clock some times, by seconds to more than a day, ahead or back. Where it ends up it
    /// stays until it is struck again: the other faults find clocks that differ.
    private String jump(NodeClock clock) {
        StringBuilder remark = new StringBuilder("ahead by");
        int jumps = random.nextInt(2, 5);
        for (int i = 0; i < jumps; i++) {
            long millis = (long) Math.exp(random.nextDouble(LEAST_JUMP, GREATEST_JUMP));
            clock.set(Duration.ofMillis(random.nextBoolean() ? millis : -millis));
            remark.append(String.format(Locale.ROOT, " %,d s,", clock.ahead().toSeconds()));
            Pause.of(between(500, 4_000));
        }
        return remark.append(" and stays so. ").toString();
    }

    private String drift(NodeClock clock) {
        double rate = random.nextDouble(-SWIFTEST_DRIFT, SWIFTEST_DRIFT);
        clock.drift(rate, between(5_000, 10_000));
        return String.format(
                Locale.ROOT,
                "%+.1f s per second, ahead by %,d s. ",
                rate,
                clock.ahead().toSeconds());
    }

    private String restart(int node) {
        cluster.node(node).terminate();
        if (!cluster.node(node).awaitEnd(WHOLE)) {
            cluster.node(node).kill();
            startAgain(node);
            return "VIOLATION: it did not end after SIGTERM. ";
        }
        int status = cluster.node(node).exitStatus();
        startAgain(node);
        return status == 0 ? "" : "VIOLATION: its exit status was %d. ".formatted(status);
    }

    private void cutDatabase(int node) {
        if (random.nextBoolean()) {
            cluster.proxy(node).silence();
        } else {
            cluster.proxy(node).shut();
        }
    }

    private void cut(Fault fault, int node) {
        for (int other = 0; other < cluster.size(); other++) {
            if (other != node) {
                cluster.network().cut(other, node);
                if (fault != Fault.DEAFNESS) {
                    cluster.network().cut(node, other);
                }
            }
        }
        if (fault == Fault.ISLAND) {
            cutDatabase(node);
        }
    }

    private void heal() {
        cluster.network().heal();
        for (int node = 0; node < cluster.size(); node++) {
            cluster.proxy(node).heal();
        }
    }

    private Duration between(int leastMillis, int mostMillis) {
        return Duration.ofMillis(random.nextInt(leastMillis, mostMillis + 1));
    }

    private void startAgain(int node) {
        cluster.start(node);
        ages.remove(Integer.valueOf(node));
        ages.add(node);
    }

    /// Waits until every node is ready. One that has ended is started again, as whatever keeps
    /// processes running in production would do.
    private String recover(int struck) {
        StringBuilder remark = new StringBuilder();
        long began = history.now();
        long until = began + WHOLE.toNanos();
        while (!isWholeForLong()) {
            for (int node = 0; node < cluster.size(); node++) {
                if (!cluster.node(node).isAlive()) {
                    remark.append(
                            "%s%s had ended (status %d) and was started again. "
                                    .formatted(
                                            node == struck ? "" : "Not struck: ",
                                            ClusterUnderTest.name(node),
                                            cluster.node(node).exitStatus()));
                    startAgain(node);
                }
            }
            if (history.now() > until) {
                throw new IllegalStateException(
                        "the cluster has not got over it within %d s: %s"
                                .formatted(WHOLE.toSeconds(), balancer.state()));
            }
        }
        return remark.toString();
    }

    /// Ready for a second without a break.
    private boolean isWholeForLong() {
        return Pause.until(balancer::isWhole, Duration.ofSeconds(1))
                && !Pause.until(() -> !balancer.isWhole(), Duration.ofSeconds(1));
    }
}
