// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.runtime.Durations;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Counts the appends of a node's partitions: how long each took until it was durable, and how many
/// events it carried; and the command ids that had to be forgotten early. Any thread; it never
/// waits.
public final class AppendCounts {

    /// From the flush of a fast disk to the longest wait for a database.
    private static final List<Double> UP_TO =
            List.of(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0);

    private static final double NANOS = 1e9;

    private final LongAdder[] counts = new LongAdder[UP_TO.size() + 1];
    private final LongAdder nanos = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder forgotten = new LongAdder();

    AppendCounts() {
        Arrays.setAll(counts, _ -> new LongAdder());
    }

    void appended(int count, long tookNanos) {
        events.add(count);
        nanos.add(tookNanos);
        counts[place(tookNanos / NANOS)].increment();
    }

    void failed() {
        failed.increment();
    }

    void forgot(long commands) {
        forgotten.add(commands);
    }

    /// How many command ids were forgotten that were not ten minutes old.
    public long forgotten() {
        return forgotten.sum();
    }

    private static int place(double seconds) {
        int place = 0;
        while (place < UP_TO.size() && seconds > UP_TO.get(place)) {
            place++;
        }
        return place;
    }

    public long events() {
        return events.sum();
    }

    public long failures() {
        return failed.sum();
    }

    public Durations durations() {
        return new Durations(
                UP_TO, Arrays.stream(counts).map(LongAdder::sum).toList(), nanos.sum() / NANOS);
    }
}
