// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import dev.fakta.domain.Microsystem;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// Holds a program, at its start, against what the logs of the microsystems that it hosts have by
/// name and shape, and keeps there what it has itself: the note `MICROSYSTEM.shapes` ([LogShapes]).
///
/// A program that is new on the log and cannot read all of it does not start: a renamed component
/// would be lost, and a renamed aggregate gone, in silence. A program that has run on the log
/// before starts, and says what it cannot read: while a cluster is updated node by node, and when
/// it goes back to the release before, older programs work beside or after newer ones, and hold
/// what they cannot read. The note knows the programs by a fingerprint of their names, versions and
/// shapes, and an older one leaves it as it is.
public final class ShapeCheck {

    private static final Logger LOG = LoggerFactory.getLogger(ShapeCheck.class);

    private final NodeParts parts;
    private final Unfinished unfinished;
    private final Map<String, String> toKeep = new LinkedHashMap<>();
    private final Map<Microsystem, Set<String>> sagasBefore = new LinkedHashMap<>();

    private ShapeCheck(NodeParts parts, Unfinished unfinished) {
        this.parts = parts;
        this.unfinished = unfinished;
    }

    /// Tells of sagas and couriers that the program does not have: the part of a sentence that
    /// begins with "and".
    public interface Unfinished {
        /// Says how many instances of a saga have not ended.
        String instances(String microsystem, String saga);

        /// Says how many errands of a courier are not done.
        String errands(String microsystem, String courier);
    }

    /// Compares, and changes nothing.
    ///
    /// @throws IllegalStateException when the program is new on a log and cannot read all of it,
    ///   with every reason and what to write
    /// @throws LogException when a log cannot be asked, or its note is damaged
    public static ShapeCheck of(NodeParts parts, Unfinished unfinished) {
        ShapeCheck check = new ShapeCheck(parts, unfinished);
        List<String> problems = new ArrayList<>();
        for (Microsystem one : parts.microsystems().all()) {
            if (parts.microsystems().here().contains(one.name())) {
                problems.addAll(check.compare(one));
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalStateException(
                    "this program cannot read what is in the log: " + String.join("; ", problems));
        }
        return check;
    }

    private List<String> compare(Microsystem microsystem) {
        String note = microsystem.name() + ".shapes";
        LogShapes now = LogShapes.of(microsystem);
        Optional<LogShapes> found = read(note);
        sagasBefore.put(microsystem, found.map(LogShapes::sagas).orElse(Set.of()));
        if (found.isEmpty()) {
            toKeep.put(note, now.text());
            return List.of();
        }
        LogShapes kept = found.get();
        ShapeDifferences differences = new ShapeDifferences(microsystem, kept, now, unfinished);
        List<String> problems = differences.problems();
        if (kept.isRanBy(now)) {
            problems.forEach(
                    problem ->
                            LOG.warn(
                                    "this program has run on the log of {} before a newer one, and goes on without what it cannot read: {}",
                                    microsystem.name(),
                                    problem));
            return List.of();
        }
        if (problems.isEmpty()) {
            say(differences);
            toKeep.put(note, kept.followedBy(now).text());
        }
        return problems;
    }

    private Optional<LogShapes> read(String note) {
        return parts.log().note(note).map(text -> parsed(note, text));
    }

    private static LogShapes parsed(String note, String text) {
        LogShapes shapes;
        try {
            shapes = LogShapes.parse(text);
        } catch (JacksonException e) {
            throw new LogException(
                    Category.CORRUPT,
                    "the log's note %s is not what was written".formatted(note),
                    e);
        }
        if (shapes.format() > LogShapes.FORMAT) {
            throw new LogException(
                    Category.UNAVAILABLE,
                    "the log's note %s has format %d; this program knows %d: start a newer one"
                            .formatted(note, shapes.format(), LogShapes.FORMAT));
        }
        return shapes;
    }

    private static void say(ShapeDifferences differences) {
        for (String state : differences.changedStates()) {
            LOG.info(
                    "the state of {} has another shape at the same version: its snapshots are made anew",
                    state);
        }
        for (String name : differences.retired()) {
            LOG.info("the log has {}, which is retired: nothing reads it", name);
        }
    }

    /// Keeps what the program has, once nothing else stands against its start: where its sagas
    /// begin, and then its shapes. A log that takes no note of the shapes now gets it at the next
    /// start.
    ///
    /// @throws LogException when a saga begins with new events, and that cannot be recorded
    public void keep() {
        sagasBefore.forEach(
                (microsystem, before) ->
                        microsystem
                                .sagas()
                                .forEach(
                                        saga ->
                                                SagaBeginning.keep(
                                                        parts.log(),
                                                        microsystem,
                                                        saga,
                                                        !before.contains(saga.name()))));
        toKeep.forEach(
                (note, text) -> {
                    try {
                        parts.log().putNote(note, text);
                    } catch (LogException e) {
                        LOG.warn(
                                "the note {} is written at the next start: {}",
                                note,
                                e.getMessage());
                    }
                });
    }
}
