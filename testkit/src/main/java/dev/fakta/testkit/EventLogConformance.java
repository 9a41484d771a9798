// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.fakta.log.ClaimRecord;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What every [EventLog] promises, one test per sentence of the contract. An implementation extends
/// this class and says how a log is made; all else is here.
public abstract class EventLogConformance {

    /// The number of partitions of the logs under test.
    protected static final int PARTITIONS = 4;

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(30);

    private EventLog log;

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
    class Partitioning {
        @Test
        void a_new_log_has_its_partitions_and_no_records() {
            assertThat(log.partitions()).isEqualTo(PARTITIONS);
            assertThat(log.heads()).isEqualTo(Positions.start(PARTITIONS));
        }

        @Test
        void a_streams_partition_is_its_xxh64_modulo_the_number_of_partitions() {
            // xxh64("a") = d24ec4f1a98c6e5b, xxh64("abc") = 44bc2cf5ad770999
            assertThat(log.partitionOf("a")).isEqualTo(0x5b % PARTITIONS);
            assertThat(log.partitionOf("abc")).isEqualTo(0x99 % PARTITIONS);
        }

        @Test
        void an_event_of_another_partition_is_a_programmers_error_and_changes_nothing() {
            Writer writer = log.claim(0, "n");
            String foreign = streamIn(1, 0);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> unused(writer.append(List.of(event(foreign, 1)))));
            assertThat(writer.head()).isEqualTo(1);
            assertThat(done(writer.append(List.of(event(streamIn(0, 0), 1))))).isEqualTo(2);
        }

