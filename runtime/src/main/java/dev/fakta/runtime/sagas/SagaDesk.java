// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaCommand;
import dev.fakta.domain.SagaCommand.Kind;
import dev.fakta.domain.SagaCommand.Offer;
import dev.fakta.domain.SagaCommand.Told;
import dev.fakta.domain.SagaEvent.Request;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.SagaState.Run;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.CodecException;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Tracing;
import dev.fakta.runtime.Versioned;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.sagas.SagaFollower.Found;
import dev.fakta.runtime.sagas.SagaInstance.Input;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Works on the instances of one saga that have something to do: tells them their inputs, sends the
/// commands that they want sent, and tells them the answers.
///
/// An instance is told one thing at a time (all that waits for it, in one command), so that inputs
/// of one partition reach it in their order. What it wants is read off the state that it answers:
/// in the hot path nothing is read from the log or a disk. To do anything twice does no harm: an
/// instance takes an input once, and a command's id follows from the instance and the run's number.
///
/// One thread at a time, the [SagaRunner]'s; answers come back to it as tasks.
public final class SagaDesk {

    /// Commands that are under way at the same time; the others wait here.
    private static final int MOST_SENDING = 1_024;

    /// A saga takes this part of the node's processors at most, so that those that wait for the
    /// world outside leave room for clients.
    private static final int SHARE_OF_PROCESSORS = 4;

    private static final long SHORTEST_LOOK_MILLIS = 2;
    private static final long SHORTEST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final int LOST_AFTER = 4;
    private static final Logger LOG = LoggerFactory.getLogger(SagaDesk.class);

    private final Saga<?, ?> saga;
    private final Aggregate<Object, Object, Object> aggregate;
    private final NodeParts parts;
    private final SagaFollower follower;
    private final Surroundings around;
    private final InFlightLimit commands = new InFlightLimit(MOST_SENDING);
    private final InFlightLimit requests;
    private int losses; // of instances that could not be told anything, since the start

    /// What the desk needs of the node and of its runner.
    interface Surroundings {
        /// Sends a command; the answer comes when there is one, and never as an exception.
        CompletionStage<Reply<Object>> send(
                Aggregate<Object, Object, Object> to, String id, Object command, Cause cause);

        /// Sends a command to an instance of the saga; the answer has its state.
        CompletionStage<Reply<Object>> tell(String id, SagaCommand command, Cause cause);

        /// Has a processor work on a request, likewise.
        CompletionStage<Reply<Object>> process(
                String processor, String id, Object request, Cause cause);

        CompletionStage<Reply<Object>> state(Aggregate<Object, Object, Object> of, String id);

        /// Has the desk's thread do this, soon. Any thread may call.
        void soon(Runnable task);

        /// Has the desk's thread do this after a while.
        void later(long millis, Runnable task);

        /// An instance has taken the input, durably.
        void taken(Input input);

        /// Something of the instance has changed, or it has nothing more to do.
        void changed(SagaInstance instance);
    }

    @SuppressWarnings("unchecked")
    SagaDesk(Saga<?, ?> saga, NodeParts parts, SagaFollower follower, Surroundings around) {
        this.saga = saga;
        this.aggregate = (Aggregate<Object, Object, Object>) (Aggregate<?, ?, ?>) saga.aggregate();
        this.parts = parts;
        this.follower = follower;
        this.around = around;
        int most = parts.settings().processorsAtOnce() / SHARE_OF_PROCESSORS;
        this.requests = new InFlightLimit(Math.max(1, most));
    }

    /// How long a step that is to be taken now would take, see [InFlightLimit#backlogMillis].
    long backlogMillis() {
        return Math.max(commands.backlogMillis(), requests.backlogMillis());
    }

    /// The instance has something to be told, or is to be looked at.
    void attend(SagaInstance instance) {
        if (instance.isBusy || instance.isPausing) {
            return; // goes on when the answer is there, or after the pause
        }
        if (!instance.waiting.isEmpty()) {
            tell(instance, instance.takeAll());
        } else if (instance.isInDoubt) {
            look(instance);
        } else {
            around.changed(instance);
        }
    }

