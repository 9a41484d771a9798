// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static dev.fakta.testkit.LogProbe.assertCategory;
import static dev.fakta.testkit.LogProbe.assertGapFree;
import static dev.fakta.testkit.LogProbe.assertThrows;
import static dev.fakta.testkit.LogProbe.done;
import static dev.fakta.testkit.LogProbe.inParallel;
import static dev.fakta.testkit.LogProbe.read;
import static dev.fakta.testkit.LogProbe.streamIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The part of [EventLogConformance] that is about reading, and the log under test.
abstract class ReadingConformance {

    /// The number of partitions of the logs under test.
    protected static final int PARTITIONS = 4;

    static final Duration LONG = Duration.ofSeconds(20);
    static final Duration SHORT = Duration.ofMillis(30);

    EventLog log;

    /// A new log without records, with [#PARTITIONS] partitions.
    protected abstract EventLog create() throws Exception;

    /// The same log after a restart: `closed` is closed already. A log that ends with its process
    /// answers null, and the tests of durability are left out.
    protected abstract @Nullable EventLog reopen(EventLog closed) throws Exception;

    /// An implementation's own clean-up, after the log is closed.
    protected void dispose() throws Exception {}

    @BeforeEach
    void open() throws Exception {
        log = create();
    }

    @AfterEach
    void close() throws Exception {
        log.close();
        dispose();
    }

    @Nested
    class Reading {
        @Test
        void a_reader_answers_the_records_behind_its_positions() {
            Writer writer = log.claim(1, "n");
            for (int i = 1; i <= 5; i++) {
                done(writer.append(List.of(Events.plain(streamIn(log, 1, 0), i))));
            }
            assertThat(read(log, Positions.of(1, 3), 3))
                    .extracting(LogRecord::offset)
                    .containsExactly(4L, 5L, 6L);
        }

        @Test
        void a_record_that_is_there_is_answered_to_a_reader_that_does_not_wait() {
            Writer writer = log.claim(1, "n");
            done(writer.append(List.of(Events.plain(streamIn(log, 1, 0), 1))));
            for (long offset = 1; offset <= 2; offset++) {
                try (LogReader reader = log.reader(Positions.of(1, offset - 1))) {
                    assertThat(reader.next(1, Duration.ZERO))
                            .extracting(LogRecord::offset)
                            .containsExactly(offset);
                }
            }
        }

        @Test
        void a_reader_answers_only_the_partitions_it_names() {
            Writer zero = log.claim(0, "n");
            log.claim(1, "n");
            done(zero.append(List.of(Events.plain(streamIn(log, 0, 0), 1))));
            try (LogReader reader = log.reader(Positions.of(1, 0))) {
                assertThat(reader.next(10, LONG)).extracting(LogRecord::partition).containsOnly(1);
                assertThat(reader.next(10, SHORT)).isEmpty();
                assertThat(reader.positions()).isEqualTo(Positions.of(1, 1));
            }
        }

        @Test
        void a_reader_answers_at_most_the_limit_and_goes_on_where_it_was() {
            Writer writer = log.claim(0, "n");
            List<NewEvent> events = new ArrayList<>();
            for (int i = 1; i <= 10; i++) {
                events.add(Events.plain(streamIn(log, 0, 0), i));
            }
            done(writer.append(events));
            try (LogReader reader = log.reader(Positions.start(PARTITIONS))) {
                List<Long> offsets = new ArrayList<>();
                for (int i = 1; i <= 11; i++) {
                    List<LogRecord> one = reader.next(1, LONG);
                    assertThat(one).hasSize(1);
                    offsets.add(one.getFirst().offset());
                    assertThat(reader.positions().offset(0)).isEqualTo(i);
                }
                assertThat(offsets).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
                assertThatIllegalArgumentException().isThrownBy(() -> reader.next(0, SHORT));
            }
        }

        @Test
        void a_readers_positions_are_where_another_one_goes_on() {
            Writer writer = log.claim(0, "n");
            for (int i = 1; i <= 20; i++) {
                done(writer.append(List.of(Events.plain(streamIn(log, 0, 0), i))));
            }
            Positions reached;
            try (LogReader reader = log.reader(Positions.start(PARTITIONS))) {
                assertThat(reader.next(7, LONG)).hasSize(7);
                reached = reader.positions();
            }
            assertThat(read(log, reached, 14)).extracting(LogRecord::offset).startsWith(8L);
        }

