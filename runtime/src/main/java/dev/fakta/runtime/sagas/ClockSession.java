// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.Alarm;
import dev.fakta.domain.AlarmChanges;
import dev.fakta.domain.AlarmChanges.Change;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.At;
import dev.fakta.domain.Processor;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.View;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.core.Fatal;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.views.engine.ViewStore;
import dev.fakta.views.engine.ViewWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An alarm clock's runner at work, from one opening of its index to the next failure.
///
/// One thread reads the log and says what events change, in stretches; the other, [#work], keeps
/// the alarms that are set in the index, with the checkpoint behind the events that have set them,
/// and has them ring when their time has come. So an alarm that is set is in no memory, but for
/// those of the last moments; one that is cleared in the same moment costs no row.
///
/// What has happened before the runner began is read first, and nothing rings before: an alarm that
/// was cleared long ago then does not ring when a clock reads all of a log.
final class ClockSession implements SagaRunner.Session {

    private static final int MOST_RINGING = 2_048;
    private static final int ROWS = 2 * MOST_RINGING;
    private static final long COMMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long CONFIRM_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final Logger LOG = LoggerFactory.getLogger(ClockSession.class);

    private final AlarmClock clock;
    private final View view;
    private final NodeParts parts;
    private final ViewStore store;
    private final ViewWriter writer;
    private final SagaHolds holds;
    private final Sender sender;
    private final SagaReading<Changes> reading;
    private final TaskQueue tasks = new TaskQueue();
    private final long started = System.nanoTime();

    /// How far the log went when the runner began.
    private final Positions before;

    /// Where a hybrid time was met, for an operator.
    private final String told;

    /// What differs from the index, by the keys of alarms.
    private final Map<String, Pending> pending = new LinkedHashMap<>();

    private final Map<String, Ringing> ringing = new HashMap<>();
    private Positions checkpoint;
    private Positions saved;
    private @Nullable Instant nextDue = Instant.EPOCH;
    private long committed = started;
    private long confirmed = started;
    private long lookAgain = started;
    private int toProceed;
    private int holdsShown = -1;
    private boolean isSilent = true;
    private volatile long backlogMillis;
    private volatile boolean isClosed;

    /// What an event changes.
    private record Changes(AlarmChanges changes, Instant time, Cause cause) {}

    /// What the next commit does to an alarm's row.
    private sealed interface Pending {
        record Write(ErrandIndex.Due row) implements Pending {}

        record WriteUnlessThere(ErrandIndex.Due row) implements Pending {}

        record Delete() implements Pending {}
    }

    /// An alarm whose command is under way.
    private static final class Ringing {
        final ErrandIndex.Due row;

        /// It was set anew or cleared since it began to ring: what comes of it changes nothing.
        boolean isOverruled;

        Ringing(ErrandIndex.Due row) {
            this.row = row;
        }
    }

    ClockSession(
            AlarmClock clock,
            NodeParts parts,
            ViewStore store,
            ViewWriter writer,
            SagaSession.SagaTargets targets,
            SagaHolds holds) {
        this.clock = clock;
        this.view = ErrandIndex.view(clock.name());
        this.parts = parts;
        this.store = store;
        this.writer = writer;
        this.holds = holds;
        this.sender = new Sender(clock, parts.settings(), targets, tasks);
        this.told = "what %s was told".formatted(clock);
        this.before = parts.log().heads();
        this.checkpoint = Positions.start(parts.log().partitions()).merge(writer.checkpoint());
        this.saved = checkpoint;
        this.reading =
                new SagaReading<>(
                        view.name() + "-log",
                        parts.log(),
                        checkpoint,
                        new EventFollower<>(clock.setters(), parts, holds, this::changes)::find,
                        holds,
                        (found, upTo) -> tasks.soon(() -> found(found, upTo)),
                        failure -> tasks.soon(() -> fail(failure)));
    }

