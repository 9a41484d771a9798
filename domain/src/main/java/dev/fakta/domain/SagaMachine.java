// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import dev.fakta.domain.Reaction.Effect;
import dev.fakta.domain.SagaCommand.Kind;
import dev.fakta.domain.SagaCommand.Offer;
import dev.fakta.domain.SagaCommand.Refusal;
import dev.fakta.domain.SagaCommand.Told;
import dev.fakta.domain.SagaEvent.Alarm;
import dev.fakta.domain.SagaEvent.Asked;
import dev.fakta.domain.SagaEvent.Request;
import dev.fakta.domain.SagaState.Draft;
import dev.fakta.domain.SagaState.Phase;
import dev.fakta.domain.SagaState.Run;
import dev.fakta.domain.SagaState.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What makes an aggregate of a saga: decides on what an instance is told, and folds its events.
///
/// Design. An input is handled once: an event is known by its place in the log, an answer by the
/// run that waits for it, a timer by its number. Handling calls `react` on the state that the input
/// has led to, and records the saga's own events, then one [SagaEvent.Reacted] with all that is
/// wanted. A run stays open until its answer was handled, and a timer set until it was; so whoever
/// carries out what the state says is open, after any crash, loses nothing, and what it does twice
/// counts once.
///
/// Compensation is one run at a time, the latest first, and begins when no run that can be undone
/// is open: a command that takes back must not overtake what it takes back. What got no answer
/// counts as done. (Garcia-Molina and Salem, *Sagas*, 1987, section 4: backward recovery.)
///
/// What waits behind a parked input outlives a compensation: [SagaEvent.Compensating] empties the
/// backlog, so each input that waits is set aside once more behind it. Events, answers, timers and
/// skipped runs are all told after it has begun, in their order; undoing begins when all were told,
/// as the answers among them say what there is to undo. Only [SagaCommand.Skip] drops an input: the
/// one that the instance failed on.
final class SagaMachine<E, S> {

    private final Saga<E, S> saga;

    SagaMachine(Saga<E, S> saga) {
        this.saga = saga;
    }

    /// @throws IllegalStateException when a newer version of the saga has reacted: while a cluster
    ///   is being renewed, such an instance waits for a node that has the newer one
    Decision<Object> decide(SagaState<S> state, SagaCommand command) {
        if (state.version() > saga.version()) {
            throw new IllegalStateException(
                    "version %d of %s has reacted, and this is version %d"
                            .formatted(state.version(), saga, saga.version()));
        }
        Turn turn = new Turn(state, command.at());
        Refusal refusal =
                switch (command) {
                    case SagaCommand.Take(_, var offers) -> {
                        offers.forEach(turn::offer);
                        yield null;
                    }
                    case SagaCommand.Retry(_, var reason) -> turn.retry(reason);
                    case SagaCommand.Skip(_, var reason) -> turn.skip(reason);
                    case SagaCommand.Compensate(_, var reason) -> turn.compensate(reason);
                };
        turn.goOnUndoing();
        return refusal != null
                ? new Decision.Rejected<>(refusal)
                : new Decision.Accepted<>(turn.events);
    }

    @SuppressWarnings("unchecked")
    SagaState<S> evolve(SagaState<S> state, Object event) {
        if (event instanceof SagaEvent known) {
            SagaState<S> next = SagaFold.evolve(state, known);
            return next.runs().size() > state.runs().size()
                    ? SettledRuns.forgetOldest(next, this::hasUndo)
                    : next;
        }
        Draft<S> draft = new Draft<>(state);
        draft.own = saga.evolve(draft.own, (E) event);
        for (EventType<? extends E> type : saga.events()) {
            if (type.type() == event.getClass()) {
                draft.recorded(type.name());
            }
        }
        return draft.done();
    }

    private boolean hasUndo(Run run) {
        return !saga.knowsStep(run.step()) || saga.stepNamed(run.step()).hasUndo();
    }

