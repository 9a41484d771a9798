// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.EventSink;
import dev.fakta.domain.RecordedEvent;
import dev.fakta.domain.RefusedEventException;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.Subscription;
import dev.fakta.domain.Subscription.Start;
import dev.fakta.domain.View;
import dev.fakta.log.CausalReader;
import dev.fakta.log.EventRecord;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.runtime.core.AggregateReader;
import dev.fakta.runtime.core.Fatal;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.sagas.SubscriptionIndex.Held;
import dev.fakta.views.engine.ViewFencedException;
import dev.fakta.views.engine.ViewSqlException;
import dev.fakta.views.engine.ViewStore;
import dev.fakta.views.engine.ViewWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A subscription's runner at work, from one opening of its index to the next failure of that or of
/// the log.
///
/// One thread reads the log, hands events to the sink, and writes down how far it has got, behind
/// all that it has read at once and every 50 ms meanwhile: so much may come again after a crash. A
/// sink that is away is opened again after longer and longer pauses; a stream with an event that
/// the sink refuses is set aside, in memory and in the index, and tried again likewise. Should ever
/// more streams be refused than [#MOST_ASIDE], it is not the streams' fault, and everything waits.
final class SubscriptionSession implements SagaRunner.Session {

    /// So many streams are set aside at most.
    static final int MOST_ASIDE = 10_000;

    private static final int RECORDS = 1_024;
    private static final int PAGE = 100;
    private static final int LONGEST_REASON = 500;
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final long COMMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long CONFIRM_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_ASIDE = Duration.ofMinutes(10);