    private @Nullable Changes changes(Object event, At at, Cause cause) {
        AlarmChanges changes = clock.changes(event, at);
        return changes == null ? null : new Changes(changes, at.time(), cause);
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
        boolean isDirty = !checkpoint.equals(saved) || !pending.isEmpty();
        long next = isDirty ? committed + COMMIT_NANOS : now + IDLE_NANOS;
        Instant due = nextDue;
        if (due != null && !isSilent() && !isFull()) {
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

    private boolean isFull() {
        return ringing.size() >= MOST_RINGING;
    }

    /// Whether what had happened before the runner began is still being read. A log of which a part
    /// cannot be read does not keep the alarms of the others silent for long.
    private boolean isSilent() {
        if (isSilent && System.nanoTime() - started < LONGEST_SILENCE_NANOS) {
            isSilent = Arrays.stream(before.partitions()).anyMatch(this::isUnread);
        } else {
            isSilent = false;
        }
        return isSilent;
    }

    private boolean isUnread(int partition) {
        return !holds.isHeld(partition) && checkpoint.offset(partition) < before.offset(partition);
    }

    // --- what is set ---

    private void found(List<Changes> found, Positions upTo) {
        for (Changes one : found) {
            parts.clocks().met(one.cause.seen(), told);
            one.changes.changes().forEach(change -> apply(one, change));
        }
        checkpoint = upTo;
        toProceed += found.size();
    }

    private void apply(Changes of, Change change) {
        String id = of.changes.id();
        switch (change) {
            case Change.Ring(var alarm, var after) ->
                    set(of, alarm, after.isZero() ? parts.clock().instant() : of.time.plus(after));
            case Change.RingAt(var alarm, var time) -> set(of, alarm, time);
            case Change.RingUnlessSet(var alarm, var after) ->
                    setUnlessSet(row(of, alarm, of.time.plus(after)));
            case Change.Clear(var alarm) -> clear(key(alarm, id));
            case Change.ClearAll() -> clock.alarms().forEach(alarm -> clear(key(alarm, id)));
        }
    }

    private void set(Changes of, String alarm, Instant due) {
        ErrandIndex.Due row = row(of, alarm, due);
        overrule(row.id());
        write(row);
    }

    private void setUnlessSet(ErrandIndex.Due row) {
        Pending now = pending.get(row.id());
        Alarm alarm = alarm(clock, row.id());
        boolean isRinging = ringing.containsKey(row.id());
        if (now instanceof Pending.Delete || isRinging && !isPeriodic(alarm)) {
            overrule(row.id()); // what rings is set no longer
            write(row);
        } else if (now == null && !isRinging) {
            pending.put(row.id(), new Pending.WriteUnlessThere(row));
            awaits(row.due());
        }
    }

    private static boolean isPeriodic(@Nullable Alarm alarm) {
        return alarm != null && alarm.period() != null;
    }

    private void clear(String key) {
        overrule(key);
        pending.put(key, new Pending.Delete());
    }

    private void overrule(String key) {
        Ringing rings = ringing.get(key);
        if (rings != null) {
            rings.isOverruled = true;
        }
    }

    private void write(ErrandIndex.Due row) {
        pending.put(row.id(), new Pending.Write(row));
        boolean isDue = !row.due().isAfter(parts.clock().instant());
        if (!isDue || isSilent() || !ring(row)) {
            awaits(row.due());
        }
    }

    private void awaits(Instant due) {
        if (nextDue == null || due.isBefore(nextDue)) {
            nextDue = due;
        }
    }

    private static ErrandIndex.Due row(Changes of, String alarm, Instant due) {
        String key = key(alarm, of.changes.id());
        return new ErrandIndex.Due(key, 0, ceiling(due), of.time, "", of.cause);
    }

    /// The index has milliseconds, and nothing rings too early.
    private static Instant ceiling(Instant time) {
        Instant floor = time.truncatedTo(ChronoUnit.MILLIS);
        return floor.equals(time) ? time : floor.plusMillis(1);
    }

    /// An alarm's name has no colon in it.
    private static String key(String alarm, String id) {
        return alarm + ":" + id;
    }

    /// The alarm of a key; `null` when this program does not have it.
    static @Nullable Alarm alarm(AlarmClock clock, String key) {
        return clock.find(key.substring(0, Math.max(0, key.indexOf(':'))));
    }

    /// The id of a key.
    static String id(String key) {
        return key.substring(key.indexOf(':') + 1);
    }

    // --- what rings ---

    private void takeDue() {
        Instant now = parts.clock().instant();
        Instant due = nextDue;
        if (due == null
                || due.isAfter(now)
                || isSilent()
                || isFull()
                || System.nanoTime() - lookAgain < 0) {
            return;
        }
        commit(); // as queries see committed rows only
        lookAgain = System.nanoTime() + LOOK_NANOS;
        List<ErrandIndex.Due> rows = ErrandIndex.due(store, view, now, ROWS);
        rows.forEach(this::ring);
        nextDue = rows.size() == ROWS ? now : ErrandIndex.nextDue(store, view, now);
    }

    /// Answers `false` when it does not, for now.
    private boolean ring(ErrandIndex.Due row) {
        Alarm alarm = alarm(clock, row.id());
        if (alarm == null || isFull() || ringing.containsKey(row.id())) {
            return false; // an alarm that only a newer program has is left to it
        }
        Ringing rings = new Ringing(row);
        ringing.put(row.id(), rings);
        sender.sendInTurn(
                () -> new Sender.Errand(alarm.sent(id(row.id())), row.cause()),
                reply -> rang(alarm, rings, reply));
        return true;
    }

    private void rang(Alarm alarm, Ringing rings, Reply<Object> reply) {
        String key = rings.row.id();
        ringing.remove(key);
        if (rings.isOverruled) {
            awaits(parts.clock().instant()); // it may be set to a time that has come meanwhile
            return;
        }
        switch (reply) {
            case Reply.Accepted<Object> _, Reply.Repeated<Object> _ -> done(alarm, rings);
            case Reply.Rejected<Object>(var rejection, _) ->
                    refused(alarm, rings, rejection.name(), rejection.detail());
            case Reply.Refused<Object>(var problems) ->
                    refused(alarm, rings, "REFUSED", Processor.Problem.text(problems));
            case Reply.Failed<Object> _,
                    Reply.Busy<Object> _,
                    Reply.Moved<Object> _,
                    Reply.IdReused<Object> _ ->
                    failed(alarm, rings, Errands.failed(reply).reason());
        }
    }

    private void done(Alarm alarm, Ringing rings) {
        Duration period = alarm.period();
        if (period == null) {
            pending.put(rings.row.id(), new Pending.Delete());
        } else {
            again(rings, period);
        }
    }

    private void again(Ringing rings, Duration after) {
        Instant now = parts.clock().instant();
        ErrandIndex.Due row = rings.row;
        write(new ErrandIndex.Due(row.id(), 0, now.plus(after), now, "", row.cause()));
    }

    private void refused(Alarm alarm, Ringing rings, String name, String detail) {
        String reason = detail.isEmpty() ? name : name + ": " + detail;
        Alarm.AfterRefusal then;
        try {
            then = alarm.refused(id(rings.row.id()), name, detail);
        } catch (Throwable e) {
            Fatal.rethrow(e);
            LOG.error("{} fails on a refusal of {}: {}", clock, rings.row.id(), reason, e);
            failed(alarm, rings, reason + ": " + e);
            return;
        }
        switch (then) {
            case Alarm.AfterRefusal.Done() -> done(alarm, rings);
            case Alarm.AfterRefusal.Again(var after) -> again(rings, after);
            case Alarm.AfterRefusal.Trouble() -> failed(alarm, rings, reason);
        }
    }

    private void failed(Alarm alarm, Ringing rings, String reason) {
        ErrandIndex.Due row = rings.row;
        int failures = row.failures() + 1;
        Instant now = parts.clock().instant();
        if (failures == alarm.retry().attempts()) {
            LOG.error("{} {} goes wrong again and again: {}", clock, row.id(), reason);
        }
        write(
                new ErrandIndex.Due(
                        row.id(),
                        failures,
                        now.plus(pause(alarm.retry().pause(failures))),
                        row.failures() == 0 ? now : row.since(),
                        reason,
                        row.cause()));
    }

    /// Up to a quarter shorter by chance, so that what went wrong together is not tried together.
    private static Duration pause(Duration longest) {
        long quarter = longest.dividedBy(4).toMillis();
        return longest.minusMillis(ThreadLocalRandom.current().nextLong(quarter + 1));
    }

    // --- the index ---

    private void commit() {
        backlogMillis = sender.backlogMillis();
        committed = System.nanoTime();
        boolean isNew =
                !pending.isEmpty() || !checkpoint.equals(saved) || holds.all().size() != holdsShown;
        if (isNew) {
            save();
        } else if (committed - confirmed >= CONFIRM_NANOS) {
            writer.confirm(); // so that one whose clock was taken notices, though nothing happens
            confirmed = committed;
        }
        reading.proceed(toProceed);
        toProceed = 0;
    }

    private void save() {
        pending.forEach(this::save);
        pending.clear();
        if (holds.all().size() != holdsShown) {
            holdsShown = holds.all().size();
            ErrandIndex.writeHolds(writer, holds.all(), parts.clock().instant());
        }
        writer.commit(checkpoint);
        confirmed = committed;
        saved = checkpoint;
    }

    private void save(String key, Pending one) {
        switch (one) {
            case Pending.Write(var row) -> ErrandIndex.write(writer, row, status(row));
            case Pending.WriteUnlessThere(var row) -> ErrandIndex.writeUnlessThere(writer, row);
            case Pending.Delete() -> ErrandIndex.delete(writer, key);
        }
    }

    private SagaState.Status status(ErrandIndex.Due row) {
        Alarm alarm = alarm(clock, row.id());
        boolean isStuck = alarm != null && row.failures() >= alarm.retry().attempts();
        return isStuck ? SagaState.Status.STUCK : SagaState.Status.LIVE;
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
