// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches an aggregate carry out a command, from its `decide` to the last `evolve`, and reports by
/// name one that keeps its whole partition waiting: when both have returned, and once while they
/// run, as one that never returns would be reported by nobody.
final class SlowDecisions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SlowDecisions.class);
    private static final Duration SLOW = Duration.ofMillis(50);
    private static final Duration STUCK = Duration.ofSeconds(2);
    private static final Set<SlowDecisions> UNDERWAY = ConcurrentHashMap.newKeySet();

    static {
        // no virtual thread: endless loops may have all that carry these
        Thread.ofPlatform().daemon().name("stuck-decisions").start(SlowDecisions::watchAll);
    }

    private final Resident resident;
    private final Object command;
    private final long start = System.nanoTime();
    private boolean isReported;

    private SlowDecisions(Resident resident, Object command) {
        this.resident = resident;
        this.command = command;
    }

    /// Begins to watch one, on the thread that carries it out.
    static SlowDecisions watch(Resident resident, Object command) {
        SlowDecisions deciding = new SlowDecisions(resident, command);
        UNDERWAY.add(deciding);
        return deciding;
    }

    /// It has returned, or failed.
    @Override
    public void close() {
        UNDERWAY.remove(this);
        if (nanos() > SLOW.toNanos()) {
            LOG.warn(
                    "{} takes {} ms to decide on {} and to evolve; its partition waits",
                    resident.aggregate,
                    TimeUnit.NANOSECONDS.toMillis(nanos()),
                    command.getClass().getSimpleName());
        }
    }

    private long nanos() {
        return System.nanoTime() - start;
    }

    private static void watchAll() {
        while (true) {
            LockSupport.parkNanos(STUCK.toNanos() / 2);
            UNDERWAY.forEach(SlowDecisions::reportStuck);
        }
    }

    /// Once. Only the watching thread calls it.
    private void reportStuck() {
        if (!isReported && nanos() > STUCK.toNanos()) {
            isReported = true;
            LOG.error(
                    "{} has been deciding on {} for {} ms, and its decide or evolve has not returned; its partition waits",
                    resident.stream,
                    command.getClass().getSimpleName(),
                    TimeUnit.NANOSECONDS.toMillis(nanos()));
        }
    }
}
