// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import dev.fakta.domain.PersistentMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// When reservations end that are kept for a time. An item that is sold out is asked again and
/// again while a hundred thousand live that are kept for good: looking for ends that have passed
/// must not look at those, so the ends are kept apart, by the minute.
///
/// @param byMinute the ends of reservations by their key, in the minute since 1970 that they are in
record Ends(Map<Long, Map<String, Instant>> byMinute) {

    static final Ends NONE = new Ends(Map.of());

    Ends {
        // One that was made here has persistent maps in it already, one that was read has not.
        byMinute =
                byMinute instanceof PersistentMap<Long, Map<String, Instant>> known
                        ? known
                        : persistent(byMinute);
    }

    private static Map<Long, Map<String, Instant>> persistent(
            Map<Long, Map<String, Instant>> read) {
        PersistentMap<Long, Map<String, Instant>> all = PersistentMap.empty();
        for (Map.Entry<Long, Map<String, Instant>> minute : read.entrySet()) {
            all = all.with(minute.getKey(), PersistentMap.copyOf(minute.getValue()));
        }
        return all;
    }

    /// With the end of the later state of a reservation instead of that of the earlier one.
    ///
    /// @param earlier none when it did not live
    /// @param later none when it lives no more
    Ends replacing(@Nullable Reservation earlier, @Nullable Reservation later) {
        Instant passed = earlier == null ? null : earlier.until();
        Instant next = later == null ? null : later.until();
        Ends others =
                earlier == null || passed == null
                        ? this
                        : set(minute(passed), in(minute(passed)).without(earlier.key()));
        return later == null || next == null
                ? others
                : others.set(minute(next), others.in(minute(next)).with(later.key(), next));
    }

    private Ends set(long minute, PersistentMap<String, Instant> ends) {
        PersistentMap<Long, Map<String, Instant>> all = PersistentMap.copyOf(byMinute);
        return new Ends(ends.isEmpty() ? all.without(minute) : all.with(minute, ends));
    }

    private PersistentMap<String, Instant> in(long minute) {
        Map<String, Instant> ends = byMinute.get(minute);
        return ends == null ? PersistentMap.empty() : PersistentMap.copyOf(ends);
    }

    private static long minute(Instant end) {
        return Math.floorDiv(end.getEpochSecond(), 60L);
    }

    /// The first of all ends; none when there is none.
    @Nullable Instant first() {
        Instant first = null;
        for (Long minute : byMinute.keySet()) {
            Instant begin = Instant.ofEpochSecond(minute * 60);
            if (first == null || begin.isBefore(first)) {
                first = Collections.min(in(minute).values());
            }
        }
        return first;
    }

    /// The keys of all reservations whose end has come.
    List<String> passed(Instant now) {
        List<String> keys = new ArrayList<>();
        for (Map.Entry<Long, Map<String, Instant>> minute : byMinute.entrySet()) {
            if (minute.getKey() <= minute(now)) {
                minute.getValue()
                        .forEach(
                                (key, end) -> {
                                    if (!end.isAfter(now)) {
                                        keys.add(key);
                                    }
                                });
            }
        }
        return keys;
    }
}