    /// A timer of the instance may be due while it is worked on.
    void wake(SagaInstance instance) {
        var known = instance.known;
        if (known != null && !instance.isBusy && !instance.isPausing && !instance.isInDoubt) {
            carryOut(instance, known.state());
            attend(instance);
        }
    }

    private void tell(SagaInstance instance, List<Input> inputs) {
        instance.isBusy = true;
        List<Offer> offers = inputs.stream().map(Input::offer).toList();
        SagaCommand command = new SagaCommand.Take(parts.clock().instant(), offers);
        Cause cause = cause(instance, inputs);
        String parent = cause.traceParent();
        Span span = parts.settings().tracing().follow(saga.toString(), SpanKind.CONSUMER, parent);
        instance.traceParent = Tracing.parent(span, parent);
        CompletionStage<Reply<Object>> answer =
                around.tell(instance.id, command, cause.tracedBy(instance.traceParent));
        var _ =
                answer.thenAccept(
                        reply -> {
                            Tracing.end(span, reply);
                            around.soon(() -> told(instance, inputs, reply));
                        });
    }

    /// With an id of its own for every try: what else has come to wait meanwhile goes with it, and
    /// an instance knows by itself what it has taken.
    private Cause cause(SagaInstance instance, List<Input> inputs) {
        UUID id = Cause.freshId();
        long seen = inputs.stream().mapToLong(Input::seen).max().orElse(0);
        parts.clocks().met(seen, "what %s was told".formatted(saga));
        Cause first = inputs.getFirst().cause();
        if (first != null) {
            return new Cause(
                    id,
                    0,
                    first.correlationId(),
                    first.causationId(),
                    first.actor(),
                    Set.of(),
                    first.traceParent(),
                    seen);
        }
        var known = instance.known;
        UUID correlation = known == null ? id : known.state().correlationId();
        return new Cause(
                id,
                0,
                correlation,
                correlation,
                saga.toString(),
                Set.of(),
                instance.traceParent,
                seen);
    }

    private void told(SagaInstance instance, List<Input> inputs, Reply<Object> reply) {
        instance.isBusy = false;
        switch (reply) {
            case Reply.Accepted<Object>(var found) -> {
                taken(instance, inputs);
                seen(instance, found);
            }
            case Reply.Repeated<Object> _ -> {
                taken(instance, inputs);
                instance.isInDoubt = true;
                attend(instance);
            }
            case Reply.Rejected<Object> _,
                    Reply.Refused<Object> _,
                    Reply.Moved<Object> _,
                    Reply.IdReused<Object> _,
                    Reply.Busy<Object> _,
                    Reply.Failed<Object> _ -> {
                instance.putBack(inputs);
                again(instance, reply);
            }
        }
    }

    private void taken(SagaInstance instance, List<Input> inputs) {
        instance.failures = 0;
        for (Input input : inputs) {
            around.taken(input);
            Told told = input.offer().told();
            if (isAnswer(told.kind())) {
                instance.sending.remove(told.number());
            }
        }
    }

    private static boolean isAnswer(Kind kind) {
        return kind == Kind.ACCEPTED || kind == Kind.REFUSED || kind == Kind.UNANSWERED;
    }

    private void look(SagaInstance instance) {
        instance.isBusy = true;
        var _ =
                around.state(aggregate, instance.id)
                        .thenAccept(reply -> around.soon(() -> looked(instance, reply)));
    }

    private void looked(SagaInstance instance, Reply<Object> reply) {
        instance.isBusy = false;
        if (reply instanceof Reply.Accepted<Object>(var found)) {
            instance.failures = 0;
            instance.isInDoubt = false;
            if (found.revision() < instance.followed) {
                lookSoon(instance);
            } else {
                seen(instance, found);
            }
        } else {
            again(instance, reply);
        }
    }

    /// A record can be read a moment before its partition has taken note of it.
    private void lookSoon(SagaInstance instance) {
        instance.isInDoubt = true;
        pause(instance, SHORTEST_LOOK_MILLIS);
    }

