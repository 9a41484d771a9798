// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.orders.Main;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server's first minute under a load of PlaceOrder, without and with a start-up cache, which is
/// trained in the same run: how long it takes to serve, to answer the first order, and to reach
/// nine tenths of its best. The load's own code is warmed up by another server before.
final class FirstMinuteBenchmark implements Benchmark {

    private static final int TRAINING_SECONDS = 45;
    private static final Duration TRAINED = Duration.ofMinutes(6);
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final Duration WARM_UP = Duration.ofSeconds(12);

    private static final List<String> JVM =
            List.of(
                    "-Xmx512m",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Xlog:disable",
                    "-Xlog:all=warning,aot*=off,cds*=off:stderr");

    @Override
    public String name() {
        return "first-minute";
    }

    @Override
    public String description() {
        return "a server's first minute of PlaceOrder, %d connections, without and with a start-up cache"
                .formatted(EchoBenchmark.CONNECTIONS);
    }

    /// @param time passed over, but when it is longer than the minute
    @Override
    public List<Figure> run(Duration time) throws Exception {
        Duration measured = time.compareTo(MINUTE) > 0 ? time : MINUTE;
        try (TemporaryDirectory folder = TemporaryDirectory.create()) {
            Path cache = folder.path().resolve("aot");
            List<Figure> figures = new ArrayList<>();
            figures.addAll(train(folder.path(), cache));
            FirstMinute _ = measure(JVM, WARM_UP);
            FirstMinute without = measure(JVM, measured);
            FirstMinute with = measure(with("-XX:AOTCache=" + cache), measured);
            List<Figure> base = without.figures();
            List<Figure> better = with.figures();
            for (Figure figure : base) {
                figures.add(Figure.of("without: " + figure.name(), figure.value(), figure.unit()));
            }
            for (int i = 0; i < better.size(); i++) {
                Figure figure = better.get(i);
                figures.add(
                        Figure.of("with: " + figure.name(), figure.value(), figure.unit())
                                .comparedWith(base.get(i)));
            }
            return figures;
        }
    }

    private static List<String> with(String option) {
        List<String> options = new ArrayList<>(JVM);
        options.add(option);
        return options;
    }

    private static List<Figure> train(Path folder, Path cache)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(with("-XX:AOTCacheOutput=" + cache));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Main.class.getName(), "run", "--port", "0"));
        command.addAll(List.of("--train", Integer.toString(TRAINING_SECONDS)));
        command.addAll(List.of("--data", folder.resolve("training").toString()));
        Path said = folder.resolve("training.log");
        long start = System.nanoTime();
        Process training =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        try {
            if (!training.waitFor(TRAINED.toSeconds(), TimeUnit.SECONDS)
                    || training.exitValue() != 0
                    || !Files.exists(cache)) {
                throw new IOException("there is no cache: " + Files.readString(said));
            }
        } finally {
            training.destroyForcibly();
        }
        return List.of(
                Figure.of("to make the cache", (System.nanoTime() - start) / 1e9, "s"),
                Figure.of("size of the cache", Files.size(cache) / 1e6, "MB"));
    }

    private static FirstMinute measure(List<String> options, Duration time)
            throws IOException, InterruptedException {
        try (TemporaryDirectory data = TemporaryDirectory.create();
                HttpClient client = HttpClient.newHttpClient()) {
            long start = System.nanoTime();
            try (ChildJvm server =
                    ChildJvm.start(
                            Main.class, options, PlaceOrderBenchmark.arguments(data.path()))) {
                double ready = seconds(start);
                PlaceOrderBenchmark.prepare(client, server.address());
                long asked = System.nanoTime();
                HttpResponse<String> answer =
                        client.send(
                                HttpRequest.newBuilder(server.address().resolve("/orders"))
                                        .header("Content-Type", "application/json")
                                        .POST(BodyPublishers.ofString(EchoBenchmark.ORDER))
                                        .build(),
                                BodyHandlers.ofString());
                double first = seconds(asked);
                if (answer.statusCode() != 201) {
                    throw new IOException("the first order is not placed: " + answer.body());
                }
                return load(server, time, ready, first);
            }
        }
    }

    private static FirstMinute load(ChildJvm server, Duration time, double ready, double first) {
        RequestFactory orders =
                RequestTemplate.post(
                        server.address().getAuthority(), "/orders", Map.of(), EchoBenchmark.ORDER);
        long[] sent = new long[Math.toIntExact(time.toSeconds())];
        double[] early = new double[1];
        double cpuBefore = cpu(server);
        long start = System.nanoTime();
        LoadResult result =
                LoadGenerator.run(
                        Load.of(
                                server.socketAddress(),
                                EchoBenchmark.CONNECTIONS,
                                Duration.ZERO,
                                time),
                        (number, out) -> {
                            // in a closed loop a request is sent when one is answered
                            double now = seconds(start);
                            sent[(int) Math.min(sent.length - 1, now)]++;
                            if (now >= FirstMinute.EARLIEST && early[0] == 0) {
                                early[0] = cpu(server);
                            }
                            orders.write(number, out);
                        });
        if (result.failures() > 0) {
            throw new IllegalStateException("requests failed: " + result.errors());
        }
        return new FirstMinute(
                ready,
                first,
                Arrays.stream(sent).boxed().toList(),
                early[0] - cpuBefore,
                cpu(server) - cpuBefore);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /// The CPU time that the server has taken, in seconds.
    private static double cpu(ChildJvm server) {
        return ProcessHandle.of(server.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .map(time -> time.toMillis() / 1000.0)
                .orElse(Double.NaN);
    }
}
