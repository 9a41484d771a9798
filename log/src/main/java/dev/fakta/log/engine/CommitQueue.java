// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// The requests that wait for the next commit of a log, bounded in bytes. Any thread may offer a
/// request; one thread, the log thread, takes them.
///
/// @param <R> the kinds of requests of the log
public final class CommitQueue<R extends Request> {

    private final int mostBytes;
    private final long snapshotWait;
    private final BiPredicate<List<R>, R> fits;
    private final Queue<R> waiting = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Condition ended = lock.newCondition();
    private long bytes;
    private int urgent;
    private boolean closed;

    /// @param mostBytes how many bytes of requests may wait
    /// @param snapshotWait how long snapshots wait for a request that pays for their commit
    /// @param fits whether a request may go into the commit that has begun with these requests
    public CommitQueue(int mostBytes, Duration snapshotWait, BiPredicate<List<R>, R> fits) {
        this.mostBytes = mostBytes;
        this.snapshotWait = snapshotWait.toNanos();
        this.fits = fits;
    }

    /// Takes in a request, unless the queue is full. A claim is always taken in, see
    /// [Request#isClaim].
    ///
    /// @return whether the request was taken in
    /// @throws LogException `CLOSED`
    public boolean offer(R request) {
        lock.lock();
        try {
            if (closed) {
                throw closed();
            }
            if (bytes + request.bytes() > mostBytes && !request.isClaim()) {
                return false;
            }
            waiting.add(request);
            bytes += request.bytes();
            urgent += request.isSnapshot() ? 0 : 1;
            if (urgent == 1 || waiting.size() == 1) {
                added.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for requests and takes the first ones, in their order, that go into one commit: at
    /// least one, and up to `mostBytes` bytes.
    ///
    /// @return the requests; none when the queue is closed
    public List<R> take(int mostBytes) {
        List<R> taken = new ArrayList<>();
        lock.lock();
        try {
            awaitSome();
            long sum = 0;
            while (!closed && isNext(waiting.peek(), taken, mostBytes - sum)) {
                R next = waiting.remove();
                taken.add(next);
                sum += next.bytes();
                urgent -= next.isSnapshot() ? 0 : 1;
            }
            bytes -= sum;
        } finally {
            lock.unlock();
        }
        return taken;
    }

    private boolean isNext(@Nullable R next, List<R> taken, long room) {
        if (next == null || taken.isEmpty()) {
            return next != null;
        }
        return next.bytes() <= room && fits.test(taken, next);
    }

    private void awaitSome() {
        while (waiting.isEmpty() && !closed) {
            added.awaitUninterruptibly();
        }
        long left = snapshotWait;
        while (urgent == 0 && left > 0 && !closed) {
            try {
                left = added.awaitNanos(left);
            } catch (InterruptedException _) {
                left = 0; // nobody interrupts the log thread; if so, it goes on at once
            }
        }
    }

    /// Waits `nanos` nanoseconds, or until the queue is closed or the calling thread, one of the
    /// log's own, is interrupted.
    public void pause(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !closed) {
                left = ended.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            // by a stage that ran on it; keeping the interrupt would turn all pauses into none
        } finally {
            lock.unlock();
        }
    }

    /// Refuses every request from now on; [#take] answers nothing more.
    public void close() {
        lock.lock();
        try {
            closed = true;
            added.signalAll();
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Fails all requests that still wait in a closed queue.
    public void failAll(LogException failure) {
        left().forEach(request -> request.fail(failure));
    }

    private List<R> left() {
        lock.lock();
        try {
            List<R> left = List.copyOf(waiting);
            waiting.clear();
            return left;
        } finally {
            lock.unlock();
        }
    }

    /// What every call of a closed log fails with.
    public static LogException closed() {
        return new LogException(Category.CLOSED, "the log is closed");
    }

    /// Waits for the log thread's answer to a request.
    ///
    /// @throws LogException the failure that the request was answered with
    public static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof LogException failure ? failure : e;
        }
    }
}
