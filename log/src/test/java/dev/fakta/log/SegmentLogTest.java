// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static dev.fakta.log.Samples.done;
import static dev.fakta.log.Samples.event;
import static dev.fakta.log.Samples.readAll;
import static dev.fakta.log.Samples.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is special about a [SegmentLog]; the contract is tested in the testkit.
class SegmentLogTest {

    private static final SegmentLogSettings SMALL =
            SegmentLogSettings.defaults()
                    .withPartitions(4)
                    .withSegmentBytes(1 << 20)
                    .withCheckpoints(300_000, 30);

    @TempDir Path directory;

    @Test
    void a_reader_that_keeps_up_gets_what_stands_in_the_files() {
        Random random = new Random(5);
        List<LogRecord> live = new ArrayList<>();
        try (SegmentLog log = SegmentLog.open(directory, SMALL);
                LogReader reader = log.reader(Positions.of(1, 3))) {
            List<Writer> writers = List.of(log.claim(0, "n"), log.claim(1, "n"));
            for (int i = 1; i <= 3000; i++) {
                for (Writer writer : writers) {
                    String stream = stream(log, writer.partition(), 0);
                    var stage = writer.append(List.of(event(stream, i, random.nextInt(1500))));
                    if (random.nextInt(20) == 0) {
                        done(stage);
                    }
                }
                live.addAll(reader.next(1 + random.nextInt(7), Duration.ZERO));
            }
            writers.forEach(writer -> done(writer.append(List.of())));
            while (reader.positions().offset(1) < 3001) {
                live.addAll(reader.next(5, Duration.ofSeconds(10)));
            }
        }
        try (SegmentLog log = SegmentLog.open(directory, SMALL);
                LogReader reader = log.reader(Positions.of(1, 3))) {
            assertThat(live).hasSize(2998);
            assertThat(texts(live)).isEqualTo(texts(reader.next(10_000, Duration.ZERO)));
        }
    }

    /// All that records have, for arrays are not compared by what is in them; to have AssertJ do so
    /// recursively takes minutes for millions of bytes.
    private static List<String> texts(List<LogRecord> records) {
        return records.stream()
                .map(
                        record ->
                                switch (record) {
                                    case ClaimRecord claim -> claim.toString();
                                    case EventRecord(var partition, var offset, var event) ->
                                            "%d.%d %s %d %s %d %s %s"
                                                    .formatted(
                                                            partition,
                                                            offset,
                                                            event.stream(),
                                                            event.revision(),
                                                            event.name(),
                                                            event.schemaVersion(),
                                                            HexFormat.of()
                                                                    .formatHex(event.payload()),
                                                            event.metadata());
                                })
                .toList();
    }

    @Test
    void a_log_of_many_segments_and_checkpoints_is_read_from_anywhere() {
        int events = 6000;
        Random random = new Random(3);
        long[][] revisions = new long[4][50];
        try (SegmentLog log = SegmentLog.open(directory, SMALL)) {
            List<Writer> writers =
                    List.of(
                            log.claim(0, "n"),
                            log.claim(1, "n"),
                            log.claim(2, "n"),
                            log.claim(3, "n"));
            for (int i = 0; i < events; i++) {
                int p = random.nextInt(4);
                int s = random.nextInt(50);
                var stage =
                        writers.get(p)
                                .append(List.of(event(stream(log, p, s), ++revisions[p][s], 1200)));
                if (i % 100 == 0) {
                    done(stage);
                }
            }
            writers.forEach(writer -> done(writer.append(List.of())));
            assertReadFromAnywhere(log, random);
        }
        try (SegmentLog log = SegmentLog.open(directory, SMALL)) {
            assertThat(readAll(log)).hasSize(events + 4);
            assertReadFromAnywhere(log, random);
            for (int s = 0; s < 50; s++) {
                assertThat(log.readStream(stream(log, 2, s), 1, events))
                        .hasSize((int) revisions[2][s]);
            }
        }
        VerifyReport report = LogVerifier.verify(directory);
        assertThat(report.fault()).isEmpty();
        assertThat(report.events()).isEqualTo(events);
        assertThat(report.claims()).isEqualTo(4);
        assertThat(report.streams()).isEqualTo(200);
    }

