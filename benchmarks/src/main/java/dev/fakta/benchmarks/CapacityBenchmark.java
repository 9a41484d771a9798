// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// What an order costs by component, what a cluster of 1, 2 and 3 nodes carries, what the formula
/// and the simulation say about these, and what they say about sizes that are not to be had here.
/// `docs/operating/capacity.md` explains it and has a run's figures.
///
/// The nodes run on CPU 0, each with a quota when whole nodes are compared; the load, and a
/// PostgreSQL each for log and views, have the other CPUs. Nodes are warmed up on all CPUs without
/// a quota, since a compiler with a quota takes minutes.
final class CapacityBenchmark implements Benchmark {

    private static final int CONNECTIONS = 32;
    private static final int FEW_CONNECTIONS = 4; // whose orders hardly share a commit
    private static final Duration WARM_UP_SLICE = Duration.ofSeconds(4);
    private static final int LEAST_SLICES = 3;
    private static final int MOST_SLICES = 12;
    private static final int WARM_ORDERS = 40_000; // a gateway's: then the compiler is done
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofSeconds(3);
    private static final double QUOTA = 0.25;
    private static final int MOST_NODES = 3;
    private static final String WHOLE = "gateway,processor,aggregate";
    private static final String FRONT = "gateway,processor";
    private static final double SIMULATED_SECONDS = 5;
    private static final long SEED = 1;

    /// A machine as one can be rented, for what is computed and not measured.
    private static final CapacityPlan.Machine MACHINE = new CapacityPlan.Machine(16, 0.6, 500e6);

    private static final int[] RATES = {10_000, 100_000, 1_000_000};
    private static final double LEAST_DIFFERENCE = 0.02; // commits for an order, to tell by
    private static final int MANY_PARTITIONS = 1024;

    /// A measured cluster.
    ///
    /// @param byFew what was used in `fewSeconds` under a load of few connections
    /// @param idle cores that a node uses when there is nothing to do
    /// @param unapplied orders that the view was behind more at the end than at the start
    private record Run(
            CapacityMeter used,
            List<LoadResult> results,
            CapacityMeter byFew,
            double fewSeconds,
            List<Integer> partitions,
            double idle,
            long unapplied) {

        double seconds() {
            return results.getFirst().seconds();
        }

        /// What an order cost a node, without what it does when there is none.
        double node(int number) {
            return used.node(number) - idle * seconds() * 1e6 / used.orders();
        }

        /// The straight line through both loads.
        Line line(int number) {
            double few = byFew.node(number) - idle * fewSeconds * 1e6 / byFew.orders();
            return Line.through(used.commits(), node(number), byFew.commits(), few);
        }

        Line log() {
            return Line.through(
                    used.commits(),
                    used.perOrder(used.log()),
                    byFew.commits(),
                    byFew.perOrder(byFew.log()));
        }

        double nodes() {
            return IntStream.range(0, used.nodes().size()).mapToDouble(this::node).sum();
        }

        /// Cores that each node got for orders, of its quota: a machine that others use gives less.
        double cores() {
            return nodes() * used.orders() / 1e6 / seconds() / used.nodes().size();
        }

        double rate() {
            return results.stream().mapToDouble(LoadResult::rate).sum();
        }

        double p50Millis() {
            return results.stream().mapToDouble(LoadResult::p50Micros).average().orElse(0) / 1_000;
        }
    }

    /// A cost that grows with the commits for an order: what the order costs, and what a commit.
    private record Line(double order, double commit) {
        static Line through(double commits, double cost, double moreCommits, double moreCost) {
            double more = moreCommits - commits;
            double commit = more < LEAST_DIFFERENCE ? 0 : (moreCost - cost) / more;
            commit = Math.clamp(commit, 0, cost / commits);
            return new Line(cost - commit * commits, commit);
        }
    }

    @Override
    public String name() {
        return "capacity";
    }

