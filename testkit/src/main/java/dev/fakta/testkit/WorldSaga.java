// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaCommand;
import dev.fakta.domain.SagaCommand.Fact;
import dev.fakta.domain.SagaCommand.Offer;
import dev.fakta.domain.SagaCommand.Told;
import dev.fakta.domain.SagaEvent.Request;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.SagaState.Run;
import dev.fakta.runtime.Reply;
import dev.fakta.testkit.WorldStreams.Recorded;
import dev.fakta.testkit.WorldStreams.Stream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A saga's runner in a [World]: the same duties as a node's, a move at a time.
///
/// What it has in memory (which commands are under way, which answers have come) is lost when it
/// dies; what its instances know is recorded. It may die after each thing that it does and before
/// it has noted that: then the same input comes twice, the same command is sent again.
final class WorldSaga {

    /// How often one input is told twice.
    private static final int MOST_REPEATED = 2;

    private final World world;
    private final Saga<?, ?> saga;
    private final Aggregate<Object, Object, Object> aggregate;
    private final Map<String, ArrayDeque<Found>> found = new LinkedHashMap<>();
    private final Map<Told, Fact> facts = new HashMap<>();
    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private int lives = 1;

    private static final class Found {
        private final String id;
        private final Offer offer;
        private int repeated;

        private Found(String id, Offer offer) {
            this.id = id;
            this.offer = offer;
        }
    }

    private static final class Instance {
        private final Set<Long> sending = new HashSet<>();
        private final Map<Long, Told> answers = new LinkedHashMap<>();
    }

    @SuppressWarnings("unchecked")
    WorldSaga(World world, Saga<?, ?> saga, Aggregate<?, ?, ?> aggregate) {
        this.world = world;
        this.saga = saga;
        this.aggregate = (Aggregate<Object, Object, Object>) aggregate;
    }

    Saga<?, ?> saga() {
        return saga;
    }

    Aggregate<Object, Object, Object> aggregate() {
        return aggregate;
    }

    /// An event was recorded, by whichever stream.
    void recorded(Stream stream, Recorded recorded) {
        if (stream.aggregate.name().equals(saga.name())) {
            instances.computeIfAbsent(stream.id, _ -> new Instance());
            return;
        }
        if (!saga.subscriptions().contains(recorded.event().getClass())) {
            return;
        }
        String id = saga.instance(recorded.event(), recorded.at());
        if (id != null) {
            Told told =
                    Told.event(recorded.name(), recorded.at().partition(), recorded.at().offset());
            Fact fact = new Fact(recorded.name(), recorded.event(), recorded.at());
            facts.put(told, fact);
            found.computeIfAbsent(stream.name(), _ -> new ArrayDeque<>())
                    .add(new Found(id, new Offer(told, fact)));
        }
    }

    /// All that the runner can do now.
    void addMoves(Moves moves) {
        found.forEach(
                (stream, waiting) ->
                        moves.add(
                                saga.name() + " hears of " + stream,
                                () -> deliver(stream, waiting)));
        instances.forEach((id, instance) -> addMoves(moves, id, instance));
    }

    private void addMoves(Moves moves, String id, Instance instance) {
        SagaState<Object> state = state(id);
        if (state.trouble().isParked()) {
            return;
        }
        if (!state.backlog().isEmpty()) {
            Told first = state.backlog().getFirst();
            moves.add(name(id) + " takes up", () -> tell(id, first));
            return;
        }
        instance.answers.forEach(
                (number, told) ->
                        moves.add(
                                "%s hears the answer of run %d".formatted(name(id), number),
                                () -> answer(id, instance, told)));
        for (Told due : state.due(world.now())) {
            moves.add(name(id) + " wakes for " + due.name(), () -> tell(id, due));
        }
        boolean isUnderWay = !state.open().isEmpty();
        for (Run run : state.open()) {
            if (!run.due().isAfter(world.now())
                    && !instance.sending.contains(run.number())
                    && !instance.answers.containsKey(run.number())) {
                moves.add(
                        "%s runs %s".formatted(name(id), run.step() + " " + run.key()),
                        () -> send(id, instance, run));
            }
        }
        Instant next = state.next(saga.patience());
        if (!isUnderWay && state.timers().isEmpty() && next != null && !next.isAfter(world.now())) {
            moves.add(name(id) + " has waited too long", () -> tell(id, Told.waitedTooLong()));
        }
    }