    private static void assertReadFromAnywhere(SegmentLog log, Random random) {
        Positions heads = log.heads();
        for (int i = 0; i < 200; i++) {
            int one = random.nextInt(4);
            int other = random.nextInt(4);
            Positions after =
                    Positions.of(one, random.nextLong(heads.offset(one)))
                            .with(other, random.nextLong(heads.offset(other)));
            try (LogReader reader = log.reader(after)) {
                List<LogRecord> next = reader.next(10, Duration.ZERO);
                assertThat(next).isNotEmpty();
                for (int p : after.partitions()) {
                    next.stream()
                            .filter(record -> record.partition() == p)
                            .findFirst()
                            .ifPresent(
                                    record ->
                                            assertThat(record.offset())
                                                    .isEqualTo(after.offset(p) + 1));
                }
            }
        }
    }

    @Test
    void a_reader_ends_quickly_when_it_starts_at_the_heads() {
        try (SegmentLog log = SegmentLog.open(directory, SMALL)) {
            String stream = stream(log, 0, 0);
            Writer writer = log.claim(0, "n");
            for (int i = 1; i <= 300; i++) {
                done(writer.append(List.of(event(stream, i, 10_000))));
            }
            try (LogReader reader = log.reader(log.heads())) {
                assertThat(reader.next(1, Duration.ZERO)).isEmpty();
                done(writer.append(List.of(event(stream, 301, 1))));
                assertThat(reader.next(10, Duration.ofSeconds(5))).hasSize(1);
            }
        }
    }

    @Test
    void an_interrupt_ends_a_readers_wait_and_harms_nobody_else() throws Exception {
        try (SegmentLog log = SegmentLog.open(directory, SMALL)) {
            LogReader reader = log.reader(log.heads());
            Thread waiting =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        assertThat(reader.next(1, Duration.ofMinutes(5))).isEmpty();
                                        assertThat(Thread.currentThread().isInterrupted()).isTrue();
                                        String stream = stream(log, 0, 0);
                                        assertThat(log.readStream(stream, 1, 1)).isEmpty();
                                        log.claim(0, "interrupted");
                                    });
            waiting.interrupt();
            waiting.join();
            assertThat(log.heads().offset(0)).isEqualTo(1);
            assertThat(readAll(log)).hasSize(1);
        }
    }

    @Test
    void closing_leaves_the_threads_that_read_uninterrupted() throws Exception {
        for (int round = 0; round < 20; round++) {
            SegmentLog log = SegmentLog.open(directory, SMALL);
            String stream = stream(log, 0, 0);
            Writer writer = log.claim(0, "n");
            done(writer.append(List.of(event(stream, round + 1L, 1000))));
            CountDownLatch reading = new CountDownLatch(1);
            AtomicBoolean interrupted = new AtomicBoolean();
            Thread reader =
                    Thread.ofPlatform()
                            .start(() -> interrupted.set(readUntilClosed(log, stream, reading)));
            reading.await();
            log.close();
            reader.join();
            assertThat(interrupted).isFalse();
        }
    }

    private static boolean readUntilClosed(SegmentLog log, String stream, CountDownLatch reading) {
        try {
            while (true) {
                assertThat(log.readStream(stream, 1, 10)).isNotEmpty();
                reading.countDown();
            }
        } catch (LogException e) {
            assertThat(e.category()).isEqualTo(LogException.Category.CLOSED);
            return Thread.currentThread().isInterrupted();
        }
    }

    @Test
    void settings_report_all_problems_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SegmentLogSettings(0, 1, 0, 0, 0, 0))
                .withMessageContaining("partitions is 0")
                .withMessageContaining("segment-bytes is 1")
                .withMessageContaining("checkpoint-streams is 0");
    }
}