        @Test
        void a_reader_without_records_waits_no_longer_than_it_is_told() {
            try (LogReader reader = log.reader(Positions.start(PARTITIONS))) {
                assertThat(reader.next(10, Duration.ZERO)).isEmpty();
                assertThat(reader.next(10, SHORT)).isEmpty();
            }
        }

        @Test
        void a_waiting_reader_gets_the_next_record_at_once() throws Exception {
            Writer writer = log.claim(0, "n");
            try (LogReader reader = log.reader(Positions.of(0, 1));
                    ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<List<LogRecord>> next = other.submit(() -> reader.next(10, LONG));
                assertThatExceptionOfType(TimeoutException.class)
                        .isThrownBy(() -> next.get(30, TimeUnit.MILLISECONDS));
                long start = System.nanoTime();
                done(writer.append(List.of(Events.plain(streamIn(log, 0, 0), 1))));
                assertThat(next.get()).extracting(LogRecord::offset).containsExactly(2L);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG);
            }
        }

        @Test
        void a_reader_ahead_of_the_head_begins_behind_its_position() {
            Writer writer = log.claim(0, "n");
            try (LogReader reader = log.reader(Positions.of(0, 3))) {
                for (int i = 1; i <= 4; i++) {
                    done(writer.append(List.of(Events.plain(streamIn(log, 0, 0), i))));
                }
                assertThat(reader.next(10, LONG))
                        .extracting(LogRecord::offset)
                        .containsExactly(4L, 5L);
            }
        }

