// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets a reader over several logs wait until one of them may have grown.
final class Growth implements Runnable {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private long version;

    /// To be asked before looking, and given to [#await] when there was nothing to see.
    long version() {
        lock.lock();
        try {
            return version;
        } finally {
            lock.unlock();
        }
    }

    /// A log has grown, or is closed.
    @Override
    public void run() {
        lock.lock();
        try {
            version++;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until a log has grown since `seen`, but no longer than told.
    void await(long seen, long nanos) throws InterruptedException {
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
