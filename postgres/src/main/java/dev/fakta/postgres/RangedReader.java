// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import dev.fakta.log.engine.Growth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Follows partitions of one or several databases of a [RangedLog].
///
/// Each call looks into all databases at once and answers when all have answered. One that takes
/// longer than [RangedLog#PATIENCE], or fails, is not waited for until it has answered again: its
/// records come with a later call, behind those that the caller has, so that no partition has a
/// gap. A call fails only when every database does.
final class RangedReader implements LogReader {

    private final List<ReaderArm> arms = new ArrayList<>();
    private final ExecutorService threads;
    private final long poll;
    private final Growth growth = new Growth();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answered = lock.newCondition();
    private volatile Positions positions;
    private volatile boolean done;
    private int first;

    RangedReader(List<LogDatabase> databases, ExecutorService threads, Positions after) {
        this.threads = threads;
        this.positions = after;
        long least = Long.MAX_VALUE;
        for (LogDatabase database : databases) {
            arms.add(new ReaderArm(database, within(database.range(), after)));
            database.log().growth().follow(growth);
            least = Math.min(least, database.log().pollEvery().toNanos());
        }
        this.poll = least;
    }

    private static Positions within(DatabaseRange range, Positions all) {
        Positions within = Positions.NONE;
        for (int partition : all.partitions()) {
            if (range.holds(partition)) {
                within = within.with(partition, all.offset(partition));
            }
        }
        return within;
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
                failWhenAllFail();
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
            failure =
                    new LogException(
                            Category.UNAVAILABLE, "cannot read " + arm.database().range(), e);
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
        long left = RangedLog.PATIENCE.toNanos();
        while (arms.stream().anyMatch(ReaderArm::isAwaited) && !done) {
            left = answered.awaitNanos(left);
            if (left <= 0) {
                arms.forEach(ReaderArm::giveUpWaiting);
            }
        }
    }

    /// Another database is first each time, or a busy one would starve the others.
    private List<LogRecord> take(int limit) {
        List<LogRecord> taken = new ArrayList<>();
        Positions reached = positions;
        for (int i = 0; i < arms.size(); i++) {
            ReaderArm arm = arms.get(Math.floorMod(first + i, arms.size()));
            LogRecord last = null;
            while (taken.size() < limit) {
                LogRecord record = arm.poll();
                if (record == null) {
                    break;
                }
                if (last != null && last.partition() != record.partition()) {
                    reached = reached.with(last.partition(), last.offset());
                }
                taken.add(record);
                last = record;
            }
            if (last != null) {
                reached = reached.with(last.partition(), last.offset());
            }
        }
        first++;
        positions = reached;
        return taken;
    }

    private void failWhenAllFail() {
        @Nullable LogException last = null;
        boolean isEvery = true;
        for (ReaderArm arm : arms) {
            LogException failure = arm.failure();
            isEvery &= failure != null;
            last = failure == null ? last : failure;
            if (failure != null && failure.category() == Category.CLOSED) {
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
        return positions;
    }

    @Override
    public void close() {
        done = true;
        arms.forEach(arm -> arm.database().log().growth().unfollow(growth));
        growth.run();
        lock.lock();
        try {
            answered.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
