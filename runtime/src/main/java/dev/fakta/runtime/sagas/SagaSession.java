// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaCommand;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.View;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.CodecException;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.core.SagaBeginning;
import dev.fakta.runtime.sagas.SagaFollower.Found;
import dev.fakta.runtime.sagas.SagaInstance.Input;
import dev.fakta.runtime.sagas.SagaInstance.ReadAhead;
import dev.fakta.views.engine.ViewStore;
import dev.fakta.views.engine.ViewWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A saga's runner at work, from one opening of its index to the next failure.
///
/// Two threads: one reads the log and says what it found, in stretches; the other, [#work], does
/// everything else, task by task. Every now and then it commits: the rows of the instances that
/// have changed, and as checkpoint the end of the last stretch of which every input was taken. An
/// input that is not taken for long (its partition has no owner, say) is written down in the index,
/// so that it holds up nobody but its own instance.
///
/// Bounded: so much is read ahead, so many instances are worked on at a time, and so many more may
/// wait because they cannot be reached. What waits for its time is in the index and nowhere else.
public final class SagaSession implements SagaDesk.Surroundings, SagaRunner.Session {

    private static final int MOST_INSTANCES = 4_096;
    private static final int MOST_LOST = 32_768;
    private static final int REMEMBERED = 65_536;
    private static final long COMMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long DUE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long CONFIRM_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Logger LOG = LoggerFactory.getLogger(SagaSession.class);

