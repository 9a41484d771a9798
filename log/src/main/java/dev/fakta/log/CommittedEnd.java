// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The location behind the last committed frame, which readers wait to see move.
final class CommittedEnd {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private final @Nullable AcknowledgedEnd acknowledged;
    private volatile long location;
    private volatile boolean closed;

    /// @param acknowledged where it is written down too, if it can be
    CommittedEnd(long location, @Nullable AcknowledgedEnd acknowledged) {
        this.location = location;
        this.acknowledged = acknowledged;
    }

    long location() {
        return location;
    }

    /// The log thread's: readers and callers may know now.
    void moveTo(long further) {
        if (acknowledged != null) {
            acknowledged.moveTo(further);
        }
        location = further;
        wakeAll();
    }

    boolean isClosed() {
        return closed;
    }

    /// Nothing more is committed: ends all waiting.
    void close() {
        closed = true;
        wakeAll();
    }

    void wakeAll() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
        followers.forEach(Runnable::run);
    }

    /// Tells somebody each time.
    void follow(Runnable told) {
        followers.add(told);
    }

    void unfollow(Runnable told) {
        followers.remove(told);
    }

    /// Waits until the end is behind `location`, or `done` says so after a [#wakeAll], or for so
    /// long, or for an interrupt, which stays set.
    ///
    /// @return the nanoseconds that are left; none after an interrupt
    long await(long beyond, long nanos, BooleanSupplier done) {
        long left = nanos;
        lock.lock();
        try {
            while (left > 0 && location <= beyond && !closed && !done.getAsBoolean()) {
                left = moved.awaitNanos(left);
            }
            return left;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 0;
        } finally {
            lock.unlock();
        }
    }
}
