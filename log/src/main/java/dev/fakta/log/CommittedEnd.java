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

    /// @param acknowledged the file that the location is written to as well; null when there is
    ///   none
    CommittedEnd(long location, @Nullable AcknowledgedEnd acknowledged) {
        this.location = location;
        this.acknowledged = acknowledged;
    }

    long location() {
        return location;
    }

    /// Moves the end behind a frame that is durable, and wakes the readers. Called by the log
    /// thread, before it answers the appends of the frame.
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

    /// Ends all waiting, because nothing more is committed.
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

    /// Calls `follower` each time that the end moves or the log is closed.
    void follow(Runnable follower) {
        followers.add(follower);
    }

    void unfollow(Runnable follower) {
        followers.remove(follower);
    }

    /// Waits until the end is behind the location `beyond`, `done` is true after a [#wakeAll],
    /// `nanos` nanoseconds are over, or the thread is interrupted; the interrupt stays set.
    ///
    /// @return the nanoseconds that are left; 0 after an interrupt
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
