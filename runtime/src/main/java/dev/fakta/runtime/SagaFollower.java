// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.At;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaCommand.Fact;
import dev.fakta.domain.SagaCommand.Offer;
import dev.fakta.domain.SagaCommand.Told;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds in the log what concerns one saga: events that it subscribes to, and records of its own
/// instances. Blocks; [#find] is for one thread, the rest for any.
final class SagaFollower {

    private static final Duration READ_WITHIN = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(SagaFollower.class);

    private final Saga<?, ?> saga;
    private final Parts parts;
    private final String ownStreams;

    SagaFollower(Saga<?, ?> saga, Parts parts) {
        this.saga = saga;
        this.parts = parts;
        this.ownStreams = saga.name() + "/";
    }

    /// What was found for an instance.
    sealed interface Found {
        String id();

        /// An event that it is to be told.
        record Event(String id, Offer offer, SagaIndex.Place place, Cause cause) implements Found {}

        /// A record of its own.
        record Own(String id, long revision) implements Found {}
    }

    List<Found> find(List<LogRecord> records) {
        List<Found> found = new ArrayList<>();
        for (LogRecord record : records) {
            if (record instanceof EventRecord event) {
                Found one = find(event);
                if (one != null) {
                    found.add(one);
                }
            }
        }
        return found;
    }

    private @Nullable Found find(EventRecord record) {
        NewEvent event = record.event();
        if (event.stream().startsWith(ownStreams)) {
            return new Found.Own(event.stream().substring(ownStreams.length()), event.revision());
        }
        if (!parts.codec().knows(event.name())
                || !saga.subscriptions().contains(parts.codec().typeNamed(event.name()))) {
            return null;
        }
        return wanted(record);
    }

    /// An event that no instance can be found for is nobody's: it is reported, and passed over.
    private @Nullable Found wanted(EventRecord record) {
        NewEvent event = record.event();
        At at = AggregateReader.at(record);
        try {
            Object decoded = decoded(record);
            String id = saga.instance(decoded, at);
            if (id == null) {
                return null;
            }
            Told told = Told.event(event.name(), record.partition(), record.offset());
            return new Found.Event(
                    id,
                    new Offer(told, new Fact(event.name(), decoded, at)),
                    new SagaIndex.Place(record.partition(), record.offset()),
                    cause(record));
        } catch (RuntimeException e) {
            LOG.error(
                    "{} cannot tell which instance {} revision {} is for",
                    saga,
                    event.stream(),
                    event.revision(),
                    e);
            return null;
        }
    }

    private static Cause cause(EventRecord record) {
        var metadata = record.event().metadata();
        return new Cause(
                Cause.freshId(),
                0,
                metadata.correlationId(),
                metadata.commandId(),
                metadata.actor(),
                java.util.Set.of(),
                metadata.traceParent(),
                metadata.time());
    }

    private Object decoded(EventRecord record) {
        Object recent = parts.recent().find(record.partition(), record.offset());
        NewEvent event = record.event();
        return recent != null
                ? recent
                : parts.codec().decode(event.name(), event.schemaVersion(), event.payload());
    }

    /// Reads one input again.
    ///
    /// @throws LogException when it cannot be had in time
    Found.@Nullable Event read(SagaIndex.Place place) {
        Positions before = Positions.of(place.partition(), place.offset() - 1);
        try (LogReader reader = parts.log().reader(before)) {
            List<LogRecord> records = reader.next(1, READ_WITHIN);
            if (records.isEmpty()) {
                throw new LogException(
                        LogException.Category.TIMEOUT, place + " cannot be read again");
            }
            return find(records).stream()
                    .filter(Found.Event.class::isInstance)
                    .map(Found.Event.class::cast)
                    .findFirst()
                    .orElse(null);
        }
    }
}
