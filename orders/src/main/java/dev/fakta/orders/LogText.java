// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.gateway.CloudEvents;
import dev.fakta.log.ClaimRecord;
import dev.fakta.log.EventRecord;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import java.util.stream.Collectors;

/// A record of the log as text.
final class LogText {

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
        return printableLines(head + rest + CloudEvents.data(event).toPrettyString());
    }

    private static String optional(String name, String value) {
        return value.isEmpty() ? "" : "  %-12s %s\n".formatted(name, Printable.of(value));
    }

    private static String printableLines(String text) {
        return text.lines().map(Printable::of).collect(Collectors.joining("\n"));
    }

    /// A record as a CloudEvent 1.0 in JSON, in one line of ASCII.
    static String cloudEvent(LogRecord record, String source) {
        return Printable.ascii(CloudEvents.of(record, source).toString());
    }

    private static String position(LogRecord record) {
        return record.partition() + "." + record.offset();
    }

    private static String time(LogRecord record) {
        return HybridTime.instant(record.time()).toString();
    }
}