    /// From so many failures in a row on operators see it.
    private static final int STUCK = 8;

    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionSession.class);

    private final Subscription subscription;
    private final View view;
    private final NodeParts parts;
    private final ViewStore store;
    private final ViewWriter writer;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Map<String, Held> aside = new HashMap<>();
    private final long[] handedOver;
    private final long from;
    private @Nullable Held everything;
    private int failures;
    private boolean isChanged;
    private long written = System.nanoTime();

    SubscriptionSession(
            Subscription subscription, NodeParts parts, ViewStore store, ViewWriter writer) {
        this.subscription = subscription;
        this.view = SubscriptionIndex.view(subscription);
        this.parts = parts;
        this.store = store;
        this.writer = writer;
        this.handedOver = new long[parts.log().partitions()];
        this.from = subscription.start() instanceof Start.Since(var time) ? HybridTime.of(time) : 0;
    }

    @Override
    public void work() throws InterruptedException {
        for (Held row : SubscriptionIndex.all(store, view)) {
            if (row.isStream()) {
                aside.put(row.stream(), row);
            } else {
                everything = row;
                failures = row.failures();
            }
        }
        goTo(beginning());
        while (!isStopped()) {
            try (EventSink sink = subscription.open()) {
                follow(sink);
            } catch (ViewFencedException | ViewSqlException | LogException e) {
                throw e; // of the index or the log
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception | Error e) {
                Fatal.rethrow(e);
                if (!isStopped()) {
                    fails(e);
                }
            }
        }
    }

    /// Where it goes on by the index.
    private Positions beginning() {
        Positions saved = writer.checkpoint();
        if (!saved.isEmpty() || !(subscription.start() instanceof Start.Now)) {
            return saved;
        }
        Positions heads = parts.log().heads();
        if (heads.partitions().length < handedOver.length) {
            throw new LogException(
                    LogException.Category.UNAVAILABLE,
                    subscription + " begins when all of the log can be seen");
        }
        writer.commit(heads);
        return heads;
    }

    private void goTo(Positions positions) {
        for (int partition = 0; partition < handedOver.length; partition++) {
            handedOver[partition] = positions.offset(partition);
        }
    }

    private void follow(EventSink sink) throws Exception {
        String known = sink.position().orElse("");
        if (!known.isEmpty()) {
            Positions positions = Positions.parse(known);
            if (positions.isBeyond(parts.log().heads())) {
                throw new IllegalStateException(
                        "its sink has what this log does not: it is of another log");
            }
            goTo(positions);
        }
        if (subscription.isCausal()) {
            try (CausalReader reader = new CausalReader(parts.log(), handedOver())) {
                while (!isStopped()) {
                    take(reader.next(IDLE), sink);
                }
            }
        } else {
            try (LogReader reader = parts.log().reader(handedOver())) {
                while (!isStopped()) {
                    take(reader.next(RECORDS, IDLE), sink);
                }
            }
        }
    }

    private Positions handedOver() {
        return Positions.ofAll(Arrays.copyOf(handedOver, handedOver.length));
    }

    private void take(List<LogRecord> records, EventSink sink) throws Exception {
        tryAgain(sink);
        int most = sink.largestBatch();
        List<RecordedEvent> batch = new ArrayList<>();
        long[] upTo = Arrays.copyOf(handedOver, handedOver.length);
        for (LogRecord record : records) {
            upTo[record.partition()] = record.offset();
            if (record instanceof EventRecord event && isWanted(event)) {
                batch.add(shown(event));
                if (batch.size() == most) {
                    hand(batch, upTo, sink);
                    batch.clear();
                }
            }
            if (isStopped()) {
                save(true);
                return;
            }
        }
        hand(batch, upTo, sink);
        save(!records.isEmpty());
    }

    private boolean isWanted(EventRecord record) {
        NewEvent event = record.event();
        return record.time() >= from
                && !aside.containsKey(event.stream())
                && isOfItsTypes(event.name());
    }

    private boolean isOfItsTypes(String name) {
        return subscription.types().isEmpty()
                || parts.codec().knows(name)
                        && subscription.types().contains(parts.codec().typeNamed(name));
    }

    private RecordedEvent shown(EventRecord record) {
        NewEvent event = record.event();
        int slash = event.stream().indexOf('/');
        return new RecordedEvent(
                event.metadata().eventId(),
                parts.microsystem(record.partition()),
                event.stream().substring(0, Math.max(0, slash)),
                AggregateReader.at(record),
                event.name(),
                event.schemaVersion(),
                event.payload(),
                event.metadata().traceParent(),
                () -> decoded(record));
    }

    private Object decoded(EventRecord record) {
        NewEvent event = record.event();
        Object recent = parts.recent().find(record.partition(), record.offset());
        return recent != null
                ? recent
                : parts.codec().decode(event.name(), event.schemaVersion(), event.payload());
    }

    /// Hands over a batch; without the streams of events that are refused, which are set aside.
    private void hand(List<RecordedEvent> batch, long[] upTo, EventSink sink) throws Exception {
        List<RecordedEvent> left = List.copyOf(batch);
        Positions behind = Positions.ofAll(Arrays.copyOf(upTo, upTo.length));
        while (!left.isEmpty()) {
            try {
                sink.take(left, behind::toString);
                left = List.of();
            } catch (RefusedEventException e) {
                String stream = e.event().stream();
                Predicate<RecordedEvent> isOfIt = each -> each.stream().equals(stream);
                // none of the batch was taken, so the stream's first one in it is the next to come
                RecordedEvent first = left.stream().filter(isOfIt).findFirst().orElseGet(e::event);
                setAside(first, 1, parts.clock().instant(), e);
                save(true); // before a sink's own place can lie behind it
                left = left.stream().filter(isOfIt.negate()).toList();
            }
        }
        isChanged |= !Arrays.equals(upTo, handedOver);
        System.arraycopy(upTo, 0, handedOver, 0, upTo.length);
        goesOn();
        save(System.nanoTime() - written > COMMIT_NANOS);
    }

    /// @param refused the first of the stream that is not taken
    private void setAside(
            RecordedEvent refused, int times, Instant since, RefusedEventException e) {
        if (aside.size() >= MOST_ASIDE && !aside.containsKey(refused.stream())) {
            throw new IllegalStateException(
                    "%,d streams are set aside, the last one for this: %s"
                            .formatted(MOST_ASIDE, e.getMessage()));
        }
        Held held =
                new Held(
                        Held.idOf(refused.stream()),
                        refused.at().revision(),
                        times,
                        parts.clock().instant().plus(pause(times, LONGEST_ASIDE)),
                        since,
                        reason(e));
        if (times == 1) {
            LOG.error("{} sets {} aside: {}", subscription, e.event(), held.reason());
            LOG.debug("{} sets {} aside", subscription, refused, e);
        }
        aside.put(refused.stream(), held);
        SubscriptionIndex.write(writer, held, SagaState.Status.PARKED);
        isChanged = true;
    }

    private static String reason(Throwable failure) {
        String text = Objects.requireNonNullElseGet(failure.getMessage(), failure::toString);
        return text.substring(0, Math.min(LONGEST_REASON, text.length()));
    }

    /// Tries the streams again that are due.
    private void tryAgain(EventSink sink) throws Exception {
        if (aside.isEmpty()) {
            return;
        }
        Instant now = parts.clock().instant();
        for (Held held : List.copyOf(aside.values())) {
            if (!isStopped() && !held.due().isAfter(now)) {
                tryAgain(held, sink);
            }
        }
        save(true);
    }

    /// Hands over the events of a stream that the reader has passed, one by one.
    private void tryAgain(Held held, EventSink sink) throws Exception {
        long revision = held.revision();
        List<EventRecord> page;
        do {
            page = parts.log().readStream(held.stream(), revision, PAGE);
            for (EventRecord record : page) {
                if (record.offset() > handedOver[record.partition()]) {
                    break; // the reader comes to it
                }
                RecordedEvent event = shown(record);
                try {
                    if (record.time() >= from && isOfItsTypes(event.name())) {
                        sink.take(List.of(event), handedOver()::toString);
                    }
                } catch (RefusedEventException e) {
                    int times = event.at().revision() == held.revision() ? held.failures() + 1 : 1;
                    setAside(event, times, held.since(), e);
                    return;
                }
                revision = event.at().revision() + 1;
            }
        } while (page.size() == PAGE && revision > page.getFirst().event().revision() + PAGE - 1);
        aside.remove(held.stream());
        SubscriptionIndex.delete(writer, held.id());
        isChanged = true;
        LOG.info("{} goes on with {}", subscription, held.stream());
    }

    /// Writes down how far it has got; asks now and then whether it is still this node's.
    private void save(boolean isDue) {
        long now = System.nanoTime();
        if (isChanged && isDue) {
            writer.commit(handedOver());
            isChanged = false;
            written = now;
        } else if (now - written > CONFIRM_NANOS) {
            writer.confirm();
            written = now;
        }
    }

    /// Nothing is left that waits for the sink.
    private void goesOn() {
        failures = 0;
        if (everything != null) {
            LOG.info("{} goes on", subscription);
            everything = null;
            SubscriptionIndex.delete(writer, SubscriptionIndex.EVERYTHING);
            isChanged = true;
        }
    }

    private void fails(Throwable failure) throws InterruptedException {
        failures++;
        Duration pause = pause(failures, LONGEST_PAUSE);
        Instant now = parts.clock().instant();
        String reason = reason(failure);
        LOG.warn("{} waits, and goes on in {} ms: {}", subscription, pause.toMillis(), reason);
        LOG.debug("{} waits", subscription, failure);
        Instant since = everything == null ? now : everything.since();
        Held held =
                new Held(SubscriptionIndex.EVERYTHING, 0, failures, now.plus(pause), since, reason);
        everything = held;
        SubscriptionIndex.write(
                writer, held, failures < STUCK ? SagaState.Status.LIVE : SagaState.Status.STUCK);
        isChanged = true;
        save(true);
        boolean _ = stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Twice as long each time, and no two runners at the same moment.
    private static Duration pause(int times, Duration longest) {
        long millis = FIRST_PAUSE.toMillis() << Math.min(20, times - 1);
        long bounded = Math.min(longest.toMillis(), millis);
        return Duration.ofMillis(
                bounded - ThreadLocalRandom.current().nextLong(Math.max(1, bounded / 4)));
    }

    private boolean isStopped() {
        return stopping.getCount() == 0;
    }

    /// Its one thread is the runner's own.
    @Override
    public boolean isReading() {
        return true;
    }

    /// What goes outside holds up no order.
    @Override
    public long backlogMillis() {
        return 0;
    }

    @Override
    public void stop() {
        stopping.countDown();
    }

    @Override
    public void close() {
        stop();
    }
}
