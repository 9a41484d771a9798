// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.benchmarks.OrderLifeShop.Life;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Orders from being placed to being confirmed, everything in one process: a code is reserved, the
/// stock of five lines, the sandbox provider (a real HTTP server, which answers at once) authorizes
/// the money, then all is confirmed. First as many as end, so many underway; then half of that
/// load, for the time that an order takes.
final class OrderLifeBenchmark implements Benchmark {

    private static final int UNDERWAY = 500;
    private static final Duration WARM_UP = Duration.ofSeconds(40);

    @Override
    public String name() {
        return "order-life";
    }

    @Override
    public String description() {
        return "orders of %d lines and a code, placed to confirmed, paid at the sandbox, %d underway"
                .formatted(OrderLifeShop.LINES, UNDERWAY);
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        try (TemporaryDirectory data = TemporaryDirectory.create();
                OrderLifeShop shop = OrderLifeShop.open(data.path())) {
            Life _ = shop.placeAsManyAsEnd(UNDERWAY, WARM_UP);
            Life most = shop.placeAsManyAsEnd(UNDERWAY, time);
            Life half = shop.placeAt(most.rate() / 2, time);
            return List.of(
                    Figure.of("orders confirmed", most.rate(), "orders/s"),
                    Figure.of("at half that load: orders confirmed", half.rate(), "orders/s"),
                    Figure.of("  placed to confirmed, p50", millis(half, 0.5), "ms"),
                    Figure.of("  placed to confirmed, p99", millis(half, 0.99), "ms"));
        }
    }

    private static double millis(Life life, double share) {
        return life.latencies().percentile(share) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }
}
