// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.benchmarks.OrderLifeShop.Kind;
import dev.fakta.log.Positions;
import dev.fakta.runtime.NodeLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What one order costs from being placed to being confirmed: what is recorded of it, by kind of
/// stream, and where the CPU time goes, from a profile of the same run. Everything runs in this
/// process, the sandbox provider and the load among it, with so many orders underway that some
/// share a commit.
final class OrderCostBenchmark implements Benchmark {

    static final int LINES = 3;
    private static final int UNDERWAY = 64;
    private static final Duration WARM_UP = Duration.ofSeconds(40);

    @Override
    public String name() {
        return "order-cost";
    }

    @Override
    public String description() {
        return "an order of %d lines, placed to confirmed, %d underway: what is recorded, CPU by component"
                .formatted(LINES, UNDERWAY);
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        try (TemporaryDirectory data = TemporaryDirectory.create();
                OrderLifeShop shop =
                        OrderLifeShop.ofLines(data.path(), OrderLifeShop.PRODUCTS, LINES)) {
            var _ = shop.placeAsManyAsEnd(UNDERWAY, WARM_UP);
            shop.awaitIdle();
            return measure(shop, () -> shop.placeAsManyAsEnd(UNDERWAY, time));
        }
    }

    /// Places orders, and ends when all are confirmed.
    @FunctionalInterface
    interface Placing {
        OrderLifeShop.Life place() throws InterruptedException;
    }

    static List<Figure> measure(OrderLifeShop shop, Placing placing) throws Exception {
        Positions start = shop.heads();
        NodeLoad before = shop.load();
        long askedBefore = shop.asked();
        long orders = shop.confirmed();
        try (CpuProfile profile = CpuProfile.start()) {
            OrderLifeShop.Life life = placing.place();
            shop.awaitIdle();
            Map<String, Long> cpu = profile.stop();
            orders = shop.confirmed() - orders;
            NodeLoad after = shop.load();
            List<Figure> figures = new ArrayList<>();
            figures.add(Figure.of("orders confirmed", life.rate(), "orders/s"));
            long events = after.eventsAppended() - before.eventsAppended();
            figures.add(per("events", events, orders, "an order"));
            figures.add(per("appends", appends(after) - appends(before), orders, "an order"));
            figures.add(
                    per(
                            "events read from JSON",
                            after.eventsDecoded() - before.eventsDecoded(),
                            orders,
                            "an order"));
            figures.add(
                    per("calls of the provider", shop.asked() - askedBefore, orders, "an order"));
            addKinds(figures, shop.recordedSince(start), orders);
            long all = cpu.values().stream().mapToLong(Long::longValue).sum();
            figures.add(per("CPU", all / 1_000, orders, "us an order"));
            for (Map.Entry<String, Long> one : cpu.entrySet()) {
                figures.add(
                        per("  " + one.getKey(), one.getValue() / 1_000, orders, "us an order"));
            }
            return figures;
        }
    }

    private static void addKinds(List<Figure> figures, Map<String, Kind> kinds, long orders) {
        long bytes = kinds.values().stream().mapToLong(Kind::bytes).sum();
        figures.add(per("bytes of events", bytes, orders, "an order"));
        for (Map.Entry<String, Kind> one : kinds.entrySet()) {
            Kind kind = one.getValue();
            figures.add(per("  events of " + one.getKey(), kind.events(), orders, "an order"));
            figures.add(per("    commands that led to them", kind.commands(), orders, "an order"));
            figures.add(per("    bytes", kind.bytes(), orders, "an order"));
        }
    }

    private static long appends(NodeLoad load) {
        return load.appends().counts().stream().mapToLong(Long::longValue).sum();
    }

    private static Figure per(String name, long value, long orders, String unit) {
        return Figure.of(name, (double) value / orders, unit);
    }
}
