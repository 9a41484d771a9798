// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.At;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaCommand.Fact;
import dev.fakta.domain.SagaCommand.Offer;
import dev.fakta.domain.SagaCommand.Told;
import dev.fakta.domain.SagaEvent;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.CodecException;
import dev.fakta.runtime.core.AggregateReader;
import dev.fakta.runtime.core.NodeParts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Finds in the log what concerns one saga: events that it subscribes to, and records of its own
/// instances. Blocks; [#find] is for one thread, the rest for any.
///
/// What it cannot read it does not pass over if an instance could need it: an event that the saga
/// subscribes to, and once a newer version of the saga has reacted every event of an unknown name,
/// as the newer version may subscribe to it. The partition stands then, see [SagaHolds]. An unknown
/// name is passed over otherwise, so that a type of event that was removed stops nothing.
final class SagaFollower {

    private static final Duration READ_WITHIN = Duration.ofSeconds(5);
    private static final String REACTED = "saga-reacted";
    private static final Set<String> TROUBLES = Set.of("saga-parked", "saga-stuck");
    private static final Logger LOG = LoggerFactory.getLogger(SagaFollower.class);

    private final Saga<?, ?> saga;
    private final NodeParts parts;
    private final SagaHolds holds;
    private final Positions old;
    private final String ownStreams;
    private final Set<String> passedOver = new HashSet<>();
    private int newest;

    /// @param newest version of the saga that is known to have reacted
    /// @param old where what happened in the saga is no news: the index is being filled again
    SagaFollower(Saga<?, ?> saga, NodeParts parts, SagaHolds holds, int newest, Positions old) {
        this.saga = saga;
        this.parts = parts;
        this.holds = holds;
        this.newest = newest;
        this.old = old;
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
            return own(record);
        }
        if (holds.isHeld(record.partition())) {
            return null;
        }
        if (!parts.codec().knows(event.name())) {
            meetUnknown(record);
            return null;
        }
        if (!isSubscribed(event.name())) {
            return null;
        }
        try {
            return wanted(record);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            holds.stopBefore(record, String.valueOf(e), e);
            return null;
        }
    }

    private boolean isSubscribed(String name) {
        return saga.subscriptions().contains(parts.codec().typeNamed(name));
    }

    private void meetUnknown(EventRecord record) {
        String name = record.event().name();
        if (newest > saga.version()) {
            String why =
                    "this program does not know the event, and version %d of the saga, which may need it, has reacted"
                            .formatted(newest);
            holds.stopBefore(record, why, null);
        } else if (passedOver.add(name)) {
            LOG.warn(
                    "{} passes over events named '{}', which this program does not know: {} revision {}",
                    saga,
                    name,
                    record.event().stream(),
                    record.event().revision());
        }
    }

    private Found own(EventRecord record) {
        NewEvent event = record.event();
        String id = event.stream().substring(ownStreams.length());
        if (event.name().equals(REACTED)) {
            newest = Math.max(newest, versionIn(event.payload()));
        } else if (TROUBLES.contains(event.name())
                && record.offset() > old.offset(record.partition())) {
            say(record, id);
        }
        return new Found.Own(id, event.revision());
    }

    /// Without reading all of it: there is one of these for every input of the saga.
    private int versionIn(byte[] reacted) {
        try (JsonParser parser = parts.codec().json().createParser(reacted)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean isVersion = parser.currentName().equals("version");
                parser.nextToken();
                if (isVersion) {
                    return parser.getIntValue();
                }
                parser.skipChildren();
            }
        } catch (JacksonException e) {
            LOG.warn("{}: a record of its own cannot be read", saga, e);
        }
        return 0;
    }

    private void say(EventRecord record, String id) {
        NewEvent event = record.event();
        try {
            switch (parts.codec().decode(event.name(), event.schemaVersion(), event.payload())) {
                case SagaEvent.Parked(_, var input, var reason, var trace) ->
                        LOG.error(
                                "{} {} is parked, it fails on {}: {}{}",
                                saga,
                                id,
                                input,
                                reason,
                                trace.isEmpty() ? "" : "\n" + trace);
                case SagaEvent.Stuck(_, _, var reason) ->
                        LOG.error("{} {} is stuck: {}", saga, id, reason);
                case Object other -> throw new IllegalStateException(event.name() + " " + other);
            }
        } catch (CodecException e) {
            LOG.error("{} {} is in trouble: {}", saga, id, event.name(), e);
        }
    }

    private Found.@Nullable Event wanted(EventRecord record) {
        NewEvent event = record.event();
        At at = AggregateReader.at(record);
        Object decoded = decoded(parts, record);
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
    }

    /// The cause of what is done because of an event.
    static Cause cause(EventRecord record) {
        var metadata = record.event().metadata();
        return new Cause(
                Cause.freshId(),
                0,
                metadata.correlationId(),
                metadata.commandId(),
                metadata.actor(),
                Set.of(),
                metadata.traceParent(),
                metadata.time());
    }

    /// @throws CodecException when this program cannot read the event
    static Object decoded(NodeParts parts, EventRecord record) {
        Object recent = parts.recent().find(record.partition(), record.offset());
        NewEvent event = record.event();
        return recent != null
                ? recent
                : parts.codec().decode(event.name(), event.schemaVersion(), event.payload());
    }

    /// Reads one input again; `null` when the saga does not subscribe to it any more.
    ///
    /// @throws LogException when it cannot be had in time
    /// @throws CodecException when this program cannot read it, or cannot tell whom it is for
    Found.@Nullable Event read(SagaIndex.Place place) {
        Positions before = Positions.of(place.partition(), place.offset() - 1);
        try (LogReader reader = parts.log().reader(before)) {
            List<LogRecord> records = reader.next(1, READ_WITHIN);
            if (records.isEmpty()) {
                throw new LogException(
                        LogException.Category.TIMEOUT, place + " cannot be read again");
            }
            return records.getFirst() instanceof EventRecord record ? again(record) : null;
        }
    }

    private Found.@Nullable Event again(EventRecord record) {
        if (!isSubscribed(record.event().name())) {
            return null;
        }
        try {
            return wanted(record);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw new CodecException(
                    "%s cannot tell which instance %s revision %d is for: %s"
                            .formatted(saga, record.event().stream(), record.event().revision(), e),
                    e);
        }
    }
}
