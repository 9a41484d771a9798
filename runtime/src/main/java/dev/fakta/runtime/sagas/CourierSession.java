// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.At;
import dev.fakta.domain.Courier;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.View;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.views.engine.ViewStore;
import dev.fakta.views.engine.ViewWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A courier's runner at work, from one opening of its index to the next failure.
///
/// One thread reads the log and says which ids are called, in stretches; the other, [#work], has
/// the errands run, one at a time for an id. The checkpoint passes a stretch when every id that it
/// calls has had an errand which began after the call and was done, or stands in the index. There
/// it stands when the errand takes long or has gone wrong for some seconds: then it is held in no
/// memory, and runs when its time comes.
///
/// Two errands for one id may overlap: one that got no answer may still be under way, and so may
/// those of the runner before this one. The answer of the older one may then come last. So an
/// errand after which that is possible is run once more when both are over for sure.
///
/// Bounded: so much is read ahead, so many ids are in memory.
final class CourierSession implements SagaRunner.Session {

    private static final int MOST_CALLS = 4_096;
    private static final int MOST_EARLY = 2 * SagaReading.MOST_AHEAD;
    private static final long EARLY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long COMMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long DUE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Duration ROWS_LOOKED_FOR = Duration.ofSeconds(1);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long CONFIRM_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_IN_MEMORY_MILLIS = 2_000;
    private static final Logger LOG = LoggerFactory.getLogger(CourierSession.class);

    private final Courier courier;
    private final View view;
    private final NodeParts parts;
    private final ViewStore store;
    private final ViewWriter writer;
    private final SagaHolds holds;
    private final Errands errands;
    private final SagaReading<Called> reading;
    private final TaskQueue tasks = new TaskQueue();
    private final ArrayDeque<Stretch> stretches = new ArrayDeque<>();
    private final Map<String, Call> calls = new HashMap<>();
    private final long started = System.nanoTime();
    private final Duration overlap;

    /// Where a hybrid time was met, for an operator.
    private final String told;

    /// How far the log went when the runner began.
    private final Positions before;

    private Positions checkpoint;
    private Positions readTo;
    private Positions saved;
    private @Nullable Instant nextDue = Instant.EPOCH;
    private long committed = started;
    private long confirmed = started;
    private long lookAgain = started;
    private boolean isDirty;
    private boolean hasRows = true;
    private int foundInAll;
    private int toRelease;
    private int holdsShown = -1;
    private volatile long backlogMillis;
    private volatile boolean isClosed;

    /// A piece of the log.
    private static final class Stretch {
        final Positions upTo;

        /// How much was found in it.
        final int found;

        final boolean isEarly;
        final long since = System.nanoTime();

        /// The calls of which no errand was done yet.
        int open;

        Stretch(Positions upTo, int found, boolean isEarly) {
            this.upTo = upTo;
            this.found = found;
            this.isEarly = isEarly;
        }
    }

    /// An id that was called and whose errand is not done.
    private static final class Call {
        final String id;

        /// The stretches with calls that came before the errand began.
        List<Stretch> answers = new ArrayList<>();

        /// The stretches with calls that have come since.
        List<Stretch> missed = new ArrayList<>();

        /// Of the newest call; it has seen what the earlier ones have.
        @Nullable Cause cause;

        /// It waits for its turn or for an answer.
        boolean isBegun;

        /// The errand itself is under way.
        boolean isUnderWay;

        boolean isPausing;
        boolean isCalledAgain;

        /// Another errand for the id may be under way.
        boolean isInDoubt;

        /// What stands in the index as to be run once more by then.
        @Nullable Instant againDue;

        int failures;
        Instant since;
        String reason = "";

        Call(String id, Instant since) {
            this.id = id;
            this.since = since;
        }
    }

    /// A call for an id.
    private record Called(String id, Cause cause) {}

    CourierSession(
            Courier courier,
            NodeParts parts,
            ViewStore store,
            ViewWriter writer,
            SagaSession.SagaTargets targets,
            SagaHolds holds) {
        this.courier = courier;
        this.view = ErrandIndex.view(courier.name());
        this.parts = parts;
        this.store = store;
        this.writer = writer;
        this.holds = holds;
        this.errands = new Errands(courier, parts.settings(), targets, tasks);
        this.told = "what %s was told".formatted(courier);
        this.overlap = parts.settings().answerWithin().multipliedBy(3);
        this.checkpoint = Positions.start(parts.log().partitions()).merge(writer.checkpoint());
        this.readTo = checkpoint;
        this.saved = checkpoint;
        this.before = parts.log().heads();
        this.reading =
                new SagaReading<>(
                        view.name() + "-log",
                        parts.log(),
                        checkpoint,
                        new EventFollower<>(courier.callers(), parts, holds, this::called)::find,
                        holds,
                        (found, upTo) -> tasks.soon(() -> found(found, upTo)),
                        failure -> tasks.soon(() -> fail(failure)));
    }

