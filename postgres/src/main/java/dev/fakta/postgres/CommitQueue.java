// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What waits for the next commit, bounded in bytes.
final class CommitQueue {

    private final int mostBytes;
    private final Deque<Request> waiting = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long bytes;
    private boolean closed;

    CommitQueue(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    /// Whether the request was taken; claims always are: each has a thread that waits for it.
    ///
    /// @throws LogException `CLOSED`
    boolean offer(Request request) {
        lock.lock();
        try {
            if (closed) {
                throw closed();
            }
            if (bytes + request.bytes() > mostBytes && !(request instanceof Request.Claim)) {
                return false;
            }
            waiting.add(request);
            bytes += request.bytes();
            if (waiting.size() == 1) {
                changed.signalAll();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for requests and takes them in order: claims of different partitions, or appends and
    /// snapshots up to `mostBytes` but at least one; none when the queue is closed.
    List<Request> take(int mostBytes) {
        List<Request> taken = new ArrayList<>();
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            long sum = 0;
            while (!closed && fits(waiting.peek(), taken, mostBytes - sum)) {
                Request next = waiting.remove();
                taken.add(next);
                sum += next.bytes();
            }
            bytes -= sum;
        } finally {
            lock.unlock();
        }
        return taken;
    }

    private static boolean fits(@Nullable Request next, List<Request> taken, long room) {
        if (next == null || taken.isEmpty()) {
            return next != null;
        }
        if (next instanceof Request.Claim claim) {
            return taken.stream()
                    .allMatch(
                            other ->
                                    other instanceof Request.Claim earlier
                                            && earlier.partition() != claim.partition());
        }
        return !(taken.getFirst() instanceof Request.Claim) && next.bytes() <= room;
    }

    /// Waits for so long, or until the queue is closed or the thread, one of the log's own, is
    /// interrupted.
    void pause(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            // by a stage that ran on it; keeping the interrupt would turn all pauses into none
        } finally {
            lock.unlock();
        }
    }

    /// Refuses what comes from now on; [#take] answers nothing more.
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
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

    static LogException closed() {
        return new LogException(Category.CLOSED, "the log is closed");
    }
}
