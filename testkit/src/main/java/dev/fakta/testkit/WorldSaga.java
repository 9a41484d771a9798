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
import dev.fakta.testkit.Moves.Move;
import dev.fakta.testkit.WorldStreams.Recorded;
import dev.fakta.testkit.WorldStreams.Stream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
    private final Map<String, Feed> feeds = new LinkedHashMap<>();
    private final List<Feed> waiting = new ArrayList<>();
    private final Map<Told, Fact> facts = new HashMap<>();
    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private final List<Move> possible = new ArrayList<>();
    private @Nullable Instant next;
    private boolean isChanged = true;
    private int lives = 1;

    /// What the saga has not heard yet of a stream.
    private final class Feed {
        private final Move move;
        private final ArrayDeque<Found> waiting = new ArrayDeque<>();

        private Feed(String stream) {
            this.move = new Move(saga.name() + " hears of " + stream, () -> deliver(this));
        }
    }

    private static final class Found {
        private final String id;
        private final Offer offer;
        private int repeated;

        private Found(String id, Offer offer) {
            this.id = id;
            this.offer = offer;
        }
    }

    /// An instance, with what the runner has in memory of it. What can be done for it is found out
    /// again only when something of it has changed, or is due.
    private final class Instance {
        private final String id;
        private final String name;
        private final Stream stream;
        private final Set<Long> sending = new HashSet<>();
        private final Map<Long, Told> answers = new LinkedHashMap<>();
        private final List<Move> moves = new ArrayList<>();
        private @Nullable Instant next;
        private boolean isStale = true;

        private Instance(Stream stream) {
            this.id = stream.id;
            this.name = saga.name() + "/" + stream.id;
            this.stream = stream;
        }

        @SuppressWarnings("unchecked")
        private SagaState<Object> state() {
            return (SagaState<Object>) stream.state;
        }

        private List<Move> moves() {
            if (isStale || isDue(next)) {
                isStale = false;
                moves.clear();
                next = null;
                if (!state().trouble().isParked()) {
                    look(state());
                }
            }
            return moves;
        }

        private void look(SagaState<Object> state) {
            if (!state.backlog().isEmpty()) {
                Told first = state.backlog().getFirst();
                can("takes up", () -> tell(id, first));
                return;
            }
            answers.forEach(
                    (number, told) -> can("hears the answer of run " + number, () -> hear(told)));
            for (Told due : state.due(world.now())) {
                can("wakes for " + due.name(), () -> tell(id, due));
            }
            for (SagaState.Timer timer : state.timers().values()) {
                next = world.earlier(next, timer.due());
            }
            List<Run> open = state.open();
            for (Run run : open) {
                next = world.earlier(next, run.due());
                if (!run.due().isAfter(world.now())
                        && !sending.contains(run.number())
                        && !answers.containsKey(run.number())) {
                    can("runs " + run.step() + " " + run.key(), () -> send(this, run));
                }
            }
            Instant patience = state.next(saga.patience());
            next = world.earlier(next, patience);
            if (open.isEmpty()
                    && state.timers().isEmpty()
                    && patience != null
                    && !patience.isAfter(world.now())) {
                can("has waited too long", () -> tell(id, Told.waitedTooLong()));
            }
        }

        private void can(String what, Runnable action) {
            moves.add(new Move(name + " " + what, action));
        }

        private void hear(Told told) {
            tell(id, told);
            answers.remove(told.number());
            sending.remove(told.number());
            changed();
        }

        private void changed() {
            isStale = true;
            isChanged = true;
        }
    }

    @SuppressWarnings("unchecked")
    WorldSaga(World world, Saga<?, ?> saga, Aggregate<?, ?, ?> aggregate) {
        this.world = world;
        this.saga = saga;
        this.aggregate = (Aggregate<Object, Object, Object>) aggregate;
    }

    /// An event was recorded, by whichever stream.
    void recorded(Stream stream, Recorded recorded) {
        if (stream.aggregate == aggregate) {
            instances.computeIfAbsent(stream.id, _ -> new Instance(stream)).changed();
            return;
        }
        String id = saga.instance(recorded.event(), recorded.at());
        if (id != null) {
            Told told =
                    Told.event(recorded.name(), recorded.at().partition(), recorded.at().offset());
            Fact fact = new Fact(recorded.name(), recorded.event(), recorded.at());
            facts.put(told, fact);
            Feed feed = feeds.computeIfAbsent(stream.name, Feed::new);
            if (feed.waiting.isEmpty()) {
                waiting.add(feed);
            }
            feed.waiting.add(new Found(id, new Offer(told, fact)));
        }
    }

    /// All that the runner can do now.
    void addMoves(Moves moves) {
        if (isChanged || isDue(next)) {
            isChanged = false;
            possible.clear();
            next = null;
            for (Instance instance : instances.values()) {
                possible.addAll(instance.moves());
                next = world.earlier(next, instance.next);
            }
        }
        for (Feed feed : waiting) {
            moves.add(feed.move);
        }
        for (Move move : possible) {
            moves.add(move);
        }
    }

    private boolean isDue(@Nullable Instant time) {
        return time != null && !time.isAfter(world.now());
    }

    /// When something of it is due that was not due when its moves were asked for last; `null` when
    /// nothing is.
    @Nullable Instant next() {
        return next;
    }

    /// The states of the instances, in the order in which they have begun.
    Map<String, SagaState<Object>> states() {
        Map<String, SagaState<Object>> states = new LinkedHashMap<>();
        instances.forEach((id, instance) -> states.put(id, instance.state()));
        return states;
    }

    private void deliver(Feed feed) {
        Found first = feed.waiting.getFirst();
        tell(first.id, first.offer.told());
        if (world.fails() && first.repeated++ < MOST_REPEATED) {
            die();
        } else {
            feed.waiting.removeFirst();
            if (feed.waiting.isEmpty()) {
                waiting.remove(feed);
            }
        }
    }

    private void tell(String id, Told told) {
        Fact fact = facts.get(told);
        SagaCommand take = new SagaCommand.Take(world.now(), List.of(new Offer(told, fact)));
        UUID cause = fact == null ? world.freshId() : fact.at().commandId();
        UUID correlation = fact == null ? correlation(id) : fact.at().correlationId();
        world.carryOut(
                aggregate,
                id,
                take,
                new WorldStreams.Why(world.freshId(), correlation, cause, saga.toString()));
    }

    private UUID correlation(String id) {
        return Objects.requireNonNull(instances.get(id), "only an event begins one")
                .state()
                .correlationId();
    }

    private void send(Instance instance, Run run) {
        Request request = Objects.requireNonNull(run.request(), "an open run has a request");
        String stream = instance.stream.name;
        UUID commandId =
                UUID.nameUUIDFromBytes(
                        (stream + '#' + run.number()).getBytes(StandardCharsets.UTF_8));
        UUID correlation = instance.state().correlationId();
        var why = new WorldStreams.Why(commandId, correlation, correlation, saga.toString());
        instance.sending.add(run.number());
        instance.changed();
        int life = lives;
        world.submit(
                stream + " run " + run.number(),
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
        instance.changed();
    }

    /// The runner dies, and another one goes on: what is under way still has its effect, and its
    /// answer is lost.
    private void die() {
        world.tell(() -> saga + ": the runner dies before it has noted that, another one goes on");
        lives++;
        for (Instance instance : instances.values()) {
            instance.sending.clear();
            instance.answers.clear();
            instance.changed();
        }
    }
}
