// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.util.UUID;
import java.util.function.Supplier;

/// An event as it stands in the log, for a [Subscription]. Immutable, but for the bytes of its
/// JSON, which nobody may change.
public final class RecordedEvent {

    private final UUID id;
    private final String microsystem;
    private final String aggregate;
    private final At at;
    private final String name;
    private final int schemaVersion;
    private final byte[] json;
    private final String traceParent;
    private final Supplier<Object> decoded;

    /// @param id unique among all events everywhere
    /// @param microsystem the name of the one that recorded it
    /// @param aggregate the name of the aggregate's kind, or of the saga
    /// @param name the event's stable name
    /// @param schemaVersion of its JSON, from 1
    /// @param json as it was recorded
    /// @param traceParent the W3C trace context, or empty
    /// @param decoded reads the JSON
    public RecordedEvent(
            UUID id,
            String microsystem,
            String aggregate,
            At at,
            String name,
            int schemaVersion,
            byte[] json,
            String traceParent,
            Supplier<Object> decoded) {
        this.id = id;
        this.microsystem = microsystem;
        this.aggregate = aggregate;
        this.at = at;
        this.name = name;
        this.schemaVersion = schemaVersion;
        this.json = json;
        this.traceParent = traceParent;
        this.decoded = decoded;
    }

    public UUID id() {
        return id;
    }

    public String microsystem() {
        return microsystem;
    }

    public String aggregate() {
        return aggregate;
    }

    /// Where, when and why it was recorded.
    public At at() {
        return at;
    }

    public String name() {
        return name;
    }

    public int schemaVersion() {
        return schemaVersion;
    }

    /// The payload as it was recorded, in UTF-8. Not a copy: nobody may change it.
    public byte[] json() {
        return json;
    }

    public String traceParent() {
        return traceParent;
    }

    /// The name of its stream: the aggregate's name and id, `order/4711`.
    public String stream() {
        return aggregate + "/" + at.id();
    }

    /// The event as an object, brought to the newest version of its record.
    ///
    /// @throws RuntimeException when this program does not know the event, or cannot read it
    public Object event() {
        return decoded.get();
    }

    @Override
    public String toString() {
        return "%s revision %d (%s)".formatted(stream(), at.revision(), name);
    }
}
