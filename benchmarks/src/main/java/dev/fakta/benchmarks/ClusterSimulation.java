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
/// while it is, the next batch gathers. A commit takes the database's CPU for each of its events,
/// and then as long as the disk does. Then the order is answered, by way of the first node's CPU
/// again.
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
    record Result(
            double rate,
            double p50Millis,
            double p99Millis,
            double nodesBusy,
            double databasesBusy) {}

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
            writers.add(new BatchWriter(databases.get(i % setup.databases())));
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
                busy(databases, end));
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
        Runnable append = () -> writer.append(answer);
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

        void work(double micros, Runnable then) {
            double end = Math.max(now, freeAt.remove()) + micros / speed;
            freeAt.add(end);
            work += micros;
            at(end, then);
        }
    }

    /// A node's one connection that writes to a database.
    private final class BatchWriter {
        private final Cpu database;
        private final Deque<Runnable> waiting = new ArrayDeque<>();
        private boolean isBusy;

        BatchWriter(Cpu database) {
            this.database = database;
        }

        void append(Runnable answer) {
            waiting.add(answer);
            if (!isBusy) {
                commit();
            }
        }

        private void commit() {
            isBusy = true;
            List<Runnable> batch = List.copyOf(waiting);
            waiting.clear();
            database.work(
                    batch.size() * setup.costs().log(),
                    () -> at(now + setup.costs().commit(), () -> committed(batch)));
        }

        private void committed(List<Runnable> batch) {
            isBusy = false;
            batch.forEach(Runnable::run);
            if (!waiting.isEmpty()) {
                commit();
            }
        }
    }
}