    @Override
    public void work() throws InterruptedException {
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
        long next = isDirty || !stretches.isEmpty() ? committed + COMMIT_NANOS : now + IDLE_NANOS;
        Instant due = nextDue;
        if (due != null && !isFull()) {
            long millis = Duration.between(parts.clock().instant(), due).toMillis();
            long then = now + TimeUnit.MILLISECONDS.toNanos(Math.max(1, millis));
            next = Math.min(next, Math.max(then, lookAgain));
        }
        return next;
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

    private boolean isEarly() {
        return System.nanoTime() - started < EARLY_NANOS;
    }

    /// Whether what is read next may have been read ahead by the runner before.
    private boolean isOld() {
        return foundInAll < MOST_EARLY && !readTo.covers(before);
    }

    private boolean isFull() {
        return calls.size() > MOST_CALLS / 2;
    }

    // --- calls ---

    private @Nullable Called called(Object event, At at, Cause cause) {
        String id = courier.calledFor(event, at);
        return id == null ? null : new Called(id, cause);
    }

    private void found(List<Called> found, Positions upTo) {
        Stretch stretch = new Stretch(upTo, found.size(), isOld() || isEarly());
        stretches.add(stretch);
        readTo = upTo;
        foundInAll = Math.min(MOST_EARLY, foundInAll + found.size());
        for (Called called : found) {
            call(called.id(), called.cause(), stretch);
        }
    }

    private void call(String id, Cause cause, Stretch stretch) {
        Call call = calls.computeIfAbsent(id, _ -> new Call(id, parts.clock().instant()));
        List<Stretch> waiting = call.isUnderWay ? call.missed : call.answers;
        if (waiting.isEmpty() || waiting.getLast() != stretch) {
            waiting.add(stretch);
            stretch.open++;
        }
        call.isCalledAgain |= call.isUnderWay;
        call.isInDoubt |= stretch.isEarly;
        parts.clocks().met(cause.seen(), told);
        call.cause = call.cause == null ? cause : cause.seeing(call.cause.seen());
        begin(call);
    }

    private void begin(Call call) {
        if (call.isBegun || call.isPausing) {
            return;
        }
        call.isBegun = true;
        errands.run(
                call.id,
                () -> {
                    call.isUnderWay = true;
                    return call.cause;
                },
                outcome -> ended(call, outcome));
    }

    private void ended(Call call, Errands.Outcome outcome) {
        call.isBegun = false;
        call.isUnderWay = false;
        switch (outcome) {
            case Errands.Outcome.Done _ -> done(call);
            case Errands.Outcome.Failed(var reason, var mayGoOn) -> {
                call.isInDoubt |= mayGoOn;
                failed(call, reason);
            }
        }
    }

    private void done(Call call) {
        answered(call);
        call.failures = 0;
        if (call.isCalledAgain) {
            takeMissed(call);
            begin(call);
            return;
        }
        if (hasRows) {
            isDirty = true;
            ErrandIndex.delete(writer, call.id);
            if (call.againDue != null) {
                ErrandIndex.deleteAgain(writer, call.id, call.againDue);
            }
        }
        if (call.isInDoubt) {
            runOnceMore(call);
        }
        calls.remove(call.id);
    }

    private void runOnceMore(Call call) {
        Instant due = parts.clock().instant().plus(overlap);
        ErrandIndex.writeAgain(writer, call.id, due);
        written(due);
    }

    private static void answered(Call call) {
        call.answers.forEach(stretch -> stretch.open--);
        call.answers.clear();
    }

    private static void takeMissed(Call call) {
        call.isCalledAgain = false;
        call.answers.addAll(call.missed);
        call.missed = new ArrayList<>();
    }

    private void failed(Call call, String reason) {
        if (call.failures == 0) {
            call.since = parts.clock().instant();
        }
        call.failures++;
        call.reason = reason;
        takeMissed(call);
        if (call.failures == Errands.STUCK_AFTER) {
            LOG.error("{} {} goes wrong again and again: {}", courier, call.id, reason);
        }
        long pause = Errands.pauseMillis(call.failures);
        if (pause > LONGEST_IN_MEMORY_MILLIS) {
            write(call, parts.clock().instant().plusMillis(pause));
            calls.remove(call.id);
        } else {
            call.isPausing = true;
            tasks.later(
                    pause,
                    () -> {
                        call.isPausing = false;
                        begin(call);
                    });
        }
    }

    // --- the index ---

    /// From now on the id stands in the index, and holds up the checkpoint no longer.
    private void write(Call call, Instant due) {
        SagaState.Status status =
                call.failures >= Errands.STUCK_AFTER
                        ? SagaState.Status.STUCK
                        : SagaState.Status.LIVE;
        ErrandIndex.write(
                writer,
                new ErrandIndex.Due(
                        call.id, call.failures, due, call.since, call.reason, call.cause),
                status);
        answered(call);
        if (call.againDue != null) {
            ErrandIndex.deleteAgain(writer, call.id, call.againDue); // it is run later anyway
            call.againDue = null;
        }
        if (call.isInDoubt) {
            runOnceMore(call); // as the call may be forgotten now, and its doubt with it
        }
        written(due);
    }

    private void written(Instant due) {
        isDirty = true;
        hasRows = true;
        if (nextDue == null || due.isBefore(nextDue)) {
            nextDue = due;
        }
    }

    private void takeDue() {
        Instant now = parts.clock().instant();
        Instant due = nextDue;
        if (due == null || due.isAfter(now) || isFull() || System.nanoTime() - lookAgain < 0) {
            return;
        }
        if (isDirty) {
            commit(); // as queries see committed rows only
        }
        lookAgain = System.nanoTime() + DUE_NANOS;
        List<ErrandIndex.Due> rows = ErrandIndex.due(store, view, now, MOST_CALLS);
        for (ErrandIndex.Due row : rows) {
            Call call = calls.computeIfAbsent(row.id(), id -> new Call(id, row.since()));
            call.failures = Math.max(call.failures, row.failures());
            call.cause = call.cause == null ? row.cause() : call.cause;
            call.isInDoubt |= isEarly();
            begin(call);
        }
        List<String> again = ErrandIndex.again(store, view, now, MOST_CALLS);
        for (String id : again) {
            Call call = calls.computeIfAbsent(id, _ -> new Call(id, now));
            if (call.againDue == null) {
                call.againDue = now;
                call.isCalledAgain |= call.isUnderWay;
            }
            begin(call);
        }
        boolean isMore = rows.size() == MOST_CALLS || again.size() == MOST_CALLS;
        nextDue = isMore ? now : ErrandIndex.nextDue(store, view, now);
        hasRows = nextDue != null || !rows.isEmpty() || !again.isEmpty();
        if (hasRows && nextDue == null) {
            nextDue = now.plus(ROWS_LOOKED_FOR); // until the last of them is gone
        }
    }

    private void commit() {
        backlogMillis = errands.backlogMillis();
        holdOld();
        while (!stretches.isEmpty() && stretches.getFirst().open == 0) {
            Stretch done = stretches.removeFirst();
            checkpoint = done.upTo;
            toRelease += done.found;
        }
        if (!isFull()) {
            reading.proceed(toRelease);
            toRelease = 0;
        }
        committed = System.nanoTime();
        if (!isDirty && checkpoint.equals(saved) && holds.all().size() == holdsShown) {
            confirm();
            return;
        }
        if (holds.all().size() != holdsShown) {
            holdsShown = holds.all().size();
            ErrandIndex.writeHolds(writer, holds.all(), parts.clock().instant());
        }
        writer.commit(checkpoint);
        confirmed = committed;
        saved = checkpoint;
        isDirty = false;
    }

    /// So that a runner whose courier was taken by another notices, though nothing happens.
    private void confirm() {
        if (committed - confirmed >= CONFIRM_NANOS) {
            writer.confirm();
            confirmed = committed;
        }
    }

    /// What takes long holds up the checkpoint no longer.
    private void holdOld() {
        Stretch oldest = stretches.peekFirst();
        long now = System.nanoTime();
        if (oldest == null || oldest.open == 0 || now - oldest.since < HOLD_NANOS) {
            return;
        }
        for (Call call : calls.values()) {
            boolean isOld =
                    call.answers.stream().anyMatch(one -> now - one.since >= HOLD_NANOS)
                            || call.missed.stream().anyMatch(one -> now - one.since >= HOLD_NANOS);
            if (isOld) {
                write(call, parts.clock().instant());
                call.missed.forEach(stretch -> stretch.open--);
                call.missed.clear();
            }
        }
    }

    @Override
    public long backlogMillis() {
        return Math.max(backlogMillis, reading.unreadMillis(parts.clock().millis()));
    }

    @Override
    public boolean isReading() {
        return isClosed || reading.isWell();
    }

    @Override
    public void stop() {
        isClosed = true;
        tasks.soon(() -> {});
    }

    @Override
    public void close() {
        isClosed = true;
        reading.close();
    }
}
