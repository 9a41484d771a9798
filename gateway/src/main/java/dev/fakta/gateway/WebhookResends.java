// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.gateway.WebhookDeliverers.WebhookSource;
import dev.fakta.gateway.WebhookSubscription.Resend;
import dev.fakta.log.CausalReader;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads again what is to be sent again, one resend after the other, on a thread of its own and
/// beside the [WebhookReader]. It is a few batches ahead of whoever asks for [#more], and then
/// waits.
final class WebhookResends implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookResends.class);
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final int AHEAD = 2;

    private final WebhookSource source;
    private final WebhookFilter filter;
    private final Consumer<Found> found;
    private final LinkedBlockingQueue<Resend> asked = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(AHEAD);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private int lastAsked;

    /// Some of what is to be sent again.
    ///
    /// @param resend its number
    /// @param isLast whether that was all of it
    record Found(int resend, List<EventFeed.Entry> messages, boolean isLast) {}

    WebhookResends(WebhookSource source, WebhookFilter filter, Consumer<Found> found) {
        this.source = source;
        this.filter = filter;
        this.found = found;
        this.thread = Thread.ofVirtual().name("webhook-resends").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Asks for those of these that were not asked for before. One thread at a time.
    ///
    /// @param open in the order of their numbers
    void ask(List<Resend> open) {
        for (Resend one : open) {
            if (one.number() > lastAsked) {
                lastAsked = one.number();
                asked.add(one);
            }
        }
    }

    /// Lets it go on by a batch.
    void more() {
        room.release();
    }

    private void run() {
        try {
            while (!isClosed()) {
                Resend next = asked.poll(WAIT.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    read(next);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// A log that does not answer is asked again, from where it was.
    private void read(Resend resend) throws InterruptedException {
        if (resend.messages().isEmpty()) {
            Positions until = Positions.parse(resend.before());
            readTo(resend, Positions.parse(resend.after()), until, filter::wants);
        }
        for (String one : resend.messages()) {
            Positions at = Positions.parse(one);
            int partition = at.partitions()[0];
            long offset = at.offset(partition);
            readTo(
                    resend,
                    null,
                    at,
                    record -> record.partition() == partition && record.offset() == offset);
        }
        give(new Found(resend.number(), List.of(), true));
    }

    /// @param from where it begins; `null` for the one record at `until`, whatever was before it
    private void readTo(
            Resend resend, @Nullable Positions from, Positions until, Predicate<EventRecord> wanted)
            throws InterruptedException {
        Positions given = from;
        while (!isClosed()) {
            try (CausalReader reader =
                    source.node().follow(given == null ? justBefore(until) : given)) {
                while (!isClosed() && !reader.positions().covers(until)) {
                    List<LogRecord> records = reader.next(WAIT);
                    give(new Found(resend.number(), wanted(records, until, wanted), false));
                    given = reader.positions();
                }
                return;
            } catch (LogException e) {
                LOG.debug("what is to be sent again cannot be read now", e);
                boolean _ = closing.await(WAIT.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    /// All that is recorded, but for one record and those behind it in its partition.
    private Positions justBefore(Positions record) {
        int partition = record.partitions()[0];
        return source.node().heads().with(partition, record.offset(partition) - 1);
    }

    private static List<EventFeed.Entry> wanted(
            List<LogRecord> records, Positions until, Predicate<EventRecord> wanted) {
        List<EventFeed.Entry> messages = new ArrayList<>();
        for (LogRecord record : records) {
            if (record instanceof EventRecord event
                    && event.offset() <= until.offset(event.partition())
                    && wanted.test(event)) {
                messages.add(new EventFeed.Entry(event));
            }
        }
        return messages;
    }

    private void give(Found some) throws InterruptedException {
        if (!some.messages().isEmpty() || some.isLast()) {
            room.acquire();
            if (!isClosed()) {
                found.accept(some);
            }
        }
    }

    private boolean isClosed() {
        return closing.getCount() == 0;
    }

    /// Begins to end, without an interruption: see [WebhookReader#close].
    @Override
    public void close() {
        closing.countDown();
        room.release(AHEAD);
    }
}
