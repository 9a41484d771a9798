// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import dev.fakta.domain.SagaCommand.Told;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The kit's own facts about the instance of a saga. They stand in its stream, among the saga's own
/// events; who caused them (an operator, say) is in the record's metadata.
///
/// What was wanted is recorded, never computed again: a replay does not call `react`.
public sealed interface SagaEvent {

    Instant at();

    /// The first fact of an instance that fails on its first input; earlier versions of the kit
    /// recorded it for every instance. It begins with [Reacted] otherwise.
    ///
    /// @param correlationId of the input that it began with; all its commands carry it
    record Started(Instant at, UUID correlationId) implements SagaEvent {}

    /// An input was handled. The saga's own events of this reaction stand before it.
    ///
    /// @param version of the saga's definition that reacted
    /// @param cancels the timers that are forgotten
    /// @param begins when the instance begins with it: the correlation id of the input, which all
    ///   its commands carry; `null` otherwise
    /// @param completes whether the saga has ended with it
    record Reacted(
            Instant at,
            int version,
            Told input,
            List<Asked> asks,
            List<Alarm> alarms,
            List<String> cancels,
            @Nullable UUID begins,
            boolean completes)
            implements SagaEvent {
        public Reacted {
            asks = List.copyOf(asks);
            alarms = List.copyOf(alarms);
            cancels = List.copyOf(cancels);
        }
    }

    /// A run's command got no answer, and is sent again.
    record AttemptFailed(Instant at, long number, String reason, Instant next)
            implements SagaEvent {}

    /// An operator is needed: a run has used up its attempts (or its undoing was refused), or,
    /// under number 0, nothing has come for longer than the saga's patience.
    record Stuck(Instant at, long number, String reason) implements SagaEvent {}

    /// `react` fails on this input. It and all that follow wait.
    ///
    /// @param trace where it fails: the program's own part of the stack, a frame a line; empty in
    ///   events of earlier versions of the kit
    record Parked(Instant at, Told input, String reason, String trace) implements SagaEvent {
        public Parked {
            trace = Objects.requireNonNullElse(trace, "");
        }
    }

    /// An input waits behind the one that the instance failed on.
    record SetAside(Instant at, Told input) implements SagaEvent {}

    /// An operator has had the instance go on after a fix.
    record Retried(Instant at, String reason) implements SagaEvent {}

    /// An operator has had the instance go on without a run, or without an input (number 0).
    record Skipped(Instant at, long number, String reason) implements SagaEvent {}

    /// From here on what was done is undone. The backlog is empty behind it: what waited until then
    /// is set aside once more by the events that follow. (Versions of the kit before dropped it.)
    record Compensating(Instant at, String reason) implements SagaEvent {}

    /// A run is being undone.
    record Undoing(Instant at, Asked ask) implements SagaEvent {}

    /// The saga has ended. Only earlier versions of the kit record it: now it stands in [Reacted].
    record Completed(Instant at) implements SagaEvent {}

    /// A command that is to be sent, until it is answered.
    ///
    /// @param number of the run, counted from 1 for each instance; the command's id follows from it
    /// @param undoes the number of the run that it takes back; 0 when it goes forward
    record Asked(long number, String step, String key, long undoes, Request request) {}

    /// A command, or a processor's request, as it is recorded.
    ///
    /// @param aggregate the name of the kind of aggregate
    /// @param processor the name of the processor that it goes through; empty when there is none
    record Request(String aggregate, String processor, String id, Object command) {
        /// A command that goes straight to its aggregate.
        public Request(String aggregate, String id, Object command) {
            this(aggregate, "", id, command);
        }

        /// How the code that it depends on is listed.
        String use() {
            return "%s %s %s"
                    .formatted(
                            processor.isEmpty() ? "command" : "request",
                            processor.isEmpty() ? aggregate : processor,
                            command.getClass().getSimpleName());
        }
    }

    /// A timer that is set.
    record Alarm(String timer, Instant due) {}

    /// The stable names, in the order of a life.
    static List<EventType<? extends SagaEvent>> types() {
        return List.of(
                new EventType<>("saga-started", Started.class, List.of()),
                new EventType<>(
                        "saga-reacted", Reacted.class, List.of(SagaEvent::withoutBeginningAndEnd)),
                new EventType<>("saga-step-failed", AttemptFailed.class, List.of()),
                new EventType<>("saga-stuck", Stuck.class, List.of()),
                new EventType<>("saga-parked", Parked.class, List.of()),
                new EventType<>("saga-input-set-aside", SetAside.class, List.of()),
                new EventType<>("saga-retried", Retried.class, List.of()),
                new EventType<>("saga-skipped", Skipped.class, List.of()),
                new EventType<>("saga-compensating", Compensating.class, List.of()),
                new EventType<>("saga-undoing", Undoing.class, List.of()),
                new EventType<>("saga-completed", Completed.class, List.of()));
    }

    /// Version 1 had events of their own for these: [Started] and [Completed].
    private static Map<String, Object> withoutBeginningAndEnd(Map<String, Object> reacted) {
        Map<String, Object> more = new LinkedHashMap<>(reacted);
        more.put("begins", null);
        more.put("completes", false);
        return more;
    }
}
