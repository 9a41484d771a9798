// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import dev.fakta.orders.payments.provider.LateHttpClient;
import dev.fakta.orders.payments.provider.WebhookSecret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Tells the merchant what happened: each entry as a signed webhook, again and again, with pauses
/// that double up to half a minute, until it is answered with 2xx. Webhooks come in no order.
///
/// So many are under way at a time; what waits for its turn does so in line, and what waits for its
/// time is on the agenda.
final class Courier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final int AT_ONCE = 32;
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Book book;
    private final Dice dice;
    private final WebhookSecret secret;
    private final Duration late;
    private final InstantSource clock;
    private final ScheduledExecutorService agenda;
    private final Semaphore turns = new Semaphore(AT_ONCE);
    private final Queue<Attempt> waiting = new ConcurrentLinkedQueue<>();
    private final LateHttpClient http = new LateHttpClient(ANSWER_WITHIN);
    private volatile List<URI> targets = List.of();

    private record Attempt(Entry entry, int number) {}

    Courier(
            Book book,
            Dice dice,
            SandboxSettings settings,
            InstantSource clock,
            ScheduledExecutorService agenda) {
        this.book = book;
        this.dice = dice;
        this.secret = settings.secret();
        this.late = settings.late();
        this.clock = clock;
        this.agenda = agenda;
    }

    /// From now on webhooks go to the first of these, and to the next when it does not take one;
    /// also those that have waited.
    void deliverTo(List<URI> uris) {
        boolean isFirst = targets.isEmpty();
        targets = List.copyOf(uris);
        if (isFirst) {
            book.untold().forEach(entry -> after(0, () -> attempt(entry, 1)));
        }
    }

    /// Something has happened.
    void offer(Entry entry) {
        if (!targets.isEmpty() && entry.mustBeTold()) {
            long delay = dice.isHeldBack() ? late.toMillis() : 0;
            after(delay, () -> attempt(entry, 1));
        }
    }

    private void after(long millis, Runnable task) {
        try {
            var _ = agenda.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            LOG.debug("the sandbox has stopped; the book remembers what is to be told");
        }
    }

    /// On the agenda's thread, which must not wait.
    private void attempt(Entry entry, int number) {
        waiting.add(new Attempt(entry, number));
        takeTurn();
    }

    private void takeTurn() {
        if (!waiting.isEmpty() && turns.tryAcquire()) {
            Thread.ofVirtual().name("webhook").start(this::deliverWaiting);
        }
    }

    private void deliverWaiting() {
        try {
            for (Attempt next = waiting.poll(); next != null; next = waiting.poll()) {
                deliver(next.entry(), next.number());
            }
        } finally {
            turns.release();
            takeTurn(); // one may have come since the last look
        }
    }

    private void deliver(Entry entry, int number) {
        boolean isTaken = false;
        try {
            isTaken = isTaken(entry, number);
        } catch (IOException e) {
            LOG.debug("webhook {} is not taken: {}", book.eventId(entry), e.toString());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (isTaken) {
            book.told(entry, clock.instant());
            if (number == 1 && dice.isSentTwice()) {
                after(late.toMillis() / 2, () -> attempt(entry, 2));
            }
        } else {
            long pause = FIRST_PAUSE_MILLIS << Math.min(number - 1, 10);
            after(Math.min(pause, LONGEST_PAUSE_MILLIS), () -> attempt(entry, number + 1));
        }
    }

    private boolean isTaken(Entry entry, int number) throws IOException, InterruptedException {
        byte[] body = JSON.writeValueAsBytes(content(entry));
        List<URI> known = targets;
        URI uri = known.get((number - 1) % known.size());
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .timeout(ANSWER_WITHIN)
                        .header("Content-Type", "application/json")
                        .header(WebhookSecret.HEADER, secret.sign(clock.instant(), body))
                        .POST(BodyPublishers.ofByteArray(body))
                        .build();
        int status = http.send(request, BodyHandlers.discarding()).statusCode();
        if (status >= 400 && status < 500) {
            LOG.warn("webhook {} is refused with {}", book.eventId(entry), status);
        }
        return status >= 200 && status < 300;
    }

    private Map<String, Object> content(Entry entry) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("id", book.eventId(entry));
        content.put("type", type(entry));
        content.put("at", entry.at());
        content.put("payment", entry.payment());
        content.put("key", entry.key());
        content.put("reference", entry.id());
        content.put("amount", entry.amount());
        put(content, "reason", entry.reason());
        put(content, "expiresAt", entry.expiresAt());
        return content;
    }

    private static void put(Map<String, Object> content, String field, @Nullable Object value) {
        if (value != null) {
            content.put(field, value);
        }
    }

    /// As in `capture.succeeded`, `authorization.expired` and `dispute.opened`.
    private static String type(Entry entry) {
        return switch (entry.type()) {
            case OPERATION -> (entry.kind() + "." + entry.status()).toLowerCase(Locale.ROOT);
            case EXPIRED -> "authorization.expired";
            case DISPUTED -> "dispute.opened";
            case DELIVERED -> throw new IllegalArgumentException("nobody is told of a delivery");
        };
    }

    @Override
    public void close() {
        http.close();
    }
}