    @Override
    public String description() {
        return "what an order costs, what 1 to %d nodes of %.2f cores carry, and what more would"
                .formatted(MOST_NODES, QUOTA);
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        int cpus = Runtime.getRuntime().availableProcessors();
        if (cpus < 2) {
            throw new IllegalStateException(
                    "it takes two CPUs: one for the nodes, one for the rest");
        }
        long self = ProcessHandle.current().pid();
        try (TemporaryDirectory folder = TemporaryDirectory.create();
                Database log = Database.start(folder.path().resolve("log"));
                Database views = Database.start(folder.path().resolve("views"))) {
            Bed bed = new Bed(folder.path(), log, views, cpus, time);
            return bed.measure();
        } finally {
            Cores.pin(self, "0-" + (cpus - 1));
        }
    }

    /// What the runs share.
    private record Bed(Path folder, Database log, Database views, int cpus, Duration time) {

        List<Figure> measure() throws Exception {
            Run apart = run("apart", List.of(FRONT, "aggregate", "view"), 0);
            Run passive = run("passive", List.of(FRONT, "aggregate", "aggregate"), 0);
            List<Run> whole = new ArrayList<>();
            for (int nodes = 1; nodes <= MOST_NODES; nodes++) {
                whole.add(run("whole" + nodes, Collections.nCopies(nodes, WHOLE), QUOTA));
            }
            OrderCosts costs = costs(apart, passive, whole.getFirst());
            List<Figure> figures = new ArrayList<>(figures(costs, apart));
            figures.addAll(checked(costs, whole));
            figures.addAll(beyond(costs));
            return figures;
        }

        /// @param quota of each node, in cores; 0 for none
        private Run run(String name, List<String> roles, double quota)
                throws IOException, InterruptedException, SQLException {
            String all = "0-" + (cpus - 1);
            String rest = cpus == 2 ? "1" : "1-" + (cpus - 1);
            String url = log.create(name);
            for (long pid : List.of(log.pid(), views.pid(), ProcessHandle.current().pid())) {
                Cores.pin(pid, all);
            }
            List<Cores.Quota> quotas = new ArrayList<>();
            try (CapacityCluster cluster =
                    CapacityCluster.start(folder.resolve(name), url, views.create(name), roles)) {
                warmUp(cluster);
                for (long pid : List.of(log.pid(), views.pid(), ProcessHandle.current().pid())) {
                    Cores.pin(pid, rest);
                }
                for (long pid : cluster.pids()) {
                    Cores.pin(pid, "0");
                    if (quota > 0) {
                        quotas.add(Cores.Quota.of(pid, quota));
                    }
                }
                var _ = cluster.load(CONNECTIONS, SETTLE);
                double idle = idle(cluster);
                boolean hasView = roles.contains("view");
                long behind = hasView ? cluster.behind() : 0;
                CapacityMeter before = CapacityMeter.read(cluster, log, views, name);
                List<LoadResult> results = cluster.load(CONNECTIONS, time);
                CapacityMeter after = CapacityMeter.read(cluster, log, views, name);
                long unapplied = hasView ? cluster.behind() - behind : 0;
                List<LoadResult> few = cluster.load(FEW_CONNECTIONS, time);
                CapacityMeter byFew = CapacityMeter.read(cluster, log, views, name).since(after);
                return new Run(
                        after.since(before),
                        results,
                        byFew,
                        few.getFirst().seconds(),
                        cluster.partitions(),
                        idle,
                        unapplied);
            } finally {
                for (Cores.Quota one : quotas) {
                    awaitEmpty(one);
                }
            }
        }

        private static double idle(CapacityCluster cluster)
                throws IOException, InterruptedException {
            long before = 0;
            for (long pid : cluster.pids()) {
                before += Cores.usedMicros(pid);
            }
            boolean _ = new CountDownLatch(1).await(IDLE.toMillis(), TimeUnit.MILLISECONDS);
            long used = -before;
            for (long pid : cluster.pids()) {
                used += Cores.usedMicros(pid);
            }
            return used / 1e3 / IDLE.toMillis() / cluster.pids().size();
        }

