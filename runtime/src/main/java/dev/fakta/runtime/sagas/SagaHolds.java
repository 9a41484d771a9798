// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.log.EventRecord;
import dev.fakta.log.Positions;
import dev.fakta.runtime.sagas.SagaIndex.Place;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The partitions in which the reading of one saga or courier stands still, because an event there
/// could be for one of its instances and this program cannot read it.
///
/// The rest of such a partition is not told either: an instance takes the events of a partition in
/// their order, and one that was overtaken would count as handled. Other partitions go on, and so
/// do timers, answers and operators. The saga's checkpoint stays in front of the event, so a runner
/// with a program that can read it goes on there by itself.
///
/// Safe for all threads.
final class SagaHolds {

    private static final Logger LOG = LoggerFactory.getLogger(SagaHolds.class);

    private final Object reader;
    private final Set<Place> said;
    private final Map<Integer, Hold> holds = new ConcurrentSkipListMap<>();

    /// @param reader the saga or courier, for the log file
    /// @param said the events that the log file names already; shared by a runner's sessions
    SagaHolds(Object reader, Set<Place> said) {
        this.reader = reader;
        this.said = said;
    }

    /// An empty set of what was said.
    static Set<Place> nothingSaid() {
        return ConcurrentHashMap.newKeySet();
    }

    /// A partition that stands.
    ///
    /// @param readTo the offset up to which everything was read; the checkpoint stays there
    /// @param reason in words for an operator: which event, and why it cannot be read
    record Hold(int partition, long readTo, String reason) {}

    boolean isHeld(int partition) {
        return holds.containsKey(partition);
    }

    /// Stops in front of an event that was just read.
    void stopBefore(EventRecord record, String why, @Nullable Throwable failure) {
        var event = record.event();
        String what =
                "%s revision %d (event %s)"
                        .formatted(event.stream(), event.revision(), event.name());
        Place place = new Place(record.partition(), record.offset());
        stop(place, record.offset() - 1, what, why, failure);
    }

    /// Stops at the checkpoint, as an input in front of it waits for a program that can read it.
    void stopFor(Place held, long checkpoint, Throwable failure) {
        String what = "the input at offset %d, which was not taken".formatted(held.offset());
        stop(held, checkpoint, what, String.valueOf(failure.getMessage()), failure);
    }

    private void stop(
            Place place, long readTo, String what, String why, @Nullable Throwable failure) {
        String reason =
                "it waits in front of %s: %s; run a program that can read it".formatted(what, why);
        if (holds.putIfAbsent(place.partition(), new Hold(place.partition(), readTo, reason))
                        == null
                && said.add(place)) {
            LOG.error("{} in partition {}: {}", reader, place.partition(), reason, failure);
        }
    }

    /// How far the saga or courier has read, of what was read of the log.
    Positions readTo(Positions read) {
        Positions readTo = read;
        for (Hold hold : holds.values()) {
            readTo = readTo.with(hold.partition(), hold.readTo());
        }
        return readTo;
    }

    Collection<Hold> all() {
        return holds.values();
    }
}
