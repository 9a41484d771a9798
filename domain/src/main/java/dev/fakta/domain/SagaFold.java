// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import dev.fakta.domain.SagaCommand.Told;
import dev.fakta.domain.SagaEvent.Alarm;
import dev.fakta.domain.SagaEvent.Asked;
import dev.fakta.domain.SagaState.Draft;
import dev.fakta.domain.SagaState.Phase;
import dev.fakta.domain.SagaState.Run;
import dev.fakta.domain.SagaState.RunStatus;
import dev.fakta.domain.SagaState.Timer;
import dev.fakta.domain.SagaState.Trouble;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Folds the kit's events into the state of an instance.
final class SagaFold {

    private SagaFold() {}

    static <S> SagaState<S> evolve(SagaState<S> state, SagaEvent event) {
        Draft<S> draft = new Draft<>(state);
        draft.since = event.at();
        switch (event) {
            case SagaEvent.Started(_, var correlationId) -> begin(draft, correlationId);
            case SagaEvent.Reacted reacted -> reacted(draft, reacted);
            case SagaEvent.AttemptFailed(_, var number, var reason, var next) ->
                    failed(draft, state.run(number), next, reason);
            case SagaEvent.Stuck(_, var number, var reason) ->
                    stuck(draft, state.run(number), reason);
            case SagaEvent.Parked(_, var input, var reason, _) -> {
                setAside(draft, input);
                draft.trouble = new Trouble(true, false, reason);
            }
            case SagaEvent.SetAside(_, var input) -> setAside(draft, input);
            case SagaEvent.Retried(var at, _) -> {
                draft.trouble = Trouble.NONE;
                draft.runs.replaceAll(
                        run -> run.status() == RunStatus.STUCK ? run.failed(0, at, "") : run);
            }
            case SagaEvent.Skipped(_, var number, _) -> skipped(draft, state.run(number));
            case SagaEvent.Compensating _ -> {
                // what waits comes back by the SetAside events behind it
                draft.phase = Phase.COMPENSATING;
                draft.trouble = Trouble.NONE;
                draft.backlog.clear();
            }
            case SagaEvent.Undoing(var at, var ask) -> {
                draft.backlog.removeIf(told -> told.kind() == SagaCommand.Kind.COMPENSATED);
                ask(draft, ask, at);
            }
            case SagaEvent.Completed _ -> complete(draft);
        }
        return draft.done();
    }

    private static <S> void reacted(Draft<S> draft, SagaEvent.Reacted reacted) {
        if (reacted.begins() != null) {
            begin(draft, reacted.begins());
        }
        draft.version = reacted.version();
        draft.trouble = new Trouble(false, false, stillStuck(draft));
        settle(draft, reacted.input());
        reacted.asks().forEach(ask -> ask(draft, ask, reacted.at()));
        for (String cancelled : reacted.cancels()) {
            draft.timers().remove(cancelled);
            forgetWaiting(draft, cancelled);
        }
        for (Alarm alarm : reacted.alarms()) {
            forgetWaiting(draft, alarm.timer());
            draft.timers().put(alarm.timer(), new Timer(++draft.numbered, alarm.due()));
        }
        if (reacted.completes()) {
            complete(draft);
        }
    }

    private static <S> void begin(Draft<S> draft, UUID correlationId) {
        draft.phase = Phase.RUNNING;
        draft.correlationId = correlationId;
    }

    private static <S> void complete(Draft<S> draft) {
        draft.phase = Phase.COMPLETED;
        draft.timers().clear();
        draft.backlog.removeIf(told -> told.kind() == SagaCommand.Kind.WOKEN);
    }

    /// A timer that came due behind a parked input, and was cancelled or set anew since, never
    /// comes.
    private static <S> void forgetWaiting(Draft<S> draft, String timer) {
        draft.backlog.removeIf(
                told -> told.kind() == SagaCommand.Kind.WOKEN && told.name().equals(timer));
    }

    private static <S> String stillStuck(Draft<S> draft) {
        boolean isStuck = draft.runs.stream().anyMatch(run -> run.status() == RunStatus.STUCK);
        return isStuck ? draft.trouble.reason() : "";
    }

    private static <S> void ask(Draft<S> draft, Asked asked, Instant at) {
        draft.numbered = asked.number();
        draft.runs.add(
                new Run(
                        asked.number(),
                        asked.step(),
                        asked.key(),
                        asked.undoes(),
                        RunStatus.OPEN,
                        0,
                        at,
                        asked.request(),
                        ""));
    }

    /// The input is handled, for good.
    static <S> void settle(Draft<S> draft, Told told) {
        draft.backlog.remove(told);
        switch (told.kind()) {
            case EVENT -> draft.handled().merge(told.detail(), told.number(), Math::max);
            case ACCEPTED -> answered(draft, told.number(), RunStatus.DONE);
            case REFUSED -> answered(draft, told.number(), RunStatus.REFUSED);
            case UNANSWERED -> answered(draft, told.number(), RunStatus.UNKNOWN);
            case WOKEN -> forget(draft, told);
            case COMPENSATED -> draft.phase = Phase.COMPENSATED;
            case WAITED, SKIPPED -> {}
        }
    }

    private static <S> void answered(Draft<S> draft, long number, RunStatus status) {
        for (Run run : draft.runs.toArray(Run[]::new)) {
            if (run.number() == number) {
                draft.put(run.with(status));
                if (status == RunStatus.DONE) {
                    undone(draft, run.undoes());
                }
            }
        }
    }

    private static <S> void undone(Draft<S> draft, long number) {
        draft.runs.replaceAll(run -> run.number() == number ? run.with(RunStatus.UNDONE) : run);
    }

    private static <S> void forget(Draft<S> draft, Told told) {
        Timer timer = draft.timers().get(told.name());
        if (timer != null && timer.number() == told.number()) {
            draft.timers().remove(told.name());
        }
    }

    /// The input waits: it is not offered again from outside.
    private static <S> void setAside(Draft<S> draft, Told told) {
        if (!draft.backlog.contains(told)) {
            draft.backlog.add(told);
        }
        switch (told.kind()) {
            case EVENT -> draft.handled().merge(told.detail(), told.number(), Math::max);
            case ACCEPTED, REFUSED, UNANSWERED -> answerWaits(draft, told.number());
            case WOKEN -> forget(draft, told);
            case WAITED, SKIPPED, COMPENSATED -> {}
        }
    }

    private static <S> void answerWaits(Draft<S> draft, long number) {
        draft.runs.replaceAll(run -> run.number() == number ? run.with(RunStatus.ANSWERED) : run);
    }

    private static <S> void failed(Draft<S> draft, @Nullable Run run, Instant next, String reason) {
        if (run != null) {
            draft.put(run.failed(run.attempts() + 1, next, reason));
            forgetAnswer(draft, run.number());
        }
    }

    private static <S> void forgetAnswer(Draft<S> draft, long number) {
        draft.backlog.removeIf(told -> told.number() == number && told.kind().isAnswer());
    }

    private static <S> void stuck(Draft<S> draft, @Nullable Run run, String reason) {
        draft.trouble = new Trouble(false, run == null, reason);
        if (run != null) {
            draft.put(run.stuck(reason));
            forgetAnswer(draft, run.number());
        }
    }

    private static <S> void skipped(Draft<S> draft, @Nullable Run run) {
        draft.trouble = Trouble.NONE;
        if (run == null) {
            settle(draft, draft.backlog.getFirst());
        } else {
            draft.put(run.with(RunStatus.SKIPPED));
            undone(draft, run.undoes());
        }
    }
}
