// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;
import dev.fakta.log.Positions;
import dev.fakta.views.ViewLag;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches the checkpoint of a view that runs on another node. However many wait, one task asks the
/// store: every 10 ms while the checkpoint moves or somebody new waits, up to every 100 ms
/// otherwise. When nobody waits, nobody asks.
final class ViewWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ViewWatch.class);
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Duration LONGEST_LOOK = Duration.ofMillis(250);

    private final View view;
    private final ViewStore store;
    private final ViewParts parts;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition looked = lock.newCondition();
    private final Condition wanted = lock.newCondition();
    private @Nullable Checkpoint known;
    private boolean isCurrent;
    private int waiters;
    private long looks;
    private long interval = SHORTEST;
    private boolean isWatching;
    private boolean isClosed;
    private Positions headsThen = Positions.NONE;
    private boolean isBehind;
    private long behindSince;

    ViewWatch(View view, ViewStore store, ViewParts parts) {
        this.view = view;
        this.store = store;
        this.parts = parts;
    }

    private record Checkpoint(Positions positions, int parkedStreams) {}

    /// Waits until the view has applied these positions; `false` when it has not in time.
    boolean await(Positions positions, Duration atMost) {
        lock.lock();
        try {
            waitFor(() -> isCurrent && positions().covers(positions), atMost);
            return isCurrent && positions().covers(positions);
        } finally {
            lock.unlock();
        }
    }

    private Positions positions() {
        return known == null ? Positions.NONE : known.positions;
    }

    private void waitFor(BooleanSupplier condition, Duration atMost) {
        long left = atMost.toNanos();
        if (condition.getAsBoolean() || left <= 0) {
            return;
        }
        waiters++;
        interval = SHORTEST;
        wanted.signal();
        try {
            while (!condition.getAsBoolean() && left > 0 && !isClosed) {
                if (!isWatching) {
                    isWatching = true;
                    parts.blocking().execute(this::watch);
                }
                left = looked.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            waiters--;
        }
    }

    private void watch() {
        boolean goesOn = true;
        while (goesOn) {
            Checkpoint found = look();
            lock.lock();
            try {
                boolean moved = found != null && !found.equals(known);
                interval = moved ? SHORTEST : Math.min(LONGEST, interval * 2);
                known = found == null ? known : found;
                isCurrent = found != null;
                looks++;
                looked.signalAll();
                goesOn = pause();
                isWatching = goesOn;
            } finally {
                lock.unlock();
            }
        }
    }

    /// @return whether anybody still waits
    private boolean pause() {
        long since = System.nanoTime();
        try {
            long left = interval;
            while (left > 0 && waiters > 0 && !isClosed) {
                wanted.awaitNanos(left);
                left = since + interval - System.nanoTime();
            }
        } catch (InterruptedException _) {
            return false;
        }
        return waiters > 0 && !isClosed;
    }

    /// What cannot be read is not known: after a crash of the database the view may be older.
    private @Nullable Checkpoint look() {
        try {
            List<Checkpoint> row =
                    store.rows(
                            view,
                            "select positions, (select count(distinct stream) from fakta_parked)"
                                    + " as parked from fakta_view",
                            found ->
                                    new Checkpoint(
                                            Positions.parse(found.text("positions")),
                                            Math.toIntExact(found.number("parked"))));
            return row.isEmpty() ? null : row.getFirst();
        } catch (RuntimeException e) {
            LOG.debug("the checkpoint of {} cannot be read", view, e);
            return null;
        }
    }

    /// How far the view is behind, as far as this node can tell: the seconds count from when it saw
    /// first that the view is behind.
    ///
    /// @param heads of the log
    ViewLag lag(Positions heads) {
        lock.lock();
        try {
            long before = looks;
            waitFor(() -> looks > before, LONGEST_LOOK);
            long events = positions().behind(heads);
            long now = System.nanoTime();
            if (!isBehind || positions().covers(headsThen)) {
                isBehind = events > 0;
                behindSince = now;
                headsThen = heads;
            }
            double seconds = isBehind ? (now - behindSince) / 1e9 : 0;
            int parked = known == null ? 0 : known.parkedStreams;
            return new ViewLag(view.name(), view.version(), events, seconds, parked);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            looked.signalAll();
            wanted.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
