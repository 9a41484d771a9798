// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.EventType;
import dev.fakta.runtime.CodecException;
import dev.fakta.runtime.Microsystems;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/// Events and states as JSON. An event is known by its stable name and schema version, never by its
/// class. A field that the record does not know is ignored; one that is missing is `null`, or an
/// error where the record has a primitive; older schema versions go through the event's upcasts. A
/// component of a sealed type says by the record's simple name, as `"@type"`, which one it is.
///
/// What cannot be read back is not recorded. The types are looked at when the codec is made (see
/// [JsonShape]), and [#encodeToRecord] reads what it has written: see [ReadsBack].
///
/// Used by all threads.
public final class EventCodec {

    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS =
            new TypeReference<>() {};

    /// Which events are read back before they are recorded.
    enum ReadsBack {
        EVERY_EVENT,
        /// Until one of its type has come back as it was; the ones behind it are trusted.
        FIRST_OF_TYPE
    }

    private final ReadsBack readsBack;
    private final JsonMapper json;
    private final ObjectReader fields;
    private final SnapshotCodec snapshots;
    private final Map<Class<?>, Named> byType = new HashMap<>();
    private final Map<String, Named> byName = new HashMap<>();
    private final LongAdder decoded = new LongAdder();

    /// Reads every event back where the JVM's assertions are enabled, else the first of each type.
    ///
    /// @param modules what Jackson must know beyond records to write and read the states
    /// @throws IllegalArgumentException when a type could be written and not be read back; the
    ///   message lists all of them
    public EventCodec(Microsystems microsystems, JacksonModule... modules) {
        this(
                EventCodec.class.desiredAssertionStatus()
                        ? ReadsBack.EVERY_EVENT
                        : ReadsBack.FIRST_OF_TYPE,
                microsystems,
                modules);
    }

    EventCodec(ReadsBack readsBack, Microsystems microsystems, JacksonModule... modules) {
        this.readsBack = readsBack;
        json = mapper(modules);
        fields = json.readerFor(FIELDS).with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
        snapshots = new SnapshotCodec(json);
        for (Aggregate<?, ?, ?> aggregate : microsystems.hosted()) {
            for (EventType<?> type : aggregate.events()) {
                Named named = new Named(type, json);
                byType.put(type.type(), named);
                byName.put(type.name(), named);
            }
        }
        ReadableCheck.refuseUnreadable(microsystems, json);
    }

    /// A mapper that reads what it writes: a time keeps its zone.
    private static JsonMapper mapper(JacksonModule... modules) {
        return JsonMapper.builder()
                .annotationIntrospector(
                        AnnotationIntrospector.pair(
                                new JacksonAnnotationIntrospector(), new PlainTypes()))
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                .addModules(modules)
                .build();
    }

    /// The definition of an event's type.
    public EventType<?> typeOf(Object event) {
        return named(event).type;
    }

    public byte[] encode(Object event) {
        return named(event).writer().writeValueAsBytes(event);
    }

    /// Encodes an event that is to be recorded.
    ///
    /// @throws CodecException when it would not be read back as it is
    public byte[] encodeToRecord(Object event) {
        Named named = named(event);
        byte[] payload = named.writer().writeValueAsBytes(event);
        if (readsBack == ReadsBack.EVERY_EVENT || !named.isReadBack.get()) {
            failUnlessReadBack(named, event, payload);
            named.isReadBack.set(true);
        }
        return payload;
    }

    /// Arrays, say, are not equal to their copies: then the same JSON will do.
    private void failUnlessReadBack(Named named, Object event, byte[] payload) {
        Object read = decode(named.type.name(), named.type.version(), payload);
        if (event.equals(read)) {
            return;
        }
        byte[] again = named.writer().writeValueAsBytes(read);
        if (!Arrays.equals(payload, again)) {
            String component = ReadBack.difference(json.readTree(payload), json.readTree(again));
            throw new CodecException(
                    "event '%s' is read back as another one than was written, and is not recorded:%s"
                            .formatted(
                                    named.type.name(),
                                    component == null
                                            ? " the order of fields or numbers' digits differ"
                                            : " component %s differs".formatted(component)));
        }
    }

    private Named named(Object event) {
        Named named = byType.get(event.getClass());
        if (named == null) {
            throw new IllegalArgumentException(
                    "no aggregate of this program names the event " + event.getClass().getName());
        }
        return named;
    }

    /// The record's class of a stable name.
    ///
    /// @throws CodecException when the name is unknown
    public Class<?> typeNamed(String name) {
        return byName(name).type.type();
    }

    /// Whether the name is one of this program's events.
    public boolean knows(String name) {
        return byName.containsKey(name);
    }

    private Named byName(String name) {
        Named named = byName.get(name);
        if (named == null) {
            throw new CodecException(
                    "the log has an event named '%s', which no aggregate names".formatted(name));
        }
        return named;
    }

    /// How often an event was read from its JSON.
    public long decoded() {
        return decoded.sum();
    }

    /// Reads an event of this name and schema version.
    ///
    /// @throws CodecException when the bytes are not such an event
    public Object decode(String name, int schemaVersion, byte[] payload) {
        decoded.increment();
        Named named = byName(name);
        int newest = named.type.version();
        if (schemaVersion > newest) {
            throw new CodecException(
                    "event '%s' has schema version %d; this program knows up to %d"
                            .formatted(name, schemaVersion, newest));
        }
        try {
            if (schemaVersion == newest) {
                return named.reader().readValue(payload);
            }
            Map<String, Object> upcast = fields.readValue(payload);
            for (int version = schemaVersion; version < newest; version++) {
                upcast = named.type.upcasts().get(version - 1).apply(upcast);
            }
            return json.convertValue(upcast, named.type.type());
        } catch (JacksonException e) {
            throw ReadBack.unreadable("event '%s' version %d".formatted(name, schemaVersion), e);
        }
    }

    /// What the JSON of a type consists of, as lines to compare.
    public List<String> shapeOf(Class<?> type) {
        JsonShape shape = new JsonShape(json);
        shape.add(type, type.getSimpleName());
        return shape.lines();
    }

    /// The codec of this program's snapshots.
    public SnapshotCodec snapshots() {
        return snapshots;
    }

    /// The mapper itself, for states, commands and requests.
    public JsonMapper json() {
        return json;
    }

    /// An event's type with what writes and reads it. Jackson makes both when the first event of
    /// the type comes, since a start that waited for hundreds of them would be felt. Two threads
    /// may make one each, and either will do.
    private static final class Named {
        private final EventType<?> type;
        private final JsonMapper json;

        /// Whether an event of this type has been written and read.
        private final AtomicBoolean isReadBack = new AtomicBoolean();

        private volatile @Nullable ObjectWriter writer;
        private volatile @Nullable ObjectReader reader;

        Named(EventType<?> type, JsonMapper json) {
            this.type = type;
            this.json = json;
        }

        ObjectWriter writer() {
            ObjectWriter made = writer;
            if (made == null) {
                made = json.writerFor(type.type());
                writer = made;
            }
            return made;
        }

        ObjectReader reader() {
            ObjectReader made = reader;
            if (made == null) {
                made = json.readerFor(type.type());
                reader = made;
            }
            return made;
        }
    }
}
