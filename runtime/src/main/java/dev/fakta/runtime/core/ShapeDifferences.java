// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.EventType;
import dev.fakta.domain.Microsystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Compares what a program has of a microsystem with what its log holds.
final class ShapeDifferences {

    private final Microsystem microsystem;
    private final LogShapes kept;
    private final LogShapes now;
    private final ShapeCheck.Unfinished unfinished;

    ShapeDifferences(
            Microsystem microsystem,
            LogShapes kept,
            LogShapes now,
            ShapeCheck.Unfinished unfinished) {
        this.microsystem = microsystem;
        this.kept = kept;
        this.now = now;
        this.unfinished = unfinished;
    }

    /// What the program could not read, or would read as something else: each with the line to
    /// write.
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        kept.kinds().forEach((name, kind) -> compare(name, kind, problems));
        kept.events().forEach((name, event) -> compare(name, event, problems));
        kept.couriers().stream()
                .filter(this::isGone)
                .map(this::missingCourier)
                .forEach(problems::add);
        return problems;
    }

    private void compare(String name, LogShapes.Kind kind, List<String> problems) {
        LogShapes.Kind here = now.kinds().get(name);
        if (here == null) {
            if (!microsystem.retired().contains(name)) {
                problems.add(missing(name, kind));
            }
        } else if (here.version() < kind.version()) {
            problems.add(
                    "%s %s has version %d in the log and %d in this program: keep its .version(%d), or start the newer program"
                            .formatted(kind, name, kind.version(), here.version(), kind.version()));
        }
    }

    private String missing(String name, LogShapes.Kind kind) {
        return "the log has streams of %s %s, which this program does not have%s%s: keep %s.named(\"%s\"), or write .retired(\"%s\") in Microsystem.named(\"%s\") if nobody needs them any more"
                .formatted(
                        kind,
                        name,
                        hint(newKinds(kind.isSaga())),
                        kind.isSaga() ? ", " + unfinished.instances(microsystem.name(), name) : "",
                        kind.isSaga() ? "Saga" : "Aggregate",
                        name,
                        name,
                        microsystem.name());
    }

    /// A saga that has taken a courier's name is its successor.
    private boolean isGone(String courier) {
        return !now.couriers().contains(courier)
                && !now.kinds().containsKey(courier)
                && !microsystem.retired().contains(courier);
    }

    private String missingCourier(String name) {
        List<String> candidates =
                now.couriers().stream().filter(other -> !kept.couriers().contains(other)).toList();
        return "events in the log call courier or alarm clock %s, which this program does not have%s, %s: keep its definition, or write .retired(\"%s\") in Microsystem.named(\"%s\") if nobody needs it any more"
                .formatted(
                        name,
                        hint(candidates),
                        unfinished.errands(microsystem.name(), name),
                        name,
                        microsystem.name());
    }

    private static String hint(List<String> candidates) {
        return candidates.isEmpty()
                ? ""
                : " (new in it: %s)".formatted(String.join(", ", candidates));
    }

    private List<String> newKinds(boolean areSagas) {
        return now.kinds().entrySet().stream()
                .filter(one -> one.getValue().isSaga() == areSagas)
                .map(Map.Entry::getKey)
                .filter(name -> !kept.kinds().containsKey(name))
                .toList();
    }

    private void compare(String name, LogShapes.Event event, List<String> problems) {
        LogShapes.Event here = now.events().get(name);
        if (here == null) {
            if (!microsystem.retired().contains(name) && now.kinds().containsKey(event.kind())) {
                problems.add(missing(name, event));
            }
        } else if (here.version() < event.version()) {
            problems.add(
                    "event %s has schema version %d in the log and %d in this program: keep its .upcasting(...), or start the newer program"
                            .formatted(name, event.version(), here.version()));
        } else if (here.version() == event.version()
                && !here.components().equals(event.components())) {
            problems.addAll(new EventDifferences(name, event, type(name)).problems());
        }
    }

    private String missing(String name, LogShapes.Event event) {
        List<String> candidates =
                now.events().entrySet().stream()
                        .filter(one -> one.getValue().kind().equals(event.kind()))
                        .map(Map.Entry::getKey)
                        .filter(other -> !kept.events().containsKey(other))
                        .toList();
        return "the log has events %s of %s, which this program does not have%s: keep .event(\"%s\", ...), or write .retired(\"%s\") in Microsystem.named(\"%s\") if no stream that is needed has one"
                .formatted(name, event.kind(), hint(candidates), name, name, microsystem.name());
    }

    private Class<?> type(String event) {
        for (Aggregate<?, ?, ?> aggregate : microsystem.hosted()) {
            for (EventType<?> type : aggregate.events()) {
                if (type.name().equals(event)) {
                    return type.type();
                }
            }
        }
        throw new IllegalStateException("no aggregate names the event " + event);
    }

    /// The aggregates whose state has another shape at the same version.
    List<String> changedStates() {
        return now.kinds().entrySet().stream()
                .filter(
                        one -> {
                            LogShapes.Kind before = kept.kinds().get(one.getKey());
                            return before != null
                                    && before.version() == one.getValue().version()
                                    && !before.state().equals(one.getValue().state());
                        })
                .map(one -> one.getValue() + " " + one.getKey())
                .collect(Collectors.toList());
    }

    /// Names of the log that the program says it has no use for.
    List<String> retired() {
        return microsystem.retired().stream()
                .filter(
                        name ->
                                kept.kinds().containsKey(name)
                                        || kept.events().containsKey(name)
                                        || kept.couriers().contains(name))
                .sorted()
                .toList();
    }
}
