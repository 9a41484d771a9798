// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;
import dev.fakta.log.LogException;
import dev.fakta.log.Positions;
import dev.fakta.views.RowMapper;
import dev.fakta.views.ViewLag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's views: runs some of them, and answers queries for all that its store has.
///
/// Placement calls [#start] and [#stop] when a view moves to or from this node. It may be late or
/// wrong about it: whoever takes a view fences who had it. Both wait for a database, for some
/// seconds at worst: they are not for an actor's thread. Any other may call.
public final class ViewHost implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ViewHost.class);

    private final List<View> views;
    private final ViewParts parts;
    private final ViewStore store;
    private final Map<String, ViewWatch> watches = new HashMap<>();
    private final Map<String, ViewRunner> runners = new ConcurrentHashMap<>();
    private boolean isClosed;

    /// Looks at the views before anything else of the node runs. A database that is elsewhere and
    /// cannot be asked now is asked when the view is taken.
    ///
    /// @throws IllegalStateException when a view cannot be made, or has other tables than the ones
    ///   that it was made with
    ///
    /// @param views all that there are, wherever they run
    /// @param owner the name of the microsystem that a view belongs to
    /// @param isHere whether a view that each node has for itself is to run on this one
    public ViewHost(
            List<View> views,
            Function<View, String> owner,
            Predicate<View> isHere,
            ViewParts parts) {
        this.views = List.copyOf(views);
        this.parts = parts;
        this.store = ViewStore.open(parts.place(), parts.node(), owner);
        try {
            checkAll(isHere);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
        for (View view : views) {
            watches.put(view.name(), new ViewWatch(view, store, parts));
        }
    }

    private void checkAll(Predicate<View> isHere) {
        try {
            for (View view : views) {
                if (store.isShared() || isHere.test(view)) {
                    store.check(view);
                }
            }
        } catch (ViewSqlException e) {
            if (!(store.isShared() && e.isOperating())) {
                throw new IllegalStateException(e.getMessage(), e);
            }
            LOG.warn("the tables of views are not looked at: {}", e.getMessage());
        }
    }

    /// Whether all nodes have the same views; otherwise each has its own.
    public boolean isShared() {
        return store.isShared();
    }

    /// Runs the views that are this node's, and no others. One that cannot be taken now, because
    /// the database is down, say, is taken by a later call.
    public synchronized void run(Predicate<View> isMine) {
        if (isClosed) {
            return;
        }
        for (View view : views) {
            if (isMine.test(view)) {
                try {
                    start(view);
                } catch (ViewSqlException | LogException e) {
                    LOG.warn("{} cannot be taken now: {}", view, e.getMessage());
                } catch (IllegalStateException e) {
                    LOG.error("{} is not taken: {}", view, e.getMessage());
                } catch (RuntimeException e) {
                    LOG.error("{} is not taken", view, e); // and the others are
                }
            } else {
                stop(view);
            }
        }
    }

    /// Takes the view and runs it here; nothing happens when it does so already.
    ///
    /// @throws IllegalStateException when the view's tables are not the ones that it was made with
    public synchronized void start(View view) {
        if (running(view) == null) {
            stop(view);
            runners.put(view.name(), ViewRunner.start(view, parts, store));
        }
    }

    /// Runs the view here no longer: ends with the batch at hand.
    public synchronized void stop(View view) {
        ViewRunner runner = runners.remove(view.name());
        if (runner != null) {
            runner.stop();
        }
    }

    public boolean runs(View view) {
        return running(view) != null;
    }

    private @Nullable ViewRunner running(View view) {
        ViewRunner runner = runners.get(view.name());
        return runner == null || runner.isFenced() ? null : runner;
    }

    public <T> List<T> rows(
            View view, String select, RowMapper<T> mapper, @Nullable Object... arguments) {
        if (running(view) == null) {
            watch(view);
        }
        return store.rows(view, select, mapper, arguments);
    }

    /// Whether a query failed for a reason that may pass, and not by its own fault: the database is
    /// away or busy, or nobody has made the view in it yet.
    public boolean mayPass(View view, ViewSqlException failure) {
        try {
            return failure.isOperating() || !store.isMade(view);
        } catch (ViewSqlException _) {
            return true; // the database is away by now
        }
    }

    /// Waits until the view has applied these positions, here or elsewhere.
    public boolean await(View view, Positions seen, Duration atMost) {
        long start = System.nanoTime();
        ViewRunner runner = running(view);
        if (runner != null && runner.await(seen, atMost)) {
            return true;
        }
        Duration left = atMost.minusNanos(System.nanoTime() - start);
        if (runner != null && (left.isNegative() || !store.isShared())) {
            return false;
        }
        return watch(view).await(seen, left); // it moves away from here, or is elsewhere
    }

    private ViewWatch watch(View view) {
        ViewWatch watch = watches.get(view.name());
        if (watch == null || !(store.isShared() || runners.containsKey(view.name()))) {
            throw new ViewAwayException("this node has no " + view);
        }
        return watch;
    }

    /// How far each view is behind, of those that this node can tell of.
    ///
    /// @param heads of the log
    public List<ViewLag> lags(Positions heads) {
        List<ViewLag> lags = new ArrayList<>();
        for (View view : views) {
            ViewRunner runner = running(view);
            if (runner != null) {
                lags.add(runner.lag(heads));
            } else if (store.isShared()) {
                lags.add(watch(view).lag(heads));
            }
        }
        return lags;
    }

    /// Whether the threads of the views that run here do.
    public boolean isWell() {
        return runners.values().stream().allMatch(runner -> runner.isAlive() || runner.isFenced());
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
            runners.values().forEach(ViewRunner::beginStop); // all, before the first is waited for
            views.forEach(this::stop);
        }
        watches.values().forEach(ViewWatch::close);
        store.close();
    }
}
