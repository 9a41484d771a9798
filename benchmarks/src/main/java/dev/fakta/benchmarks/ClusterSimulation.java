// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/// A cluster as a network of queues, simulated event by event: for sizes that cannot be measured on
/// one machine. The same seed gives the same result.
///
/// An order waits for the CPU of the node that takes it, is worked on, goes to the node that owns
/// its partition, waits for that one's CPU and is decided there, and joins the batch that the node
/// is filling for the partition's database. A node has one commit on its way to each database;
/// while it is, the next batch gathers. A commit takes CPU of its node, of the nodes with an order
/// in it, and of the database, there for each of its events too; and then as long as the disk does.
/// Then the order is answered, by way of the first node's CPU again.
///
/// Not in it: garbage collection, views, retries, a network that is slow or full.
final class ClusterSimulation {

    private static final double BEFORE = 0.75; // of the first node's work, before it sends on

    /// What is simulated.
    ///
    /// @param partitions how many each node owns
    /// @param cores of each node; a part of one is a slow one
    /// @param databaseCores of each database
    record Setup(
            OrderCosts costs,
            List<Integer> partitions,
            double cores,
            int databases,
            double databaseCores) {
        Setup {
            partitions = List.copyOf(partitions);
        }

        int nodes() {
            return partitions.size();
        }

        /// Partitions placed at random, as hashing does.
        static Setup placed(
                OrderCosts costs,
                int partitions,
                int nodes,
                double cores,
                int databases,
                double databaseCores,
                long seed) {
            Integer[] owned = new Integer[nodes];
            Arrays.fill(owned, 0);
            Random random = new Random(seed);
            for (int i = 0; i < partitions; i++) {
                owned[random.nextInt(nodes)]++;
            }
            return new Setup(costs, List.of(owned), cores, databases, databaseCores);
        }
    }

    /// What came out.
    ///
    /// @param shared orders in a commit
    record Result(
            double rate,
            double p50Millis,
            double p99Millis,
            double nodesBusy,
            double databasesBusy,
            double shared) {}

    private record Event(double time, long number, Runnable action) {}

    private final Setup setup;
    private final Random random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(
                    Comparator.comparingDouble(Event::time).thenComparingLong(Event::number));
    private final List<Cpu> nodes = new ArrayList<>();
    private final List<Cpu> databases = new ArrayList<>();
    private final List<BatchWriter> writers = new ArrayList<>();
    private final int[] owners;
    private final List<Double> latencies = new ArrayList<>();
    private final boolean isClosed;
    private final double from;
    private double now;
    private long numbers;
    private long commits;
    private long committed;

    private ClusterSimulation(Setup setup, long seed, boolean isClosed, double from) {
        this.setup = setup;
        this.random = new Random(seed);
        this.isClosed = isClosed;
        this.from = from;
        for (int i = 0; i < setup.nodes(); i++) {
            nodes.add(new Cpu(setup.cores()));
        }
        for (int i = 0; i < setup.databases(); i++) {
            databases.add(new Cpu(setup.databaseCores()));
        }
        for (int i = 0; i < setup.nodes() * setup.databases(); i++) {
            writers.add(
                    new BatchWriter(i / setup.databases(), databases.get(i % setup.databases())));
        }
        this.owners = owners(setup.partitions(), random);
    }

    /// Each node has partitions of all databases, as hashing gives them out.
    private static int[] owners(List<Integer> partitions, Random random) {
        int[] owners = new int[partitions.stream().mapToInt(Integer::intValue).sum()];
        int next = 0;
        for (int node = 0; node < partitions.size(); node++) {
            for (int i = 0; i < partitions.get(node); i++) {
                owners[next++] = node;
            }
        }
        for (int i = owners.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int owner = owners[i];
            owners[i] = owners[other];
            owners[other] = owner;
        }
        return owners;
    }

    /// Clients that each place the next order when the last one is answered.
    ///
    /// @param clients at each node
    /// @param seconds that are simulated; the first fifth is not counted
    static Result closed(Setup setup, int clients, double seconds, long seed) {
        ClusterSimulation simulation = new ClusterSimulation(setup, seed, true, seconds / 5);
        for (int node = 0; node < setup.nodes(); node++) {
            for (int i = 0; i < clients; i++) {
                simulation.arrive(node);
            }
        }
        return simulation.run(seconds);
    }

    /// Orders that come at random moments, at this rate for all nodes together, whoever is busy.
    static Result open(Setup setup, double rate, double seconds, long seed) {
        ClusterSimulation simulation = new ClusterSimulation(setup, seed, false, seconds / 5);
        simulation.comeAtRandom(1e6 / rate);
        return simulation.run(seconds);
    }