    /// One command's work. Every event is folded as soon as it is recorded.
    private final class Turn {
        private final Instant at;
        private final List<Object> events = new ArrayList<>();
        private SagaState<S> state;

        Turn(SagaState<S> state, Instant at) {
            this.state = state;
            this.at = at;
        }

        private void record(Object event) {
            events.add(event);
            state = evolve(state, event);
        }

        void offer(Offer offer) {
            Told told = offer.told();
            if (state.backlog().isEmpty()) {
                if (isNew(told)) {
                    handle(offer);
                }
            } else if (!state.trouble().isParked() && told.equals(state.backlog().getFirst())) {
                handle(offer);
            } else if (isNew(told)) {
                record(new SagaEvent.SetAside(at, told));
            }
        }

        private boolean isNew(Told told) {
            return switch (told.kind()) {
                case EVENT -> told.number() > state.handled().getOrDefault(told.detail(), 0L);
                case ACCEPTED, REFUSED, UNANSWERED -> {
                    Run run = state.run(told.number());
                    yield run != null && run.isOpen();
                }
                case WOKEN -> {
                    var timer = state.timers().get(told.name());
                    yield timer != null
                            && timer.number() == told.number()
                            && !timer.due().isAfter(at);
                }
                case WAITED -> state.isIdle() && !at.isBefore(state.since().plus(saga.patience()));
                case SKIPPED, COMPENSATED -> false;
            };
        }

        private void handle(Offer offer) {
            Told told = offer.told();
            Run run = state.run(told.number());
            switch (told.kind()) {
                case EVENT -> {
                    var fact = Objects.requireNonNull(offer.fact(), "an event comes with its fact");
                    var happened = new SagaInput.Happened(fact.event(), fact.at());
                    respond(told, happened, fact.at().correlationId());
                }
                case WOKEN -> respond(told, new SagaInput.Woken(told.name()));
                case WAITED ->
                        record(
                                new SagaEvent.Stuck(
                                        at, 0, "nothing has come for " + saga.patience()));
                case ACCEPTED, REFUSED, UNANSWERED -> answered(told, Objects.requireNonNull(run));
                case COMPENSATED -> undoNext(told);
                case SKIPPED -> doneElsewhere(told, Objects.requireNonNull(run));
            }
        }

        private void answered(Told told, Run run) {
            String step = saga.current(run.step());
            if (told.kind() == Kind.UNANSWERED) {
                unanswered(told, run, step);
            } else if (run.isForward()) {
                respond(
                        told,
                        told.kind() == Kind.ACCEPTED
                                ? new SagaInput.Done(step, run.key())
                                : new SagaInput.Refused(
                                        step, run.key(), told.name(), told.detail()));
            } else if (told.kind() == Kind.ACCEPTED) {
                record(reacted(told));
            } else {
                record(
                        new SagaEvent.Stuck(
                                at,
                                run.number(),
                                "%s cannot be undone: %s".formatted(step, told.name())));
            }
        }

        private void doneElsewhere(Told told, Run run) {
            respond(told, new SagaInput.Done(saga.current(run.step()), run.key()));
        }

        private void unanswered(Told told, Run run, String step) {
            int failed = run.attempts() + 1;
            Retry retry = saga.knowsStep(step) ? saga.stepNamed(step).retry() : Retry.times(1);
            if (retry.allowsAfter(failed)) {
                Instant next = at.plus(retry.pause(failed));
                record(new SagaEvent.AttemptFailed(at, run.number(), told.detail(), next));
            } else if (run.isForward() && retry.end() == Retry.End.TOLD) {
                respond(told, new SagaInput.Unanswered(step, run.key(), told.detail()));
            } else {
                String reason = "%s: %s".formatted(run.title(), told.detail());
                record(new SagaEvent.Stuck(at, run.number(), reason));
            }
        }

        private void respond(Told told, SagaInput input) {
            respond(told, input, state.correlationId());
        }

