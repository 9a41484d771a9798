// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `./fakta bench`: runs the named benchmarks, or all, one after the other, and prints one table.
/// Exit status 0 when all succeeded, 1 when one failed (the others still run), 2 for wrong usage.
@Command(
        name = "fakta bench",
        description = "Runs the benchmarks beside their baselines and prints a table.",
        sortOptions = false)
public final class Main implements Callable<Integer> {

    /// Every benchmark, in the order in which they run.
    static final List<Benchmark> BENCHMARKS =
            List.of(
                    new PlaceOrderBenchmark(),
                    new FirstMinuteBenchmark(),
                    new CommandsBenchmark(),
                    new PostgresCommandsBenchmark(),
                    new ProcessorsBenchmark(),
                    new SagasBenchmark(),
                    new OrderLifeBenchmark(),
                    new OrderCostBenchmark(),
                    new StockBenchmark(),
                    new SlowSendersBenchmark(),
                    new OverloadBenchmark(),
                    new FloodBenchmark(),
                    new ScrapeBenchmark(),
                    new LogBenchmark(),
                    new PeersBenchmark(),
                    new CapacityBenchmark());

    private final List<Benchmark> benchmarks;
    private final PrintStream out;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The benchmarks to run; all when none is named.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description =
                    "How long each measurement lasts, warm-up not included (${DEFAULT-VALUE}).")
    private int seconds = 10;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures there.")
    private @Nullable Path json;

    @Option(names = "--list", description = "Lists the benchmarks and runs none.")
    private boolean isList;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this text.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean isHelp;

    private Main(List<Benchmark> benchmarks, PrintStream out) {
        this.benchmarks = benchmarks;
        this.out = out;
    }

    public static void main(String[] args) {
        System.exit(execute(BENCHMARKS, System.out, args));
    }

    static int execute(List<Benchmark> benchmarks, PrintStream out, String... args) {
        return new CommandLine(new Main(benchmarks, out)).execute(args);
    }

    @Override
    public Integer call() throws IOException {
        List<Benchmark> chosen = chosen();
        if (isList) {
            benchmarks.forEach(b -> out.printf("%-16s %s%n", b.name(), b.description()));
            return 0;
        }
        Table table = new Table();
        int failed = 0;
        for (Benchmark benchmark : chosen) {
            failed += run(benchmark, table);
        }
        if (!table.isEmpty()) {
            table.print(out);
        }
        if (json != null) {
            table.writeJson(json);
        }
        return failed == 0 ? 0 : 1;
    }

    /// Adds the figures to the table; 1 when it failed.
    private int run(Benchmark benchmark, Table table) {
        out.println(benchmark.name() + ": " + benchmark.description());
        try {
            table.add(benchmark.name(), benchmark.run(Duration.ofSeconds(seconds)));
            return 0;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            out.println(benchmark.name() + " was interrupted");
            return 1;
        } catch (Exception e) {
            out.println(benchmark.name() + " failed: " + e);
            return 1;
        }
    }

    private List<Benchmark> chosen() {
        if (seconds < 1) {
            throw wrongUsage("--seconds must be at least 1");
        }
        String unknown =
                names.stream()
                        .filter(name -> benchmarks.stream().noneMatch(b -> b.name().equals(name)))
                        .collect(joining(", "));
        if (!unknown.isEmpty()) {
            throw wrongUsage("there is no benchmark " + unknown + "; --list shows all");
        }
        return names.isEmpty()
                ? benchmarks
                : benchmarks.stream().filter(b -> names.contains(b.name())).toList();
    }

    private ParameterException wrongUsage(String message) {
        CommandSpec known = Objects.requireNonNull(spec, "set by picocli");
        return new ParameterException(known.commandLine(), message);
    }
}
