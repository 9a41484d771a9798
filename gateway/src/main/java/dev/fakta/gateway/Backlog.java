// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.View;
import dev.fakta.log.LogException;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeLoad;
import dev.fakta.runtime.Reply;
import dev.fakta.views.ViewLag;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Refuses what would begin work that cannot be finished in time, and says in how many seconds what
/// is refused now may be worth another try: by what waits in this node's partitions and how much of
/// it is answered in a second, by how far a view is behind, and by how long sagas, couriers and
/// clocks need for what is underway. 1 to [#MOST_SECONDS]; what waits in partitions of other nodes
/// is not known here.
///
/// Load and views are looked at once a second at most, however many are refused. Where the views
/// are may answer late: one request asks, and the others take what was found before.
final class Backlog {

    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);
    private static final int MOST_SECONDS = 30;
    private static final long LOOK_EVERY_NANOS = 1_000_000_000;
    private static final long LOOK_AGAIN_NANOS = 50_000_000;
    private static final long MOST_WAIT_NANOS = 10_000_000_000L;

    private final Supplier<NodeLoad> load;
    private final Supplier<List<ViewLag>> views;
    private final Supplier<Duration> underway;
    private final LongSupplier nanos;
    private final LongAdder refused = new LongAdder();
    private long lookedAt;
    private long appended;
    private int commandSeconds = 1;
    private final AtomicBoolean isAsking = new AtomicBoolean();
    private volatile long viewsLookedAt;
    private volatile List<ViewLag> lags = List.of();

    Backlog(Node node) {
        this(node::load, () -> node.status().views(), node::backlog, System::nanoTime);
    }

    /// @param underway how long what happens now would have to wait
    /// @param nanos a time that only differences are taken of
    Backlog(
            Supplier<NodeLoad> load,
            Supplier<List<ViewLag>> views,
            Supplier<Duration> underway,
            LongSupplier nanos) {
        this.load = load;
        this.views = views;
        this.underway = underway;
        this.nanos = nanos;
        this.lookedAt = nanos.getAsLong();
        this.viewsLookedAt = lookedAt - LOOK_EVERY_NANOS;
        this.appended = load.get().eventsAppended();
    }

    /// What a reply that is no acceptance means to a client, with a time when it is `Busy`.
    Problem problem(Reply<?> reply) {
        Problem problem = Problem.of(reply);
        return reply instanceof Reply.Busy<?> ? problem.retriedAfter(commandSeconds()) : problem;
    }

    /// Requires that what a request begins can be finished in time.
    ///
    /// @param longest how long it may have to wait
    /// @throws ProblemException when it would wait longer
    void requireShort(Duration longest) {
        Duration wait = underway.get();
        if (wait.compareTo(longest) > 0) {
            refused.increment();
            throw new ProblemException(
                    Problem.unavailable(
                                    ProblemType.BACKLOG,
                                    "More is underway than can be finished in time: this would have to wait for %d s."
                                            .formatted(wait.toSeconds()))
                            .retriedAfter(seconds(wait.minus(longest).toMillis() / 1e3)));
        }
    }

    /// The same, after a while in which the backlog may become short enough: whoever sends many
    /// requests at once is slowed down to what can be finished.
    void awaitShort(Duration longest) {
        long end = nanos.getAsLong() + MOST_WAIT_NANOS;
        while (underway.get().compareTo(longest) > 0 && nanos.getAsLong() - end < 0) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        requireShort(longest);
    }

    /// How many requests were refused because too much was underway.
    long refused() {
        return refused.sum();
    }

    /// Until what waits in the partitions now is answered, if that goes on as before.
    synchronized int commandSeconds() {
        long now = nanos.getAsLong();
        long since = now - lookedAt;
        if (since >= LOOK_EVERY_NANOS) {
            NodeLoad found = load.get();
            double rate = (found.eventsAppended() - appended) * 1e9 / since;
            appended = found.eventsAppended();
            lookedAt = now;
            commandSeconds = seconds(found.commandsWaiting() / Math.max(rate, 1));
        }
        return commandSeconds;
    }

    /// Until a view has what the log has now, if it needs as long as it is behind.
    int viewSeconds(View view) {
        if (nanos.getAsLong() - viewsLookedAt >= LOOK_EVERY_NANOS
                && isAsking.compareAndSet(false, true)) {
            askViews();
        }
        return lags.stream()
                .filter(lag -> lag.view().equals(view.name()))
                .mapToInt(lag -> seconds(lag.seconds()))
                .findFirst()
                .orElse(1);
    }

    private void askViews() {
        try {
            lags = views.get();
        } catch (LogException e) {
            LOG.debug("the log cannot be asked", e);
        } finally {
            viewsLookedAt = nanos.getAsLong();
            isAsking.set(false);
        }
    }

    private static int seconds(double wanted) {
        return (int) Math.clamp(Math.ceil(wanted), 1, MOST_SECONDS);
    }
}
