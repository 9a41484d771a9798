// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.log.EventLog;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.orders.inventory.InventoryMicrosystem;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Reservations of one hot stock item inside one JVM, each answered when it is durable. Every one
/// is of another order, and is released by a second command, so that the item stays as it is.
final class StockBenchmark implements Benchmark {

    private static final int UNDERWAY = 1_000;
    private static final Duration WARM_UP = Duration.ofSeconds(6);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");
    private static final Instant LATER = Instant.parse("2099-01-01T00:00:00Z");
    private static final long RESERVATIONS_OF_AN_ITEM = 200_000;
    private static final int ITEMS = 50;

    @Override
    public String name() {
        return "stock";
    }

    @Override
    public String description() {
        return "in-process durable reservations of one hot stock item, %,d underway"
                .formatted(UNDERWAY);
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        try (TemporaryDirectory data = TemporaryDirectory.create();
                EventLog log =
                        SegmentLog.open(data.path().resolve("log"), SegmentLogSettings.defaults());
                Node node =
                        Node.start(
                                NodeSettings.embedded(data.path().resolve("views")),
                                InventoryMicrosystem.DEFINITION,
                                log,
                                InstantSource.system())) {
            for (int item = 0; item < ITEMS; item++) {
                count(node, "tea-" + item);
            }
            reserve(node, 0, WARM_UP);
            double rate = reserve(node, ITEMS / 2, time);
            return List.of(
                    Figure.of("reservations of one item", rate, "reservations/s"),
                    Figure.of("commands to it, with the releases", 2 * rate, "commands/s"));
        }
    }

    private static void count(Node node, String sku) {
        Reply<StockItem> counted =
                node.await(
                        node.send(
                                StockItem.AGGREGATE,
                                Command.idOf(sku, null),
                                new Command.Count(sku, null, 1_000_000_000L),
                                Cause.fresh()));
        if (!(counted instanceof Reply.Accepted<StockItem>)) {
            throw new IllegalStateException("not counted: " + counted);
        }
    }

    private static Command need(String order, long revision, long units) {
        return new Command.Need(order, 0, revision, units, 0L, 0L, LATER, NOW);
    }

    /// @param first the item that is hot at first
    private static double reserve(Node node, int first, Duration time) throws InterruptedException {
        Semaphore free = new Semaphore(UNDERWAY);
        LongAdder done = new LongAdder();
        LongAdder failed = new LongAdder();
        long start = System.nanoTime();
        for (long i = 0; System.nanoTime() - start < time.toNanos(); i++) {
            if (!free.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("no command is answered");
            }
            String order = "o" + start + "-" + i;
            long item = (first + i / RESERVATIONS_OF_AN_ITEM) % ITEMS;
            String tea = Command.idOf("tea-" + item, null);
            node.send(StockItem.AGGREGATE, tea, need(order, 1, 1), Cause.fresh())
                    .thenCompose(
                            reserved -> {
                                (reserved instanceof Reply.Accepted<?> ? done : failed).increment();
                                return node.send(
                                        StockItem.AGGREGATE, tea, need(order, 2, 0), Cause.fresh());
                            })
                    .whenComplete(
                            (released, _) -> {
                                if (!(released instanceof Reply.Accepted<?>)) {
                                    failed.increment();
                                }
                                free.release();
                            });
        }
        boolean isAnswered = free.tryAcquire(UNDERWAY, PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (!isAnswered || failed.sum() > 0) {
            throw new IllegalStateException(failed.sum() + " commands failed");
        }
        return done.sum() / ((System.nanoTime() - start) / 1e9);
    }
}