        @Test
        void an_acknowledged_append_is_seen_by_every_read_that_follows() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(log, 0, 0);
            try (LogReader reader = log.reader(Positions.of(0, 1))) {
                for (int i = 1; i <= 50; i++) {
                    long offset = done(writer.append(List.of(Events.plain(stream, i))));
                    assertThat(log.heads().offset(0)).isEqualTo(offset);
                    assertThat(log.readStream(stream, i, 1)).hasSize(1);
                    assertThat(reader.next(10, Duration.ZERO))
                            .extracting(LogRecord::offset)
                            .containsExactly(offset);
                }
            }
        }

        @Test
        void closing_a_reader_ends_its_wait() throws Exception {
            LogReader reader = log.reader(Positions.start(PARTITIONS));
            try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<List<LogRecord>> next = other.submit(() -> reader.next(10, LONG));
                assertThatExceptionOfType(TimeoutException.class)
                        .isThrownBy(() -> next.get(30, TimeUnit.MILLISECONDS));
                reader.close();
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(next::get)
                        .satisfies(e -> assertCategory(e.getCause(), Category.CLOSED));
            }
            assertThrows(() -> reader.next(1, SHORT), Category.CLOSED);
        }

        @Test
        void readers_that_follow_see_every_record_once_and_in_order() throws Exception {
            int perPartition = 300;
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < PARTITIONS; i++) {
                int partition = i;
                work.add(() -> appendSlowly(partition, perPartition));
                work.add(() -> follow(Positions.of(partition, 0), perPartition + 1, 7));
            }
            work.add(
                    () -> follow(Positions.start(PARTITIONS), PARTITIONS * (perPartition + 1), 64));
            inParallel(work.size(), work::get);
        }

        private boolean appendSlowly(int partition, int count) {
            Writer writer = log.claim(partition, "n");
            CompletionStage<Long> last = CompletableFuture.completedStage(0L);
            for (int i = 1; i <= count; i++) {
                last = writer.append(List.of(Events.plain(streamIn(log, partition, 0), i)));
                if (i % 10 == 0) {
                    done(last);
                }
            }
            done(last);
            return true;
        }

        private boolean follow(Positions from, int count, int limit) {
            List<LogRecord> seen = new ArrayList<>();
            try (LogReader reader = log.reader(from)) {
                while (seen.size() < count) {
                    List<LogRecord> next = reader.next(limit, LONG);
                    assertThat(next).isNotEmpty().hasSizeLessThanOrEqualTo(limit);
                    seen.addAll(next);
                }
                assertThat(reader.next(limit, Duration.ZERO)).isEmpty();
            }
            assertGapFree(seen, from.partitions().length);
            return true;
        }
    }

    @Nested
    class Streams {
        @Test
        void a_stream_is_read_from_a_revision_on_in_order_up_to_the_limit() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(log, 0, 0);
            for (int i = 1; i <= 40; i++) {
                done(
                        writer.append(
                                List.of(
                                        Events.plain(stream, i),
                                        Events.plain(streamIn(log, 0, i), 1))));
            }
            assertThat(revisions(stream, 1, 1000)).hasSize(40).startsWith(1L).isSorted();
            assertThat(revisions(stream, 38, 1000)).containsExactly(38L, 39L, 40L);
            assertThat(revisions(stream, 5, 3)).containsExactly(5L, 6L, 7L);
            assertThat(revisions(stream, 1, 17)).hasSize(17).startsWith(1L).endsWith(17L);
            assertThat(revisions(stream, 41, 10)).isEmpty();
            assertThat(revisions(stream, 1, 0)).isEmpty();
            assertThat(revisions(streamIn(log, 0, 900), 1, 10)).isEmpty();
        }

        @Test
        void a_streams_records_have_their_partition_and_offset() {
            Writer writer = log.claim(3, "n");
            String stream = streamIn(log, 3, 0);
            done(writer.append(List.of(Events.plain(stream, 1))));
            EventRecord record = log.readStream(stream, 1, 1).getFirst();
            assertThat(record.partition()).isEqualTo(3);
            assertThat(record.offset()).isEqualTo(2);
        }

        @Test
        void a_stream_with_events_is_never_surely_absent() {
            Writer writer = log.claim(0, "n");
            for (int i = 0; i < 200; i++) {
                done(writer.append(List.of(Events.plain(streamIn(log, 0, i), 1))));
                assertThat(log.surelyAbsent(streamIn(log, 0, i))).isFalse();
            }
        }

        private List<Long> revisions(String stream, long from, int limit) {
            return log.readStream(stream, from, limit).stream()
                    .map(record -> record.event().revision())
                    .toList();
        }
    }

    @Nested
    class Snapshots {
        @Test
        void the_newest_snapshot_is_answered() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(log, 0, 0);
            assertThat(log.latestSnapshot(stream)).isEmpty();
            done(writer.append(List.of(Events.plain(stream, 1), Events.plain(stream, 2))));
            writer.putSnapshot(new Snapshot(stream, 1, new byte[] {1}));
            writer.putSnapshot(new Snapshot(stream, 2, new byte[] {2, 2}));
            done(writer.append(List.of()));
            done(writer.append(List.of(Events.plain(stream, 3))));
            Snapshot newest = log.latestSnapshot(stream).orElseThrow();
            assertThat(newest.stream()).isEqualTo(stream);
            assertThat(newest.revision()).isEqualTo(2);
            assertThat(newest.payload()).containsExactly(2, 2);
            assertThat(log.latestSnapshot(streamIn(log, 0, 1))).isEmpty();
        }

        @Test
        void a_snapshot_takes_no_offset_and_is_no_record() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(log, 0, 0);
            done(writer.append(List.of(Events.plain(stream, 1))));
            writer.putSnapshot(new Snapshot(stream, 1, new byte[10]));
            assertThat(done(writer.append(List.of(Events.plain(stream, 2))))).isEqualTo(3);
            assertThat(read(log, Positions.of(0, 0), 3)).hasSize(3);
            assertThat(log.readStream(stream, 1, 10)).hasSize(2);
        }

        @Test
        void a_snapshot_ahead_of_its_stream_is_dropped() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(log, 0, 0);
            writer.putSnapshot(new Snapshot(stream, 1, new byte[10]));
            done(writer.append(List.of(Events.plain(stream, 1))));
            writer.putSnapshot(new Snapshot(stream, 2, new byte[10]));
            done(writer.append(List.of(Events.plain(stream, 2))));
            assertThat(log.latestSnapshot(stream)).isEmpty();
        }

        @Test
        void a_fenced_writers_snapshot_is_dropped() {
            Writer old = log.claim(0, "a");
            String stream = streamIn(log, 0, 0);
            done(old.append(List.of(Events.plain(stream, 1))));
            Writer newer = log.claim(0, "b");
            old.putSnapshot(new Snapshot(stream, 1, new byte[10]));
            done(newer.append(List.of(Events.plain(stream, 2))));
            assertThat(log.latestSnapshot(stream)).isEmpty();
        }

        @Test
        void a_lone_snapshot_is_stored_soon() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(log, 0, 0);
            done(writer.append(List.of(Events.plain(stream, 1))));
            writer.putSnapshot(new Snapshot(stream, 1, new byte[10]));
            long until = System.nanoTime() + LONG.toNanos();
            while (log.latestSnapshot(stream).isEmpty() && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            assertThat(log.latestSnapshot(stream)).isPresent();
        }
    }
}
