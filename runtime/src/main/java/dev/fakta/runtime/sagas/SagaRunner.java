// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.View;
import dev.fakta.log.LogException;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.core.VitalThread;
import dev.fakta.views.engine.ViewFencedException;
import dev.fakta.views.engine.ViewSqlException;
import dev.fakta.views.engine.ViewStore;
import dev.fakta.views.engine.ViewWriter;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one saga or courier on this node: opens its index, works, and when a disk or a network
/// fails begins again from what the index says was committed. Like a view's, it fences the runner
/// before it, and stops when it is fenced. Two that run for a moment do no harm either: instances
/// of sagas take an input once, their commands have one effect, and errands may be run twice.
final class SagaRunner {

    private static final Logger LOG = LoggerFactory.getLogger(SagaRunner.class);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);
    private static final long RETRY_MILLIS = 500;

    private final Object runs;
    private final View index;
    private final NodeParts parts;
    private final ViewStore store;
    private final Opening opening;
    private final Thread thread;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Set<SagaIndex.Place> said = SagaHolds.nothingSaid();
    private @Nullable ViewWriter writer;
    private volatile @Nullable Session session;
    private volatile boolean isFenced;

    /// The work from one opening of the index to the next failure.
    interface Session extends AutoCloseable {
        /// Works until the session is closed.
        ///
        /// @throws RuntimeException when the index or the log fails: then another session goes on
        void work() throws InterruptedException;

        /// Whether the thread that reads the log does its work, or has said why not.
        boolean isReading();

        /// How many milliseconds what happens now would wait and take, as far as that is known: 0
        /// when nothing waits. Any thread.
        long backlogMillis();

        /// Has it end after the task at hand. Any thread.
        void stop();

        /// Has the reading thread end, and does not wait for it.
        @Override
        void close();
    }

    /// Begins a session on an opened index.
    @FunctionalInterface
    interface Opening {
        Session open(ViewWriter writer, SagaHolds holds);
    }

    private SagaRunner(Object runs, View index, NodeParts parts, ViewStore store, Opening opening) {
        this.runs = runs;
        this.index = index;
        this.parts = parts;
        this.store = store;
        this.opening = opening;
        this.thread = VitalThread.named(index.name(), this::run);
    }

    /// @param runs the saga or courier, for the log file
    /// @param index where it keeps what it has read; its name is the thread's too
    static SagaRunner start(
            Object runs, View index, NodeParts parts, ViewStore store, Opening opening) {
        SagaRunner runner = new SagaRunner(runs, index, parts, store, opening);
        runner.thread.start();
        return runner;
    }

    private void run() {
        try {
            boolean goesOn = true;
            while (goesOn && !isStopping() && !isFenced) {
                goesOn = tryToWork();
            }
        } finally {
            close();
        }
    }

    /// @return whether it makes sense to begin again; a lack of memory ends the thread, so that
    ///   [#isWell] says it and the node is started again
    private boolean tryToWork() {
        try {
            work();
        } catch (ViewFencedException e) {
            LOG.warn("{}", e.getMessage());
            isFenced = true;
        } catch (InterruptedException _) {
            stopping.countDown();
        } catch (OutOfMemoryError e) {
            LOG.error("{} ends for lack of memory", runs, e);
            return false;
        } catch (RuntimeException | Error e) {
            if (!isStopping()) {
                report(e);
                pause();
            }
        }
        return true;
    }

    private void report(Throwable failure) {
        if (failure instanceof ViewSqlException || failure instanceof LogException) {
            LOG.error("{} stops for a moment: {}", runs, failure.getMessage());
        } else {
            LOG.error("{} stops for a moment", runs, failure);
        }
    }

    private void work() throws InterruptedException {
        ViewWriter last = writer;
        ViewWriter open = last == null ? store.take(index, parts.log()) : last.reopen();
        writer = open;
        SagaHolds holds = new SagaHolds(runs, said);
        try (Session now = opening.open(open, holds)) {
            session = now;
            if (!isStopping()) {
                now.work();
            }
        } finally {
            session = null; // what it knew last of its backlog is true no longer
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void pause() {
        try {
            boolean _ = stopping.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            stopping.countDown();
        }
    }

    /// Whether another runner has taken over, and this one has stopped.
    boolean isFenced() {
        return isFenced;
    }

    /// Whether both threads do their work: the one that reads the log, and the one that does the
    /// rest.
    boolean isWell() {
        Session now = session;
        return isFenced || thread.isAlive() && (now == null || now.isReading());
    }

    /// How many milliseconds what happens now would wait and take; 0 when nothing waits.
    long backlogMillis() {
        Session now = session;
        return now == null ? 0 : now.backlogMillis();
    }

    /// Has it stop after the task at hand.
    void beginStop() {
        stopping.countDown();
        Session now = session;
        if (now != null) {
            now.stop();
        }
    }

    /// Stops after the task at hand. Waits for it.
    void stop() {
        beginStop();
        try {
            thread.join(LONGEST_STOP);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void close() {
        ViewWriter open = writer;
        if (open != null) {
            try {
                open.close();
            } catch (ViewSqlException e) {
                LOG.debug("{} is given up", runs, e);
            }
        }
    }
}
