// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.engine.LogSources;
import dev.fakta.log.engine.Owners;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The logs of several microsystems, seen as one: so that a view or a saga follows events of all of
/// them, and a token names positions in all of them.
///
/// Microsystem k has a range of the partitions, `[first, first + its log's partitions)`. A stream
/// is in the log of the microsystem that has its aggregate, which is named before the stream's
/// first `/`; there its partition is found as in any log. Offsets, epochs, revisions and hybrid
/// times are those of the log itself; only the numbers of partitions are other ones. Those are in
/// tokens and checkpoints: a range is given once and for ever, see [LogDirectory].
///
/// No append spans two logs, and no log waits for another: order is promised within a partition.
public final class JoinedLog implements EventLog {

    private final List<Part> parts;
    private final AggregateTable<Part> byAggregate;
    private final int partitions;
    private final LogSources sources;

    /// A microsystem's log, and its place among the others. The joined log closes it.
    ///
    /// @param first the number of its first partition
    /// @param aggregates the kinds of streams that are in it
    public record Part(String microsystem, int first, EventLog log, Set<String> aggregates) {

        public Part {
            aggregates = Set.copyOf(aggregates);
        }

        /// All of its partitions, from their beginning.
        public Positions start() {
            return Positions.start(log.partitions()).shifted(first);
        }

        /// The number of the partition behind its last one.
        int end() {
            return first + log.partitions();
        }

        boolean holds(int partition) {
            return partition >= first && partition < end();
        }

        LogRecord renumbered(LogRecord record) {
            return switch (record) {
                case EventRecord event -> renumbered(event);
                case ClaimRecord(var partition, var offset, var epoch, var node, var time) ->
                        new ClaimRecord(partition + first, offset, epoch, node, time);
            };
        }

        EventRecord renumbered(EventRecord record) {
            return first == 0
                    ? record
                    : new EventRecord(record.partition() + first, record.offset(), record.event());
        }
    }

    private JoinedLog(List<Part> parts, AggregateTable<Part> byAggregate) {
        this.parts = parts;
        this.byAggregate = byAggregate;
        this.partitions = parts.getLast().end();
        this.sources =
                new LogSources(
                        parts.stream().flatMap(part -> PartSource.of(part).stream()).toList(),
                        isRemote());
    }

