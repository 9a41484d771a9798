// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The signal that a log, or one of several, may have grown. Threads wait for it ([#await]), and
/// followers are run at each signal; a Growth can follow another one. Safe for use by many threads.
public final class Growth implements Runnable {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private long version;

    /// The number of signals so far. A reader takes the version before it looks into the log, and
    /// gives it to [#await] when it found nothing: so it misses no signal.
    public long version() {
        lock.lock();
        try {
            return version;
        } finally {
            lock.unlock();
        }
    }

    /// Signals that the log may have grown, or is closed: wakes all waiting threads and runs all
    /// followers on the calling thread.
    @Override
    public void run() {
        lock.lock();
        try {
            version++;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
        followers.forEach(Runnable::run);
    }

    /// Runs `follower` at each signal from now on, on the thread that signals.
    public void follow(Runnable follower) {
        followers.add(follower);
    }

    /// Ends a [#follow].
    public void unfollow(Runnable follower) {
        followers.remove(follower);
    }

    /// Waits until the version is another than `seen`, at most `nanos` nanoseconds.
    public void await(long seen, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (version == seen && left > 0) {
                left = moved.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
