// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.At;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.log.Snapshot;
import dev.fakta.runtime.Recorded;
import dev.fakta.runtime.Versioned;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads aggregates from the log: from their newest snapshot on, or all their events. Blocks; any
/// thread.
///
/// A snapshot has the state and the [CommandWindow] of its aggregate, see [SnapshotCodec]. One that
/// cannot be used is passed over: the events say the same.
public final class AggregateReader {

    private static final int PAGE = 1_000;
    private static final int COMMANDS_PAGE = 10_000;

    private final EventLog log;
    private final EventCodec codec;

    public AggregateReader(EventLog log, EventCodec codec) {
        this.log = log;
        this.codec = codec;
    }

    public Loaded load(Aggregate<Object, Object, Object> aggregate, String id) {
        String stream = aggregate.stream(id);
        Fold fold = start(aggregate, stream);
        List<EventRecord> page;
        do {
            page = log.readStream(stream, fold.revision + 1, PAGE);
            page.forEach(fold::add);
        } while (page.size() == PAGE);
        return new Loaded(
                new Versioned<>(id, fold.state, fold.revision, fold.position, fold.time),
                fold.window,
                fold.forgotten);
    }

    private Fold start(Aggregate<Object, Object, Object> aggregate, String stream) {
        Fold fold = new Fold(aggregate);
        Snapshot snapshot = newestSnapshot(aggregate, stream);
        SnapshotCodec.Read read =
                snapshot == null ? null : codec.snapshots().read(aggregate, snapshot);
        if (snapshot != null && read != null) {
            fold.state = read.state();
            fold.revision = snapshot.revision();
            fold.window = new CommandWindow(read.kept().few());
            readCommands(stream, read.kept().firstRevision(), fold);
        }
        return fold;
    }

    /// Of a busy stream the snapshot has no commands: the events up to it do.
    private void readCommands(String stream, long firstRevision, Fold fold) {
        long next = firstRevision;
        while (next > 0 && next <= fold.revision) {
            int most = (int) Math.min(COMMANDS_PAGE, fold.revision + 1 - next);
            List<EventRecord> page = log.readStream(stream, next, most);
            if (page.isEmpty()) {
                throw new IllegalStateException(
                        "%s: there is no revision %d".formatted(stream, next));
            }
            page.forEach(fold::remember);
            next = page.getLast().event().revision() + 1;
        }
    }

    private @Nullable Snapshot newestSnapshot(
            Aggregate<Object, Object, Object> aggregate, String stream) {
        try {
            return log.latestSnapshot(stream).orElse(null);
        } catch (LogException e) {
            if (e.category() != LogException.Category.CORRUPT) {
                throw e;
            }
            codec.snapshots().skipped(aggregate.name(), e);
            return null;
        }
    }

    /// All records of a stream, page by page.
    public Iterable<EventRecord> allRecords(String stream) {
        return () ->
                Stream.iterate(
                                log.readStream(stream, 1, PAGE),
                                page -> !page.isEmpty(),
                                page ->
                                        page.size() < PAGE
                                                ? List.of()
                                                : log.readStream(
                                                        stream,
                                                        page.getLast().event().revision() + 1,
                                                        PAGE))
                        .flatMap(List::stream)
                        .iterator();
    }

    /// The recorded events of a stream, decoded.
    public List<Recorded<Object>> events(
            Aggregate<?, ?, ?> aggregate, String id, long fromRevision, int limit) {
        List<Recorded<Object>> events = new ArrayList<>();
        for (EventRecord record : log.readStream(aggregate.stream(id), fromRevision, limit)) {
            events.add(recorded(codec, record));
        }
        return events;
    }

    public static Recorded<Object> recorded(EventCodec codec, EventRecord record) {
        NewEvent event = record.event();
        return new Recorded<>(
                at(record),
                event.name(),
                codec.decode(event.name(), event.schemaVersion(), event.payload()));
    }

    public static At at(EventRecord record) {
        NewEvent event = record.event();
        Metadata metadata = event.metadata();
        return new At(
                event.stream().substring(event.stream().indexOf('/') + 1),
                event.revision(),
                record.partition(),
                record.offset(),
                HybridTime.instant(metadata.time()),
                metadata.actor(),
                metadata.commandId(),
                metadata.correlationId(),
                metadata.causationId());
    }

    /// A state on its way through the events.
    private final class Fold {
        private final Aggregate<Object, Object, Object> aggregate;
        private Object state;
        private long revision;
        private Positions position = Positions.NONE;
        private long time;
        private CommandWindow window = new CommandWindow();
        private long forgotten;

        Fold(Aggregate<Object, Object, Object> aggregate) {
            this.aggregate = aggregate;
            this.state = aggregate.initial();
        }

        void add(EventRecord record) {
            NewEvent event = record.event();
            if (event.revision() != revision + 1) {
                throw new IllegalStateException(
                        "%s: revision %d follows %d"
                                .formatted(event.stream(), event.revision(), revision));
            }
            Object decoded = codec.decode(event.name(), event.schemaVersion(), event.payload());
            state = aggregate.evolve(state, decoded);
            revision = event.revision();
            position = Positions.of(record.partition(), record.offset());
            time = event.metadata().time();
            remember(record);
        }

        private void remember(EventRecord record) {
            NewEvent event = record.event();
            Metadata metadata = event.metadata();
            if (window.add(
                    metadata.commandId(),
                    metadata.commandHash(),
                    event.revision(),
                    metadata.time())) {
                forgotten++;
            }
        }
    }

    /// What the log knows of an aggregate.
    ///
    /// @param forgotten how many commands the window had no room for that were not ten minutes old
    public record Loaded(Versioned<Object> aggregate, CommandWindow window, long forgotten) {}
}
