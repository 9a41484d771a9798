// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class MainTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void figures_are_printed_in_aligned_columns() {
        int status = execute("orders", "--seconds", "3");

        assertThat(status).isZero();
        assertThat(text())
                .isEqualTo(
                        """
                        orders: the orders benchmark
                        benchmark  figure  value  unit        of baseline
                        orders     rate    3,000  requests/s      0.500 x
                        orders     p99      1.50  ms                    \s
                        """);
    }

    @Test
    void figures_are_written_as_json(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("figures.json");

        execute("orders", "--json", file.toString());

        JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(json.path("processors").asInt()).isPositive();
        JsonNode rate = json.at("/results/0/figures/0");
        assertThat(json.at("/results/0/benchmark").asString()).isEqualTo("orders");
        assertThat(rate.path("value").asDouble()).isEqualTo(10_000);
        assertThat(rate.path("baselineRatio").asDouble()).isEqualTo(0.5);
        assertThat(json.at("/results/0/figures/1/baselineRatio").isNull()).isTrue();
    }

    @Test
    void a_benchmark_that_fails_is_reported_and_the_others_run() {
        int status = execute();

        assertThat(status).isOne();
        assertThat(text())
                .contains("broken failed: java.lang.IllegalStateException: requests failed")
                .contains("10,000  requests/s");
    }

    @Test
    void the_list_names_every_benchmark_and_runs_none() {
        assertThat(execute("--list")).isZero();
        assertThat(text())
                .contains("broken ", "orders ", "the orders benchmark")
                .doesNotContain("requests/s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "--seconds=0", "--seconds=x", "--unknown", "--json"})
    void wrong_usage_has_status_2(String argument) {
        assertThat(execute(argument)).isEqualTo(2);
    }

    private int execute(String... args) {
        Benchmark broken =
                benchmark(
                        "broken",
                        _ -> {
                            throw new IllegalStateException("requests failed");
                        });
        Benchmark orders = benchmark("orders", MainTest::figures);
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return Main.execute(List.of(broken, orders), out, args);
    }

    private static List<Figure> figures(Duration time) {
        double millis = time.toMillis();
        Figure echo = Figure.of("echo", 2 * millis, "requests/s");
        return List.of(
                Figure.of("rate", millis, "requests/s").comparedWith(echo),
                Figure.of("p99", 1.5, "ms"));
    }

    private interface Measurement {
        List<Figure> over(Duration time);
    }

    private static Benchmark benchmark(String name, Measurement measurement) {
        return new Benchmark() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String description() {
                return "the " + name + " benchmark";
            }

            @Override
            public List<Figure> run(Duration time) {
                return measurement.over(time);
            }
        };
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
