// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fakta.domain.Aggregate;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Courier;
import dev.fakta.domain.EventType;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What the log of a microsystem holds by name and shape: its kinds of streams, and its events with
/// the components of their newest schema version; and the couriers and alarm clocks that were
/// called by them. As JSON it is a note of the log.
///
/// A name stays for ever, since events do.
///
/// @param format of the JSON
/// @param programs the fingerprints of the programs that have run on the log, the oldest first
/// @param couriers the names of couriers and alarm clocks; a note of an earlier version of the kit
///   has none
record LogShapes(
        int format,
        List<String> programs,
        SortedMap<String, Kind> kinds,
        SortedMap<String, Event> events,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Set<String> couriers) {

    static final int FORMAT = 1;

    private static final int MOST_PROGRAMS = 1_000;
    private static final Set<String> OF_THE_KIT =
            SagaEvent.types().stream().map(EventType::name).collect(Collectors.toSet());
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    LogShapes {
        programs = List.copyOf(programs);
        kinds = new TreeMap<>(kinds);
        events = new TreeMap<>(events);
        couriers = sorted(couriers);
    }

    private static Set<String> sorted(@Nullable Set<String> names) {
        return names == null ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(names));
    }

    /// A kind of stream: an aggregate, or a saga.
    ///
    /// @param version of the aggregate, the highest that has run
    /// @param state the shape of its state
    record Kind(boolean isSaga, int version, String state) {
        @Override
        public String toString() {
            return isSaga ? "saga" : "aggregate";
        }
    }

    /// The newest schema version of an event.
    ///
    /// @param kind the kind of stream that it stands in
    /// @param components see [EventShape]
    /// @param gone components that the version had once
    record Event(
            String kind,
            int version,
            SortedMap<String, String> components,
            SortedMap<String, String> gone) {
        Event {
            components = new TreeMap<>(components);
            gone = new TreeMap<>(gone);
        }

        /// This event of the log, after a program has run that can read it.
        Event followedBy(Event now) {
            if (now.version != version) {
                return now;
            }
            SortedMap<String, String> all = new TreeMap<>(gone);
            all.putAll(components);
            all.keySet().removeAll(now.components.keySet());
            return new Event(now.kind, version, now.components, all);
        }
    }

    /// What a program has of a microsystem, ran by itself.
    static LogShapes of(Microsystem microsystem) {
        SortedMap<String, Kind> kinds = new TreeMap<>();
        SortedMap<String, Event> events = new TreeMap<>();
        List<String> sagas = microsystem.sagas().stream().map(Saga::name).toList();
        for (Aggregate<?, ?, ?> aggregate : microsystem.hosted()) {
            String name = aggregate.name();
            kinds.put(
                    name,
                    new Kind(
                            sagas.contains(name),
                            aggregate.version(),
                            StateShape.of(aggregate.initial())));
            for (EventType<?> type : aggregate.events()) {
                if (!OF_THE_KIT.contains(type.name())) {
                    events.put(type.name(), event(name, type));
                }
            }
        }
        Set<String> couriers =
                Stream.concat(
                                microsystem.couriers().stream().map(Courier::name),
                                microsystem.clocks().stream().map(AlarmClock::name))
                        .collect(Collectors.toSet());
        LogShapes shapes = new LogShapes(FORMAT, List.of(), kinds, events, couriers);
        return shapes.ranBy(StateShape.hash(shapes.text() + new TreeSet<>(microsystem.retired())));
    }

    private static Event event(String kind, EventType<?> type) {
        return new Event(
                kind, type.version(), EventShape.of(type.type()).components(), new TreeMap<>());
    }

    /// @throws tools.jackson.core.JacksonException when the text is none
    static LogShapes parse(String text) {
        return JSON.readValue(text, LogShapes.class);
    }

    String text() {
        return JSON.writeValueAsString(this);
    }

    /// The names of the sagas that have run on the log.
    Set<String> sagas() {
        return kinds.entrySet().stream()
                .filter(one -> one.getValue().isSaga())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /// Whether a program of these names, versions, shapes and retired names has run on the log.
    boolean isRanBy(LogShapes program) {
        return programs.contains(program.programs.getLast());
    }

    private LogShapes ranBy(String program) {
        List<String> more = new ArrayList<>(programs);
        more.add(program);
        int from = Math.max(0, more.size() - MOST_PROGRAMS);
        return new LogShapes(format, more.subList(from, more.size()), kinds, events, couriers);
    }

    /// What the log holds after a program has run that can read all of it.
    LogShapes followedBy(LogShapes now) {
        SortedMap<String, Kind> allKinds = new TreeMap<>(kinds);
        allKinds.putAll(now.kinds);
        SortedMap<String, Event> allEvents = new TreeMap<>(events);
        now.events.forEach(
                (name, event) -> {
                    Event before = events.get(name);
                    allEvents.put(name, before == null ? event : before.followedBy(event));
                });
        Set<String> allCouriers = new TreeSet<>(couriers);
        allCouriers.addAll(now.couriers);
        return new LogShapes(format, programs, allKinds, allEvents, allCouriers)
                .ranBy(now.programs.getLast());
    }
}
