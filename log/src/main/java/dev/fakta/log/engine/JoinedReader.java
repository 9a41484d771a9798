// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Follows partitions of several sources.
///
/// Each call looks into all sources and answers when all have answered. A source that takes longer
/// than [LogSources#PATIENCE], or fails, is not waited for until it has answered again: its records
/// come with a later call, behind the records that the caller has, so that no partition has a gap.
/// A call fails when every source fails, or when one fails in a way that time does not mend; but
/// not while there are records to give.
final class JoinedReader implements LogReader {

    private final List<ReaderArm> arms = new ArrayList<>();
    private final Executor threads;
    private final Growth growth = new Growth();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answered = lock.newCondition();
    private final int[] named;
    private final long[] reached; // by partition: the last offset given; under the lock
    private final long poll;
    private volatile boolean done;
    private int first;

    /// @param sources the sources of the partitions that `after` names
    /// @param threads what runs the looks: threads of their own, or the caller's thread
    JoinedReader(List<LogSource> sources, Executor threads, Positions after) {
        this.threads = threads;
        this.named = after.partitions();
        this.reached = new long[named[named.length - 1] + 1];
        for (int partition : named) {
            reached[partition] = after.offset(partition);
        }
        this.poll = sources.stream().mapToLong(one -> one.poll().toNanos()).min().orElseThrow();
        try {
            for (LogSource source : sources) {
                arms.add(new ReaderArm(source, after));
                source.follow(growth);
            }
        } catch (RuntimeException | Error e) {
            closeAfter(e);
            throw e;
        }
    }

    @Override
    public List<LogRecord> next(int limit, Duration wait) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1: " + limit);
        }
        long start = System.nanoTime();
        try {
            while (true) {
                failWhenDone();
                long seen = growth.version();
                List<LogRecord> found = look(limit);
                long left = wait.toNanos() - (System.nanoTime() - start);
                if (!found.isEmpty() || left <= 0) {
                    failWhenDone();
                    return found;
                }
                growth.await(seen, Math.min(left, poll));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private List<LogRecord> look(int limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (ReaderArm arm : arms) {
                if (arm.startsLook()) {
                    start(arm, limit);
                }
            }
            awaitAnswers();
            List<LogRecord> found = take(limit);
            if (found.isEmpty()) {
                failUnlessOneMayAnswer();
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    private void start(ReaderArm arm, int limit) {
        try {
            threads.execute(() -> read(arm, limit));
        } catch (RejectedExecutionException e) {
            arm.failed(new LogException(Category.CLOSED, "the log is closed", e));
        }
    }

    private void read(ReaderArm arm, int limit) {
        List<LogRecord> records = List.of();
        LogException failure = null;
        try {
            records = arm.read(limit);
        } catch (LogException e) {
            failure = e;
        } catch (RuntimeException e) {
            failure = new LogException(Category.UNAVAILABLE, "cannot read " + arm.source(), e);
        }
        lock.lock();
        try {
            if (failure != null) {
                arm.failed(failure);
            } else if (arm.answered(records)) {
                growth.run();
            }
            answered.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitAnswers() throws InterruptedException {
        long left = LogSources.PATIENCE.toNanos();
        while (arms.stream().anyMatch(ReaderArm::isAwaited) && !done) {
            left = answered.awaitNanos(left);
            if (left <= 0) {
                arms.forEach(ReaderArm::giveUpWaiting);
            }
        }
    }

    /// Gives each source its share of the room, and then what others leave to those that have more.
    /// Another source is first each time, or a busy one would starve the others.
    private List<LogRecord> take(int limit) {
        List<LogRecord> taken = new ArrayList<>();
        take(taken, Math.max(1, limit / arms.size()), limit);
        take(taken, limit, limit);
        first = (first + 1) % arms.size();
        return taken;
    }

    private void take(List<LogRecord> taken, int share, int limit) {
        for (int i = 0; i < arms.size(); i++) {
            ReaderArm arm = arms.get((first + i) % arms.size());
            int room = Math.min(share, limit - taken.size());
            LogRecord next = room > 0 ? arm.poll() : null;
            while (next != null) {
                taken.add(next);
                reached[next.partition()] = next.offset();
                room--;
                next = room > 0 ? arm.poll() : null;
            }
        }
    }

    private void failUnlessOneMayAnswer() {
        @Nullable LogException last = null;
        boolean isEvery = true;
        for (ReaderArm arm : arms) {
            LogException failure = arm.failure();
            isEvery &= failure != null;
            last = failure == null ? last : failure;
            if (failure != null && !LogSources.isAway(failure)) {
                throw failure;
            }
        }
        if (isEvery && last != null) {
            throw last;
        }
    }

    private void failWhenDone() {
        if (done) {
            throw new LogException(Category.CLOSED, "the reader is closed");
        }
    }

    @Override
    public Positions positions() {
        long[] offsets = new long[named.length];
        lock.lock();
        try {
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = reached[named[i]];
            }
        } finally {
            lock.unlock();
        }
        return Positions.ofEach(named, offsets);
    }

    private void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        done = true;
        for (ReaderArm arm : arms) {
            arm.source().unfollow(growth);
            arm.close();
        }
        growth.run();
        lock.lock();
        try {
            answered.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
