// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.View;
import dev.fakta.log.LogException;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeLoad;
import dev.fakta.runtime.Reply;
import dev.fakta.views.ViewLag;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says in how many seconds what is refused now may be worth another try: by what waits in this
/// node's partitions and how much of it is answered in a second, and by how far a view is behind. 1
/// to [#MOST_SECONDS]; what waits on other nodes is not known here.
///
/// Load and views are looked at once a second at most, however many are refused. Where the views
/// are may answer late: one request asks, and the others take what was found before.
final class Backlog {

    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);
    private static final int MOST_SECONDS = 30;
    private static final long LOOK_EVERY_NANOS = 1_000_000_000;

    private final Supplier<NodeLoad> load;
    private final Supplier<List<ViewLag>> views;
    private final LongSupplier nanos;
    private long lookedAt;
    private long appended;
    private int commandSeconds = 1;
    private final AtomicBoolean isAsking = new AtomicBoolean();
    private volatile long viewsLookedAt;
    private volatile List<ViewLag> lags = List.of();

    Backlog(Node node) {
        this(node::load, () -> node.status().views(), System::nanoTime);
    }

    /// @param nanos a time that only differences are taken of
    Backlog(Supplier<NodeLoad> load, Supplier<List<ViewLag>> views, LongSupplier nanos) {
        this.load = load;
        this.views = views;
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
