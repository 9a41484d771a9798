// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import dev.fakta.log.HybridTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices hybrid times that are further ahead of this node's clock than clocks that are kept by
/// NTP ever differ: either the node that made them has a wrong clock, or this one has.
///
/// It warns, and refuses nothing: what is recorded stays recorded, and to refuse what follows from
/// it would stop its sagas for as long as it is ahead. That such a time does not spread is the
/// matter of [HybridTime#next].
///
/// Any thread; it never waits.
public final class ClockWatch {

    /// Far more than clocks that are kept by NTP differ, and than a message between nodes may take
    /// (ten seconds); few enough that an operator hears of it while it does little harm.
    public static final Duration NOTICED = Duration.ofMinutes(1);

    private static final long WARN_EVERY_MILLIS = 60_000;
    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

    private final String node;
    private final InstantSource clock;
    private final AtomicLong furthest = new AtomicLong();
    private final AtomicLong warned = new AtomicLong(Long.MIN_VALUE);

    /// @param node the name of this node
    public ClockWatch(String node, InstantSource clock) {
        this.node = node;
        this.clock = clock;
    }

    /// This node has met a hybrid time.
    ///
    /// @param where what has it, for an operator: the words go before "is N s ahead"
    public void met(long time, String where) {
        Instant now = clock.instant();
        Duration ahead = Duration.between(now, HybridTime.instant(time));
        if (ahead.compareTo(NOTICED) > 0) {
            furthest.accumulateAndGet(time, Math::max);
            warn(where, now, ahead);
        }
    }

    private void warn(String where, Instant now, Duration ahead) {
        long last = warned.get();
        long millis = now.toEpochMilli();
        boolean isSoon = last != Long.MIN_VALUE && Math.abs(millis - last) < WARN_EVERY_MILLIS;
        if (!isSoon && warned.compareAndSet(last, millis)) {
            LOG.warn(
                    "{} is {} s ahead of the clock of {}, which shows {}: set the clock that is"
                            + " wrong",
                    where,
                    ahead.toSeconds(),
                    node,
                    now);
        }
    }

    /// By how many seconds the furthest time that this node has met since it was started is ahead
    /// of its clock now; 0 unless that is more than [#NOTICED].
    public double secondsAhead() {
        Duration ahead = Duration.between(clock.instant(), HybridTime.instant(furthest.get()));
        return ahead.compareTo(NOTICED) > 0 ? ahead.toMillis() / 1_000.0 : 0;
    }
}
