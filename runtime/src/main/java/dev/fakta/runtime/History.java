// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.At;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Metadata;
import dev.fakta.log.Positions;
import dev.fakta.runtime.core.AggregateReader;
import dev.fakta.runtime.core.NodeParts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the log says of aggregates, whichever node hosts them. Waits for the log; any thread.
final class History {

    /// How long a request may have the log looked at for its positions, which a stranger names.
    private static final long LONGEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final NodeParts parts;
    private final AggregateReader reader;

    History(NodeParts parts) {
        this.parts = parts;
        this.reader = new AggregateReader(parts.log(), parts.codec());
    }

    /// An aggregate as it was at a revision; empty when it has fewer events.
    <S> Optional<Versioned<S>> at(Aggregate<?, ?, S> aggregate, String id, long revision) {
        return fold(aggregate, id, at -> at.revision() <= revision)
                .filter(found -> found.revision() == revision);
    }

    /// An aggregate as it was at a time; empty when it had no events then.
    <S> Optional<Versioned<S>> at(Aggregate<?, ?, S> aggregate, String id, Instant time) {
        return fold(aggregate, id, at -> !at.time().isAfter(time));
    }

    @SuppressWarnings("unchecked")
    private <S> Optional<Versioned<S>> fold(
            Aggregate<?, ?, S> aggregate, String id, Predicate<At> isWanted) {
        var erased = (Aggregate<Object, Object, S>) aggregate;
        S state = aggregate.initial();
        At last = null;
        long time = 0;
        for (EventRecord record : reader.allRecords(aggregate.stream(id))) {
            At at = AggregateReader.at(record);
            if (!isWanted.test(at)) {
                break;
            }
            state = erased.evolve(state, AggregateReader.recorded(parts.codec(), record).event());
            last = at;
            time = record.event().metadata().time();
        }
        return last == null
                ? Optional.empty()
                : Optional.of(
                        new Versioned<>(
                                id,
                                state,
                                last.revision(),
                                Positions.of(last.partition(), last.offset()),
                                time));
    }

    /// The facts of an aggregate, oldest first, at most `limit` from a revision on.
    List<Recorded<Object>> events(
            Aggregate<?, ?, ?> aggregate, String id, long fromRevision, int limit) {
        return reader.events(aggregate, id, fromRevision, limit);
    }

    /// The highest hybrid time of the records at these positions, or 0 when the log has none of
    /// them now: of those that it can look at in 100 ms, lowest partitions first. Waits for no
    /// record.
    long recordedAt(Positions positions) {
        long start = System.nanoTime();
        long highest = 0;
        for (int partition : positions.partitions()) {
            long before = positions.offset(partition) - 1;
            if (before >= 0) {
                highest = Math.max(highest, timeAfter(partition, before));
            }
            if (System.nanoTime() - start > LONGEST_LOOK_NANOS) {
                break;
            }
        }
        parts.clocks().met(highest, "a record that a client has seen");
        return highest;
    }

    private long timeAfter(int partition, long offset) {
        try (LogReader reader = parts.log().reader(Positions.of(partition, offset))) {
            return reader.next(1, Duration.ZERO).stream()
                    .mapToLong(LogRecord::time)
                    .max()
                    .orElse(0);
        }
    }

    /// What an aggregate recorded for a command; `null` when it has none of this id, or the command
    /// has no key and so cannot come again.
    <S> @Nullable Reply<S> earlier(Aggregate<?, ?, S> aggregate, String id, Cause cause) {
        if (cause.commandHash() == 0) {
            return null;
        }
        for (EventRecord record : reader.allRecords(aggregate.stream(id))) {
            Metadata metadata = record.event().metadata();
            if (metadata.commandId().equals(cause.commandId())) {
                return metadata.commandHash() == cause.commandHash()
                        ? new Reply.Repeated<>(record.event().revision(), metadata.time())
                        : new Reply.IdReused<>();
            }
        }
        return null;
    }
}
