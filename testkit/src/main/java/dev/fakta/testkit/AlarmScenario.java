// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.domain.Alarm;
import dev.fakta.domain.AlarmChanges;
import dev.fakta.domain.AlarmChanges.Change;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.At;
import dev.fakta.domain.Rejection;
import dev.fakta.domain.Send;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What an alarm clock does, in virtual time: events set and clear its alarms, time passes, alarms
/// ring.
///
/// ```java
/// AlarmScenario.scenario(CLOCK)
///         .whenIn("order-1", new PaymentRequested())
///         .thenRings("no-answer", "order-1", Duration.ofMinutes(30))
///         .whenTimePasses(Duration.ofMinutes(30))
///         .thenSends("order-1", new RecordNoAnswer());
/// ```
///
/// What an alarm sends is accepted, unless [#whenRefused] or [#whenUnanswered] says otherwise.
public final class AlarmScenario {

    private static final UUID NOBODY = new UUID(0, 0);

    private final AlarmClock clock;
    private final Map<String, Instant> alarms = new TreeMap<>();
    private final List<Rung> rung = new ArrayList<>();
    private final Map<String, Integer> unanswered = new HashMap<>();
    private Instant now = Instant.parse("2026-07-01T12:00:00Z");
    private long revision;

    private record Rung(String key, Alarm alarm, String id, Send<?> send) {}

    private AlarmScenario(AlarmClock clock) {
        this.clock = clock;
    }

    /// Begins with no alarm set, at noon on 1 July 2026, UTC.
    public static AlarmScenario scenario(AlarmClock clock) {
        return new AlarmScenario(clock);
    }

    /// What time it is.
    public Instant now() {
        return now;
    }

    /// An event was recorded now.
    ///
    /// @param id of its aggregate
    public AlarmScenario whenIn(String id, Object event) {
        At at = new At(id, ++revision, 0, revision, now, "", NOBODY, NOBODY, NOBODY);
        AlarmChanges changes = clock.changes(event, at);
        if (changes != null) {
            changes.changes().forEach(change -> apply(changes.id(), change));
        }
        rung.clear();
        ringDue();
        return this;
    }

    private void apply(String id, Change change) {
        switch (change) {
            case Change.Ring(var alarm, var after) -> alarms.put(key(alarm, id), now.plus(after));
            case Change.RingAt(var alarm, var time) -> alarms.put(key(alarm, id), time);
            case Change.RingUnlessSet(var alarm, var after) ->
                    alarms.putIfAbsent(key(alarm, id), now.plus(after));
            case Change.Clear(var alarm) -> alarms.remove(key(alarm, id));
            case Change.ClearAll() ->
                    clock.alarms().forEach(alarm -> alarms.remove(key(alarm, id)));
        }
    }

    private static String key(String alarm, String id) {
        return alarm + ":" + id;
    }

    /// Lets time pass, and what is due ring; an alarm that rings again within the time does so too.
    public AlarmScenario whenTimePasses(Duration time) {
        Instant end = now.plus(time);
        rung.clear();
        for (Instant next = next(end); next != null; next = next(end)) {
            now = next.isAfter(now) ? next : now;
            ringDue();
        }
        now = end;
        return this;
    }

    private @Nullable Instant next(Instant end) {
        return alarms.values().stream()
                .filter(due -> !due.isAfter(end))
                .min(Instant::compareTo)
                .orElse(null);
    }

    private void ringDue() {
        for (String key : List.copyOf(alarms.keySet())) {
            Instant due = Objects.requireNonNull(alarms.get(key));
            if (!due.isAfter(now)) {
                int colon = key.indexOf(':');
                Alarm alarm = Objects.requireNonNull(clock.find(key.substring(0, colon)));
                String id = key.substring(colon + 1);
                rung.add(new Rung(key, alarm, id, alarm.sent(id)));
                done(key, alarm);
            }
        }
    }

    private void done(String key, Alarm alarm) {
        Duration period = alarm.period();
        if (period == null) {
            alarms.remove(key);
        } else {
            alarms.put(key, now.plus(period));
        }
    }

    /// What rang last was refused, all of it.
    public AlarmScenario whenRefused(Rejection refusal) {
        for (Rung one : rung) {
            switch (one.alarm.refused(one.id, refusal.name(), refusal.detail())) {
                case Alarm.AfterRefusal.Done() -> done(one.key, one.alarm);
                case Alarm.AfterRefusal.Again(var after) -> alarms.put(one.key, now.plus(after));
                case Alarm.AfterRefusal.Trouble() ->
                        throw new AssertionError(
                                "%s waits for an operator as %s is refused: %s"
                                        .formatted(one.key, one.send.command(), refusal.name()));
            }
        }
        rung.clear();
        return this;
    }

    /// What rang last got no answer: it rings again after its first pause, or the one that follows
    /// the pause before.
    public AlarmScenario whenUnanswered() {
        for (Rung one : rung) {
            int failures = unanswered.merge(one.key, 1, Integer::sum);
            alarms.put(one.key, now.plus(one.alarm.retry().pause(failures)));
        }
        rung.clear();
        return this;
    }

    /// What was sent since the last event, or while time passed, is this and nothing else.
    ///
    /// @param id whom it was sent to
    public AlarmScenario thenSends(String id, Object... commands) {
        List<Object> sent = new ArrayList<>();
        for (Rung one : rung) {
            if (!one.send.id().equals(id)) {
                throw new AssertionError("%s sends to %s".formatted(one.key, one.send.id()));
            }
            sent.add(one.send.command());
        }
        return same("what is sent", List.of(commands), sent);
    }

    /// Nothing was sent since the last event, or while time passed.
    public AlarmScenario thenSendsNothing() {
        return same(
                "what is sent", List.of(), rung.stream().map(one -> one.send.command()).toList());
    }

    /// The alarm rings after this time.
    public AlarmScenario thenRings(String alarm, String id, Duration after) {
        Instant due = alarms.get(key(alarm, id));
        if (due == null) {
            throw new AssertionError(
                    "%s is not set; what is set: %s".formatted(key(alarm, id), alarms));
        }
        return same(key(alarm, id), after, Duration.between(now, due));
    }

    /// No alarm is set.
    public AlarmScenario thenNothingIsSet() {
        return same("what is set", Map.of(), alarms);
    }

    private AlarmScenario same(String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new AssertionError("%s: %s, not %s".formatted(what, found, expected));
        }
        return this;
    }
}