    private void comeAtRandom(double meanMicros) {
        at(
                now - meanMicros * Math.log(1 - random.nextDouble()),
                () -> {
                    arrive(random.nextInt(setup.nodes()));
                    comeAtRandom(meanMicros);
                });
    }

    private Result run(double seconds) {
        double end = seconds * 1e6;
        while (!events.isEmpty() && events.peek().time() < end) {
            Event next = events.remove();
            now = next.time();
            next.action().run();
        }
        latencies.sort(Comparator.naturalOrder());
        return new Result(
                latencies.size() / (seconds - from),
                percentile(0.5),
                percentile(0.99),
                busy(nodes, end),
                busy(databases, end),
                (double) committed / Math.max(1, commits));
    }

    private double percentile(double share) {
        return latencies.isEmpty()
                ? 0
                : latencies.get((int) (share * (latencies.size() - 1))) / 1_000;
    }

    private static double busy(List<Cpu> cpus, double micros) {
        return cpus.stream().mapToDouble(cpu -> cpu.work / micros).average().orElse(0)
                / cpus.getFirst().cores();
    }

    private void at(double time, Runnable action) {
        events.add(new Event(time, numbers++, action));
    }

    private void arrive(int node) {
        OrderCosts costs = setup.costs();
        double start = now;
        int partition = random.nextInt(owners.length);
        int owner = owners[partition];
        int database = (int) ((long) partition * setup.databases() / owners.length);
        BatchWriter writer = writers.get(owner * setup.databases() + database);
        boolean isLocal = owner == node;
        double cost = isLocal ? costs.local() : costs.caller();
        Runnable answer =
                () -> nodes.get(node).work(cost * (1 - BEFORE), () -> answered(node, start));
        Runnable append = () -> writer.append(new Decided(node, answer));
        nodes.get(node)
                .work(
                        cost * BEFORE,
                        isLocal ? append : () -> nodes.get(owner).work(costs.owner(), append));
    }

    private void answered(int node, double start) {
        if (now >= from * 1e6) {
            latencies.add(now - start);
        }
        if (setup.nodes() > 1) { // the passive copy follows, on any other node
            int other = (node + 1 + random.nextInt(setup.nodes() - 1)) % setup.nodes();
            nodes.get(other).work(setup.costs().passive(), () -> {});
        }
        if (isClosed) {
            arrive(node);
        }
    }

    /// Some cores that take work in the order in which it comes.
    private final class Cpu {
        private final PriorityQueue<Double> freeAt = new PriorityQueue<>();
        private final double speed;
        private double work;

        Cpu(double cores) {
            int whole = Math.max(1, (int) cores);
            this.speed = cores / whole;
            for (int i = 0; i < whole; i++) {
                freeAt.add(0.0);
            }
        }

        double cores() {
            return freeAt.size() * speed;
        }

        /// Beside all that waits: a thread of its own has its share of a core that is busy.
        void beside(double micros, Runnable then) {
            double free = freeAt.remove();
            double end = now + (free > now ? 2 : 1) * micros / speed;
            freeAt.add(Math.max(now, free) + micros / speed);
            work += micros;
            at(end, then);
        }

        void work(double micros, Runnable then) {
            double end = Math.max(now, freeAt.remove()) + micros / speed;
            freeAt.add(end);
            work += micros;
            at(end, then);
        }
    }

    /// An order that waits for its commit.
    ///
    /// @param caller the node that is to be answered
    private record Decided(int caller, Runnable answer) {}

    /// A node's one connection that writes to a database.
    private final class BatchWriter {
        private final int node;
        private final Cpu database;
        private final Deque<Decided> waiting = new ArrayDeque<>();
        private boolean isBusy;

        BatchWriter(int node, Cpu database) {
            this.node = node;
            this.database = database;
        }

        void append(Decided order) {
            waiting.add(order);
            if (!isBusy) {
                commit();
            }
        }

        private void commit() {
            isBusy = true;
            List<Decided> batch = List.copyOf(waiting);
            waiting.clear();
            OrderCosts costs = setup.costs();
            double inLog = batch.size() * costs.log() + costs.perCommit().log();
            Runnable force = () -> at(now + costs.commit(), () -> committed(batch));
            commits++;
            committed += batch.size();
            nodes.get(node).beside(costs.perCommit().node(), () -> database.work(inLog, force));
        }

        private void committed(List<Decided> batch) {
            isBusy = false;
            batch.stream()
                    .map(Decided::caller)
                    .filter(caller -> caller != node)
                    .distinct()
                    .forEach(
                            caller ->
                                    nodes.get(caller)
                                            .work(setup.costs().perCommit().other(), () -> {}));
            batch.forEach(order -> order.answer().run());
            if (!waiting.isEmpty()) {
                commit();
            }
        }
    }
}