        /// For some seconds when the machine is quiet; until enough is done when it is not.
        private static void warmUp(CapacityCluster cluster) throws InterruptedException {
            long orders = 0;
            for (int i = 0; i < MOST_SLICES && (i < LEAST_SLICES || orders < WARM_ORDERS); i++) {
                for (LoadResult result : cluster.load(CONNECTIONS, WARM_UP_SLICE)) {
                    orders += result.requests();
                }
            }
        }

        /// A group goes only when its last process has gone.
        private static void awaitEmpty(Cores.Quota quota) throws IOException, InterruptedException {
            boolean _ = new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
            quota.close();
        }
    }

    private static OrderCosts costs(Run apart, Run passive, Run one) {
        CapacityMeter used = apart.used();
        double applied = (double) (used.orders() - apart.unapplied()) / used.orders();
        Line caller = apart.line(0);
        Line owner = apart.line(1);
        double decided = owner.order() + passive.used().commits() * owner.commit();
        return new OrderCosts(
                one.line(0).order(),
                caller.order(),
                owner.order(),
                Math.max(0, passive.node(1) + passive.node(2) - decided),
                apart.node(2) / applied,
                apart.log().order(),
                used.perOrder(used.views()) / applied,
                (double) one.used().forceMicros() / Math.max(1, one.used().forces()),
                used.perOrder(used.walBytes()),
                used.perOrder(used.storedBytes()),
                used.perOrder(used.networkBytes()),
                new OrderCosts.PerCommit(
                        one.line(0).commit(), caller.commit(), apart.log().commit()));
    }

    private static List<Figure> figures(OrderCosts costs, Run apart) {
        return List.of(
                Figure.of("cost: node, partition on it", costs.local(), "us CPU/order"),
                Figure.of(
                        "cost: gateway and processor, partition elsewhere",
                        costs.caller(),
                        "us CPU/order"),
                Figure.of(
                        "cost: aggregate of another node's request", costs.owner(), "us CPU/order"),
                Figure.of("cost: passive copy", costs.passive(), "us CPU/order"),
                Figure.of("cost: log's database", costs.log(), "us CPU/order"),
                Figure.of("cost: node that commits", costs.perCommit().node(), "us CPU/commit"),
                Figure.of(
                        "cost: other node with an order in it",
                        costs.perCommit().other(),
                        "us CPU/commit"),
                Figure.of("cost: log's database", costs.perCommit().log(), "us CPU/commit"),
                Figure.of("apart: orders in a commit", 1 / apart.used().commits(), "orders"),
                Figure.of(
                        "apart: orders in a commit, few clients",
                        1 / apart.byFew().commits(),
                        "orders"),
                Figure.of("cost: view", costs.view(), "us CPU/order"),
                Figure.of("cost: view's database", costs.viewDatabase(), "us CPU/order"),
                Figure.of(
                        "cost: written ahead by the log's database",
                        costs.walBytes(),
                        "bytes/order"),
                Figure.of("cost: stored by the log's database", costs.storedBytes(), "bytes/order"),
                Figure.of("cost: all sockets", costs.networkBytes(), "bytes/order"),
                Figure.of("log's database: force of a commit", costs.commit(), "us"),
                Figure.of("apart: rate", apart.rate(), "orders/s"),
                Figure.of(
                        "apart: commits of the log's database",
                        apart.used().forces() / apart.seconds(),
                        "commits/s"));
    }