        @Test
        void there_is_no_partition_beyond_the_last() {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> log.claim(PARTITIONS, "n"));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> log.claim(-1, "n"));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> log.reader(Positions.of(PARTITIONS, 0)));
        }
    }

    @Nested
    class Claiming {
        @Test
        void a_claim_is_a_record_at_head_plus_one_with_the_next_epoch() {
            Writer first = log.claim(2, "north");
            Writer second = log.claim(2, "south");
            assertThat(first.epoch()).isEqualTo(1);
            assertThat(second.epoch()).isEqualTo(2);
            assertThat(second.partition()).isEqualTo(2);
            assertThat(second.head()).isEqualTo(2);
            assertThat(log.heads().offset(2)).isEqualTo(2);
            assertThat(read(Positions.of(2, 0), 2))
                    .extracting(
                            r -> ((ClaimRecord) r).node(),
                            r -> ((ClaimRecord) r).epoch(),
                            LogRecord::offset)
                    .containsExactly(tuple("north", 1L, 1L), tuple("south", 2L, 2L));
        }

        @Test
        void every_earlier_writer_is_fenced_from_then_on() {
            Writer first = log.claim(0, "a");
            Writer second = log.claim(0, "b");
            Writer third = log.claim(0, "c");
            NewEvent event = event(streamIn(0, 0), 1);
            assertFails(first.append(List.of(event)), Category.FENCED);
            assertFails(second.append(List.of(event)), Category.FENCED);
            assertFails(first.append(List.of()), Category.FENCED);
            assertThat(done(third.append(List.of(event)))).isEqualTo(4);
        }

        @Test
        void a_claim_fences_its_own_partition_only() {
            Writer other = log.claim(1, "a");
            Writer unused = log.claim(0, "b");
            assertThat(unused.head()).isEqualTo(1);
            assertThat(done(other.append(List.of(event(streamIn(1, 0), 1))))).isEqualTo(2);
        }

        @Test
        void a_claims_time_is_later_than_all_before_it() {
            Writer writer = log.claim(0, "a");
            long ahead = Events.TIME + (1L << 40);
            done(writer.append(List.of(Events.at(streamIn(0, 0), 1, ahead))));
            Writer again = log.claim(0, "b");
            assertThat(read(Positions.of(0, again.head() - 1), 1).getFirst().time())
                    .isGreaterThan(ahead);
        }

        @Test
        void racing_claims_get_different_epochs_and_only_the_last_can_append() throws Exception {
            List<Writer> writers =
                    inParallel(8, i -> () -> log.claim(3, "node-" + i)).stream().toList();
            assertThat(writers)
                    .extracting(Writer::epoch)
                    .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
            for (Writer writer : writers) {
                CompletionStage<Long> appended = writer.append(List.of(event(streamIn(3, 0), 1)));
                if (writer.epoch() == 8) {
                    assertThat(done(appended)).isEqualTo(9);
                } else {
                    assertFails(appended, Category.FENCED);
                }
            }
        }
    }

    @Nested
    class Appending {
        @Test
        void an_append_completes_with_the_offset_of_its_last_event() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(0, 0);
            assertThat(done(writer.append(List.of(event(stream, 1), event(stream, 2)))))
                    .isEqualTo(3);
            assertThat(writer.head()).isEqualTo(3);
            assertThat(log.heads()).isEqualTo(Positions.start(PARTITIONS).with(0, 3));
        }

        @Test
        void what_is_read_is_what_was_appended() {
            Writer writer = log.claim(0, "n");
            List<NewEvent> events =
                    List.of(
                            Events.full(streamIn(0, 0), 1),
                            event(streamIn(0, 1), 1),
                            Events.unicode(streamIn(0, 2), 1));
            done(writer.append(events));
            List<LogRecord> records = read(Positions.of(0, 1), 3);
            for (int i = 0; i < events.size(); i++) {
                Events.assertSame(((EventRecord) records.get(i)).event(), events.get(i));
                assertThat(records.get(i).offset()).isEqualTo(i + 2);
                assertThat(records.get(i).partition()).isZero();
                assertThat(records.get(i).time()).isEqualTo(events.get(i).metadata().time());
            }
        }

        @Test
        void the_largest_payload_and_the_longest_names_fit() {
            Writer writer = log.claim(0, "n".repeat(NewEvent.LONGEST_NAME));
            NewEvent large = Events.largest(streamIn(0, 0));
            done(writer.append(List.of(large)));
            Events.assertSame(log.readStream(large.stream(), 1, 1).getFirst().event(), large);
        }

        @Test
        void a_name_that_is_empty_or_too_long_is_refused() {
            String tooLong = "x".repeat(NewEvent.LONGEST_NAME + 1);
            assertThatIllegalArgumentException().isThrownBy(() -> event("", 1));
            assertThatIllegalArgumentException().isThrownBy(() -> event(tooLong, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> event("ä".repeat(128), 1));
            assertThatIllegalArgumentException().isThrownBy(() -> log.claim(0, tooLong));
        }

        @Test
        void an_empty_append_completes_with_the_head() {
            Writer writer = log.claim(0, "n");
            done(writer.append(List.of(event(streamIn(0, 0), 1))));
            assertThat(done(writer.append(List.of()))).isEqualTo(2);
            assertThat(log.heads().offset(0)).isEqualTo(2);
        }

        @Test
        void appends_may_be_given_without_waiting_and_complete_in_order() {
            Writer writer = log.claim(0, "n");
            List<Long> completed = new ArrayList<>();
            List<CompletionStage<Void>> stages = new ArrayList<>();
            for (int revision = 1; revision <= 500; revision++) {
                CompletionStage<Long> append =
                        writer.append(List.of(event(streamIn(0, 0), revision)));
                assertThat(writer.head()).isEqualTo(revision + 1L);
                stages.add(
                        append.thenAccept(
                                offset -> {
                                    synchronized (completed) {
                                        completed.add(offset);
                                    }
                                }));
            }
            stages.forEach(EventLogConformance::done);
            assertThat(completed).hasSize(500).isSorted().doesNotHaveDuplicates();
        }

        @Test
        void the_callers_list_may_change_afterwards() {
            Writer writer = log.claim(0, "n");
            List<NewEvent> events = new ArrayList<>(List.of(event(streamIn(0, 0), 1)));
            CompletionStage<Long> appended = writer.append(events);
            events.clear();
            assertThat(done(appended)).isEqualTo(2);
        }

        @Test
        void writers_of_all_partitions_append_at_the_same_time() throws Exception {
            int appends = 200;
            inParallel(PARTITIONS, partition -> () -> appendAlone(partition, appends));
            assertThat(log.heads()).isEqualTo(Positions.ofAll(new long[] {401, 401, 401, 401}));
            assertGapFree(readAll(), PARTITIONS);
        }

        private long appendAlone(int partition, int appends) {
            Writer writer = log.claim(partition, "n");
            CompletionStage<Long> last = CompletableFuture.completedStage(0L);
            for (int i = 1; i <= appends; i++) {
                last =
                        writer.append(
                                List.of(
                                        event(streamIn(partition, 0), i),
                                        event(streamIn(partition, i), 1)));
            }
            return done(last);
        }
    }

    @Nested
    class Conflicts {
        @Test
        void a_revision_must_be_one_more_than_the_streams_last() {
            String stream = streamIn(0, 0);
            assertFails(log.claim(0, "n").append(List.of(event(stream, 2))), Category.CONFLICT);
            done(log.claim(0, "n").append(List.of(event(stream, 1))));
            assertFails(log.claim(0, "n").append(List.of(event(stream, 1))), Category.CONFLICT);
            assertFails(log.claim(0, "n").append(List.of(event(stream, 3))), Category.CONFLICT);
            done(log.claim(0, "n").append(List.of(event(stream, 2))));
        }

        @Test
        void one_wrong_revision_fails_the_whole_append() {
            Writer writer = log.claim(0, "n");
            String good = streamIn(0, 0);
            String bad = streamIn(0, 1);
            assertFails(
                    writer.append(List.of(event(good, 1), event(good, 2), event(bad, 2))),
                    Category.CONFLICT);
            assertThat(log.heads().offset(0)).isEqualTo(1);
            assertThat(log.readStream(good, 1, 10)).isEmpty();
            done(log.claim(0, "n").append(List.of(event(good, 1), event(bad, 1))));
        }

        @Test
        void after_one_failure_every_later_append_fails_alike_until_a_new_claim() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(0, 0);
            CompletionStage<Long> first = writer.append(List.of(event(stream, 1)));
            CompletionStage<Long> wrong = writer.append(List.of(event(stream, 3)));
            CompletionStage<Long> later = writer.append(List.of(event(streamIn(0, 1), 1)));
            assertThat(done(first)).isEqualTo(2);
            assertFails(wrong, Category.CONFLICT);
            assertFails(later, Category.CONFLICT);
            assertFails(writer.append(List.of(event(stream, 2))), Category.CONFLICT);
            assertThat(log.heads().offset(0)).isEqualTo(2);
            assertThat(done(log.claim(0, "n").append(List.of(event(stream, 2))))).isEqualTo(4);
        }

        @Test
        void a_pipelined_append_builds_on_the_ones_before_it() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(0, 0);
            List<CompletionStage<Long>> appends = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                appends.add(
                        writer.append(List.of(event(stream, 2 * i + 1), event(stream, 2 * i + 2))));
            }
            appends.forEach(EventLogConformance::done);
            assertThat(log.readStream(stream, 1, 1000))
                    .extracting(r -> r.event().revision())
                    .hasSize(100)
                    .isSorted();
        }
    }

    @Nested
    class Reading {
        @Test
        void a_reader_answers_the_records_behind_its_positions() {
            Writer writer = log.claim(1, "n");
            for (int i = 1; i <= 5; i++) {
                done(writer.append(List.of(event(streamIn(1, 0), i))));
            }
            assertThat(read(Positions.of(1, 3), 3))
                    .extracting(LogRecord::offset)
                    .containsExactly(4L, 5L, 6L);
        }

        @Test
        void a_reader_answers_only_the_partitions_it_names() {
            Writer zero = log.claim(0, "n");
            log.claim(1, "n");
            done(zero.append(List.of(event(streamIn(0, 0), 1))));
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
                events.add(event(streamIn(0, 0), i));
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
                done(writer.append(List.of(event(streamIn(0, 0), i))));
            }
            Positions reached;
            try (LogReader reader = log.reader(Positions.start(PARTITIONS))) {
                assertThat(reader.next(7, LONG)).hasSize(7);
                reached = reader.positions();
            }
            assertThat(read(reached, 14)).extracting(LogRecord::offset).startsWith(8L);
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
                done(writer.append(List.of(event(streamIn(0, 0), 1))));
                assertThat(next.get()).extracting(LogRecord::offset).containsExactly(2L);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG);
            }
        }

        @Test
        void a_reader_ahead_of_the_head_begins_behind_its_position() {
            Writer writer = log.claim(0, "n");
            try (LogReader reader = log.reader(Positions.of(0, 3))) {
                for (int i = 1; i <= 4; i++) {
                    done(writer.append(List.of(event(streamIn(0, 0), i))));
                }
                assertThat(reader.next(10, LONG))
                        .extracting(LogRecord::offset)
                        .containsExactly(4L, 5L);
            }
        }

        @Test
        void an_acknowledged_append_is_seen_by_every_read_that_follows() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(0, 0);
            try (LogReader reader = log.reader(Positions.of(0, 1))) {
                for (int i = 1; i <= 50; i++) {
                    long offset = done(writer.append(List.of(event(stream, i))));
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
                last = writer.append(List.of(event(streamIn(partition, 0), i)));
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
            String stream = streamIn(0, 0);
            for (int i = 1; i <= 40; i++) {
                done(writer.append(List.of(event(stream, i), event(streamIn(0, i), 1))));
            }
            assertThat(revisions(stream, 1, 1000)).hasSize(40).startsWith(1L).isSorted();
            assertThat(revisions(stream, 38, 1000)).containsExactly(38L, 39L, 40L);
            assertThat(revisions(stream, 5, 3)).containsExactly(5L, 6L, 7L);
            assertThat(revisions(stream, 1, 17)).hasSize(17).startsWith(1L).endsWith(17L);
            assertThat(revisions(stream, 41, 10)).isEmpty();
            assertThat(revisions(stream, 1, 0)).isEmpty();
            assertThat(revisions(streamIn(0, 900), 1, 10)).isEmpty();
        }

        @Test
        void a_streams_records_have_their_partition_and_offset() {
            Writer writer = log.claim(3, "n");
            String stream = streamIn(3, 0);
            done(writer.append(List.of(event(stream, 1))));
            EventRecord record = log.readStream(stream, 1, 1).getFirst();
            assertThat(record.partition()).isEqualTo(3);
            assertThat(record.offset()).isEqualTo(2);
        }

        @Test
        void a_stream_with_events_is_never_surely_absent() {
            Writer writer = log.claim(0, "n");
            for (int i = 0; i < 200; i++) {
                done(writer.append(List.of(event(streamIn(0, i), 1))));
                assertThat(log.surelyAbsent(streamIn(0, i))).isFalse();
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
            String stream = streamIn(0, 0);
            assertThat(log.latestSnapshot(stream)).isEmpty();
            done(writer.append(List.of(event(stream, 1), event(stream, 2))));
            writer.putSnapshot(new Snapshot(stream, 1, new byte[] {1}));
            writer.putSnapshot(new Snapshot(stream, 2, new byte[] {2, 2}));
            done(writer.append(List.of()));
            done(writer.append(List.of(event(stream, 3))));
            Snapshot newest = log.latestSnapshot(stream).orElseThrow();
            assertThat(newest.stream()).isEqualTo(stream);
            assertThat(newest.revision()).isEqualTo(2);
            assertThat(newest.payload()).containsExactly(2, 2);
            assertThat(log.latestSnapshot(streamIn(0, 1))).isEmpty();
        }

        @Test
        void a_snapshot_takes_no_offset_and_is_no_record() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(0, 0);
            done(writer.append(List.of(event(stream, 1))));
            writer.putSnapshot(new Snapshot(stream, 1, new byte[10]));
            assertThat(done(writer.append(List.of(event(stream, 2))))).isEqualTo(3);
            assertThat(read(Positions.of(0, 0), 3)).hasSize(3);
            assertThat(log.readStream(stream, 1, 10)).hasSize(2);
        }

        @Test
        void a_snapshot_ahead_of_its_stream_is_dropped() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(0, 0);
            writer.putSnapshot(new Snapshot(stream, 1, new byte[10]));
            done(writer.append(List.of(event(stream, 1))));
            writer.putSnapshot(new Snapshot(stream, 2, new byte[10]));
            done(writer.append(List.of(event(stream, 2))));
            assertThat(log.latestSnapshot(stream)).isEmpty();
        }

        @Test
        void a_fenced_writers_snapshot_is_dropped() {
            Writer old = log.claim(0, "a");
            String stream = streamIn(0, 0);
            done(old.append(List.of(event(stream, 1))));
            Writer newer = log.claim(0, "b");
            old.putSnapshot(new Snapshot(stream, 1, new byte[10]));
            done(newer.append(List.of(event(stream, 2))));
            assertThat(log.latestSnapshot(stream)).isEmpty();
        }

        @Test
        void a_lone_snapshot_is_stored_soon() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(0, 0);
            done(writer.append(List.of(event(stream, 1))));
            writer.putSnapshot(new Snapshot(stream, 1, new byte[10]));
            long until = System.nanoTime() + LONG.toNanos();
            while (log.latestSnapshot(stream).isEmpty() && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            assertThat(log.latestSnapshot(stream)).isPresent();
        }
    }

    @Nested
    class Closing {
        @Test
        void every_call_fails_afterwards_and_closing_again_does_nothing() {
            Writer writer = log.claim(0, "n");
            LogReader reader = log.reader(Positions.start(PARTITIONS));
            log.close();
            log.close();
            assertFails(writer.append(List.of(event(streamIn(0, 0), 1))), Category.CLOSED);
            assertThrows(() -> reader.next(1, SHORT), Category.CLOSED);
            assertThrows(() -> log.claim(0, "n"), Category.CLOSED);
            assertThrows(() -> log.heads(), Category.CLOSED);
            assertThrows(() -> log.reader(Positions.NONE), Category.CLOSED);
            assertThrows(() -> log.readStream("a", 1, 1), Category.CLOSED);
            assertThrows(() -> log.surelyAbsent("a"), Category.CLOSED);
            assertThrows(() -> log.latestSnapshot("a"), Category.CLOSED);
            writer.putSnapshot(new Snapshot(streamIn(0, 0), 1, new byte[0]));
            reader.close();
        }

        @Test
        void a_waiting_reader_is_ended() throws Exception {
            LogReader reader = log.reader(Positions.start(PARTITIONS));
            try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<List<LogRecord>> next = other.submit(() -> reader.next(10, LONG));
                assertThatExceptionOfType(TimeoutException.class)
                        .isThrownBy(() -> next.get(30, TimeUnit.MILLISECONDS));
                log.close();
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(next::get)
                        .satisfies(e -> assertCategory(e.getCause(), Category.CLOSED));
            }
        }

        @Test
        void what_waits_is_either_durable_or_failed() throws Exception {
            Writer writer = log.claim(0, "n");
            List<CompletionStage<Long>> appends = new ArrayList<>();
            for (int i = 1; i <= 2000; i++) {
                appends.add(writer.append(List.of(event(streamIn(0, 0), i))));
            }
            log.close();
            long acknowledged = 1;
            for (CompletionStage<Long> append : appends) {
                CompletableFuture<Long> future = append.toCompletableFuture();
                assertThat(future).isDone();
                if (future.isCompletedExceptionally()) {
                    assertFails(future, Category.CLOSED);
                } else {
                    assertThat(future.join()).isEqualTo(++acknowledged);
                }
            }
            EventLog again = reopen(log);
            if (again != null) {
                log = again;
                assertThat(log.heads().offset(0)).isGreaterThanOrEqualTo(acknowledged);
            }
        }
    }

    @Nested
    class Reopening {
        @Test
        void everything_is_there_again() throws Exception {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(0, 0);
            done(writer.append(List.of(Events.full(stream, 1), event(stream, 2))));
            writer.putSnapshot(new Snapshot(stream, 2, new byte[] {7}));
            done(writer.append(List.of(event(streamIn(0, 1), 1))));
            Positions heads = log.heads();
            log.close();
            EventLog again = reopen(log);
            if (again == null) {
                return;
            }
            log = again;
            assertThat(log.heads()).isEqualTo(heads);
            assertThat(log.readStream(stream, 1, 10)).hasSize(2);
            assertThat(log.latestSnapshot(stream).orElseThrow().revision()).isEqualTo(2);
            assertThat(log.surelyAbsent(stream)).isFalse();
            assertGapFree(readAll(), 1);
        }

        @Test
        void epochs_offsets_and_revisions_go_on() throws Exception {
            Writer before = log.claim(0, "n");
            String stream = streamIn(0, 0);
            done(before.append(List.of(event(stream, 1))));
            log.close();
            EventLog again = reopen(log);
            if (again == null) {
                return;
            }
            log = again;
            Writer writer = log.claim(0, "n");
            assertThat(writer.epoch()).isEqualTo(2);
            assertThat(writer.head()).isEqualTo(3);
            assertThat(done(writer.append(List.of(event(stream, 2))))).isEqualTo(4);
            assertFails(writer.append(List.of(event(stream, 2))), Category.CONFLICT);
        }
    }

    private NewEvent event(String stream, long revision) {
        return Events.plain(stream, revision);
    }

    /// The number-th stream name that belongs to a partition.
    private String streamIn(int partition, int number) {
        for (int i = 0; ; i++) {
            String name = "stream-" + number + "-" + i;
            if (log.partitionOf(name) == partition) {
                return name;
            }
        }
    }

    private List<LogRecord> readAll() {
        Positions heads = log.heads();
        return read(Positions.start(PARTITIONS), (int) Positions.start(PARTITIONS).behind(heads));
    }

    private List<LogRecord> read(Positions after, int count) {
        List<LogRecord> records = new ArrayList<>();
        try (LogReader reader = log.reader(after)) {
            while (records.size() < count) {
                List<LogRecord> next = reader.next(count - records.size(), LONG);
                assertThat(next).as("the records that are committed").isNotEmpty();
                records.addAll(next);
            }
            assertThat(reader.next(1, Duration.ZERO)).isEmpty();
        }
        return records;
    }

    private static void assertGapFree(List<LogRecord> records, int partitions) {
        Map<Integer, Long> offsets = new HashMap<>();
        Map<String, Long> revisions = new HashMap<>();
        for (LogRecord record : records) {
            assertThat(record.offset()).isEqualTo(offsets.merge(record.partition(), 1L, Long::sum));
            if (record instanceof EventRecord(_, _, NewEvent event)) {
                assertThat(event.revision())
                        .isEqualTo(revisions.merge(event.stream(), 1L, Long::sum));
            }
        }
        assertThat(offsets).hasSize(partitions);
    }

    private interface Indexed<T> {
        Callable<T> work(int index);
    }

    private static <T> List<T> inParallel(int count, Indexed<T> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                futures.add(threads.submit(work.work(i)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(LONG.toSeconds(), TimeUnit.SECONDS));
            }
            return results;
        }
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static void unused(CompletionStage<Long> stage) {
        assertThat(stage).isNotNull();
    }

    private static void assertFails(CompletionStage<Long> stage, Category category) {
        CompletableFuture<Long> future = stage.toCompletableFuture();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> future.get(LONG.toSeconds(), TimeUnit.SECONDS))
                .satisfies(e -> assertCategory(e.getCause(), category));
    }

    private static void assertThrows(ThrowingCallable call, Category category) {
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(call)
                .satisfies(e -> assertCategory(e, category));
    }

    private static void assertCategory(@Nullable Throwable failure, Category category) {
        assertThat(failure).isInstanceOf(LogException.class);
        assertThat(failure instanceof LogException e ? e.category() : null).isEqualTo(category);
    }
}
