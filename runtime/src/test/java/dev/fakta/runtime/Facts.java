// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.View;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.log.Writer;
import dev.fakta.runtime.core.ClockWatch;
import dev.fakta.runtime.core.EventCodec;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.core.RecentEvents;
import dev.fakta.views.ViewPlace;
import dev.fakta.views.engine.ViewHost;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A log of tallies that a test writes, and hosts of its views.
public final class Facts implements AutoCloseable {

    private static final int PARTITIONS = 4;

    private final Microsystem microsystem;
    private final EventCodec codec;
    private final EventLog log = MemoryLog.create(PARTITIONS);
    private final List<Writer> writers = new ArrayList<>();
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Long> revisions = new TreeMap<>();

    public Facts(View... views) {
        Microsystem tallies = Microsystem.named("tallies").with(Tally.AGGREGATE);
        for (View view : views) {
            tallies = tallies.with(view);
        }
        this.microsystem = tallies;
        this.codec = new EventCodec(Microsystems.of(tallies));
        for (int i = 0; i < PARTITIONS; i++) {
            writers.add(log.claim(i, "test"));
        }
    }

    public EventLog log() {
        return log;
    }

    /// Records that an amount was added.
    ///
    /// @return where
    public Positions added(String id, long amount) {
        UUID none = new UUID(0, 0);
        String stream = "tally/" + id;
        NewEvent event =
                new NewEvent(
                        stream,
                        revisions.merge(id, 1L, Long::sum),
                        "tally-added",
                        1,
                        codec.encode(new Tally.Event.Added(amount)),
                        new Metadata(UUID.randomUUID(), none, 0, none, none, "", "", 0));
        Writer writer = writers.get(log.partitionOf(stream));
        return Positions.of(
                writer.partition(), writer.append(List.of(event)).toCompletableFuture().join());
    }

    /// The rows of the view of sums: `id|sum|events`.
    public static List<String> rows(ViewHost host) {
        return host.rows(
                Tally.SUMS,
                "select id, sum, events from tally order by id",
                row -> row.text("id") + "|" + row.number("sum") + "|" + row.number("events"));
    }

    /// A host that runs no view yet.
    public ViewHost host(String node, ViewPlace place) {
        return NodeViews.open(parts(node, place));
    }

    private NodeParts parts(String node, ViewPlace place) {
        NodeSettings settings =
                NodeSettings.embedded(Path.of(node))
                        .withViews(place)
                        .inCluster(node, ClusterSettings.alone());
        return new NodeParts(
                settings,
                log,
                codec,
                new RecentEvents(PARTITIONS),
                InstantSource.system(),
                new ClockWatch(node, InstantSource.system()),
                blocking,
                microsystem.aggregates(),
                Microsystems.of(microsystem));
    }

    @Override
    public void close() {
        blocking.close();
        log.close();
    }
}
