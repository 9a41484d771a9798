// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./fakta chaos`: breaks a cluster and checks what it promised. Exit status 0 when nothing was
/// found, 1 when something was, 2 for wrong usage.
@Command(
        name = "fakta chaos",
        mixinStandardHelpOptions = true,
        description =
                "Breaks a cluster on this machine in many ways while clients use it, and checks it.",
        subcommands = Main.Failover.class,
        sortOptions = false)
public final class Main implements Callable<Integer> {

    private static final Duration STORM_PACE = Duration.ofMillis(250);
    private static final Duration FAILOVER_PACE = Duration.ofMillis(100);

    private static final List<String> CLASS_PATH =
            List.of("-cp", System.getProperty("java.class.path"));

    @Mixin private Options options;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "how long it goes on (default: ${DEFAULT-VALUE})",
            defaultValue = "10")
    private int minutes;

    @Option(
            names = "--faults",
            paramLabel = "FAULT",
            split = ",",
            description = "these only, of ${COMPLETION-CANDIDATES} (default: all)")
    private List<Fault> faults = List.of(Fault.values());

    /// What both commands take.
    static final class Options {
        @Option(
                names = "--nodes",
                paramLabel = "N",
                description = "how many nodes, 2 to 9 (default: ${DEFAULT-VALUE})",
                defaultValue = "3")
        private int nodes;

        @Option(
                names = "--seed",
                paramLabel = "S",
                description = "which nodes, which faults, how long (default: ${DEFAULT-VALUE})",
                defaultValue = "1")
        private long seed;

        @Option(
                names = "--report",
                paramLabel = "DIR",
                description =
                        "for the report and what the nodes have to say (default: ${DEFAULT-VALUE})",
                defaultValue = "target/chaos")
        private Path report;

        /// @param kinds of the faults
        int run(
                String title,
                Duration pace,
                Set<Fault> kinds,
                Iterator<Fault> faults,
                PrintStream out)
                throws IOException, SQLException {
            if (nodes < 2 || nodes > 9) {
                out.println("--nodes: 2 to 9");
                return CommandLine.ExitCode.USAGE;
            }
            var settings = new Storm.Settings(title, nodes, seed, pace, report, CLASS_PATH, kinds);
            Report found = Storm.run(settings, faults, out);
            out.println(Report.downtime(found.strikes()));
            found.verdict()
                    .checks()
                    .forEach(
                            check ->
                                    out.printf(
                                            "%s %s (%d looked at)%n",
                                            check.wrong().isEmpty() ? "ok   " : "WRONG",
                                            check.promise(),
                                            check.looked()));
            found.verdict().wrong().forEach(out::println);
            out.println("report: " + report.resolve("report.md").toAbsolutePath());
            return found.verdict().isClean()
                    ? CommandLine.ExitCode.OK
                    : CommandLine.ExitCode.SOFTWARE;
        }
    }

    /// `kill -9` only, for the histogram of downtime.
    @Command(
            name = "failover",
            mixinStandardHelpOptions = true,
            description =
                    "Kills nodes, the oldest ones too, and measures how long partitions are down.")
    static final class Failover implements Callable<Integer> {

        @Mixin private Options options;

        @Option(
                names = "--kills",
                paramLabel = "N",
                description = "how many (default: ${DEFAULT-VALUE})",
                defaultValue = "50")
        private int kills;

        @Override
        public Integer call() throws IOException, SQLException {
            return options.run(
                    "Downtime after kill -9",
                    FAILOVER_PACE,
                    Set.of(Fault.KILL),
                    Collections.nCopies(kills, Fault.KILL).iterator(),
                    System.out);
        }
    }

    public static void main(String[] args) {
        System.exit(
                new CommandLine(new Main())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(args));
    }

    @Override
    public Integer call() throws IOException, SQLException {
        return options.run(
                "Chaos",
                STORM_PACE,
                Set.copyOf(faults),
                new Rounds(faults, options.seed, Duration.ofMinutes(minutes)),
                System.out);
    }

    /// Every fault once in each round, in an order that changes, as long as there is time.
    private static final class Rounds implements Iterator<Fault> {
        private final List<Fault> faults;
        private final Random random;
        private final long until;
        private final List<Fault> left = new ArrayList<>();

        Rounds(List<Fault> faults, long seed, Duration time) {
            this.faults = faults;
            this.random = new Random(seed);
            this.until = System.nanoTime() + time.toNanos();
        }

        @Override
        public boolean hasNext() {
            return System.nanoTime() - until < 0;
        }

        @Override
        public Fault next() {
            if (left.isEmpty()) {
                left.addAll(faults);
                Collections.shuffle(left, random);
            }
            return left.removeLast();
        }
    }
}
