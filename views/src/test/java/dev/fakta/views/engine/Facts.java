// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.HybridTime;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.log.Writer;
import dev.fakta.views.ViewPlace;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A log of tallies that a test writes, what its events add up to, and hosts of its views.
final class Facts implements ViewEvents, AutoCloseable {

    private static final int PARTITIONS = 4;
    private static final int BATCH = 1_000;
    private static final String ADDED = "tally-added";

    private final List<View> views;
    private final EventLog log = MemoryLog.create(PARTITIONS);
    private final List<Writer> writers = new ArrayList<>();
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Long> revisions = new TreeMap<>();
    private final Map<String, Long> sums = new TreeMap<>();

    Facts(View... views) {
        this.views = List.of(views);
        for (int i = 0; i < PARTITIONS; i++) {
            writers.add(log.claim(i, "test"));
        }
    }

    EventLog log() {
        return log;
    }

    /// Records that an amount was added.
    ///
    /// @return where
    Positions added(String id, long amount) {
        UUID none = new UUID(0, 0);
        String stream = "tally/" + id;
        NewEvent event =
                new NewEvent(
                        stream,
                        revisions.merge(id, 1L, Long::sum),
                        ADDED,
                        1,
                        Long.toString(amount).getBytes(StandardCharsets.US_ASCII),
                        new Metadata(UUID.randomUUID(), none, 0, none, none, "", "", 0));
        sums.merge(id, amount, Long::sum);
        Writer writer = writers.get(log.partitionOf(stream));
        return Positions.of(
                writer.partition(), writer.append(List.of(event)).toCompletableFuture().join());
    }

    @Override
    public boolean areOf(String name, Set<Class<?>> types) {
        return name.equals(ADDED) && types.contains(Tally.Event.Added.class);
    }

    @Override
    public Object decoded(EventRecord record) {
        byte[] amount = record.event().payload();
        return new Tally.Event.Added(Long.parseLong(new String(amount, StandardCharsets.US_ASCII)));
    }

    @Override
    public At at(EventRecord record) {
        NewEvent event = record.event();
        Metadata metadata = event.metadata();
        return new At(
                event.stream().substring("tally/".length()),
                event.revision(),
                record.partition(),
                record.offset(),
                HybridTime.instant(metadata.time()),
                metadata.actor(),
                metadata.commandId(),
                metadata.correlationId(),
                metadata.causationId());
    }

    /// The rows that the view of sums must have: `id|sum|events`.
    List<String> rows() {
        List<String> rows = new ArrayList<>();
        sums.forEach((id, sum) -> rows.add(id + "|" + sum + "|" + revisions.get(id)));
        return rows;
    }

    /// The rows that it has.
    static List<String> rows(ViewHost host) {
        return host.rows(
                Tally.SUMS,
                "select id, sum, events from tally order by id",
                row -> row.text("id") + "|" + row.number("sum") + "|" + row.number("events"));
    }

    /// A host that runs no view yet.
    ViewHost host(String node, ViewPlace place) {
        return new ViewHost(
                views,
                _ -> "tallies",
                _ -> true,
                new ViewParts(
                        node,
                        place,
                        BATCH,
                        log,
                        this,
                        InstantSource.system(),
                        blocking,
                        (name, work) -> Thread.ofPlatform().name(name).daemon().unstarted(work)));
    }

    @Override
    public void close() {
        blocking.close();
        log.close();
    }
}
