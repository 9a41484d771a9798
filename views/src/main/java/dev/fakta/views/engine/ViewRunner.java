// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import dev.fakta.views.ViewLag;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Feeds one view from the log: takes a batch of records, applies the events that the view handles,
/// and commits rows and checkpoint together. See [ViewApplier].
///
/// When a disk or a network fails, the batch is tried again, from what the view's store says was
/// committed. A runner that finds itself fenced stops. Its thread ends before that only when the
/// JVM fails; [#isAlive] tells then.
final class ViewRunner {

    private static final Logger LOG = LoggerFactory.getLogger(ViewRunner.class);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration LINGER_PER_RECORD = Duration.ofNanos(500_000);
    private static final Duration LONGEST_LINGER = Duration.ofMillis(50);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);
    private static final long RETRY_MILLIS = 500;

    private final View view;
    private final ViewParts parts;
    private final ViewStore store;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private final Condition wanted = lock.newCondition();
    private int waiters;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile @Nullable ViewApplier applier;
    private boolean isInDoubt;
    private volatile Positions applied;
    private volatile long oldestWaiting;
    private volatile boolean isStopping;
    private volatile boolean isFenced;

    private ViewRunner(View view, ViewParts parts, ViewStore store) {
        this.view = view;
        this.parts = parts;
        this.store = store;
        this.applied = Positions.start(parts.log().partitions());
        this.thread = parts.threads().named("view-" + view.name(), this::run);
    }

    /// Takes the view and starts. When a database that is elsewhere cannot be reached, the runner
    /// starts all the same and tries again.
    ///
    /// @throws IllegalStateException when the view's tables are not the ones that it was made with
    static ViewRunner start(View view, ViewParts parts, ViewStore store) {
        ViewRunner runner = new ViewRunner(view, parts, store);
        try {
            runner.opened();
        } catch (ViewSqlException e) {
            if (!(store.isShared() && e.isOperating())) {
                throw e;
            }
            LOG.error("{} starts later: {}", view, e.getMessage());
        }
        runner.thread.start();
        return runner;
    }

    /// The view, open for writing, as it was committed last.
    private ViewApplier opened() {
        ViewApplier last = applier;
        if (last != null && !isInDoubt) {
            return last;
        }
        ViewApplier now =
                last == null
                        ? new ViewApplier(view, parts.events(), store.take(view, parts.log()))
                        : last.reopen();
        applier = now;
        isInDoubt = false;
        if (last == null && now.parkedStreams() > 0) {
            LOG.warn(
                    "{} has parked streams, {} of them, whose later events do not reach its rows either: see fakta_parked",
                    view,
                    now.parkedStreams());
        }
        advance(Positions.start(parts.log().partitions()).merge(now.checkpoint()));
        return now;
    }

    private void run() {
        while (!isStopping) {
            try {
                ViewApplier open = opened();
                try (LogReader reader = parts.log().reader(applied)) {
                    follow(reader, open);
                }
            } catch (ViewFencedException e) {
                LOG.warn("{}", e.getMessage());
                leave();
            } catch (LogException e) {
                if (!isStopping) {
                    LOG.error("{} cannot read the log: {}", view, e.getMessage());
                    pause();
                }
            } catch (Throwable e) {
                if (ViewApplier.isOfJvm(e)) {
                    throw e;
                }
                isInDoubt = true;
                if (!isStopping) {
                    LOG.error("{} stops for a moment: {}", view, e.getMessage());
                    LOG.debug("{} stops for a moment", view, e);
                    pause();
                }
            }
        }
    }

    private void leave() {
        isFenced = true;
        beginStop();
        close();
    }

    private void follow(LogReader reader, ViewApplier open) {
        while (!isStopping) {
            List<LogRecord> records = reader.next(parts.batch(), IDLE);
            if (!records.isEmpty()) {
                oldestWaiting = records.getFirst().time();
                Runnable end = parts.events().applying(view, records);
                try {
                    open.apply(records, reader.positions());
                } finally {
                    end.run();
                }
                advance(reader.positions());
                oldestWaiting = 0;
                if (records.size() < parts.batch()) {
                    linger(records.size());
                }
            } else {
                open.rest(applied);
            }
        }
    }

    /// Lets the next batch gather, the longer the more there was to do, unless somebody waits for
    /// what is in it: under load a commit for every few events costs more than the events.
    private void linger(int records) {
        long left = Math.min(LONGEST_LINGER.toNanos(), records * LINGER_PER_RECORD.toNanos());
        lock.lock();
        try {
            while (waiters == 0 && left > 0 && !isStopping) {
                left = wanted.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            isStopping = true;
        } finally {
            lock.unlock();
        }
    }

    private void advance(Positions upTo) {
        lock.lock();
        try {
            applied = upTo;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        try {
            isStopping |= stopping.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            isStopping = true;
        }
    }

    /// Waits until the view has applied these positions; `false` when it has not in time, or when
    /// the runner stops.
    boolean await(Positions positions, Duration atMost) {
        if (applied.covers(positions)) {
            return true;
        }
        long left = atMost.toNanos();
        lock.lock();
        try {
            waiters++;
            wanted.signalAll();
            while (!applied.covers(positions) && left > 0 && !isStopping) {
                left = advanced.awaitNanos(left);
            }
            return applied.covers(positions);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waiters--;
            lock.unlock();
        }
    }

    View view() {
        return view;
    }

    /// @param heads of the log
    ViewLag lag(Positions heads) {
        long events = applied.behind(heads);
        long oldest = oldestWaiting;
        double seconds =
                events == 0 || oldest == 0
                        ? 0
                        : Math.max(
                                0,
                                Duration.between(
                                                        HybridTime.instant(oldest),
                                                        parts.clock().instant())
                                                .toMillis()
                                        / 1_000.0);
        ViewApplier open = applier;
        int parked = open == null ? 0 : open.parkedStreams();
        return new ViewLag(view.name(), view.version(), events, seconds, parked);
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    /// Whether another runner has taken the view, and this one has stopped.
    boolean isFenced() {
        return isFenced;
    }

    /// Stops after the batch at hand. Waits for it.
    void stop() {
        beginStop();
        try {
            thread.join(LONGEST_STOP);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    /// Has it stop after the batch at hand, which may take as long as it waits for the log.
    void beginStop() {
        isStopping = true;
        stopping.countDown();
        lock.lock();
        try {
            advanced.signalAll();
            wanted.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void close() {
        ViewApplier open = applier;
        if (open != null) {
            open.close();
        }
    }
}
