// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.domain.Alarm;
import dev.fakta.domain.Alarm.AfterRefusal;
import dev.fakta.domain.AlarmChanges;
import dev.fakta.domain.AlarmChanges.Change;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Processor;
import dev.fakta.domain.SagaEvent.Request;
import dev.fakta.domain.Send;
import dev.fakta.runtime.Reply;
import dev.fakta.testkit.Moves.Move;
import dev.fakta.testkit.WorldStreams.Recorded;
import dev.fakta.testkit.WorldStreams.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An alarm clock's runner in a [World]: the same duties as a node's, a move at a time.
///
/// An alarm may ring late, and once more than it should: also when it was cleared since, as by a
/// runner that has died before it noted that it had rung.
final class WorldClock {

    /// So many of the alarms that are due when they are set anew or cleared ring all the same.
    private static final int LATE_ONE_IN = 4;

    private final World world;
    private final AlarmClock clock;

    /// The alarms that are set or ring, by alarm and id.
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    private long runs;

    /// What an alarm is set to for an id.
    private final class Setting {
        private final Alarm alarm;
        private final String id;
        private final Move move;

        /// When it rings; `null` when it is not set.
        private @Nullable Instant due;

        private @Nullable Recorded caller;
        private boolean isRinging;

        /// Counts what sets and clears it, so that an answer that comes later changes nothing.
        private int changes;

        private int failures;
        private String reason = "";

        private Setting(Alarm alarm, String id) {
            this.alarm = alarm;
            this.id = id;
            this.move = new Move(alarm + " rings for " + id, () -> ring(this));
        }

        /// One that rings is set no longer, unless it rings again.
        private boolean isSet() {
            return due != null && (!isRinging || alarm.period() != null);
        }

        private boolean isStuck() {
            return failures >= alarm.retry().attempts();
        }

        private boolean isWaiting() {
            return due != null && !isRinging && !isStuck();
        }

        private boolean isReady() {
            return isWaiting() && !Objects.requireNonNull(due).isAfter(world.now());
        }

        private void set(@Nullable Instant time, Recorded by) {
            if (!world.isCalm() && isReady() && world.random().nextInt(LATE_ONE_IN) == 0) {
                world.tell(() -> clock + ": rings before it has read that");
                ring(this);
            }
            due = time;
            caller = by;
            failures = 0;
            changes++;
            forget();
        }

        private void forget() {
            if (due == null && !isRinging) {
                settings.remove(key(alarm.name(), id));
            }
        }
    }

    WorldClock(World world, AlarmClock clock) {
        this.world = world;
        this.clock = clock;
    }

    /// An event was recorded, by whichever stream.
    void recorded(Recorded recorded) {
        AlarmChanges changes = clock.changes(recorded.event(), recorded.at());
        if (changes != null) {
            changes.changes().forEach(change -> apply(changes.id(), change, recorded));
        }
    }

    private void apply(String id, Change change, Recorded by) {
        Instant then = by.at().time();
        switch (change) {
            case Change.Ring(var alarm, var after) -> setting(alarm, id).set(then.plus(after), by);
            case Change.RingAt(var alarm, var time) -> setting(alarm, id).set(time, by);
            case Change.RingUnlessSet(var alarm, var after) -> {
                if (!setting(alarm, id).isSet()) {
                    setting(alarm, id).set(then.plus(after), by);
                }
            }
            case Change.Clear(var alarm) -> clear(alarm, id, by);
            case Change.ClearAll() -> clock.alarms().forEach(alarm -> clear(alarm, id, by));
        }
    }

    private void clear(String alarm, String id, Recorded by) {
        Setting one = settings.get(key(alarm, id));
        if (one != null) {
            one.set(null, by);
        }
    }

    private Setting setting(String alarm, String id) {
        return settings.computeIfAbsent(
                key(alarm, id), _ -> new Setting(Objects.requireNonNull(clock.find(alarm)), id));
    }

    private static String key(String alarm, String id) {
        return alarm + ":" + id;
    }

    /// What is set, and when it rings.
    Map<String, Instant> set() {
        Map<String, Instant> set = new LinkedHashMap<>();
        for (Setting one : settings.values()) {
            if (one.due != null) {
                set.put(key(one.alarm.name(), one.id), one.due);
            }
        }
        return set;
    }

    /// All that the runner can do now.
    void addMoves(Moves moves) {
        for (Setting one : settings.values()) {
            if (one.isReady()) {
                moves.add(one.move);
            }
        }
    }

    /// When an alarm rings that does not yet; `null` when none is set.
    @Nullable Instant next() {
        Instant next = null;
        for (Setting one : settings.values()) {
            if (one.isWaiting()) {
                next = world.earlier(next, one.due);
            }
        }
        return next;
    }

    /// Adds the alarms that go wrong again and again, with their reason.
    void addStuck(Map<String, String> stuck) {
        for (Setting one : settings.values()) {
            if (one.due != null && one.isStuck()) {
                stuck.put("%s %s:%s".formatted(clock.name(), one.alarm.name(), one.id), one.reason);
            }
        }
    }

    private void ring(Setting one) {
        one.isRinging = true;
        int changes = one.changes;
        Send<?> send = one.alarm.sent(one.id);
        Processor<?, ?> processor = send.processor();
        UUID id = world.freshId();
        Recorded caller = one.caller;
        world.submit(
                one.alarm + " for " + one.id + ", ring " + ++runs,
                new Request(
                        send.aggregate().name(),
                        processor == null ? "" : processor.name(),
                        send.id(),
                        send.command()),
                new Why(
                        id,
                        caller == null ? id : caller.at().correlationId(),
                        caller == null ? id : caller.at().commandId(),
                        clock.toString()),
                reply -> answered(one, changes, reply));
    }

    private void answered(Setting one, int changes, Reply<Object> reply) {
        one.isRinging = false;
        if (changes != one.changes) {
            one.forget();
            return;
        }
        if (world.fails()) {
            world.tell(() -> clock + ": the runner dies before it has noted that");
            return;
        }
        switch (reply) {
            case Reply.Accepted<Object> _, Reply.Repeated<Object> _ -> done(one);
            case Reply.Rejected<Object>(var rejection, _) ->
                    refused(one, rejection.name(), rejection.detail());
            case Reply.Refused<Object>(var problems) ->
                    refused(one, "REFUSED", Processor.Problem.text(problems));
            case Reply.Failed<Object> _,
                    Reply.Moved<Object> _,
                    Reply.IdReused<Object> _,
                    Reply.Busy<Object> _ ->
                    failed(one, reply.toString());
        }
    }

    private void done(Setting one) {
        Duration period = one.alarm.period();
        one.failures = 0;
        one.due = period == null ? null : world.now().plus(period);
        one.forget();
    }

    private void refused(Setting one, String name, String detail) {
        switch (one.alarm.refused(one.id, name, detail)) {
            case AfterRefusal.Done() -> done(one);
            case AfterRefusal.Again(var after) -> {
                one.failures = 0;
                one.due = world.now().plus(after);
            }
            case AfterRefusal.Trouble() -> failed(one, name + ": " + detail);
        }
    }

    private void failed(Setting one, String reason) {
        one.failures++;
        one.reason = reason;
        one.due = world.now().plus(one.alarm.retry().pause(one.failures));
    }
}
