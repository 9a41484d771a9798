// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// One run: a cluster, its clients, faults one after the other, and the judgement at the end.
final class Storm {

    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration SETTLE = Duration.ofSeconds(20);
    private static final Duration CALM = Duration.ofSeconds(3);

    private final Settings settings;
    private final PrintStream out;
    private final History history = new History();
    private final List<Strike> strikes = new ArrayList<>();
    private long began;

    /// @param pace how long each client pauses after an answer
    /// @param directory for data, messages of the nodes, and the report
    /// @param jvm the class path and more options of the nodes' JVMs
    /// @param faults all that may happen
    record Settings(
            String title,
            int nodes,
            long seed,
            Duration pace,
            Path directory,
            List<String> jvm,
            Set<Fault> faults) {
        Settings {
            faults = Set.copyOf(faults);
            jvm = List.copyOf(jvm);
        }
    }

    private Storm(Settings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /// @param faults is asked for the next one whenever the last is over
    static Report run(Settings settings, Iterator<Fault> faults, PrintStream out)
            throws IOException, SQLException {
        return new Storm(settings, out).run(faults);
    }

    private Report run(Iterator<Fault> faults) throws IOException, SQLException {
        Files.createDirectories(settings.directory());
        Path data = Files.createTempDirectory("fakta-chaos");
        out.printf("seed %d, %d nodes; data in %s%n", settings.seed(), settings.nodes(), data);
        Report report;
        try (ClusterUnderTest cluster = ClusterUnderTest.start(data, settings);
                Balancer balancer =
                        Balancer.over(
                                IntStream.range(0, settings.nodes())
                                        .mapToObj(cluster::uri)
                                        .toList());
                Caller caller =
                        new Caller(
                                IntStream.range(0, settings.nodes())
                                        .mapToObj(cluster::uri)
                                        .toList(),
                                balancer,
                                history)) {
            report = run(cluster, balancer, caller, faults);
            report.write(settings.directory());
        }
        if (report.verdict().isClean()) {
            delete(data);
        }
        return report;
    }

    private Report run(
            ClusterUnderTest cluster, Balancer balancer, Caller caller, Iterator<Fault> faults)
            throws SQLException {
        Workload workload = new Workload(caller, history, settings.pace(), settings.seed());
        workload.prepare();
        began = history.now();
        Verdict verdict = new Verdict();
        try (workload) {
            workload.start();
            Nemesis nemesis = new Nemesis(cluster, balancer, history, workload, settings.seed());
            Pause.of(WARM_UP);
            strike(cluster, nemesis, faults);
        } catch (IllegalStateException e) {
            verdict.add("the cluster gets over every fault", 1, List.of(e.toString()));
        }
        long until = history.now();
        Pause.of(CALM);
        out.println("checking ...");
        judge(cluster, balancer, caller, verdict);
        return new Report(settings.title(), history, strikes, verdict, began, until);
    }

    private void strike(ClusterUnderTest cluster, Nemesis nemesis, Iterator<Fault> faults)
            throws SQLException {
        while (faults.hasNext() && !history.isFull()) {
            Fault fault = faults.next();
            if (!cluster.canSuffer(fault)) {
                out.printf("left out, as %s: %s%n", fault.needs(), fault.label());
                continue;
            }
            Strike strike = nemesis.strike(fault);
            strikes.add(strike);
            out.println(Report.line(strike, history, began));
        }
    }

    private void judge(ClusterUnderTest cluster, Balancer balancer, Caller caller, Verdict verdict)
            throws SQLException {
        planned(verdict);
        try (Connection connection = cluster.connect()) {
            LoggedOrders logged = LoggedOrders.read(connection);
            HistoryCheck.check(history, logged, verdict);
            LogCheck.check(connection, verdict);
            if (Pause.until(balancer::isWhole, SETTLE)) {
                NodesCheck.check(caller, connection, logged, cluster.size(), verdict);
            } else {
                verdict.add("all nodes are ready in the end", 1, List.of(balancer.state()));
            }
        }
    }

    private void planned(Verdict verdict) {
        List<String> failed = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        long looked = 0;
        for (Strike strike : strikes) {
            if (strike.remark().contains("VIOLATION")) {
                remarks.add(strike.fault().label() + ": " + strike.remark());
            }
            if (strike.fault().isPlanned()) {
                looked++;
                history.misses(strike.from(), strike.whole(), null).stream()
                        .filter(miss -> miss.status() > 0)
                        .forEach(miss -> failed.add(miss.toString()));
            }
        }
        verdict.add("processes end as they should", strikes.size(), remarks);
        verdict.add("no request fails in a graceful restart", looked, failed);
    }

    private static void delete(Path data) throws IOException {
        try (var files = Files.walk(data)) {
            for (Path path : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