        private void respond(Told told, SagaInput input, UUID correlationId) {
            Draft<S> draft = new Draft<>(state);
            SagaFold.settle(draft, told);
            SagaState<S> informed = draft.done();
            Reaction<E> reaction;
            SagaEvent.Reacted wanted;
            try {
                reaction =
                        saga.react(
                                informed.state(), input, new LedgerView(informed, saga::current));
                wanted = wanted(told, reaction, informed, correlationId);
                checkEnd(reaction, informed);
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (RuntimeException | Error e) {
                park(told, correlationId, e);
                return;
            }
            if (state.phase() == Phase.NEW && reaction.isNothing()) {
                return;
            }
            reaction.events().forEach(this::record);
            record(wanted);
            for (Effect effect : reaction.effects()) {
                switch (effect) {
                    case Effect.Compensate(var reason) -> startUndoing(reason);
                    case Effect.Complete _,
                            Effect.Run _,
                            Effect.Wake _,
                            Effect.WakeAt _,
                            Effect.Cancel _ -> {}
                }
            }
        }

        private void park(Told told, UUID correlationId, Throwable failure) {
            if (state.phase() == Phase.NEW) {
                record(new SagaEvent.Started(at, correlationId));
            }
            String reason = String.valueOf(failure);
            record(new SagaEvent.Parked(at, told, reason, Trace.of(failure)));
        }

        /// An input was handled, and nothing is wanted.
        private SagaEvent.Reacted reacted(Told told) {
            return new SagaEvent.Reacted(
                    at, saga.version(), told, List.of(), List.of(), List.of(), null, false);
        }

        private SagaEvent.Reacted wanted(
                Told told, Reaction<E> reaction, SagaState<S> informed, UUID correlationId) {
            S own = informed.state();
            for (E event : reaction.events()) {
                own = saga.evolve(own, event);
            }
            List<Asked> asks = new ArrayList<>();
            List<Alarm> alarms = new ArrayList<>();
            List<String> cancels = new ArrayList<>();
            boolean ends = false;
            long number = informed.numbered();
            for (Effect effect : reaction.effects()) {
                switch (effect) {
                    case Effect.Run(var name, var key) -> {
                        Send<?> send = saga.stepNamed(name).action(own, key);
                        asks.add(new Asked(++number, name, key, 0, request(send)));
                    }
                    case Effect.Wake(var timer, var after) ->
                            alarms.add(new Alarm(timer, at.plus(after)));
                    case Effect.WakeAt(var timer, var due) -> alarms.add(new Alarm(timer, due));
                    case Effect.Cancel(var timer) -> cancels.add(timer);
                    case Effect.Complete _ -> ends = true;
                    case Effect.Compensate _ -> {}
                }
            }
            UUID begins = informed.phase() == Phase.NEW ? correlationId : null;
            return new SagaEvent.Reacted(
                    at, saga.version(), told, asks, alarms, cancels, begins, ends);
        }

        private void checkEnd(Reaction<E> reaction, SagaState<S> informed) {
            boolean undoes =
                    informed.phase() == Phase.COMPENSATING
                            || reaction.effects().stream()
                                    .anyMatch(Effect.Compensate.class::isInstance);
            boolean ends = reaction.effects().stream().anyMatch(Effect.Complete.class::isInstance);
            if (undoes && (ends || informed.phase() == Phase.COMPLETED)) {
                throw new IllegalStateException(
                        saga + " undoes and ends at once: end it when it is Compensated");
            }
        }

        private static Request request(Send<?> send) {
            Processor<?, ?> processor = send.processor();
            return new Request(
                    send.aggregate().name(),
                    processor == null ? "" : processor.name(),
                    send.id(),
                    send.command());
        }

        /// Nobody tries again what is stuck: it may have had an effect, and is undone if it can be.
        private void startUndoing(String reason) {
            if (state.phase() != Phase.RUNNING && state.phase() != Phase.COMPENSATED) {
                return;
            }
            for (Run run : state.runs()) {
                if (run.isForward() && run.status() == RunStatus.STUCK) {
                    Told given = Told.unanswered(run.number(), run.reason());
                    record(reacted(given));
                }
            }
            List<Told> waiting = state.backlog();
            record(new SagaEvent.Compensating(at, reason));
            waiting.forEach(told -> record(new SagaEvent.SetAside(at, told)));
        }

        /// The next undoing command, if it is time for one.
        private void goOnUndoing() {
            if (state.phase() == Phase.COMPENSATING && !isUndoingHeldUp()) {
                undoNext(new Told(Kind.COMPENSATED, "", 0, ""));
            }
        }

        private boolean isUndoingHeldUp() {
            return !state.backlog().isEmpty()
                    || state.runs().stream()
                            .anyMatch(
                                    run ->
                                            run.isForward()
                                                    ? run.isOpen() && hasUndo(run)
                                                    : run.isOpen()
                                                            || run.status() == RunStatus.STUCK);
        }

        /// The run whose undoing comes next; `null` when all is undone.
        private @Nullable Run toUndo() {
            Run latest = null;
            for (Run run : state.runs()) {
                latest = run.isForward() && run.mayBeDone() && hasUndo(run) ? run : latest;
            }
            return latest;
        }

        private void undoNext(Told told) {
            Run latest = toUndo();
            if (latest == null) {
                respond(told, new SagaInput.Compensated());
                return;
            }
            Asked ask;
            try {
                ask = undoing(latest);
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (RuntimeException | Error e) {
                park(told, state.correlationId(), e);
                return;
            }
            record(new SagaEvent.Undoing(at, ask));
        }

        private Asked undoing(Run run) {
            Send<?> send = saga.stepNamed(run.step()).undo(state.state(), run.key());
            return new Asked(
                    state.numbered() + 1, run.step(), run.key(), run.number(), request(send));
        }

        private @Nullable Run stuckRun() {
            for (Run run : state.runs()) {
                if (run.status() == RunStatus.STUCK) {
                    return run;
                }
            }
            return null;
        }

        @Nullable Refusal retry(String reason) {
            if (state.status() != SagaState.Status.PARKED
                    && state.status() != SagaState.Status.STUCK) {
                return Refusal.NOTHING_TO_RETRY;
            }
            record(new SagaEvent.Retried(at, reason));
            return null;
        }

        @Nullable Refusal skip(String reason) {
            Run stuck = stuckRun();
            if (state.trouble().isParked()) {
                record(new SagaEvent.Skipped(at, numberToSkip(), reason));
            } else if (stuck == null) {
                return Refusal.NOTHING_TO_SKIP;
            } else {
                record(new SagaEvent.Skipped(at, stuck.number(), reason));
                if (stuck.isForward()) {
                    tellSkipped(stuck);
                }
            }
            return null;
        }

        /// 0 stands for the input that it failed on. Where that is "what comes next in undoing", a
        /// skip gives up the one run that cannot be undone, and not the whole compensation.
        private long numberToSkip() {
            Run next = toUndo();
            boolean isUndoing = state.backlog().getFirst().kind() == Kind.COMPENSATED;
            return isUndoing && next != null ? next.number() : 0;
        }

        private void tellSkipped(Run run) {
            Told told = new Told(Kind.SKIPPED, "", run.number(), "");
            if (state.backlog().isEmpty()) {
                doneElsewhere(told, run);
            } else {
                record(new SagaEvent.SetAside(at, told));
            }
        }

        @Nullable Refusal compensate(String reason) {
            return switch (state.phase()) {
                case NEW -> Refusal.NOT_STARTED;
                case COMPENSATING -> Refusal.ALREADY_COMPENSATED;
                case COMPLETED -> Refusal.ALREADY_COMPLETED;
                case RUNNING, COMPENSATED -> {
                    startUndoing(reason);
                    yield null;
                }
            };
        }
    }
}
