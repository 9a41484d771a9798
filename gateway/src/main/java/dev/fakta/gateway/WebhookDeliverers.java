// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Saga;
import dev.fakta.gateway.webhooks.WebhookSettings;
import dev.fakta.log.LogException;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeException;
import dev.fakta.runtime.Versioned;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's deliverers: one for each active subscription whose partition the node has. So there is
/// one in a cluster, and the node that takes a partition over takes its deliveries over, from where
/// the last fact says that they are. For a moment there may be two, and a message may come twice.
///
/// Looks again and again, as a [Chore]; what it has begun goes on between two looks. One thread at
/// a time.
final class WebhookDeliverers implements Chore.Work {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookDeliverers.class);
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final long KEPT_BYTES = 16L << 20;
    private static final int MOST = 10_000;

    private final WebhookSettings settings;
    private final WebhookDeliveryLogs logs;
    private final Map<String, WebhookDeliverer> running = new HashMap<>();
    private @Nullable WebhookSource source;

    private WebhookDeliverers(WebhookSettings settings, WebhookDeliveryLogs logs) {
        this.settings = settings;
        this.logs = logs;
    }

    /// @param logs where what became of messages is written down
    static Chore chore(WebhookSettings settings, WebhookDeliveryLogs logs) {
        return new Chore("webhooks", EVERY, new WebhookDeliverers(settings, logs));
    }

    /// The log, as all deliverers of a node read it.
    ///
    /// @param feed what is recorded now, read once for all
    /// @param sagas whose own events are sent to none that does not ask for them
    record WebhookSource(Node node, EventFeed feed, Set<String> sagas) {

        static WebhookSource of(Node node) {
            // the end of the log, and what was known of it last of a part that does not answer now
            AtomicReference<Positions> heads = new AtomicReference<>(Positions.NONE);
            return new WebhookSource(
                    node,
                    new EventFeed(
                            () ->
                                    node.follow(
                                            heads.accumulateAndGet(node.heads(), Positions::merge)),
                            KEPT_BYTES),
                    node.microsystems().sagas().stream()
                            .map(Saga::name)
                            .collect(Collectors.toUnmodifiableSet()));
        }

        /// Whether a subscription gets the events of an aggregate without asking for them.
        boolean isOrdinary(String aggregate) {
            return !sagas.contains(aggregate)
                    && !aggregate.equals(WebhookSubscription.AGGREGATE.name());
        }
    }

    @Override
    public void run(Node node) {
        WebhookSource from = source;
        if (from == null) {
            from = WebhookSource.of(node);
            source = from;
        }
        try {
            Set<String> due = new HashSet<>();
            for (String id : active(node)) {
                if (node.hosts(WebhookSubscription.AGGREGATE, id)) {
                    due.add(id);
                    keep(from, id);
                }
            }
            running.keySet().stream()
                    .filter(id -> !due.contains(id))
                    .toList()
                    .forEach(id -> leave(node, id));
        } catch (NodeException | LogException e) {
            LOG.debug("the subscriptions cannot be looked at now", e); // those that run go on
        }
    }

    private static List<String> active(Node node) {
        return node.rows(
                WebhookView.DEFINITION,
                "select id from webhook_subscription where status = 'ACTIVE' order by id limit "
                        + MOST,
                row -> row.text("id"));
    }

    private void keep(WebhookSource from, String id) {
        WebhookDeliverer found = running.get(id);
        if (found != null && found.isAlive()) {
            WebhookSubscription seen = state(from, id).state();
            if (found.isFor(seen)) {
                found.resend(seen.resends());
                return;
            }
        }
        stop(id);
        Versioned<WebhookSubscription> now = state(from, id); // with what was recorded last
        if (now.state().status() == WebhookSubscription.Status.ACTIVE) {
            running.put(id, WebhookDeliverer.start(from, settings, now, logs.open(id)));
        }
    }

    private static Versioned<WebhookSubscription> state(WebhookSource from, String id) {
        return from.node.state(WebhookSubscription.AGGREGATE, id);
    }

    /// Another node that delivers from here on writes down what becomes of messages.
    private void leave(Node node, String id) {
        stop(id);
        if (!node.hosts(WebhookSubscription.AGGREGATE, id)) {
            logs.forget(id);
        }
    }

    private void stop(String id) {
        WebhookDeliverer found = running.remove(id);
        if (found != null) {
            found.close();
        }
    }

    /// Ends all of them, side by side.
    @Override
    public void end() {
        running.values().forEach(WebhookDeliverer::beginClose);
        List.copyOf(running.keySet()).forEach(this::stop);
    }
}