    private void pause(SagaInstance instance, long millis) {
        instance.isPausing = true;
        around.later(
                millis,
                () -> {
                    instance.isPausing = false;
                    attend(instance);
                });
    }

    /// Its partition is elsewhere, busy or away, or its events cannot be read.
    private void again(SagaInstance instance, Reply<Object> reply) {
        instance.failures++;
        instance.lostFor =
                reply instanceof Reply.Failed<Object>(var failure, var detail)
                        ? failure + ": " + detail
                        : reply.toString();
        instance.needsPeople = !isPassing(reply);
        long pause =
                Math.min(
                        LONGEST_PAUSE_MILLIS,
                        SHORTEST_PAUSE_MILLIS << Math.min(instance.failures - 1, 10));
        if (instance.failures == LOST_AFTER) {
            instance.isLost = true;
            losses++;
            if (Integer.bitCount(losses) == 1) { // thousands may be, and all for one reason
                LOG.error(
                        "{} {} cannot be told anything, {} times for instances of this saga: {}",
                        saga,
                        instance.id,
                        losses,
                        reply);
            }
            around.changed(instance);
        }
        pause(instance, pause);
    }

    /// Whether time alone mends it: its partition moves, or is busy. One that is away may be back
    /// soon, or cannot read the instance's events at all.
    private static boolean isPassing(Reply<Object> reply) {
        return switch (reply) {
            case Reply.Busy<Object> _, Reply.Moved<Object> _ -> true;
            case Reply.Failed<Object>(var failure, _) ->
                    failure == Reply.Failure.ELSEWHERE || failure == Reply.Failure.TIMEOUT;
            case Reply.Accepted<Object> _,
                    Reply.Repeated<Object> _,
                    Reply.Rejected<Object> _,
                    Reply.Refused<Object> _,
                    Reply.IdReused<Object> _ ->
                    false;
        };
    }

    @SuppressWarnings("unchecked")
    private void seen(SagaInstance instance, Versioned<Object> found) {
        instance.known = (Versioned<SagaState<Object>>) (Versioned<?>) found;
        instance.isLost = false;
        carryOut(instance, instance.known.state());
        attend(instance);
    }

    /// Does what the state says is to be done now.
    private void carryOut(SagaInstance instance, SagaState<Object> state) {
        if (state.trouble().isParked()) {
            return;
        }
        if (!state.backlog().isEmpty()) {
            takeUp(instance, state.backlog());
            return;
        }
        Instant now = parts.clock().instant();
        for (Told due : state.due(now)) {
            offer(instance, due, 0);
        }
        for (Run run : state.open()) {
            if (!run.due().isAfter(now) && instance.sending.add(run.number())) {
                send(instance, run, state.correlationId());
            }
        }
        Instant next = state.next(saga.patience());
        boolean isOverdue = next != null && !next.isAfter(now);
        if (isOverdue && state.open().isEmpty() && state.timers().isEmpty()) {
            offer(instance, Told.waitedTooLong(), 0);
        }
    }

    /// @param seen the highest hybrid time of what it follows from, or 0
    private static void offer(SagaInstance instance, Told told, long seen) {
        boolean isKnown =
                instance.waiting.stream().anyMatch(input -> input.offer().told().equals(told));
        if (!isKnown) {
            instance.waiting.add(new Input(new Offer(told, null), null, null, null, seen));
        }
    }

    /// What waited behind an input that the instance had failed on. Events are read again.
    private void takeUp(SagaInstance instance, List<Told> backlog) {
        instance.isBusy = true;
        parts.blocking()
                .execute(
                        () -> {
                            List<Input> inputs = new ArrayList<>();
                            Throwable failure = null;
                            try {
                                backlog.forEach(told -> inputs.add(again(told)));
                            } catch (RuntimeException | Error e) {
                                failure = e; // tried again, and said in the end
                            }
                            Throwable outcome = failure;
                            around.soon(() -> tookUp(instance, inputs, outcome));
                        });
    }

