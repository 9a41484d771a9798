// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.log.NewEvent;
import dev.fakta.runtime.Reply;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The events that one append carries, of one or many commands, and the answers that leave when
/// they are durable.
final class Batch {

    private final List<NewEvent> events = new ArrayList<>();
    private final List<Object> objects = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private long bytes;

    /// One command.
    ///
    /// @param state the aggregate's after it
    /// @param revision the aggregate's after it
    /// @param endsAt how many events of the batch come up to its last one
    /// @param held the answer that waits for what is before it; `null`: acceptance of its own
    ///   events
    record Step(
            Resident resident,
            Object state,
            long revision,
            int endsAt,
            ReplyTo<Reply<Object>> replyTo,
            @Nullable Reply<Object> held) {}

    /// @param object what the event's payload encodes
    void add(NewEvent event, Object object) {
        events.add(event);
        objects.add(object);
        bytes += event.payload().length;
    }

    void close(
            Resident resident,
            Object state,
            long revision,
            ReplyTo<Reply<Object>> replyTo,
            @Nullable Reply<Object> held) {
        resident.begin();
        steps.add(new Step(resident, state, revision, events.size(), replyTo, held));
    }

    /// The same commands, in a batch each.
    List<Batch> singles() {
        List<Batch> singles = new ArrayList<>(steps.size());
        int from = 0;
        for (Step step : steps) {
            Batch single = new Batch();
            for (int i = from; i < step.endsAt(); i++) {
                single.add(events.get(i), objects.get(i));
            }
            from = step.endsAt();
            single.steps.add(
                    new Step(
                            step.resident(),
                            step.state(),
                            step.revision(),
                            single.events.size(),
                            step.replyTo(),
                            step.held()));
            singles.add(single);
        }
        return singles;
    }

    List<NewEvent> events() {
        return events;
    }

    /// The traces that its events continue, in the order of the events.
    List<String> traceParents() {
        return events.stream().map(event -> event.metadata().traceParent()).toList();
    }

    /// What the payloads encode, in the order of the events.
    List<Object> objects() {
        return objects;
    }

    List<Step> steps() {
        return steps;
    }

    long bytes() {
        return bytes;
    }
}
