// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What an event does to the alarms of one id, in this order.
///
/// @param id that the alarms ring for, 1 to 500 characters
public record AlarmChanges(String id, List<Change> changes) {

    private static final int LONGEST_ID = 500;

    public AlarmChanges {
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw new IllegalArgumentException(
                    "an alarm's id has 1 to %d characters, this one %d"
                            .formatted(LONGEST_ID, id.length()));
        }
        changes = List.copyOf(changes);
    }

    /// A change of one alarm, or of all.
    public sealed interface Change {
        /// It rings a while after the event; what it was set to does not matter any more.
        record Ring(String alarm, Duration after) implements Change {}

        /// It rings at this time; what it was set to does not matter any more.
        record RingAt(String alarm, Instant time) implements Change {}

        /// It rings a while after the event, unless it is set already.
        record RingUnlessSet(String alarm, Duration after) implements Change {}

        /// It does not ring.
        record Clear(String alarm) implements Change {}

        /// None of the clock's alarms rings.
        record ClearAll() implements Change {}
    }

    /// Changes nothing yet.
    public static AlarmChanges of(String id) {
        return new AlarmChanges(id, List.of());
    }

    /// Has an alarm ring a while after the event, at once with [Duration#ZERO].
    public AlarmChanges ring(String alarm, Duration after) {
        return plus(new Change.Ring(alarm, after));
    }

    /// Has an alarm ring at this time, at once when it is past.
    public AlarmChanges ringAt(String alarm, Instant time) {
        return plus(new Change.RingAt(alarm, time));
    }

    /// Has an alarm ring a while after the event, unless it is set already. One that has begun to
    /// ring is set no longer, unless it has a period.
    public AlarmChanges ringUnlessSet(String alarm, Duration after) {
        return plus(new Change.RingUnlessSet(alarm, after));
    }

    /// Has an alarm not ring.
    public AlarmChanges clear(String alarm) {
        return plus(new Change.Clear(alarm));
    }

    /// Has none of the clock's alarms ring.
    public AlarmChanges clearAll() {
        return plus(new Change.ClearAll());
    }

    private AlarmChanges plus(Change change) {
        List<Change> more = new ArrayList<>(changes);
        more.add(change);
        return new AlarmChanges(id, more);
    }
}
