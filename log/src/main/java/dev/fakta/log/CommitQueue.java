// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits for the next frame, bounded in bytes.
final class CommitQueue {

    /// How long a snapshot waits for an append that pays for its force.
    private static final long SNAPSHOT_WAIT = TimeUnit.MILLISECONDS.toNanos(20);

    private final int mostBytes;
    private final Queue<Request> waiting = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private int bytes;
    private int urgent;
    private boolean closed;

    CommitQueue(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    /// Whether the request was taken; claims always are.
    ///
    /// @throws LogException `CLOSED`
    boolean offer(Request request) {
        lock.lock();
        try {
            if (closed) {
                throw new LogException(Category.CLOSED, "the log is closed");
            }
            if (bytes + request.bytes() > mostBytes && !(request instanceof Request.Claim)) {
                return false;
            }
            waiting.add(request);
            bytes += request.bytes();
            urgent += isUrgent(request) ? 1 : 0;
            if (urgent == 1 || waiting.size() == 1) {
                added.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for requests and takes them, in order, up to `mostBytes` but at least one; none when
    /// the queue is closed.
    List<Request> take(int mostBytes) {
        List<Request> taken = new ArrayList<>();
        lock.lock();
        try {
            awaitSome();
            int sum = 0;
            for (Request next = waiting.peek();
                    next != null && !closed && (sum == 0 || sum + next.bytes() <= mostBytes);
                    next = waiting.peek()) {
                taken.add(waiting.remove());
                sum += next.bytes();
                urgent -= isUrgent(next) ? 1 : 0;
            }
            bytes -= sum;
        } finally {
            lock.unlock();
        }
        return taken;
    }

    private void awaitSome() {
        while (waiting.isEmpty() && !closed) {
            added.awaitUninterruptibly();
        }
        long left = SNAPSHOT_WAIT;
        while (urgent == 0 && left > 0 && !closed) {
            try {
                left = added.awaitNanos(left);
            } catch (InterruptedException _) {
                left = 0; // nobody interrupts the log thread; if so, it goes on at once
            }
        }
    }

    /// Refuses what comes from now on; [#take] answers nothing more.
    void close() {
        lock.lock();
        try {
            closed = true;
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// What still waits in a closed queue.
    List<Request> left() {
        lock.lock();
        try {
            List<Request> left = List.copyOf(waiting);
            waiting.clear();
            return left;
        } finally {
            lock.unlock();
        }
    }

    private static boolean isUrgent(Request request) {
        return !(request instanceof Request.Put);
    }
}
