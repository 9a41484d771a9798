// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.EventType;
import dev.fakta.runtime.CodecException;
import dev.fakta.runtime.Microsystems;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/// Events and states as JSON. An event is known by its stable name and schema version, never by its
/// class. A field that the record does not know is ignored; one that is missing is `null`, or an
/// error where the record has a primitive; older schema versions go through the event's upcasts.
///
/// Used by all threads.
public final class EventCodec {

    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS =
            new TypeReference<>() {};

    private final JsonMapper json;
    private final SnapshotCodec snapshots;
    private final Map<Class<?>, Named> byType = new HashMap<>();
    private final Map<String, Named> byName = new HashMap<>();

    /// @param modules what Jackson must know beyond records to write and read the states
    public EventCodec(Microsystems microsystems, JacksonModule... modules) {
        json =
                JsonMapper.builder()
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                        .addModules(modules)
                        .build();
        snapshots = new SnapshotCodec(json);
        for (Aggregate<?, ?, ?> aggregate : microsystems.hosted()) {
            for (EventType<?> type : aggregate.events()) {
                Named named =
                        new Named(type, json.writerFor(type.type()), json.readerFor(type.type()));
                byType.put(type.type(), named);
                byName.put(type.name(), named);
            }
        }
    }

    /// The definition of an event's type.
    public EventType<?> typeOf(Object event) {
        return named(event).type;
    }

    public byte[] encode(Object event) {
        return named(event).writer.writeValueAsBytes(event);
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

    /// Reads an event of this name and schema version.
    ///
    /// @throws CodecException when the bytes are not such an event
    public Object decode(String name, int schemaVersion, byte[] payload) {
        Named named = byName(name);
        int newest = named.type.version();
        if (schemaVersion > newest) {
            throw new CodecException(
                    "event '%s' has schema version %d; this program knows up to %d"
                            .formatted(name, schemaVersion, newest));
        }
        try {
            if (schemaVersion == newest) {
                return named.reader.readValue(payload);
            }
            Map<String, Object> fields = json.readValue(payload, FIELDS);
            for (int version = schemaVersion; version < newest; version++) {
                fields = named.type.upcasts().get(version - 1).apply(fields);
            }
            return json.convertValue(fields, named.type.type());
        } catch (JacksonException e) {
            throw new CodecException(
                    "event '%s' version %d cannot be read: %s"
                            .formatted(name, schemaVersion, e.getOriginalMessage()),
                    e);
        }
    }

    /// The codec of this program's snapshots.
    public SnapshotCodec snapshots() {
        return snapshots;
    }

    /// The mapper itself, for states, commands and requests.
    public JsonMapper json() {
        return json;
    }

    private record Named(EventType<?> type, ObjectWriter writer, ObjectReader reader) {}
}
