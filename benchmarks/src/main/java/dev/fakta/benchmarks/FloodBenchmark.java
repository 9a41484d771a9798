// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Five times as many orders as a node can confirm, everything in one process: how many it confirms
/// meanwhile, against its peak in the same run, and how long it takes afterwards until all orders
/// that it has taken are confirmed.
///
/// The peak is what is confirmed while so many orders are underway, each placed when one has ended.
/// Then orders come over HTTP at five times that rate, whether earlier ones are answered or not;
/// those that are refused are not sent again.
final class FloodBenchmark implements Benchmark {

    private static final int TIMES = 5;
    private static final int LINES = 3;
    private static final int UNDERWAY = 250;
    private static final int CALM_CONNECTIONS = 8;
    private static final int CONNECTIONS = 320;
    private static final Duration WARM_UP = Duration.ofSeconds(40);

    /// Until the flood has risen, and nothing new comes of it.
    private static final Duration RISING = Duration.ofSeconds(15);

    private static final Duration NO_WARM_UP = Duration.ofMillis(1);
    private static final String REFUSED = "503";

    @Override
    public String name() {
        return "flood";
    }

    @Override
    public String description() {
        return "orders of %d lines, placed to confirmed, at %d times as many as can be confirmed"
                .formatted(LINES, TIMES);
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        try (TemporaryDirectory data = TemporaryDirectory.create();
                OrderLifeShop shop =
                        OrderLifeShop.ofLines(data.path(), OrderLifeShop.PRODUCTS, LINES)) {
            var _ = shop.placeAsManyAsEnd(UNDERWAY, WARM_UP);
            double peak = shop.placeAsManyAsEnd(UNDERWAY, time).rate();
            InetSocketAddress target =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), shop.port());
            RequestFactory orders = orders(target);
            LoadResult calm =
                    LoadGenerator.runAt(
                            peak / 2, Load.of(target, CALM_CONNECTIONS, NO_WARM_UP, time), orders);
            OverloadBenchmark.require(calm, Set.of());
            Load load = Load.of(target, CONNECTIONS, NO_WARM_UP, time);
            Load before = Load.of(target, CONNECTIONS, NO_WARM_UP, RISING);
            OverloadBenchmark.require(
                    LoadGenerator.runAt(TIMES * peak, before, orders), Set.of(REFUSED));
            OrderLifeShop.Flood flood =
                    shop.flood(() -> LoadGenerator.runAt(TIMES * peak, load, orders));
            OverloadBenchmark.require(flood.orders(), Set.of(REFUSED));
            return figures(peak, calm, flood);
        }
    }

    private static List<Figure> figures(double peak, LoadResult calm, OrderLifeShop.Flood flood) {
        LoadResult orders = flood.orders();
        Figure most = Figure.of("orders confirmed at the peak", peak, "orders/s");
        Figure half =
                Figure.of("answered in, p99, at half the peak", calm.p99Micros() / 1_000, "ms");
        double sent = orders.requests() / orders.seconds();
        double refused = orders.errors().getOrDefault(REFUSED, 0L) / orders.seconds();
        return List.of(
                most,
                Figure.of("orders confirmed in the flood", flood.confirmed(), "orders/s")
                        .comparedWith(most),
                Figure.of("  sent", sent, "orders/s"),
                Figure.of("  refused", refused, "orders/s"),
                half,
                Figure.of("answered in, p99, in the flood", orders.p99Micros() / 1_000, "ms")
                        .comparedWith(half),
                Figure.of("not confirmed when it ends", flood.left(), "orders"),
                Figure.of("until all are confirmed", flood.seconds(), "s"));
    }

    private static RequestFactory orders(InetSocketAddress target) {
        String host = target.getHostString() + ":" + target.getPort();
        List<RequestTemplate> all =
                IntStream.range(0, OrderLifeShop.PRODUCTS / LINES)
                        .mapToObj(n -> RequestTemplate.post(host, "/orders", Map.of(), order(n)))
                        .toList();
        return (number, out) -> all.get((int) (number % all.size())).write(number, out);
    }

    private static String order(int number) {
        int first = number * LINES;
        return """
                {"customerId":"%d","email":"eva@example.com","currency":"EUR",\
                "lines":[{"sku":"sku-%d","quantity":1},{"sku":"sku-%d","quantity":1},\
                {"sku":"sku-%d","quantity":1}],\
                "shipping":{"method":"standard","address":{"name":"Eva","line1":"Allee 1",\
                "city":"Berlin","postalCode":"10115","country":"DE"}},\
                "payment":{"method":"card","token":"tok_ok"}}"""
                .formatted(number, first, first + 1, first + 2);
    }
}
