// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Hybrid logical time: 48 bits of milliseconds since 1970, then 16 bits of counter, in one `long`
/// that orders causes before their effects (Kulkarni et al., *Logical Physical Clocks*, 2014).
///
/// A clock that is far ahead would spread without a bound: each record that follows from one of its
/// records would be later still. So a cause is followed for [#FURTHEST] only. What is recorded of
/// one that is further ahead gets an honest time, which is earlier than its cause's.
///
/// An instance is the clock of one partition, used by one thread at a time.
public final class HybridTime {

    /// How far ahead of the wall clock a cause may be and still come before its effects. What is
    /// promised holds while a node's clock is set a day ahead, order too, and the wall clock has
    /// soon overtaken it; a clock that is wrong by more was never set, or is broken.
    public static final Duration FURTHEST = Duration.ofDays(2);

    private static final int COUNTER_BITS = 16;

    private final InstantSource clock;
    private long last;

    /// A clock that starts behind `last`, the highest time seen so far, or 0.
    public HybridTime(InstantSource clock, long last) {
        this.clock = clock;
        this.last = last;
    }

    /// The next time: later than every earlier one, not before the wall clock, and later than
    /// `cause` unless that is further ahead of the wall clock than [#FURTHEST].
    ///
    /// @param cause the highest time that the cause has seen, or 0
    public long next(long cause) {
        long wall = clock.millis() << COUNTER_BITS;
        long followed = cause - wall > span(FURTHEST) ? wall : cause;
        last = Math.max(wall, Math.max(last, followed) + 1);
        return last;
    }

    /// From now on every time is later than this one of the partition's own records, however far
    /// ahead it is.
    public void startBehind(long own) {
        last = Math.max(last, own);
    }

    /// The wall clock's part.
    public static Instant instant(long time) {
        return Instant.ofEpochMilli(time >>> COUNTER_BITS);
    }

    /// The first time of a millisecond.
    public static long of(Instant instant) {
        return instant.toEpochMilli() << COUNTER_BITS;
    }

    /// A duration as a difference of hybrid times.
    public static long span(Duration duration) {
        return duration.toMillis() << COUNTER_BITS;
    }
}
