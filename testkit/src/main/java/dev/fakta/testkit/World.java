// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaEvent;
import dev.fakta.domain.SagaEvent.Request;
import dev.fakta.domain.SagaState;
import dev.fakta.runtime.Reply;
import dev.fakta.testkit.Moves.Move;
import dev.fakta.testkit.WorldStreams.Recorded;
import dev.fakta.testkit.WorldStreams.Stream;
import dev.fakta.testkit.WorldStreams.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A closed world of one [Simulation]: microsystems, those who use them, the world outside, and the
/// laws that must hold. It is noon on 1 July 2026, UTC, and time stands still while something
/// happens.
///
/// Aggregates, sagas, couriers, alarm clocks and processors are the program's own. What is
/// simulated is what lies between them: which event is told to which saga next, which command comes
/// when, which answer gets lost, when a runner dies between acting and noting that, or a processor
/// between two commands. Views are not part of it.
///
/// Used by the one thread that plays it.
public final class World {

    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");
    private static final Duration LASTING = Duration.ofDays(90);
    private static final int FAULTS_ONE_IN = 16;
    private static final int SPLIT_ONE_IN = 4;
    private static final double TIME_WEIGHT = 0.2;

    /// For how long nothing is done by anybody, or nobody reaches anybody: longer than the ids of
    /// commands are remembered, among others.
    private static final List<Duration> OUTAGES =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(11), Duration.ofHours(7));

    private final boolean isTold;
    private final WorldStreams streams = new WorldStreams(this::recorded);
    private final Map<String, Aggregate<Object, Object, Object>> aggregates = new HashMap<>();
    private final Map<String, WorldProcessor> processors = new HashMap<>();
    private final Map<String, WorldSaga> sagas = new LinkedHashMap<>();
    private final Map<String, WorldCourier> couriers = new LinkedHashMap<>();
    private final Map<String, WorldClock> clocks = new LinkedHashMap<>();
    private final List<Actor> actors = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private final Map<String, Runnable> always = new LinkedHashMap<>();
    private final Map<String, Runnable> whenQuiet = new LinkedHashMap<>();
    private final List<Later> later = new ArrayList<>();
    private final List<String> history = new ArrayList<>();
    private final Move goOn = new Move("time goes on", this::goOn);
    private final Move wait = new Move("nothing is done for a while", this::waitLong);
    private Duration lasting = LASTING;
    private Instant now = NOON;
    private SplittableRandom random;
    private long ids;
    private boolean isCalm;

    private final class Actor {
        private final Move move;
        private final Consumer<RandomGenerator> acting;
        private int left;

        private Actor(String name, int times, Consumer<RandomGenerator> acting) {
            this.move = new Move(name, this::act);
            this.left = times;
            this.acting = acting;
        }

        private void act() {
            left--;
            acting.accept(random);
        }
    }

    private final class Worker {
        private final Move move;
        private final Predicate<RandomGenerator> working;

        private Worker(String name, Predicate<RandomGenerator> working) {
            this.move = new Move(name, this::work);
            this.working = working;
        }

        private void work() {
            boolean _ = working.test(random);
        }
    }

    private record Later(Move move, Instant due) {}

    /// @param isTold whether it keeps its history in words, which takes most of its time
    World(long seed, boolean isTold) {
        this.random = new SplittableRandom(seed);
        this.isTold = isTold;
    }

    // --- what it is made of ---

    /// Adds a microsystem: its aggregates, processors, sagas, couriers and alarm clocks.
    public World with(Microsystem microsystem) {
        microsystem.aggregates().forEach(this::add);
        microsystem
                .processors()
                .forEach(
                        processor ->
                                processors.put(
                                        processor.name(), new WorldProcessor(this, processor)));
        for (Saga<?, ?> saga : microsystem.sagas()) {
            Aggregate<?, ?, ?> instances = saga.aggregate();
            add(instances);
            sagas.put(saga.name(), new WorldSaga(this, saga, instances));
        }
        microsystem
                .couriers()
                .forEach(courier -> couriers.put(courier.name(), new WorldCourier(this, courier)));
        microsystem.clocks().forEach(one -> clocks.put(one.name(), new WorldClock(this, one)));
        return this;
    }

    @SuppressWarnings("unchecked")
    private void add(Aggregate<?, ?, ?> aggregate) {
        if (aggregates.put(aggregate.name(), (Aggregate<Object, Object, Object>) aggregate)
                != null) {
            throw new IllegalArgumentException("two definitions of " + aggregate);
        }
    }

    /// Adds somebody who acts at any moment, so many times at most.
    ///
    /// @param acting does one thing: sends a command, or changes what is simulated of the world
    ///   outside; draws what it needs at random from what it is given, and from nothing else
    public World actor(String name, int times, Consumer<RandomGenerator> acting) {
        actors.add(new Actor(name, times, acting));
        return this;
    }

    /// Adds somebody who does what there is to do, at any moment and as often as there is
    /// something: also when nobody else acts any more, so that nothing waits for him in the end.
    ///
    /// @param working does one thing, as an actor does; answers whether there was one to do
    public World worker(String name, Predicate<RandomGenerator> working) {
        workers.add(new Worker(name, working));
        return this;
    }

    /// Adds a law that holds after every step.
    ///
    /// @param check throws an [AssertionError] when the law is broken
    public World always(String law, Runnable check) {
        always.put(law, check);
        return this;
    }

    /// Adds a law that holds when all has come to rest: everything was heard, and no timer is set
    /// within the time that the world lasts.
    ///
    /// @param check throws an [AssertionError] when the law is broken
    public World whenQuiet(String law, Runnable check) {
        whenQuiet.put(law, check);
        return this;
    }

    /// How long time goes on: timers that are due later stay set. 90 days, unless said otherwise.
    public World lasting(Duration time) {
        lasting = time;
        return this;
    }

    // --- what can be asked and done while it is played ---

    public Instant now() {
        return now;
    }

    /// What is drawn at random for this step; for what is simulated of the world outside.
    public RandomGenerator random() {
        return random;
    }

    /// Whether nothing goes wrong any more: nobody acts, no answer is lost. What is simulated of
    /// the world outside must then answer too.
    public boolean isCalm() {
        return isCalm;
    }

    /// The state of an aggregate; its initial one when it has no events.
    @SuppressWarnings("unchecked")
    public <S> S state(Aggregate<?, ?, S> aggregate, String id) {
        Stream stream = streams.find(aggregate, id);
        return stream == null ? aggregate.initial() : (S) stream.state;
    }

    /// The states of all aggregates of this kind that have events, by id, in the order in which
    /// they have begun.
    @SuppressWarnings("unchecked")
    public <S> Map<String, S> states(Aggregate<?, ?, S> aggregate) {
        Map<String, S> states = new LinkedHashMap<>();
        streams.ofKind(aggregate).forEach((id, stream) -> states.put(id, (S) stream.state));
        return states;
    }

    /// The instances of a saga, by id, in the order in which they have begun.
    @SuppressWarnings("unchecked")
    public <S> Map<String, SagaState<S>> instances(Saga<?, S> saga) {
        WorldSaga runner =
                Objects.requireNonNull(
                        sagas.get(saga.name()), () -> "no microsystem of this world has " + saga);
        return (Map<String, SagaState<S>>) (Map<String, ?>) runner.states();
    }

    /// The alarms of a clock that are set, as `ALARM:ID`, and when they ring.
    public Map<String, Instant> alarms(AlarmClock clock) {
        return Objects.requireNonNull(
                        clocks.get(clock.name()), () -> "no microsystem of this world has " + clock)
                .set();
    }

    /// The errands that are not done though they were run again and again, as `COURIER ID`, and the
    /// alarms that go wrong again and again, as `CLOCK ALARM:ID`, with the reason of the last time.
    /// Such an errand is run again when its courier is called again, and such an alarm rings again
    /// when it is set again.
    public Map<String, String> stuckErrands() {
        Map<String, String> stuck = new LinkedHashMap<>();
        couriers.values().forEach(courier -> courier.addStuck(stuck));
        clocks.values().forEach(clock -> clock.addStuck(stuck));
        return stuck;
    }

    /// The events of an aggregate, the first one first.
    public List<Object> events(Aggregate<?, ?, ?> aggregate, String id) {
        Stream stream = streams.find(aggregate, id);
        return stream == null ? List.of() : stream.events.stream().map(Recorded::event).toList();
    }

    /// Sends a command. It may be sent once more later, under the same command id, as by a client
    /// that did not get the answer.
    public <C> void send(Aggregate<C, ?, ?> aggregate, String id, C command) {
        send(aggregate, id, command, _ -> {});
    }

    /// Sends a command, and does something with the answer.
    @SuppressWarnings("unchecked")
    public <C, S> void send(
            Aggregate<C, ?, S> aggregate, String id, C command, Consumer<Reply<S>> onReply) {
        call(
                new Request(aggregate.name(), id, command),
                Set.of(),
                reply -> onReply.accept((Reply<S>) reply));
    }

    /// Has a processor work on a request for the aggregate with this id. What it decides on may
    /// have changed when its command comes.
    public <R> void process(Processor<R, ?> processor, String id, R request) {
        process(processor, id, request, Set.of(), _ -> {});
    }

    /// Has a processor work on a request, and does something with the answer.
    ///
    /// @param permissions of the caller
    public <R> void process(
            Processor<R, ?> processor,
            String id,
            R request,
            Set<String> permissions,
            Consumer<Reply<Object>> onReply) {
        call(
                new Request(processor.target().name(), processor.name(), id, request),
                permissions,
                onReply);
    }

    private void call(Request request, Set<String> permissions, Consumer<Reply<Object>> onReply) {
        UUID id = freshId();
        Why why = new Why(id, id, id, "");
        String key = "call " + ids;
        submit(key, request, why, permissions, onReply);
        if (fails()) {
            later(
                    Duration.ZERO,
                    key + " comes again",
                    () -> submit(key + " again", request, why, permissions, _ -> {}));
        }
    }

    /// Does something after a while: what is simulated of the world outside.
    ///
    /// @param what for people, and the same in every run
    public void later(Duration after, String what, Runnable action) {
        later.add(new Later(new Move(what, action), now.plus(after)));
    }

    /// Adds a line to the history that is shown when a law is broken.
    public void tell(Supplier<String> line) {
        if (isTold) {
            history.add("  " + line.get());
        }
    }

    // --- for processors, and the runners of sagas and couriers ---

    /// Whether something goes wrong here: a runner dies, an answer is lost.
    boolean fails() {
        return !isCalm && random.nextInt(FAULTS_ONE_IN) == 0;
    }

    UUID freshId() {
        return new UUID(0x4000, ++ids);
    }

    Reply<Object> carryOut(
            Aggregate<Object, Object, Object> aggregate, String id, Object command, Why why) {
        Reply<Object> reply = streams.carryOut(aggregate, id, command, why, now);
        if (isTold && !(reply instanceof Reply.Accepted)) {
            tell(() -> "%s: %s -> %s".formatted(aggregate.stream(id), command, reply));
        }
        return reply;
    }

    void submit(String key, Request request, Why why, Consumer<Reply<Object>> onReply) {
        submit(key, request, why, Set.of(), onReply);
    }

    private void submit(
            String key,
            Request request,
            Why why,
            Set<String> permissions,
            Consumer<Reply<Object>> onReply) {
        if (request.processor().isEmpty()) {
            onReply.accept(
                    carryOut(aggregate(request.aggregate()), request.id(), request.command(), why));
            return;
        }
        Objects.requireNonNull(
                        processors.get(request.processor()),
                        () -> "no microsystem of this world has processor " + request.processor())
                .work(key, request, why, permissions, onReply);
    }

    /// What a processor has decided on may be sent after other things have happened.
    void soon(String key, Runnable sending) {
        if (!isCalm && random.nextInt(SPLIT_ONE_IN) == 0) {
            later(Duration.ZERO, "the command of " + key, sending);
        } else {
            sending.run();
        }
    }

    Aggregate<Object, Object, Object> aggregate(String name) {
        return Objects.requireNonNull(
                aggregates.get(name), () -> "no microsystem of this world has aggregate " + name);
    }

    private void recorded(Stream stream, Recorded recorded) {
        tell(() -> "%s: %s".formatted(stream.name, words(recorded.event())));
        sagas.values().forEach(saga -> saga.recorded(stream, recorded));
        couriers.values().forEach(courier -> courier.recorded(recorded));
        clocks.values().forEach(clock -> clock.recorded(recorded));
    }

    /// An event; of what a saga wants only what people have to know of it.
    private static String words(Object event) {
        if (!(event instanceof SagaEvent.Reacted reacted)) {
            return event.toString();
        }
        List<String> wants = new ArrayList<>();
        reacted.asks().forEach(ask -> wants.add("run " + ask.step() + " " + ask.key()));
        reacted.alarms().forEach(alarm -> wants.add("wake " + alarm.timer() + " " + alarm.due()));
        reacted.cancels().forEach(timer -> wants.add("forget " + timer));
        if (reacted.completes()) {
            wants.add("end");
        }
        return "it wants " + (wants.isEmpty() ? "nothing" : String.join(", ", wants));
    }

    <S> Processor.Read<S> read(Aggregate<?, ?, S> aggregate, String id) {
        Stream stream = streams.find(aggregate, id);
        return new Processor.Read<>(
                state(aggregate, id), stream == null ? 0 : stream.events.size());
    }

    // --- for the simulation ---

    List<String> history() {
        return history;
    }

    /// One of all that can happen.
    ///
    /// @param lots the step's own random number
    void step(long lots) {
        random = new SplittableRandom(lots);
        Moves moves = new Moves(lots);
        addMoves(moves);
        for (Actor actor : actors) {
            if (actor.left > 0) {
                moves.add(actor.move);
            }
        }
        workers.forEach(worker -> moves.add(worker.move));
        if (next() != null) {
            moves.add(goOn, TIME_WEIGHT);
        }
        moves.add(wait, TIME_WEIGHT);
        play(moves.picked());
    }

    private void goOn() {
        now = Objects.requireNonNull(next(), "nothing is due");
    }

    private void waitLong() {
        Instant later = now.plus(OUTAGES.get(random.nextInt(OUTAGES.size())));
        now = later.isAfter(end()) ? now : later;
    }

    private Instant end() {
        return NOON.plus(lasting);
    }

    /// One of what is left to happen when nobody acts any more and nothing fails; time goes on when
    /// nothing else is left.
    ///
    /// @return `false` when all is quiet
    boolean settle(long lots) {
        random = new SplittableRandom(lots);
        if (happen(lots) || work()) {
            return true;
        }
        boolean isNext = next() != null;
        play(isNext ? goOn : null);
        return isNext;
    }

    /// One of what is left to happen at this moment when nothing fails.
    ///
    /// @return `false` when there is nothing
    boolean happen(long lots) {
        isCalm = true;
        Moves moves = new Moves(lots);
        addMoves(moves);
        play(moves.picked());
        return moves.picked() != null;
    }

    /// It is the time of what is due next, but no later than this.
    void advance(Instant latest) {
        Instant first = next();
        now = first == null || first.isAfter(latest) ? latest : first;
    }

    private boolean work() {
        for (Worker worker : workers) {
            begin(worker.move);
            if (worker.working.test(random)) {
                always.forEach(World::check);
                return true;
            }
        }
        return false;
    }

    void checkQuiet() {
        whenQuiet.forEach(World::check);
    }

    private void addMoves(Moves moves) {
        sagas.values().forEach(saga -> saga.addMoves(moves));
        couriers.values().forEach(courier -> courier.addMoves(moves));
        clocks.values().forEach(clock -> clock.addMoves(moves));
        for (Later task : later) {
            if (!task.due.isAfter(now)) {
                moves.add(task.move);
            }
        }
    }

    /// When something is due that is not due yet, within the time that the world lasts; `null` when
    /// nothing is.
    private @Nullable Instant next() {
        Instant first = null;
        for (Later task : later) {
            first = earlier(first, task.due);
        }
        for (WorldSaga saga : sagas.values()) {
            first = earlier(first, saga.next());
        }
        for (WorldCourier courier : couriers.values()) {
            first = earlier(first, courier.next());
        }
        for (WorldClock clock : clocks.values()) {
            first = earlier(first, clock.next());
        }
        return first == null || first.isAfter(end()) ? null : first;
    }

    /// The earlier of two times, of which the second one counts only when it lies ahead.
    @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (other == null || !other.isAfter(now)) {
            return one;
        }
        return one == null || other.isBefore(one) ? other : one;
    }

    private void play(@Nullable Move move) {
        if (move != null) {
            begin(move);
            later.removeIf(task -> task.move.equals(move));
            move.action().run();
            always.forEach(World::check);
        }
    }

    private void begin(Move move) {
        if (isTold) {
            history.add("%s %s".formatted(now, move.name()));
        }
    }

    private static void check(String law, Runnable check) {
        try {
            check.run();
        } catch (AssertionError e) {
            throw new BrokenLaw(law, String.valueOf(e.getMessage()));
        }
    }

    /// A law that does not hold.
    static final class BrokenLaw extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String law;

        BrokenLaw(String law, String reason) {
            super(reason);
            this.law = law;
        }

        String law() {
            return law;
        }
    }
}
