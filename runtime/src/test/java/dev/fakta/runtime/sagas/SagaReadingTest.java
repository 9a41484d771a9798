// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogRecord;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.log.Writer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SagaReadingTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final EventLog log = MemoryLog.create(1);
    private final Writer writer = log.claim(0, "n");
    private final BlockingQueue<Stretch> stretches = new LinkedBlockingQueue<>();
    private long revision;

    private record Stretch(List<String> found, Positions upTo) {}

    @AfterEach
    void close() {
        log.close();
    }

    /// What each event of the name `many-N` means is found N times, and of other names none.
    private SagaReading<String> read() {
        SagaReading<String> reading =
                new SagaReading<>(
                        "reading",
                        log,
                        Positions.start(1),
                        SagaReadingTest::find,
                        new SagaHolds("the test", SagaHolds.nothingSaid()),
                        (found, upTo) -> stretches.add(new Stretch(found, upTo)),
                        // closing fails it too; what is missing is seen
                        _ -> {});
        reading.start();
        return reading;
    }

    private static List<String> find(List<LogRecord> records) {
        return records.stream()
                .filter(EventRecord.class::isInstance)
                .map(record -> ((EventRecord) record).event().name())
                .filter(name -> name.startsWith("many-"))
                .flatMap(
                        name ->
                                Collections.nCopies(Integer.parseInt(name.substring(5)), name)
                                        .stream())
                .toList();
    }

    private void append(String name) {
        UUID id = new UUID(0, ++revision);
        Metadata why = new Metadata(id, id, 1, id, id, "", "", Long.MAX_VALUE / 2 + revision);
        NewEvent event = new NewEvent("a/1", revision, name, 1, new byte[0], why);
        long _ = writer.append(List.of(event)).toCompletableFuture().join();
    }

    private static Thread thread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("reading"))
                .findAny()
                .orElseThrow();
    }

    private Stretch next() throws InterruptedException {
        Stretch next = stretches.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    /// While little happens each event is a stretch. A step that has to wait until the ones before
    /// it are done with, at the next commit of an index, makes an order of ten steps take ten
    /// commits.
    @Test
    void an_event_does_not_wait_until_the_ones_before_it_are_done_with() throws Exception {
        try (var _ = read()) {
            for (int i = 0; i < 200; i++) {
                append("many-1");
                assertThat(next().found()).hasSize(1);
            }
        }
    }

    @Test
    void no_more_is_read_than_may_lie_ahead() throws Exception {
        try (SagaReading<String> reading = read()) {
            int one = SagaReading.MOST_AHEAD / 8;
            for (int i = 0; i < 8; i++) {
                append("many-" + one);
                assertThat(next().found()).hasSize(one);
            }
            append("many-" + one);
            Thread reader = thread();
            await().atMost(SOON).until(() -> reader.getState() == Thread.State.WAITING);
            assertThat(stretches).isEmpty();
            reading.proceed(one);
            assertThat(next().found()).hasSize(one);
        }
    }

    /// The checkpoint follows, or the next start would read all of it again.
    @Test
    void what_concerns_nobody_is_passed_over_all_the_same() throws Exception {
        try (var _ = read()) {
            append("nothing");
            append("nothing");
            Stretch last = next();
            while (!last.upTo().covers(log.heads())) {
                last = next();
            }
            assertThat(last.found()).isEmpty();
        }
    }
}
