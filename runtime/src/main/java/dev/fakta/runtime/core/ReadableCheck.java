// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.EventType;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Saga;
import dev.fakta.runtime.Microsystems;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// Refuses a program with types that could be written to the log and not be read back: events and
/// states, and where there are sagas, couriers or alarm clocks also commands and requests, which
/// stand in their events or go to other nodes.
final class ReadableCheck {

    private final JsonShape shape;

    private ReadableCheck(JsonMapper json) {
        this.shape = new JsonShape(json);
    }

    /// @throws IllegalArgumentException that lists all finds
    static void refuseUnreadable(Microsystems microsystems, JsonMapper json) {
        ReadableCheck check = new ReadableCheck(json);
        microsystems.hosted().forEach(check::addEventsAndState);
        for (Saga<?, ?> saga : microsystems.sagas()) {
            Object state = saga.aggregate().initial().state();
            check.addState(saga, state);
        }
        if (!microsystems.sagas().isEmpty()
                || !microsystems.couriers().isEmpty()
                || !microsystems.clocks().isEmpty()) {
            microsystems.hosted().forEach(one -> check.addCommands(one, one.commands()));
            for (Processor<?, ?> processor : microsystems.processors()) {
                check.shape.add(
                        processor.request(), "processor %s: request".formatted(processor.name()));
            }
        }
        List<String> finds = check.shape.finds();
        if (!finds.isEmpty()) {
            throw new IllegalArgumentException(
                    "what these types hold could be written and not be read back:\n  "
                            + String.join("\n  ", finds));
        }
    }

    private void addEventsAndState(Aggregate<?, ?, ?> aggregate) {
        for (EventType<?> event : aggregate.events()) {
            shape.addWithReader(event.type(), "%s: %s".formatted(aggregate, event.name()));
        }
        addState(aggregate, aggregate.initial());
    }

    /// The class of a bare list or map does not say what is in it: there is nothing to look at.
    private void addState(Object definition, Object initial) {
        Class<?> type = StateType.of(initial);
        if (!type.getName().startsWith("java.")) {
            shape.add(type, "%s: state".formatted(definition));
        }
    }

    /// A command is written by its own class, so that the sealed types above it do not matter.
    private void addCommands(Aggregate<?, ?, ?> aggregate, Class<?> type) {
        if (PlainTypes.isSealed(type)) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                addCommands(aggregate, permitted);
            }
        } else {
            shape.add(type, "%s: command %s".formatted(aggregate, type.getSimpleName()));
        }
    }
}