    /// What was measured, beside what formula and simulation say of it.
    private static List<Figure> checked(OrderCosts costs, List<Run> whole) {
        List<Figure> figures = new ArrayList<>();
        for (Run run : whole) {
            int nodes = run.partitions().size();
            Figure measured = Figure.of(nodes + " nodes: measured", run.rate(), "orders/s");
            ClusterSimulation.Result simulated =
                    ClusterSimulation.closed(
                            new ClusterSimulation.Setup(costs, run.partitions(), run.cores(), 1, 1),
                            CONNECTIONS,
                            SIMULATED_SECONDS,
                            SEED);
            Figure cpu = Figure.of(nodes + " nodes: CPU of the nodes", run.nodes(), "us/order");
            Figure p50 = Figure.of(nodes + " nodes: p50", run.p50Millis(), "ms");
            figures.add(
                    Figure.of(
                            nodes + " nodes: each one got, of %.2f".formatted(QUOTA),
                            run.cores(),
                            "cores"));
            figures.add(Figure.of(nodes + " nodes: each one uses when idle", run.idle(), "cores"));
            figures.add(measured);
            figures.add(
                    Figure.of(
                            nodes + " nodes: orders in a commit",
                            1 / run.used().commits(),
                            "orders"));
            figures.add(
                    Figure.of(
                                    nodes + " nodes: by the formula",
                                    costs.rate(nodes, run.cores(), simulated.shared()),
                                    "orders/s")
                            .comparedWith(measured));
            figures.add(
                    Figure.of(nodes + " nodes: simulated", simulated.rate(), "orders/s")
                            .comparedWith(measured));
            figures.add(
                    Figure.of(
                            nodes + " nodes: simulated", simulated.shared(), "orders in a commit"));
            figures.add(cpu);
            figures.add(
                    Figure.of(
                                    nodes + " nodes: by the formula",
                                    costs.onNodes(nodes, 1 / run.used().commits()),
                                    "us/order")
                            .comparedWith(cpu));
            figures.add(p50);
            figures.add(
                    Figure.of(nodes + " nodes: p50 simulated", simulated.p50Millis(), "ms")
                            .comparedWith(p50));
        }
        return figures;
    }

    /// What the formula says that a rate needs, and how that behaves when it is simulated.
    private static List<Figure> beyond(OrderCosts costs) {
        List<Figure> figures = new ArrayList<>();
        for (int rate : RATES) {
            CapacityPlan plan = CapacityPlan.of(rate, costs, MACHINE);
            String of = "%,d orders/s: ".formatted(rate);
            figures.add(Figure.of(of + "nodes of 16 cores", plan.nodes(), "nodes"));
            figures.add(Figure.of(of + "databases of the log", plan.databases(), "databases"));
            figures.add(Figure.of(of + "for views, on nodes", plan.viewCores(), "cores"));
            figures.add(
                    Figure.of(of + "for views, in databases", plan.viewDatabaseCores(), "cores"));
            figures.add(
                    Figure.of(of + "each database writes", plan.walBytesPerSecond() / 1e6, "MB/s"));
            figures.add(
                    Figure.of(of + "stored each day", plan.storedBytesPerDay() / 1e12, "TB/day"));
            figures.add(
                    Figure.of(
                            of + "network of a node",
                            plan.networkBytesPerSecond() * 8 / 1e9,
                            "Gbit/s"));
            figures.addAll(simulated(of, rate, costs, plan));
        }
        return figures;
    }

    private static List<Figure> simulated(
            String of, int rate, OrderCosts costs, CapacityPlan plan) {
        double seconds = Math.min(2, 400_000.0 / rate);
        ClusterSimulation.Setup setup =
                ClusterSimulation.Setup.placed(
                        costs,
                        MANY_PARTITIONS,
                        plan.nodes() - 1,
                        MACHINE.cores(),
                        plan.databases(),
                        MACHINE.cores(),
                        SEED);
        ClusterSimulation.Result result = ClusterSimulation.open(setup, rate, seconds, SEED);
        return List.of(
                Figure.of(of + "simulated, one node lost", result.rate(), "orders/s"),
                Figure.of(of + "simulated, p50", result.p50Millis(), "ms"),
                Figure.of(of + "simulated, p99", result.p99Millis(), "ms"),
                Figure.of(of + "simulated, nodes busy", 100 * result.nodesBusy(), "%"),
                Figure.of(of + "simulated, databases busy", 100 * result.databasesBusy(), "%"));
    }
}