    private final Saga<?, ?> saga;
    private final View view;
    private final NodeParts parts;
    private final ViewStore store;
    private final ViewWriter writer;
    private final SagaTargets targets;
    private final SagaHolds holds;
    private final SagaFollower follower;
    private final SagaDesk desk;
    private final TaskQueue tasks = new TaskQueue();
    private final ArrayDeque<ReadAhead> stretches = new ArrayDeque<>();
    private final Map<String, SagaInstance> instances = new HashMap<>();
    private final Set<SagaInstance> dirty = new HashSet<>();
    private final Set<SagaIndex.Place> held = new HashSet<>();
    private final Map<String, Long> remembered =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > REMEMBERED;
                }
            };
    private final SagaReading<Found> reading;
    private Positions checkpoint;
    private Positions saved;
    private @Nullable Instant nextDue = Instant.EPOCH;
    private long committed = System.nanoTime();
    private long confirmed = System.nanoTime();
    private long lookAgain = System.nanoTime();
    private int toRelease;

    /// What was written down as not taken since the log file said so.
    private int heldUntold;

    private long toldHeld = System.nanoTime() - HOLD_NANOS;
    private volatile long backlogMillis;
    private volatile boolean isClosed;
    private int holdsShown = -1;

    /// Where commands go.
    public interface SagaTargets {
        /// Sends a command; the answer of another node has no state.
        CompletionStage<Reply<Object>> send(
                Aggregate<Object, Object, Object> to, String id, Object command, Cause cause);

        /// Sends a command to an instance of a saga, and answers with the instance's state.
        CompletionStage<Reply<Object>> tell(
                Aggregate<Object, Object, Object> saga, String id, Object command, Cause cause);

        CompletionStage<Reply<Object>> process(
                String processor, String id, Object request, Cause cause);

        CompletionStage<Reply<Object>> state(Aggregate<?, ?, ?> of, String id);
    }

    SagaSession(
            Saga<?, ?> saga,
            NodeParts parts,
            ViewStore store,
            ViewWriter writer,
            SagaTargets targets,
            SagaHolds holds) {
        this.saga = saga;
        this.view = SagaIndex.view(saga);
        this.parts = parts;
        this.store = store;
        this.writer = writer;
        this.targets = targets;
        this.holds = holds;
        Positions start = Positions.start(parts.log().partitions());
        Positions committed = start.merge(writer.checkpoint());
        boolean isFilledAnew = committed.equals(start);
        this.checkpoint = isFilledAnew ? start.merge(SagaBeginning.of(parts, saga)) : committed;
        this.follower =
                new SagaFollower(
                        saga,
                        parts,
                        holds,
                        SagaIndex.newestVersion(store, view),
                        isFilledAnew ? parts.log().heads() : start);
        this.desk = new SagaDesk(saga, parts, follower, this);
        this.saved = checkpoint;
        this.reading =
                new SagaReading<>(
                        view.name() + "-log",
                        parts.log(),
                        checkpoint,
                        follower::find,
                        holds,
                        (found, upTo) -> soon(() -> found(found, upTo)),
                        failure -> soon(() -> fail(failure)));
    }

    @Override
    public void work() throws InterruptedException {
        takeUpHeld();
        reading.start();
        while (!isClosed) {
            tasks.work(nextTime());
            takeDue();
            if (System.nanoTime() - committed >= COMMIT_NANOS) {
                commit();
            }
        }
        commit();
    }

    /// When there is something to do though no task comes.
    private long nextTime() {
        long now = System.nanoTime();
        long next =
                dirty.isEmpty() && stretches.isEmpty()
                        ? now + IDLE_NANOS
                        : committed + COMMIT_NANOS;
        Instant due = nextDue;
        if (due != null && !isFull()) {
            long millis = Duration.between(parts.clock().instant(), due).toMillis();
            long then = now + TimeUnit.MILLISECONDS.toNanos(Math.max(1, millis));
            next = Math.min(next, Math.max(then, lookAgain));
        }
        return next;
    }

    @Override
    public void soon(Runnable task) {
        tasks.soon(task);
    }

    @Override
    public void later(long millis, Runnable task) {
        tasks.later(millis, task);
    }

    @Override
    public CompletionStage<Reply<Object>> send(
            Aggregate<Object, Object, Object> to, String id, Object command, Cause cause) {
        return answered(command, () -> targets.send(to, id, command, cause));
    }

    @Override
    public CompletionStage<Reply<Object>> tell(String id, SagaCommand command, Cause cause) {
        return answered(command, () -> targets.tell(erased(saga.aggregate()), id, command, cause));
    }

    @SuppressWarnings("unchecked")
    private static Aggregate<Object, Object, Object> erased(Aggregate<?, ?, ?> aggregate) {
        return (Aggregate<Object, Object, Object>) aggregate;
    }

    @Override
    public CompletionStage<Reply<Object>> process(
            String processor, String id, Object request, Cause cause) {
        return answered(request, () -> targets.process(processor, id, request, cause));
    }

    private CompletionStage<Reply<Object>> answered(
            Object command, Supplier<CompletionStage<Reply<Object>>> sending) {
        try {
            return sending.get();
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.error("{} cannot send {}", saga, command.getClass().getName(), e);
            return CompletableFuture.completedFuture(
                    new Reply.Failed<>(Reply.Failure.DEFECT, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public CompletionStage<Reply<Object>> state(Aggregate<Object, Object, Object> of, String id) {
        return targets.state(of, id);
    }

    /// Ends the work when the log cannot be read: then another session goes on.
    private void fail(Throwable failure) {
        if (isClosed) {
            return;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    @Override
    public long backlogMillis() {
        return Math.max(backlogMillis, reading.unreadMillis(parts.clock().millis()));
    }

    @Override
    public boolean isReading() {
        return isClosed || reading.isWell();
    }

    private void found(List<Found> found, Positions upTo) {
        ReadAhead stretch = new ReadAhead(upTo, found.size());
        stretches.add(stretch);
        for (Found one : found) {
            switch (one) {
                case Found.Own(var id, var revision) -> own(id, revision, stretch);
                case Found.Event event -> offered(event, stretch);
            }
        }
    }

    private void own(String id, long revision, ReadAhead stretch) {
        SagaInstance instance = instances.get(id);
        if (instance == null && remembered.getOrDefault(id, 0L) >= revision) {
            return;
        }
        if (instance != null && instance.known != null && instance.known.revision() >= revision) {
            return;
        }
        SagaInstance changed = instances.computeIfAbsent(id, SagaInstance::new);
        changed.followed = Math.max(changed.followed, revision);
        changed.lookedFor.add(stretch);
        stretch.looks++;
        changed.isInDoubt = true;
        desk.attend(changed);
    }

    private void offered(Found.Event event, ReadAhead stretch) {
        if (held.contains(event.place())) {
            return; // it waits for its turn already
        }
        stretch.open.add(event.place());
        SagaInstance instance = instances.computeIfAbsent(event.id(), SagaInstance::new);
        instance.waiting.add(
                new Input(
                        event.offer(),
                        event.place(),
                        stretch,
                        event.cause(),
                        event.cause().seen()));
        desk.attend(instance);
    }

    /// The inputs in front of the checkpoint that were not taken before. One that cannot be read
    /// stays held, and its partition with it.
    private void takeUpHeld() {
        for (SagaIndex.Place place : SagaIndex.held(store, view)) {
            held.add(place);
            if (holds.isHeld(place.partition())) {
                continue;
            }
            Found.Event event;
            try {
                event = follower.read(place);
            } catch (CodecException e) {
                holds.stopFor(place, checkpoint.offset(place.partition()), e);
                continue;
            }
            if (event == null) {
                release(place);
            } else {
                SagaInstance instance = instances.computeIfAbsent(event.id(), SagaInstance::new);
                instance.waiting.add(
                        new Input(event.offer(), place, null, event.cause(), event.cause().seen()));
            }
        }
        List.copyOf(instances.values()).forEach(desk::attend);
    }

    private void release(SagaIndex.Place place) {
        held.remove(place);
        SagaIndex.release(writer, place.partition(), place.offset());
    }

    @Override
    public void taken(Input input) {
        SagaIndex.Place place = input.place();
        if (place != null) {
            if (input.stretch() != null) {
                input.stretch().open.remove(place);
            }
            if (held.contains(place)) {
                release(place);
            }
        }
    }

    @Override
    public void changed(SagaInstance instance) {
        dirty.add(instance);
        if (!instance.isInDoubt) {
            instance.lookedFor.forEach(stretch -> stretch.looks--);
            instance.lookedFor.clear();
        }
    }

    /// Takes up instances whose time has come.
    private void takeDue() {
        Instant now = parts.clock().instant();
        Instant due = nextDue;
        if (due == null || due.isAfter(now) || isFull() || System.nanoTime() - lookAgain < 0) {
            return;
        }
        lookAgain = System.nanoTime() + DUE_NANOS;
        List<String> ids = SagaIndex.due(store, view, now, MOST_INSTANCES);
        for (String id : ids) {
            SagaInstance instance = instances.get(id);
            if (instance != null) {
                desk.wake(instance);
            } else {
                instance = new SagaInstance(id);
                instance.isInDoubt = true;
                instances.put(id, instance);
                desk.attend(instance);
            }
        }
        nextDue = ids.size() == MOST_INSTANCES ? now : SagaIndex.nextDue(store, view, now);
    }

    /// Those that cannot be reached count apart, or the partitions of a database that is away would
    /// hold up the sagas of all others.
    private boolean isFull() {
        if (instances.size() <= MOST_INSTANCES / 2) {
            return false;
        }
        long lost = instances.values().stream().filter(instance -> instance.isLost).count();
        return lost > MOST_LOST || instances.size() - lost > MOST_INSTANCES / 2;
    }

    private void commit() {
        backlogMillis = desk.backlogMillis();
        holdOld();
        while (!stretches.isEmpty() && stretches.getFirst().isDone()) {
            ReadAhead done = stretches.removeFirst();
            checkpoint = done.upTo;
            toRelease += done.found;
        }
        if (!isFull()) {
            reading.proceed(toRelease);
            toRelease = 0;
        }
        committed = System.nanoTime();
        if (dirty.isEmpty() && checkpoint.equals(saved) && holds.all().size() == holdsShown) {
            confirm();
            return;
        }
        showHolds();
        Instant first = null;
        for (SagaInstance instance : dirty) {
            Instant due = write(instance);
            first = due != null && (first == null || due.isBefore(first)) ? due : first;
        }
        writer.commit(checkpoint);
        confirmed = committed;
        saved = checkpoint;
        if (first != null && (nextDue == null || first.isBefore(nextDue))) {
            nextDue = first;
        }
        dirty.forEach(this::forgetIfIdle);
        dirty.clear();
    }

    private void showHolds() {
        if (holds.all().size() != holdsShown) {
            holdsShown = holds.all().size();
            SagaIndex.writeHolds(writer, holds.all(), parts.clock().instant());
        }
    }

    /// So that a runner whose saga was taken by another notices, though nothing happens.
    private void confirm() {
        if (committed - confirmed >= CONFIRM_NANOS) {
            writer.confirm();
            confirmed = committed;
        }
    }

    /// @return when an idle instance has to be looked after again
    private @Nullable Instant write(SagaInstance instance) {
        var known = instance.known;
        if (instance.isLost) {
            Instant now = parts.clock().instant();
            String reason = "it cannot be told anything: " + instance.lostFor;
            SagaState.Status status =
                    instance.needsPeople ? SagaState.Status.PARKED : SagaState.Status.LIVE;
            SagaIndex.writeLost(writer, instance.id, status, now, reason);
            return null;
        }
        if (known == null || known.revision() == 0) {
            return null;
        }
        if (known.state().status() == SagaState.Status.COMPLETED) {
            SagaIndex.delete(writer, instance.id);
            return null;
        }
        SagaIndex.write(writer, saga, instance.id, known.state());
        return instance.isIdle() ? known.state().next(saga.patience()) : nextTimer(known.state());
    }

    private static @Nullable Instant nextTimer(SagaState<Object> state) {
        return state.timers().values().stream()
                .map(SagaState.Timer::due)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private void forgetIfIdle(SagaInstance instance) {
        if (instance.isIdle()) {
            instances.remove(instance.id);
            if (instance.known != null) {
                remembered.put(instance.id, instance.known.revision());
            }
        }
    }

    /// What has not been taken for long holds up the checkpoint no longer.
    private void holdOld() {
        boolean isAnyToLose = false;
        for (ReadAhead stretch : stretches) {
            if (!isOld(stretch)) {
                break;
            }
            isAnyToLose |= stretch.looks > 0;
            hold(stretch.open);
            stretch.open.clear();
        }
        if (isAnyToLose) {
            instances.values().stream()
                    .filter(instance -> instance.lookedFor.stream().anyMatch(SagaSession::isOld))
                    .forEach(this::lose);
        }
        if (heldUntold > 0 && System.nanoTime() - toldHeld >= HOLD_NANOS) {
            LOG.warn("{} has not taken {} events for long", saga, heldUntold);
            heldUntold = 0;
            toldHeld = System.nanoTime();
        }
    }

    private static boolean isOld(ReadAhead stretch) {
        return System.nanoTime() - stretch.since >= HOLD_NANOS;
    }

    private void hold(Set<SagaIndex.Place> open) {
        for (SagaIndex.Place place : open) {
            SagaIndex.hold(writer, place.partition(), place.offset());
            held.add(place);
        }
        heldUntold += open.size();
    }

    /// It cannot be looked at for long: its row says to try again.
    private void lose(SagaInstance instance) {
        if (instance.lostFor.isEmpty()) {
            instance.lostFor = "its partition does not answer";
        }
        instance.isLost = true;
        dirty.add(instance);
        instance.lookedFor.forEach(stretch -> stretch.looks--);
        instance.lookedFor.clear();
    }

    @Override
    public void stop() {
        isClosed = true;
        soon(() -> {});
    }

    @Override
    public void close() {
        isClosed = true;
        reading.close();
    }
}
