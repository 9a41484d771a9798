// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.EventType;
import dev.fakta.domain.Saga;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.core.CommandTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Holds the program against the instances that are live: what they use by name must be there.
///
/// The index may lack what happened in the moment before a crash. An instance that is missed here
/// parks, or is stuck, with the same reason when its turn comes; nothing is lost.
final class SagaCheck {

    private final CommandTypes commands;

    SagaCheck(Microsystems microsystems) {
        this.commands = new CommandTypes(microsystems);
    }

    /// @throws IllegalStateException that names every use and what to do
    void refuseUnknown(Saga<?, ?> saga, List<SagaIndex.Use> uses) {
        Map<String, Long> missing = new TreeMap<>();
        for (SagaIndex.Use use : uses) {
            for (String one : use.uses().isEmpty() ? new String[0] : use.uses().split(",", -1)) {
                if (!isKnown(saga, one)) {
                    missing.merge(one, use.count(), Long::sum);
                }
            }
            if (use.version() > saga.version()) {
                missing.merge("version " + use.version(), use.count(), Long::sum);
            }
        }
        if (!missing.isEmpty()) {
            List<String> problems = new ArrayList<>();
            missing.forEach((name, count) -> problems.add(problem(saga, name, count)));
            throw new IllegalStateException(
                    saga + " cannot be run: " + String.join("; ", problems));
        }
    }

    private boolean isKnown(Saga<?, ?> saga, String use) {
        String[] words = use.split(" ", -1);
        return switch (words[0]) {
            case "step" -> saga.knowsStep(words[1]);
            case "event" -> saga.events().stream().map(EventType::name).anyMatch(words[1]::equals);
            case "command" -> commands.find(words[1], words[2]) != null;
            case "request" -> commands.findRequest(words[1], words[2]) != null;
            case String other -> throw new IllegalStateException("an index names " + other);
        };
    }

    private static String problem(Saga<?, ?> saga, String use, long count) {
        String name = use.substring(use.indexOf(' ') + 1);
        return "%d live instances use %s, which this program does not have: %s"
                .formatted(
                        count,
                        use,
                        switch (use.substring(0, use.indexOf(' '))) {
                            case "step" ->
                                    "keep the step, or declare .renamed(\"%s\", its new name)"
                                            .formatted(name);
                            case "event" -> "keep the name of the event";
                            case "command" -> "keep the name of the command's record";
                            case "request" -> "keep the processor and its request's record";
                            default ->
                                    "run version %d only where no instance is newer"
                                            .formatted(saga.version());
                        });
    }
}