    /// Joins logs, whose ranges must follow each other from partition 0 on.
    ///
    /// @throws IllegalArgumentException when they do not, or two have the same aggregate
    public static JoinedLog of(List<Part> parts) {
        AggregateTable<Part> byAggregate = new AggregateTable<>();
        int next = 0;
        for (Part part : parts) {
            if (part.first() != next) {
                throw new IllegalArgumentException(
                        "%s begins at partition %d, not %d"
                                .formatted(part.microsystem(), part.first(), next));
            }
            next = part.end();
            for (String aggregate : part.aggregates()) {
                Part other = byAggregate.put(aggregate, part);
                if (other != null) {
                    throw new IllegalArgumentException(
                            "%s and %s both have the aggregate %s"
                                    .formatted(other.microsystem(), part.microsystem(), aggregate));
                }
            }
        }
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("no log to join");
        }
        return new JoinedLog(List.copyOf(parts), byAggregate);
    }

    /// What is joined, in the order of the partitions.
    public List<Part> parts() {
        return parts;
    }

    /// The microsystem that has a partition.
    public Part part(int partition) {
        Objects.checkIndex(partition, partitions);
        for (Part part : parts) {
            if (part.holds(partition)) {
                return part;
            }
        }
        throw new IllegalStateException("no microsystem has partition " + partition);
    }

    @Override
    public int partitions() {
        return partitions;
    }

    /// As the microsystem's own log says, in its range.
    ///
    /// @throws IllegalArgumentException when no microsystem has the stream's aggregate
    @Override
    public int partitionOf(String stream) {
        Part part = byAggregate.find(stream);
        if (part == null) {
            throw new IllegalArgumentException(
                    "no microsystem has the aggregate of stream '%s'".formatted(stream));
        }
        return part.first() + part.log().partitionOf(stream);
    }

    @Override
    public Writer claim(int partition, String node) {
        Part part = part(partition);
        return new PartWriter(part, part.log().claim(partition - part.first(), node));
    }

    /// Asks the logs one after the other when they are in this process, and at once otherwise.
    @Override
    public Set<Writer> stillOwners(Collection<Writer> writers) {
        Map<EventLog, Map<Writer, Writer>> asked = new HashMap<>();
        for (Writer writer : writers) {
            if (writer instanceof PartWriter ours) {
                asked.computeIfAbsent(ours.part.log(), _ -> new HashMap<>()).put(ours.writer, ours);
            }
        }
        return Owners.ask(asked, EventLog::stillOwners, isRemote());
    }

    @Override
    public Duration lease() {
        return parts.stream()
                .map(part -> part.log().lease())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    @Override
    public Positions heads() {
        return sources.heads();
    }

    @Override
    public LogReader reader(Positions after) {
        for (int partition : after.partitions()) {
            Objects.checkIndex(partition, partitions);
        }
        return sources.reader(after);
    }

    @Override
    public List<EventRecord> readStream(String stream, long fromRevision, int limit) {
        Part part = byAggregate.find(stream);
        if (part == null) {
            return List.of();
        }
        List<EventRecord> found = part.log().readStream(stream, fromRevision, limit);
        return part.first() == 0 ? found : found.stream().map(part::renumbered).toList();
    }

    @Override
    public boolean surelyAbsent(String stream) {
        Part part = byAggregate.find(stream);
        return part == null || part.log().surelyAbsent(stream);
    }

    @Override
    public Optional<Snapshot> latestSnapshot(String stream) {
        Part part = byAggregate.find(stream);
        return part == null ? Optional.empty() : part.log().latestSnapshot(stream);
    }

    @Override
    public Optional<String> note(String name) {
        return noteKeeper(name).note(name);
    }

    @Override
    public void putNote(String name, String text) {
        noteKeeper(name).putNote(name, text);
    }

    @Override
    public String noteOnce(String name, String text) {
        return noteKeeper(name).noteOnce(name, text);
    }

    /// The log of the microsystem that the note is named after, as its log may move without the
    /// others; the first log when there is none, since what is joined begins with it for ever.
    private EventLog noteKeeper(String name) {
        int end = name.indexOf('.');
        for (Part part : parts) {
            if (end >= 0 && part.microsystem().equals(name.substring(0, end))) {
                return part.log();
            }
        }
        return parts.getFirst().log();
    }

    @Override
    public boolean isRemote() {
        return parts.stream().anyMatch(part -> part.log().isRemote());
    }

    @Override
    public int databasesAway() {
        return parts.stream().mapToInt(part -> part.log().databasesAway()).sum();
    }

    @Override
    public void follow(Runnable follower) {
        sources.follow(follower);
    }

    @Override
    public void unfollow(Runnable follower) {
        sources.unfollow(follower);
    }

    /// Closes all of them, at once.
    @Override
    public void close() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            parts.forEach(part -> threads.execute(part.log()::close));
        }
        sources.close();
    }

    private final class PartWriter implements Writer {
        private final Part part;
        private final Writer writer;

        PartWriter(Part part, Writer writer) {
            this.part = part;
            this.writer = writer;
        }

        @Override
        public int partition() {
            return part.first() + writer.partition();
        }

        @Override
        public long epoch() {
            return writer.epoch();
        }

        @Override
        public long time() {
            return writer.time();
        }

        @Override
        public long head() {
            return writer.head();
        }

        @Override
        public boolean isFenced() {
            return writer.isFenced();
        }

        /// The microsystem's own log checks the partition; it cannot see that the aggregate is
        /// another microsystem's.
        @Override
        public CompletionStage<Long> append(List<NewEvent> events) {
            for (NewEvent event : events) {
                check(event.stream());
            }
            return writer.append(events);
        }

        private void check(String stream) {
            Part right = byAggregate.find(stream);
            if (right == null || right.first() != part.first()) {
                throw AppendChecks.wrongPartition(stream, partitionOf(stream), partition());
            }
        }

        @Override
        public void putSnapshot(Snapshot snapshot) {
            check(snapshot.stream());
            writer.putSnapshot(snapshot);
        }
    }
}
