// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Tells those who wait that the log may have grown.
final class Growth {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private long version;
    private long others;

    /// To be asked before looking, and given to [#await] when there was nothing to see.
    long version() {
        lock.lock();
        try {
            return version;
        } finally {
            lock.unlock();
        }
    }

    /// How often somebody else may have written.
    long others() {
        lock.lock();
        try {
            return others;
        } finally {
            lock.unlock();
        }
    }

    /// This log has written.
    void signal() {
        signal(0);
    }

    /// Another log may have written.
    void signalOthers() {
        signal(1);
    }

    private void signal(int byOthers) {
        lock.lock();
        try {
            version++;
            others += byOthers;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
        followers.forEach(Runnable::run);
    }

    /// Tells somebody, too, whenever this one is signalled.
    void follow(Runnable told) {
        followers.add(told);
    }

    void unfollow(Runnable told) {
        followers.remove(told);
    }

    /// Waits until the log has grown since `seen`, but no longer than told.
    void await(long seen, long nanos) throws InterruptedException {
        lock.lock();
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
