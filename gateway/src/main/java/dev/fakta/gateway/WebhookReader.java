// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.gateway.WebhookDeliverers.WebhookSource;
import dev.fakta.log.CausalReader;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Versioned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the events that a subscription wants, in causal order, on a thread of its own. What is
/// recorded now it takes from the node's feed; what is further back it reads from the log itself.
/// It is a few batches ahead of whoever asks for [#more], and then waits.
final class WebhookReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookReader.class);
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final int AHEAD = 2;

    private final WebhookSource source;
    private final String own;
    private final long ownRevision;
    private final WebhookFilter filter;
    private final Consumer<Found> found;
    private final Semaphore room = new Semaphore(AHEAD);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private Positions given;

    /// What was found.
    ///
    /// @param after up to where everything was looked at
    /// @param hasSkipped whether there was something else, other than what webhooks record
    ///   themselves
    /// @param isLast whether the subscription was changed then: it ends here, and what comes next
    ///   is for a reader that knows the change
    record Found(
            List<EventFeed.Entry> wanted, Positions after, boolean hasSkipped, boolean isLast) {}

    /// @param subscription which it reads for; it begins behind the positions of that
    WebhookReader(
            WebhookSource source,
            Versioned<WebhookSubscription> subscription,
            Consumer<Found> found) {
        this.source = source;
        this.own = WebhookSubscription.AGGREGATE.stream(subscription.id());
        this.ownRevision = subscription.revision();
        this.filter = WebhookFilter.of(source, subscription.state().wanted());
        this.given = Positions.parse(subscription.state().positions());
        this.found = found;
        this.thread = Thread.ofVirtual().name("webhook-reader").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Lets it go on by a batch.
    void more() {
        room.release();
    }

    private void run() {
        try {
            while (!isClosed()) {
                try (EventFeed.Client client = source.feed().join()) {
                    if (catchUp(client)) {
                        follow(client);
                    }
                } catch (LogException e) {
                    LOG.debug("a reader for a webhook begins anew", e);
                    boolean _ = closing.await(WAIT.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Reads what the feed does not keep.
    ///
    /// @return whether the feed goes on from there
    private boolean catchUp(EventFeed.Client client) throws InterruptedException {
        if (client.begin(given)) {
            return true;
        }
        try (CausalReader reader = source.node().follow(given)) {
            while (!isClosed() && !client.begin(given)) {
                List<LogRecord> records = reader.next(WAIT);
                give(EventFeed.Batch.of(0, records, reader.positions()));
            }
        }
        return !isClosed();
    }

    private void follow(EventFeed.Client client) throws InterruptedException {
        while (!isClosed()) {
            EventFeed.Next next = client.next(WAIT);
            if (next.isOvertaken()) {
                return;
            }
            for (EventFeed.Batch batch : next.batches()) {
                give(batch);
            }
        }
    }

    private void give(EventFeed.Batch batch) throws InterruptedException {
        List<EventFeed.Entry> wanted = new ArrayList<>();
        boolean hasSkipped = false;
        for (EventFeed.Entry entry : batch.events()) {
            EventRecord record = entry.record();
            if (record.offset() > given.offset(record.partition())) {
                if (changesOwn(record)) {
                    room.acquire();
                    found.accept(new Found(wanted, given, hasSkipped, true));
                    close();
                    return;
                }
                if (filter.wants(record)) {
                    wanted.add(entry);
                } else {
                    hasSkipped |= !isOurs(record);
                }
            }
        }
        Positions after = given.merge(batch.after());
        if (!after.equals(given)) {
            room.acquire();
            if (!isClosed()) {
                given = after;
                found.accept(new Found(wanted, after, hasSkipped, false));
            }
        }
    }

    private static boolean isOurs(EventRecord record) {
        return WebhookFilter.aggregate(record).equals(WebhookSubscription.AGGREGATE.name());
    }

    private boolean changesOwn(EventRecord record) {
        return record.event().stream().equals(own)
                && record.event().revision() > ownRevision
                && WebhookSubscription.isChange(record.event().name());
    }

    private boolean isClosed() {
        return closing.getCount() == 0;
    }

    /// Begins to end. The thread is not interrupted: it could be reading a file of the log, which
    /// Java closes then, for all.
    @Override
    public void close() {
        closing.countDown();
        room.release(AHEAD);
    }
}
