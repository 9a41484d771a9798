// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.Saga;
import dev.fakta.log.LogException;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.core.VitalThread;
import dev.fakta.runtime.views.ViewFencedException;
import dev.fakta.runtime.views.ViewSqlException;
import dev.fakta.runtime.views.ViewStore;
import dev.fakta.runtime.views.ViewWriter;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one saga on this node: opens its index, works, and when a disk or a network fails begins
/// again from what the index says was committed. Like a view's, it fences who ran the saga before,
/// and stops when it is fenced. Two that run for a moment do no harm either: instances take an
/// input once, and commands have one effect.
final class SagaRunner {

    private static final Logger LOG = LoggerFactory.getLogger(SagaRunner.class);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);
    private static final long RETRY_MILLIS = 500;

    private final Saga<?, ?> saga;
    private final NodeParts parts;
    private final ViewStore store;
    private final SagaSession.SagaTargets targets;
    private final Thread thread;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Set<SagaIndex.Place> said = SagaHolds.nothingSaid();
    private @Nullable ViewWriter writer;
    private volatile @Nullable SagaSession session;
    private volatile boolean isFenced;

    private SagaRunner(
            Saga<?, ?> saga, NodeParts parts, ViewStore store, SagaSession.SagaTargets targets) {
        this.saga = saga;
        this.parts = parts;
        this.store = store;
        this.targets = targets;
        this.thread = VitalThread.named("saga-" + saga.name(), this::run);
    }

    static SagaRunner start(
            Saga<?, ?> saga, NodeParts parts, ViewStore store, SagaSession.SagaTargets targets) {
        SagaRunner runner = new SagaRunner(saga, parts, store, targets);
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
            LOG.error("{} ends for lack of memory", saga, e);
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
            LOG.error("{} stops for a moment: {}", saga, failure.getMessage());
        } else {
            LOG.error("{} stops for a moment", saga, failure);
        }
    }

    private void work() throws InterruptedException {
        ViewWriter last = writer;
        ViewWriter open =
                last == null ? store.take(SagaIndex.view(saga), parts.log()) : last.reopen();
        writer = open;
        SagaHolds holds = new SagaHolds(saga, said);
        try (SagaSession now = new SagaSession(saga, parts, store, open, targets, holds)) {
            session = now;
            if (!isStopping()) {
                now.work();
            }
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

    /// Whether another runner has taken the saga, and this one has stopped.
    boolean isFenced() {
        return isFenced;
    }

    /// Whether both threads do their work: the one that reads the log, and the one that does the
    /// rest.
    boolean isWell() {
        SagaSession now = session;
        return isFenced || thread.isAlive() && (now == null || now.isReading());
    }

    /// Has it stop after the task at hand.
    void beginStop() {
        stopping.countDown();
        SagaSession now = session;
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
                LOG.debug("{} is given up", saga, e);
            }
        }
    }
}
