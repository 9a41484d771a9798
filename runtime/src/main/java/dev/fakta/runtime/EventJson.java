// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.EventType;
import dev.fakta.domain.Microsystem;
import dev.fakta.runtime.core.EventCodec;
import dev.fakta.runtime.sagas.SagaJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The events of a program as JSON, as a node writes and reads them: for the tests of a build.
public final class EventJson {

    private final Microsystems microsystems;
    private final EventCodec codec;

    /// @throws IllegalArgumentException when a type could be written and not be read back; the
    ///   message lists all of them
    public EventJson(Microsystems microsystems) {
        this.microsystems = microsystems;
        this.codec = new EventCodec(microsystems, new SagaJson(microsystems));
    }

    /// What the JSON of an event consists of.
    ///
    /// @param event its stable name
    /// @param lines its record and the types in it, each with its components below it
    public record Shape(String event, int version, List<String> lines) {
        public Shape {
            lines = List.copyOf(lines);
        }
    }

    /// Those of all events that the program defines, by microsystem and in their order there.
    public List<Shape> shapes() {
        List<Shape> shapes = new ArrayList<>();
        for (Microsystem one : microsystems.all()) {
            one.aggregates().forEach(aggregate -> aggregate.events().forEach(add(shapes)));
            one.sagas().forEach(saga -> saga.events().forEach(add(shapes)));
        }
        return List.copyOf(shapes);
    }

    private Consumer<EventType<?>> add(List<Shape> shapes) {
        return event ->
                shapes.add(new Shape(event.name(), event.version(), codec.shapeOf(event.type())));
    }

    /// The stable name of a record.
    public String nameOf(Object event) {
        return codec.typeOf(event).name();
    }

    /// Reads an event as it was written by this schema version.
    ///
    /// @throws CodecException when it cannot be read
    public Object read(String name, int version, String json) {
        return codec.decode(name, version, json.getBytes(StandardCharsets.UTF_8));
    }
}
