// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.domain.Aggregate;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Versioned;
import dev.fakta.runtime.core.AggregateReader;
import dev.fakta.runtime.core.Fatal;
import dev.fakta.runtime.core.NodeParts;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The memory image of a partition whose active copy is on another node, kept warm from the log: it
/// holds the aggregates that were written lately, as the active one does, so that a take-over need
/// not read them. Its residents have no tentative state of their own.
///
/// It starts empty at the end of the log, or a little before: an aggregate comes in with its next
/// event. One thread applies events, any may ask for a committed state.
public final class PassiveCopy {

    private static final Logger LOG = LoggerFactory.getLogger(PassiveCopy.class);
    private static final int PAGE = 1_000;

    /// A copy that is further behind is not worth waiting for at a take-over.
    private static final long MOST_BEHIND = 20_000;

    private static final Duration CATCH_UP = Duration.ofSeconds(2);

    private final int partition;
    private final NodeParts parts;
    private final AggregateReader reader;
    private final Image image;
    private final ReentrantLock lock = new ReentrantLock();
    private final long end;
    private long offset;

    /// @param offset of the last record that is not to be applied
    /// @param end of the log at this time: having come so far, the copy is warm
    PassiveCopy(int partition, long offset, long end, NodeParts parts) {
        this.partition = partition;
        this.offset = offset;
        this.end = end;
        this.parts = parts;
        this.reader = new AggregateReader(parts.log(), parts.codec());
        this.image = Image.of(parts);
    }

    public int partition() {
        return partition;
    }

    long offset() {
        lock.lock();
        try {
            return offset;
        } finally {
            lock.unlock();
        }
    }

    boolean isWarm() {
        return offset() >= end;
    }

    /// Applies the next record of the partition; passes over one that it has applied.
    void apply(LogRecord record) {
        lock.lock();
        try {
            if (record.offset() <= offset) {
                return;
            }
            offset = record.offset();
            if (record instanceof EventRecord event) {
                fold(event);
            }
        } finally {
            lock.unlock();
        }
    }

    private void fold(EventRecord record) {
        NewEvent event = record.event();
        Resident resident = image.find(event.stream());
        try {
            if (resident == null) {
                add(record);
            } else if (event.revision() > resident.tentativeRevision) {
                follow(resident, record);
            }
        } catch (Throwable e) {
            Fatal.rethrow(e);
            LOG.warn("the passive copy drops {}: {}", event.stream(), e.toString());
            if (resident != null) {
                image.remove(resident);
            }
        }
    }

    /// An aggregate comes in as the log has it, which may be ahead of this event. Its first event
    /// is all that there is of a new one: that spares two reads for each.
    private void add(EventRecord record) {
        String stream = record.event().stream();
        int slash = stream.indexOf('/');
        Aggregate<Object, Object, Object> aggregate = parts.aggregate(stream.substring(0, slash));
        if (aggregate == null) {
            return;
        }
        Resident resident = new Resident(aggregate, stream.substring(slash + 1));
        if (record.event().revision() == 1) {
            follow(resident, record);
        } else {
            resident.take(reader.load(aggregate, resident.id));
        }
        image.add(resident);
    }

    private void follow(Resident resident, EventRecord record) {
        NewEvent event = record.event();
        if (event.revision() != resident.tentativeRevision + 1) {
            throw new IllegalStateException(
                    "revision %d follows %d"
                            .formatted(event.revision(), resident.tentativeRevision));
        }
        Object decoded = parts.codec().decode(event.name(), event.schemaVersion(), event.payload());
        resident.tentative = resident.aggregate.evolve(resident.tentative, decoded);
        resident.tentativeRevision = event.revision();
        Metadata metadata = event.metadata();
        boolean _ =
                resident.window.add(
                        metadata.commandId(),
                        metadata.commandHash(),
                        event.revision(),
                        metadata.time());
        resident.committed =
                new Versioned<>(
                        resident.id,
                        resident.tentative,
                        event.revision(),
                        Positions.of(partition, record.offset()),
                        metadata.time());
    }

    /// The image after exactly the records up to this offset, which is the claim of the node that
    /// takes over: nothing follows it. `null` when it cannot be had soon.
    @Nullable Image upTo(long last) {
        if (offset() >= last - 1) {
            return image; // only the claim follows, which changes no aggregate
        }
        if (last - offset() > MOST_BEHIND) {
            return null;
        }
        long end = System.nanoTime() + CATCH_UP.toNanos();
        try (LogReader rest = parts.log().reader(Positions.of(partition, offset()))) {
            while (offset() < last) {
                Duration left = Duration.ofNanos(end - System.nanoTime());
                List<LogRecord> records = left.isNegative() ? List.of() : rest.next(PAGE, left);
                if (records.isEmpty()) {
                    return null;
                }
                records.forEach(this::apply);
            }
        } catch (LogException e) {
            LOG.warn("partition {} is taken cold: {}", partition, e.getMessage());
            return null;
        }
        return image;
    }

    /// One of its aggregates, any.
    public @Nullable Resident any(Random random) {
        return image.any(random);
    }

    int size() {
        return image.size();
    }
}
