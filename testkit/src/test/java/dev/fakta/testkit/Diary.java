// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Retry;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput;
import dev.fakta.domain.SagaInput.Compensated;
import dev.fakta.domain.SagaInput.Done;
import dev.fakta.domain.SagaInput.Happened;
import dev.fakta.domain.SagaInput.Refused;
import dev.fakta.domain.SagaInput.Unanswered;
import dev.fakta.domain.SagaInput.Woken;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A saga that writes down every input that it is told, and fails on those that its code cannot
/// bear at the moment.
final class Diary {

    static final Duration PAUSE = Duration.ofMinutes(1);

    /// What an input has the saga do.
    enum Wish {
        NOTHING,
        RUN,
        RUN_FOR_GOOD,
        WAKE,
        CANCEL,
        COMPENSATE,
        COMPLETE
    }

    /// @param text names it, and the key of the run or the timer that it leads to
    record Note(String text, Wish wish) {}

    record Written(String line) {}

    record Lines(List<String> all) {
        Lines with(Written written) {
            List<String> more = new ArrayList<>(all);
            more.add(written.line());
            return new Lines(List.copyOf(more));
        }
    }

    /// The inputs that the code fails on, by their line.
    final Set<String> failing = new HashSet<>();

    /// The keys whose undoing command the code cannot make.
    final Set<String> notUndoable = new HashSet<>();

    final Saga<Written, Lines> saga =
            Saga.named("diary")
                    .startingAs(new Lines(List.of()))
                    .reacting(this::react)
                    .evolving(Lines::with)
                    .patience(Duration.ofDays(99))
                    .event("diary-written", Written.class)
                    .on(Note.class, (_, at) -> at.id())
                    .step(
                            Step.<Lines>named("work")
                                    .doing((_, key) -> send(key))
                                    .undoing((_, key) -> undo(key))
                                    .retrying(Retry.times(2).pausing(PAUSE, PAUSE)))
                    .step(
                            Step.<Lines>named("mail")
                                    .doing((_, key) -> send(key))
                                    .retrying(Retry.times(1)));

    private static Send<?> send(String key) {
        return Send.to(Tour.ANYBODY, key, new Tour.Order.Reserve());
    }

    private Send<?> undo(String key) {
        if (notUndoable.contains(key)) {
            throw new IllegalStateException("no way back for " + key);
        }
        return Send.to(Tour.ANYBODY, key, new Tour.Order.Release());
    }

    private Reaction<Written> react(Lines lines, SagaInput input, Progress progress) {
        String line = line(input);
        if (failing.contains(line)) {
            throw new IllegalStateException("fails on " + line);
        }
        Reaction<Written> written = Reaction.record(new Written(line));
        return input instanceof Happened(Note note, _) ? wished(written, note) : written;
    }

    private static Reaction<Written> wished(Reaction<Written> written, Note note) {
        return switch (note.wish()) {
            case NOTHING -> written;
            case RUN -> written.run("work", note.text());
            case RUN_FOR_GOOD -> written.run("mail", note.text());
            case WAKE -> written.wake("t-" + note.text(), PAUSE);
            case CANCEL -> written.cancel("t-" + note.text());
            case COMPENSATE -> written.compensate(note.text());
            case COMPLETE -> written.complete();
        };
    }

    private static String line(SagaInput input) {
        return switch (input) {
            case Happened(Note(var text, _), _) -> text;
            case Happened(var other, _) -> throw new IllegalStateException("not a note: " + other);
            case Done(_, var key) -> "done " + key;
            case Refused(_, var key, _, _) -> "refused " + key;
            case Unanswered(_, var key, _) -> "unanswered " + key;
            case Woken(var timer) -> "woken " + timer;
            case Compensated _ -> "compensated";
        };
    }
}