    private void tookUp(SagaInstance instance, List<Input> inputs, @Nullable Throwable failure) {
        instance.isBusy = false;
        if (failure == null) {
            instance.putBack(inputs);
            attend(instance);
        } else {
            instance.isInDoubt = true;
            again(
                    instance,
                    new Reply.Failed<>(
                            Reply.Failure.UNAVAILABLE, String.valueOf(failure.getMessage())));
        }
    }

    private Input again(Told told) {
        if (told.kind() != Kind.EVENT) {
            return new Input(new Offer(told, null), null, null, null, 0);
        }
        Found.Event event =
                follower.read(new SagaIndex.Place(Integer.parseInt(told.detail()), told.number()));
        if (event == null) {
            throw new CodecException(saga + " does not know " + told + " any more");
        }
        return new Input(event.offer(), null, null, event.cause(), event.cause().seen());
    }

    private void send(SagaInstance instance, Run run, UUID correlation) {
        Request request = requestOf(run);
        lane(request)
                .start(
                        () -> {
                            var _ =
                                    answer(instance, run, request, correlation)
                                            .thenAccept(
                                                    reply ->
                                                            around.soon(
                                                                    () ->
                                                                            answered(
                                                                                    instance,
                                                                                    run,
                                                                                    correlation,
                                                                                    reply)));
                        });
    }

    private static Request requestOf(Run run) {
        return Objects.requireNonNull(run.request(), "an open run has a request");
    }

    private InFlightLimit lane(Request request) {
        return request.processor().isEmpty() ? commands : requests;
    }

    private CompletionStage<Reply<Object>> answer(
            SagaInstance instance, Run run, Request request, UUID correlation) {
        var target = parts.aggregate(request.aggregate());
        if (target == null || request.command() instanceof UnknownCommand) {
            return CompletableFuture.completedFuture(
                    new Reply.Failed<>(
                            Reply.Failure.DEFECT,
                            "this program has no such command of " + request.aggregate()));
        }
        Cause cause =
                new Cause(
                        commandId(aggregate.stream(instance.id), run.number()),
                        0,
                        correlation,
                        correlation,
                        saga.toString(),
                        Set.of(),
                        instance.traceParent,
                        instance.known == null ? 0 : instance.known.time());
        return request.processor().isEmpty()
                ? around.send(target, request.id(), request.command(), cause)
                : around.process(request.processor(), request.id(), request.command(), cause);
    }

    /// What is recorded of an answer follows from the events behind it.
    private static long seenBy(Reply<Object> reply) {
        return switch (reply) {
            case Reply.Accepted<Object>(var after) -> after.time();
            case Reply.Repeated<Object>(_, var time) -> time;
            case Reply.Rejected<Object>(_, var time) -> time;
            case Reply.Refused<Object> _,
                    Reply.Moved<Object> _,
                    Reply.IdReused<Object> _,
                    Reply.Busy<Object> _,
                    Reply.Failed<Object> _ ->
                    0;
        };
    }

    /// The id of a run's command: the same for every attempt, by whichever node.
    public static UUID commandId(String stream, long run) {
        return UUID.nameUUIDFromBytes((stream + '#' + run).getBytes(StandardCharsets.UTF_8));
    }

    private void answered(SagaInstance instance, Run run, UUID correlation, Reply<Object> reply) {
        lane(requestOf(run)).ended();
        Told told =
                switch (reply) {
                    case Reply.Accepted<Object> _, Reply.Repeated<Object> _ ->
                            Told.accepted(run.number());
                    case Reply.Rejected<Object>(var rejection, _) ->
                            Told.refused(run.number(), rejection.name(), rejection.detail());
                    case Reply.Failed<Object>(var failure, var detail) ->
                            Told.unanswered(run.number(), failure + ": " + detail);
                    case Reply.Busy<Object> _ -> null;
                    case Reply.Refused<Object>(var problems) ->
                            Told.refused(run.number(), problems);
                    case Reply.Moved<Object> _, Reply.IdReused<Object> _ ->
                            Told.unanswered(run.number(), reply.toString());
                };
        if (told == null) {
            around.later(SHORTEST_PAUSE_MILLIS, () -> send(instance, run, correlation));
        } else {
            offer(instance, told, seenBy(reply));
            attend(instance);
        }
    }
}
