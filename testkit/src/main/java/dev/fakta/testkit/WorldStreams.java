// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.At;
import dev.fakta.domain.Decision;
import dev.fakta.domain.EventType;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Versioned;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The streams of a [World], with the state that each has led to. A command is carried out at once,
/// as by the one writer of its stream, and its id is remembered for as long as a node remembers it.
///
/// Each stream is a partition of its own: no order between two streams is impossible in a log.
final class WorldStreams {

    /// As long as an aggregate of a node remembers the ids of its commands.
    static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final Map<String, Map<String, Stream>> streams = new HashMap<>();
    private int partitions;
    private final BiConsumer<Stream, Recorded> onEvent;

    /// @param onEvent is told each event after its state is there
    WorldStreams(BiConsumer<Stream, Recorded> onEvent) {
        this.onEvent = onEvent;
    }

    /// An event, and where it stands.
    record Recorded(Object event, String name, At at) {}

    /// The events of one aggregate.
    static final class Stream {
        final Aggregate<Object, Object, Object> aggregate;
        final String id;
        final String name;
        final int partition;
        final List<Recorded> events = new ArrayList<>();
        private final Map<UUID, Done> done = new HashMap<>();
        Object state;

        Stream(Aggregate<Object, Object, Object> aggregate, String id, int partition) {
            this.aggregate = aggregate;
            this.id = id;
            this.name = aggregate.stream(id);
            this.partition = partition;
            this.state = aggregate.initial();
        }
    }

    private record Done(Instant at, long revision) {}

    /// Why a command is sent.
    record Why(UUID commandId, UUID correlationId, UUID causationId, String actor) {
        /// Why one of the commands is sent that a processor has sent before its own.
        ///
        /// @param number counts them from 1
        Why part(long number) {
            UUID part =
                    new UUID(
                            commandId.getMostSignificantBits() ^ number << 48,
                            commandId.getLeastSignificantBits());
            return new Why(part, correlationId, causationId, actor);
        }
    }

    @Nullable Stream find(Aggregate<?, ?, ?> aggregate, String id) {
        return ofKind(aggregate).get(id);
    }

    /// Those of the aggregates of one kind, by id, in the order in which they have begun.
    Map<String, Stream> ofKind(Aggregate<?, ?, ?> aggregate) {
        return streams.getOrDefault(aggregate.name(), Map.of());
    }

    /// Decides on the command, and records what was decided.
    Reply<Object> carryOut(
            Aggregate<Object, Object, Object> aggregate,
            String id,
            Object command,
            Why why,
            Instant now) {
        Stream known = find(aggregate, id);
        Stream stream = known == null ? new Stream(aggregate, id, partitions) : known;
        Done before = stream.done.get(why.commandId);
        if (before != null && now.isBefore(before.at.plus(REMEMBERED))) {
            return new Reply.Repeated<>(before.revision, 0);
        }
        return switch (stream.aggregate.decide(stream.state, command)) {
            case Decision.Rejected<Object>(var rejection) -> new Reply.Rejected<>(rejection, 0);
            case Decision.Accepted<Object>(var events) -> {
                if (known == null && !events.isEmpty()) {
                    streams.computeIfAbsent(aggregate.name(), _ -> new LinkedHashMap<>())
                            .put(id, stream);
                    partitions++;
                }
                events.forEach(event -> record(stream, event, why, now));
                long revision = stream.events.size();
                stream.done.put(why.commandId, new Done(now, revision));
                yield new Reply.Accepted<>(version(stream, id));
            }
        };
    }

    private void record(Stream stream, Object event, Why why, Instant now) {
        long revision = stream.events.size() + 1L;
        At at =
                new At(
                        stream.id,
                        revision,
                        stream.partition,
                        revision,
                        now,
                        why.actor,
                        why.commandId,
                        why.correlationId,
                        why.causationId);
        Recorded recorded = new Recorded(event, nameOf(stream.aggregate, event), at);
        stream.state = stream.aggregate.evolve(stream.state, event);
        stream.events.add(recorded);
        onEvent.accept(stream, recorded);
    }

    private static String nameOf(Aggregate<?, ?, ?> aggregate, Object event) {
        for (EventType<?> type : aggregate.events()) {
            if (type.type() == event.getClass()) {
                return type.name();
            }
        }
        throw new IllegalStateException(
                "%s gives no name to its event %s"
                        .formatted(aggregate, event.getClass().getSimpleName()));
    }

    private static Versioned<Object> version(Stream stream, String id) {
        return new Versioned<>(id, stream.state, stream.events.size(), Positions.NONE, 0);
    }
}
