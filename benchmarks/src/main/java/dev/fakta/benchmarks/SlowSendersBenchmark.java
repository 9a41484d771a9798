// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A thousand clients that each send a megabyte slowly, against the same node without them, in one
/// run: what the health check and small orders take, and what the heap holds.
///
/// Orders come over few connections, so that the machine has CPU left in the calm: what is to show
/// is what slow senders hold up, and not that two cores are busy.
final class SlowSendersBenchmark implements Benchmark {

    private static final int SENDERS = 1_000;
    private static final int CONNECTIONS = 4;
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration FLOOD = Duration.ofSeconds(8);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HEAP = "jvm_memory_used_bytes{area=\"heap\"";
    private static final double MIB = 1 << 20;

    @Override
    public String name() {
        return "slow-senders";
    }

    @Override
    public String description() {
        return "health check, heap and small orders while %,d clients send 1 MiB each in 26 s"
                .formatted(SENDERS);
    }

    private record Phase(LoadResult orders, LoadResult health, double heap) {
        List<Figure> figures(String when) {
            return List.of(
                    Figure.of("health p50 " + when, health.p50Micros() / 1_000, "ms"),
                    Figure.of("health p99 " + when, health.p99Micros() / 1_000, "ms"),
                    Figure.of("heap after a collection " + when, heap, "MiB"),
                    Figure.of("small orders " + when, orders.rate(), "orders/s"));
        }
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        try (TemporaryDirectory data = TemporaryDirectory.create();
                ChildJvm server = PlaceOrderBenchmark.start(data.path());
                HttpClient client = HttpClient.newHttpClient()) {
            PlaceOrderBenchmark.prepare(client, server.address());
            Phase calm = measure(server, client, WARM_UP, time);
            try (SlowSenders senders =
                    SlowSenders.start(server.socketAddress(), "/orders", SENDERS)) {
                awaitOpen(senders);
                long before = senders.bytes();
                Phase flood = measure(server, client, FLOOD, time);
                requireNoFailure(senders);
                double sent = (senders.bytes() - before) / MIB;
                return figures(calm, flood, sent / FLOOD.plus(time).toSeconds());
            }
        }
    }

    private static List<Figure> figures(Phase calm, Phase flood, double rate) {
        List<Figure> before = calm.figures("before");
        List<Figure> during = flood.figures("during");
        return Stream.of(
                        before.stream(),
                        IntStream.range(0, before.size())
                                .mapToObj(i -> during.get(i).comparedWith(before.get(i))),
                        Stream.of(Figure.of("what they send", rate, "MiB/s")))
                .flatMap(figures -> figures)
                .toList();
    }

    private static Phase measure(ChildJvm server, HttpClient client, Duration warmUp, Duration time)
            throws Exception {
        String host = server.address().getAuthority();
        RequestFactory orders =
                RequestTemplate.post(host, "/orders", Map.of(), EchoBenchmark.ORDER);
        RequestFactory health = RequestTemplate.get(host, "/health/live");
        CompletableFuture<LoadResult> ordering =
                CompletableFuture.supplyAsync(
                        () ->
                                LoadGenerator.run(
                                        Load.of(server.socketAddress(), CONNECTIONS, warmUp, time),
                                        orders),
                        task -> Thread.ofPlatform().name("orders").start(task));
        LoadResult healthy =
                LoadGenerator.run(Load.of(server.socketAddress(), 1, warmUp, time), health);
        LoadResult ordered = ordering.get();
        if (healthy.failures() + ordered.failures() > 0) {
            throw new IllegalStateException(
                    "requests failed: orders %s, health %s"
                            .formatted(ordered.errors(), healthy.errors()));
        }
        return new Phase(ordered, healthy, heap(server, client));
    }

    /// What the heap holds after a full collection.
    static double heap(ChildJvm server, HttpClient client)
            throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process collecting =
                new ProcessBuilder(jcmd.toString(), Long.toString(server.pid()), "GC.run")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!collecting.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                || collecting.exitValue() != 0) {
            throw new IOException("the server's heap cannot be collected");
        }
        HttpRequest get =
                HttpRequest.newBuilder(server.address().resolve("/metrics"))
                        .timeout(PATIENCE)
                        .build();
        double used =
                client.send(get, BodyHandlers.ofLines())
                        .body()
                        .filter(line -> line.startsWith(HEAP))
                        .mapToDouble(
                                line ->
                                        Double.parseDouble(
                                                line.substring(line.lastIndexOf(' ') + 1)))
                        .sum();
        return used / MIB;
    }

    private static void awaitOpen(SlowSenders senders) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (senders.open() < SENDERS) {
            requireNoFailure(senders);
            if (System.nanoTime() - end > 0) {
                throw new IOException(senders.open() + " of the senders have a connection");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static void requireNoFailure(SlowSenders senders) throws IOException {
        String failure = senders.failure();
        if (failure != null) {
            throw new IOException("a sender has no connection: " + failure);
        }
    }
}
