// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.log.EventLog;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import dev.fakta.runtime.core.VitalThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads the log for a saga or a courier, on a thread of its own, and hands over what it finds in
/// stretches: so much ahead of what is done with, and no more.
///
/// What is bounded is what was found and not the stretches: while little happens each event is a
/// stretch of its own, and each step of an order would wait for a commit of the index. While much
/// happens a stretch gathers for a moment, as a hundred readings of one event cost more than one of
/// a hundred.
///
/// @param <F> what is found
final class SagaReading<F> implements AutoCloseable {

    private static final int RECORDS = 1_024;

    /// What is older was not left unread by too much work: it is old, and read for the first time.
    private static final long LONGEST_MILLIS = TimeUnit.MINUTES.toMillis(10);

    /// How much may be found ahead of what is done with.
    static final int MOST_AHEAD = 8 * RECORDS;

    /// At least so long after the last stretch the next one is read.
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /// So long a stretch in which nothing was found is not handed over.
    private static final Duration UNTOLD = Duration.ofMillis(50);

    private static final Duration LOG_IDLE = Duration.ofSeconds(1);

    private final EventLog log;
    private final Positions start;
    private final Finder<F> finder;
    private final SagaHolds holds;
    private final Taker<F> taker;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private final Semaphore ahead = new Semaphore(MOST_AHEAD);
    private volatile @Nullable LogReader open;
    private volatile boolean isClosed;

    /// When the oldest record was written that is known and not handed over; 0: there is none.
    private volatile long unreadSince;

    private volatile boolean hasReported;

    /// Finds what concerns the saga or courier.
    @FunctionalInterface
    interface Finder<F> {
        /// Called by the reading thread.
        List<F> find(List<LogRecord> records);
    }

    /// What is done with what was found.
    @FunctionalInterface
    interface Taker<F> {
        /// Takes a stretch. Called by the reading thread.
        ///
        /// @param upTo where a reader begins that is not to find these again
        void take(List<F> found, Positions upTo);
    }

    /// @param name of the thread
    /// @param start behind which it reads
    /// @param onFailure gets what the log or the saga's code threw; then nothing more is read
    SagaReading(
            String name,
            EventLog log,
            Positions start,
            Finder<F> finder,
            SagaHolds holds,
            Taker<F> taker,
            Consumer<Throwable> onFailure) {
        this.log = log;
        this.start = start;
        this.finder = finder;
        this.holds = holds;
        this.taker = taker;
        this.onFailure = onFailure;
        this.thread = VitalThread.named(name, this::read);
    }

    void start() {
        thread.start();
    }

    private void read() {
        try (LogReader reader = log.reader(start)) {
            open = reader;
            boolean isUntold = false;
            long told = System.nanoTime();
            while (!isClosed) {
                List<LogRecord> records = reader.next(RECORDS, isUntold ? UNTOLD : LOG_IDLE);
                List<F> found = finder.find(records);
                isUntold |= !records.isEmpty();
                boolean isTime = System.nanoTime() - told >= UNTOLD.toNanos();
                if (isUntold && (isTime || !found.isEmpty())) {
                    Positions upTo = holds.readTo(reader.positions());
                    if (!ahead.tryAcquire(found.size())) {
                        unreadSince = millis(records.getFirst());
                        ahead.acquire(found.size());
                    }
                    taker.take(found, upTo);
                    isUntold = false;
                    told = System.nanoTime();
                }
                boolean isMore = records.size() == RECORDS;
                unreadSince = isMore ? millis(records.getLast()) : 0;
                if (!isMore) {
                    LockSupport.parkNanos(GATHER_NANOS);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
            hasReported = true;
        }
    }

    private static long millis(LogRecord record) {
        return HybridTime.instant(record.time()).toEpochMilli();
    }

    /// So much of what was found is done with.
    void proceed(int found) {
        ahead.release(found);
    }

    /// How old, in milliseconds, the oldest record is that is known not to be handed over; 0 when
    /// the log is read to its end. What a new reader finds of an old log counts as nothing. Any
    /// thread.
    long unreadMillis(long now) {
        long since = unreadSince;
        long age = since == 0 ? 0 : now - since;
        return age > LONGEST_MILLIS ? 0 : Math.max(0, age);
    }

    /// Whether the thread does its work, or has said why not.
    boolean isWell() {
        return hasReported || thread.isAlive() || thread.getState() == Thread.State.NEW;
    }

    /// Has the thread end, and does not wait for it.
    @Override
    public void close() {
        isClosed = true;
        ahead.release(RECORDS);
        LogReader reader = open;
        if (reader != null) {
            reader.close(); // and not by an interrupt, which would close files under other readers
        }
    }
}