    /// When something of it is due that is not due yet; `null` when nothing is.
    @Nullable Instant next() {
        Instant first = null;
        for (String id : instances.keySet()) {
            SagaState<Object> state = state(id);
            if (!state.trouble().isParked()) {
                for (SagaState.Timer timer : state.timers().values()) {
                    first = world.earlier(first, timer.due());
                }
                for (Run run : state.open()) {
                    first = world.earlier(first, run.due());
                }
                first = world.earlier(first, state.next(saga.patience()));
            }
        }
        return first;
    }

    private String name(String id) {
        return saga.name() + "/" + id;
    }

    @SuppressWarnings("unchecked")
    SagaState<Object> state(String id) {
        return (SagaState<Object>) world.stateOf(aggregate, id);
    }

    Set<String> ids() {
        return instances.keySet();
    }

    private void deliver(String stream, ArrayDeque<Found> waiting) {
        Found first = waiting.getFirst();
        tell(first.id, first.offer.told());
        if (world.fails() && first.repeated++ < MOST_REPEATED) {
            die();
            return;
        }
        waiting.removeFirst();
        if (waiting.isEmpty()) {
            found.remove(stream);
        }
    }

    private void tell(String id, Told told) {
        Fact fact = facts.get(told);
        SagaCommand take = new SagaCommand.Take(world.now(), List.of(new Offer(told, fact)));
        UUID cause = fact == null ? world.freshId() : fact.at().commandId();
        UUID correlation = fact == null ? state(id).correlationId() : fact.at().correlationId();
        world.carryOut(
                aggregate,
                id,
                take,
                new WorldStreams.Why(world.freshId(), correlation, cause, saga.toString()));
    }

    private void answer(String id, Instance instance, Told told) {
        tell(id, told);
        instance.answers.remove(told.number());
        instance.sending.remove(told.number());
    }

    private void send(String id, Instance instance, Run run) {
        Request request = Objects.requireNonNull(run.request(), "an open run has a request");
        String stream = aggregate.stream(id);
        UUID commandId =
                UUID.nameUUIDFromBytes(
                        (stream + '#' + run.number()).getBytes(StandardCharsets.UTF_8));
        UUID correlation = state(id).correlationId();
        var why = new WorldStreams.Why(commandId, correlation, correlation, saga.toString());
        instance.sending.add(run.number());
        int life = lives;
        world.submit(
                name(id) + " run " + run.number(),
                request,
                why,
                reply -> {
                    if (life == lives) {
                        answered(instance, run, reply);
                    }
                });
    }

    private void answered(Instance instance, Run run, Reply<Object> reply) {
        if (world.fails()) {
            die();
            return;
        }
        Told told =
                switch (reply) {
                    case Reply.Accepted<Object> _, Reply.Repeated<Object> _ ->
                            Told.accepted(run.number());
                    case Reply.Rejected<Object>(var rejection, _) ->
                            Told.refused(run.number(), rejection.name(), rejection.detail());
                    case Reply.Refused<Object>(var problems) ->
                            Told.refused(run.number(), problems);
                    case Reply.Failed<Object>(var failure, var detail) ->
                            Told.unanswered(run.number(), failure + ": " + detail);
                    case Reply.Moved<Object> _, Reply.IdReused<Object> _, Reply.Busy<Object> _ ->
                            Told.unanswered(run.number(), reply.toString());
                };
        instance.answers.put(run.number(), told);
    }

    /// The runner dies, and another one goes on: what is under way still has its effect, and its
    /// answer is lost.
    private void die() {
        world.tell(() -> saga + ": the runner dies before it has noted that, another one goes on");
        lives++;
        instances.values().forEach(instance -> instance.sending.clear());
        instances.values().forEach(instance -> instance.answers.clear());
    }
}
