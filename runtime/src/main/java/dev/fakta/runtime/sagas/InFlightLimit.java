// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Bounds how much is under way at the same time; the rest waits for its turn, first come, first
/// served. One thread at a time.
///
/// It knows how long that takes: while something waits for its turn it counts what ends.
final class InFlightLimit {

    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long COUNT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /// So far back the rate remembers.
    private static final double MEMORY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int most;
    private final LongSupplier nanos;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int underWay;

    /// Since when, and how many have ended since then. Of use while something waits.
    private long countedFrom;

    private int ended;

    /// How many end in a nanosecond while others wait; 0 until it is known.
    private double rate;

    InFlightLimit(int most) {
        this(most, System::nanoTime);
    }

    /// @param nanos a time that only differences are taken of
    InFlightLimit(int most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    /// Starts the task now or later. Whoever knows its end calls [#ended].
    void start(Runnable task) {
        if (underWay < most) {
            underWay++;
            task.run();
        } else {
            if (waiting.isEmpty()) {
                countedFrom = nanos.getAsLong();
                ended = 0;
            }
            waiting.add(task);
        }
    }

    /// A task that was started has ended.
    void ended() {
        underWay--;
        ended++;
        Runnable next = waiting.poll();
        if (next != null) {
            start(next);
        }
    }

    /// How many milliseconds a task that comes now would take to its end, if it goes on as it goes:
    /// 0 when no other waits for its turn.
    long backlogMillis() {
        if (waiting.isEmpty()) {
            return 0;
        }
        long since = nanos.getAsLong() - countedFrom;
        if (since >= COUNT_NANOS && (rate > 0 || ended > 0)) {
            double now = ended / (double) since;
            rate = rate == 0 ? now : rate + (now - rate) * Math.min(1, since / MEMORY_NANOS);
            countedFrom += since;
            ended = 0;
        }
        double left = rate == 0 ? since : (waiting.size() + underWay) / rate;
        return (long) left / NANOS_PER_MILLI;
    }
}
