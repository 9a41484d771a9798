// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// Five times as many orders as a node can take, against the same node at its peak, in one run:
/// what is still carried out and how long that takes, what the health check takes meanwhile, and
/// what the heap holds.
///
/// The peak is what a closed loop of a few connections gets: each sends when it is answered, so
/// that none is refused. Then orders come at five times that rate over many more connections,
/// whether earlier ones are answered or not, and those that are refused are not sent again.
final class OverloadBenchmark implements Benchmark {

    private static final int TIMES = 5;
    private static final int CONNECTIONS = 64;
    private static final int HEALTH_CHECKS = 20;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration FLOOD = Duration.ofSeconds(5);
    private static final String REFUSED = "503";

    @Override
    public String name() {
        return "overload";
    }

    @Override
    public String description() {
        return "orders, health check and heap at %d times the peak of PlaceOrder".formatted(TIMES);
    }

    private record Phase(LoadResult orders, LoadResult health, double heap) {
        List<Figure> figures(String when) {
            return List.of(
                    Figure.of("orders carried out " + when, orders.rate(), "orders/s"),
                    Figure.of("their p50 " + when, orders.p50Micros() / 1_000, "ms"),
                    Figure.of("their p99 " + when, orders.p99Micros() / 1_000, "ms"),
                    Figure.of("health p50 " + when, health.p50Micros() / 1_000, "ms"),
                    Figure.of("health p99 " + when, health.p99Micros() / 1_000, "ms"),
                    Figure.of("heap after a collection " + when, heap, "MiB"));
        }
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        try (TemporaryDirectory data = TemporaryDirectory.create();
                ChildJvm server = PlaceOrderBenchmark.start(data.path());
                HttpClient client = HttpClient.newHttpClient()) {
            PlaceOrderBenchmark.prepare(client, server.address());
            RequestFactory orders =
                    RequestTemplate.post(
                            server.address().getAuthority(),
                            "/orders",
                            Map.of(),
                            EchoBenchmark.ORDER);
            InetSocketAddress target = server.socketAddress();
            Load peakLoad = Load.of(target, CONNECTIONS, WARM_UP, time);
            Phase peak =
                    measure(server, client, peakLoad, () -> LoadGenerator.run(peakLoad, orders));
            require(peak.orders, Set.of());
            double rate = TIMES * peak.orders.rate();
            Load floodLoad = Load.of(target, TIMES * CONNECTIONS, FLOOD, time);
            Phase flood =
                    measure(
                            server,
                            client,
                            floodLoad,
                            () -> LoadGenerator.runAt(rate, floodLoad, orders));
            require(flood.orders, Set.of(REFUSED));
            return figures(peak, flood);
        }
    }

    private static List<Figure> figures(Phase peak, Phase flood) {
        List<Figure> at = peak.figures("at the peak");
        List<Figure> beyond = flood.figures("beyond it");
        List<Figure> all = new ArrayList<>(at);
        for (int i = 0; i < at.size(); i++) {
            all.add(beyond.get(i).comparedWith(at.get(i)));
        }
        LoadResult orders = flood.orders;
        all.add(
                Figure.of("orders sent beyond it", orders.requests() / orders.seconds(), "orders/s")
                        .comparedWith(at.getFirst()));
        all.add(
                Figure.of(
                        "orders refused beyond it",
                        orders.errors().getOrDefault(REFUSED, 0L) / orders.seconds(),
                        "orders/s"));
        return all;
    }

    /// Fails when anything but what is allowed has gone wrong.
    static void require(LoadResult orders, Set<String> allowed) {
        if (!allowed.containsAll(orders.errors().keySet())) {
            throw new IllegalStateException("requests failed: " + orders.errors());
        }
    }

    private static Phase measure(
            ChildJvm server, HttpClient client, Load load, Supplier<LoadResult> ordering)
            throws Exception {
        RequestFactory health =
                RequestTemplate.get(server.address().getAuthority(), "/health/live");
        CompletableFuture<LoadResult> ordered =
                CompletableFuture.supplyAsync(
                        ordering, task -> Thread.ofPlatform().name("orders").start(task));
        LoadResult healthy =
                LoadGenerator.runAt(
                        HEALTH_CHECKS,
                        Load.of(load.target(), 1, load.warmUp(), load.time()),
                        health);
        require(healthy, Set.of());
        return new Phase(ordered.get(), healthy, SlowSendersBenchmark.heap(server, client));
    }
}
