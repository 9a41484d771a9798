// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Hybrid logical time: 48 bits of milliseconds since 1970, then 16 bits of counter, in one `long`
/// that orders causes before their effects (Kulkarni et al., *Logical Physical Clocks*, 2014).
///
/// An instance is the clock of one partition, used by one thread at a time.
public final class HybridTime {

    private static final int COUNTER_BITS = 16;

    private final InstantSource clock;
    private long last;

    /// A clock that starts behind `last`, the highest time seen so far, or 0.
    public HybridTime(InstantSource clock, long last) {
        this.clock = clock;
        this.last = last;
    }

    /// The next time: later than every earlier one and than `cause`, and not before the wall clock.
    ///
    /// @param cause the highest time that the cause has seen, or 0
    public long next(long cause) {
        long wall = clock.millis() << COUNTER_BITS;
        last = Math.max(wall, Math.max(last, cause) + 1);
        return last;
    }

    /// The wall clock's part.
    public static Instant instant(long time) {
        return Instant.ofEpochMilli(time >>> COUNTER_BITS);
    }

    /// The first time of a millisecond.
    public static long of(Instant instant) {
        return instant.toEpochMilli() << COUNTER_BITS;
    }

    /// How far two times lie apart that differ by a duration.
    public static long span(Duration duration) {
        return duration.toMillis() << COUNTER_BITS;
    }
}
