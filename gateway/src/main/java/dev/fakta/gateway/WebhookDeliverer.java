// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.gateway.WebhookDeliverers.WebhookSource;
import dev.fakta.gateway.WebhookSubscription.Command;
import dev.fakta.gateway.WebhookSubscription.Reason;
import dev.fakta.gateway.webhooks.ReceiverClient;
import dev.fakta.gateway.webhooks.ReceiverClient.Answer;
import dev.fakta.gateway.webhooks.WebhookSecret;
import dev.fakta.gateway.webhooks.WebhookSettings;
import dev.fakta.gateway.webhooks.WebhookSignature;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.NodeException;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Versioned;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers the messages of one subscription, each once at least: on threads and connections of its
/// own, so that a receiver that is slow or dead holds up no other one.
///
/// One thread has all state and takes what comes: events that a [WebhookReader] has found, and what
/// came of attempts, each of which runs on a virtual thread. [WebhookQueue] says which message is
/// next. What a receiver does not take is sent again after longer and longer pauses. When nothing
/// is taken any more, one message at a time is tried, and the log is read no further than a bound,
/// so that a dead receiver costs a request now and then.
///
/// How far it has got is recorded every two seconds while messages are taken, and not for each of
/// them: after a crash those of the last two seconds come again, with the same `webhook-id`.
final class WebhookDeliverer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookDeliverer.class);
    private static final Duration RECORDED_EVERY = Duration.ofSeconds(2);
    private static final Duration SKIPPED_EVERY = Duration.ofMinutes(5);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration END_WITHIN = Duration.ofSeconds(5);
    private static final int GONE = 410;

    /// So many failures in a row are no accident.
    private static final int STREAK = 5;

    private static final String SOURCE = "/fakta";
    private static final String ACTOR = "webhooks";

    private final WebhookSource source;
    private final WebhookSettings settings;
    private final String id;
    private final WebhookSubscription begun;
    private final WebhookDeliveryLog log;
    private final ReceiverClient client;
    private final WebhookReader reader;
    private final WebhookResends resends;
    private final LinkedBlockingQueue<Signal> inbox = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final WebhookQueue queue;
    private Positions recorded;
    private Instant recordedAt;
    private Instant takenAt = Instant.MIN;
    private Instant notBefore = Instant.MIN;
    private @Nullable Instant failingSince;
    private String failure = "";
    private boolean isFailingRecorded;
    private boolean hasSkipped;
    private boolean isDone;
    private long taken;
    private int failures;
    private int inFlight;
    private volatile boolean isClosing;

    /// What the thread takes.
    private sealed interface Signal {
        record Read(WebhookReader.Found found) implements Signal {}

        record ReadAgain(WebhookResends.Found found) implements Signal {}

        record Outcome(WebhookMessage message, Answer answer) implements Signal {}

        record Wake() implements Signal {}
    }

    private WebhookDeliverer(
            WebhookSource source,
            WebhookSettings settings,
            Versioned<WebhookSubscription> subscription,
            WebhookDeliveryLog log) {
        this.log = log;
        this.source = source;
        this.settings = settings;
        this.id = subscription.id();
        this.begun = subscription.state();
        this.client =
                new ReceiverClient(
                        URI.create(begun.url()), settings.addresses(), settings.within());
        this.recorded = Positions.parse(begun.positions());
        this.recordedAt = now();
        this.failingSince = begun.failingSince();
        this.isFailingRecorded = failingSince != null;
        this.queue = new WebhookQueue(recorded, settings.openBytes());
        this.reader =
                new WebhookReader(source, subscription, found -> inbox.add(new Signal.Read(found)));
        this.resends =
                new WebhookResends(
                        source,
                        WebhookFilter.of(source, begun.wanted()),
                        found -> inbox.add(new Signal.ReadAgain(found)));
        this.thread = Thread.ofVirtual().name("webhook-" + id).unstarted(this::run);
    }

    /// Begins to deliver what is behind the subscription's positions.
    ///
    /// @param log where what becomes of messages is written down
    static WebhookDeliverer start(
            WebhookSource source,
            WebhookSettings settings,
            Versioned<WebhookSubscription> subscription,
            WebhookDeliveryLog log) {
        WebhookDeliverer deliverer = new WebhookDeliverer(source, settings, subscription, log);
        deliverer.thread.start();
        deliverer.reader.start();
        deliverer.resends.ask(subscription.state().resends());
        deliverer.resends.start();
        return deliverer;
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    /// Whether it delivers as this state of its subscription says.
    boolean isFor(WebhookSubscription now) {
        return begun.isDeliveredAs(now);
    }

    /// Has messages sent again, unless that was asked for before.
    void resend(List<WebhookSubscription.Resend> open) {
        resends.ask(open);
    }

    private Instant now() {
        return source.node().clock().instant();
    }

    private void run() {
        try {
            while (!isClosing && !isDone) {
                Signal signal = inbox.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
                while (signal != null) {
                    take(signal);
                    signal = inbox.poll();
                }
                admit();
                send();
                recordWhenDue();
            }
            finish();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("the deliveries of webhook subscription {} end, and begin anew", id, e);
            throw e;
        } finally {
            reader.close();
            resends.close();
            client.close();
        }
    }

    private void take(Signal signal) {
        switch (signal) {
            case Signal.Read(var found) -> queue.add(found);
            case Signal.ReadAgain(var found) -> queue.add(found);
            case Signal.Outcome(var message, var answer) -> {
                inFlight--;
                onAnswer(message, answer);
            }
            case Signal.Wake _ -> {} // to look again
        }
    }

    private void admit() {
        WebhookReader.Found found = queue.admit();
        while (found != null) {
            hasSkipped |= found.hasSkipped();
            isDone |= found.isLast();
            reader.more();
            found = queue.admit();
        }
        while (queue.admitAgain()) {
            resends.more();
        }
    }

    private boolean isFailing() {
        return failures >= STREAK;
    }

    private void send() {
        Instant now = now();
        int most = isFailing() ? 1 : settings.inFlight();
        boolean isAsked = false;
        while (inFlight < most && !now.isBefore(notBefore)) {
            WebhookMessage next = queue.next(now, isFailing());
            if (next == null) {
                return;
            }
            isAsked = isAsked || isStillAsked();
            if (!isAsked) {
                isClosing = true; // the message stays behind the position
                return;
            }
            inFlight++;
            next.beginAttempt(now);
            Thread.ofVirtual().name("webhook-message").start(() -> attempt(next, now));
        }
    }

    /// Whether the subscription is as it was when this began: once it is answered that it is
    /// paused, ended or for another address, nothing more is sent as before. While its partition
    /// moves nobody knows, and what is recorded next will tell.
    private boolean isStillAsked() {
        try {
            return isFor(source.node().state(WebhookSubscription.AGGREGATE, id).state());
        } catch (NodeException _) {
            return true;
        }
    }

    /// On a thread of its own.
    private void attempt(WebhookMessage message, Instant now) {
        Answer answer = new Answer.Lost("the message could not be sent");
        try {
            byte[] body = message.entry().text(SOURCE).getBytes(StandardCharsets.UTF_8);
            WebhookSignature signature = WebhookSignature.of(message.id(), now, body, secrets(now));
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("Content-Type", "application/cloudevents+json");
            headers.put(WebhookSignature.ID, signature.id());
            headers.put(WebhookSignature.TIMESTAMP, signature.timestamp());
            headers.put(WebhookSignature.SIGNATURES, signature.signatures());
            answer = client.post(headers, body);
        } finally {
            inbox.add(new Signal.Outcome(message, answer));
        }
    }

    private List<WebhookSecret> secrets(Instant now) {
        List<WebhookSecret> secrets = new ArrayList<>();
        secrets.add(settings.keys().secret(id, begun.generation()));
        Instant until = begun.earlierUntil();
        if (until != null && now.isBefore(until)) {
            secrets.add(settings.keys().secret(id, begun.generation() - 1));
        }
        return secrets;
    }

    private void onAnswer(WebhookMessage message, Answer answer) {
        switch (answer) {
            case Answer.Status status when status.isTaken() -> onTaken(message, status.code());
            case Answer.Status(var code, var retryAfter) -> {
                if (code == GONE) {
                    disable(Reason.GONE, "the receiver answers 410");
                }
                onFailed(message, code, "the receiver answers " + code, retryAfter);
            }
            case Answer.Lost(var reason) -> onFailed(message, null, reason, null);
        }
    }

    private void onTaken(WebhookMessage message, int status) {
        log.put(message.is(WebhookDelivery.State.TAKEN, status, null));
        if (isFailing()) { // it is there again: nothing has to wait any longer
            queue.hurry();
        }
        failures = 0;
        failingSince = null;
        isFailingRecorded = false;
        takenAt = now();
        notBefore = Instant.MIN;
        taken += message.resend() == null ? 1 : 0;
        queue.settle(message, true);
    }

    private void onFailed(
            WebhookMessage message,
            @Nullable Integer status,
            String reason,
            @Nullable Duration retryAfter) {
        Instant now = now();
        failures++;
        failure = reason;
        if (failingSince == null) {
            failingSince = now;
        }
        Duration pause = settings.pause(message.attempts(), chance());
        if (isFailing()) {
            notBefore = now.plus(settings.pause(failures - STREAK + 1, chance()));
        }
        if (retryAfter != null) {
            notBefore = latest(notBefore, now.plus(retryAfter));
        }
        Instant tried = message.firstTried();
        Instant first = tried == null ? now : tried;
        boolean isTooOld = !now.isBefore(first.plus(settings.giveUpAfter()));
        if (isTooOld && takenAt.isAfter(first) && giveUp(message, reason)) {
            log.put(message.is(WebhookDelivery.State.GIVEN_UP, status, reason));
            queue.settle(message, false);
        } else {
            message.tryAgainAt(now.plus(pause));
            queue.later(message);
            log.put(message.is(WebhookDelivery.State.WAITING, status, reason));
        }
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static double chance() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /// @return whether it is a fact, or counted by one later; when it is not, the message is tried
    ///   again
    private boolean giveUp(WebhookMessage message, String reason) {
        if (message.resend() != null) {
            return true;
        }
        return record(
                new Command.GiveUp(
                        message.id(),
                        message.position(),
                        message.attempts(),
                        reason,
                        message.stream(),
                        message.event(),
                        message.firstTried()));
    }

    private void disable(Reason reason, String detail) {
        isDone |= record(new Command.Disable(reason, detail));
    }

    private void recordWhenDue() {
        Instant now = now();
        Instant since = failingSince;
        if (since != null && isFailing()) {
            if (!isFailingRecorded) {
                isFailingRecorded = record(new Command.Fail(since, failure));
            }
            if (!now.isBefore(since.plus(settings.disableAfter()))) {
                disable(Reason.FAILING, failure);
            }
        }
        for (Map.Entry<Integer, WebhookQueue.Resent> one : queue.carriedOut()) {
            endResend(one.getKey(), one.getValue());
        }
        Duration every = taken > 0 ? RECORDED_EVERY : hasSkipped ? SKIPPED_EVERY : null;
        if (every != null && !now.isBefore(recordedAt.plus(every))) {
            recordProgress();
        }
    }

    private void endResend(int resend, WebhookQueue.Resent resent) {
        if (record(new Command.EndResend(resend, resent.taken(), resent.notTaken()))) {
            queue.forget(resend);
        }
    }

    private void recordProgress() {
        Positions settled = queue.settled();
        Positions moved = settled.aheadOf(recorded);
        recordedAt = now();
        if (!moved.isEmpty() && record(new Command.Progress(moved.token(), taken))) {
            recorded = recorded.merge(moved);
            isFailingRecorded &= taken == 0; // what was recorded ends with what was taken
            taken = 0;
            hasSkipped = false;
        }
    }

    /// @return whether it is a fact; when it is not, it is tried again when it is due again
    private boolean record(Command command) {
        Reply<WebhookSubscription> reply =
                source.node()
                        .await(
                                source.node()
                                        .send(
                                                WebhookSubscription.AGGREGATE,
                                                id,
                                                command,
                                                Cause.of(Cause.freshId(), 0, ACTOR)));
        return switch (reply) {
            case Reply.Accepted<WebhookSubscription> _, Reply.Repeated<WebhookSubscription> _ ->
                    true;
            case Reply.Rejected<WebhookSubscription> _ -> {
                isDone = true; // somebody has ended it
                yield false;
            }
            default -> {
                LOG.debug("{} of webhook subscription {} is not recorded: {}", command, id, reply);
                yield false;
            }
        };
    }

    /// Lets what is on its way come back, and records how far it has got.
    private void finish() throws InterruptedException {
        reader.close();
        resends.close();
        long until = System.nanoTime() + END_WITHIN.toNanos() / 2;
        while (inFlight > 0 && System.nanoTime() - until < 0) {
            if (inbox.poll(TICK.toMillis(), TimeUnit.MILLISECONDS)
                    instanceof Signal.Outcome(var message, var answer)) {
                inFlight--;
                if (answer instanceof Answer.Status status && status.isTaken()) {
                    onTaken(message, status.code());
                }
            }
        }
        if (taken > 0 || hasSkipped) {
            recordProgress();
        }
    }

    /// Begins to end, and does not wait for it.
    void beginClose() {
        isClosing = true;
        inbox.add(new Signal.Wake());
    }

    /// Ends once what is on its way has come back, in a few seconds at most.
    @Override
    public void close() {
        beginClose();
        try {
            if (!thread.join(END_WITHIN)) {
                LOG.warn("the deliveries of webhook subscription {} take long to end", id);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
