// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.log.ClaimRecord;
import dev.fakta.log.EventRecord;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A record of the log as text.
final class LogText {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private LogText() {}

    /// Position, time and what it is, in one line.
    static String line(LogRecord record) {
        String what =
                switch (record) {
                    case EventRecord(_, _, var event) ->
                            "%s %d %s".formatted(event.stream(), event.revision(), event.name());
                    case ClaimRecord claim ->
                            "claim, epoch %d, by %s".formatted(claim.epoch(), claim.node());
                };
        return Printable.of("%-10s %s  %s".formatted(position(record), time(record), what));
    }

    /// An event with all that is known about it, over several lines. No value can begin a line of
    /// its own: each is escaped before it is put in.
    static String full(EventRecord record) {
        NewEvent event = record.event();
        Metadata why = event.metadata();
        String head =
                """
                %d %s (schema version %d)
                  at           %s, position %s
                  event id     %s
                  command      %s
                  correlation  %s
                  causation    %s
                """
                        .formatted(
                                event.revision(),
                                Printable.of(event.name()),
                                event.schemaVersion(),
                                time(record),
                                position(record),
                                why.eventId(),
                                why.commandId(),
                                why.correlationId(),
                                why.causationId());
        String rest = optional("actor", why.actor()) + optional("trace", why.traceParent());
        return printableLines(head + rest + data(event).toPrettyString());
    }

    private static String optional(String name, String value) {
        return value.isEmpty() ? "" : "  %-12s %s\n".formatted(name, Printable.of(value));
    }

    private static String printableLines(String text) {
        return text.lines().map(Printable::of).collect(Collectors.joining("\n"));
    }

    /// A record as a CloudEvent 1.0 in JSON, in one line of ASCII. `position` is the place in the
    /// log, partition and offset; a claim is a record too, so that positions have no gap.
    static String cloudEvent(LogRecord record, String source) {
        ObjectNode json = JSON.createObjectNode().put("specversion", "1.0").put("source", source);
        switch (record) {
            case EventRecord(_, _, var event) -> describe(json, event);
            case ClaimRecord claim -> describe(json, claim);
        }
        json.put("time", time(record)).put("position", position(record));
        return Printable.ascii(json.toString());
    }

    private static void describe(ObjectNode json, NewEvent event) {
        Metadata why = event.metadata();
        json.put("id", why.eventId().toString())
                .put("type", event.name())
                .put("subject", event.stream())
                .put("revision", event.revision())
                .put("schemaversion", event.schemaVersion())
                .put("commandid", why.commandId().toString())
                .put("correlationid", why.correlationId().toString())
                .put("causationid", why.causationId().toString());
        if (!why.actor().isEmpty()) {
            json.put("actor", why.actor());
        }
        if (!why.traceParent().isEmpty()) {
            json.put("traceparent", why.traceParent());
        }
        JsonNode data = data(event);
        if (data.isBinary()) {
            json.set("data_base64", data);
        } else {
            json.put("datacontenttype", "application/json").set("data", data);
        }
    }

    private static void describe(ObjectNode json, ClaimRecord claim) {
        json.put("id", position(claim))
                .put("type", "fakta.partition-claimed")
                .put("datacontenttype", "application/json")
                .putObject("data")
                .put("epoch", claim.epoch())
                .put("node", claim.node());
    }

    /// The payload; as bytes when it is not JSON.
    private static JsonNode data(NewEvent event) {
        JsonNode bytes = JSON.getNodeFactory().binaryNode(event.payload());
        try {
            JsonNode data = JSON.readTree(event.payload());
            return data.isMissingNode() ? bytes : data;
        } catch (JacksonException _) {
            return bytes;
        }
    }

    private static String position(LogRecord record) {
        return record.partition() + "." + record.offset();
    }

    private static String time(LogRecord record) {
        return HybridTime.instant(record.time()).toString();
    }
}
