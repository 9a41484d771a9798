// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static dev.fakta.testkit.LogProbe.assertCategory;
import static dev.fakta.testkit.LogProbe.assertFails;
import static dev.fakta.testkit.LogProbe.assertGapFree;
import static dev.fakta.testkit.LogProbe.assertThrows;
import static dev.fakta.testkit.LogProbe.done;
import static dev.fakta.testkit.LogProbe.inParallel;
import static dev.fakta.testkit.LogProbe.read;
import static dev.fakta.testkit.LogProbe.readAll;
import static dev.fakta.testkit.LogProbe.streamIn;
import static dev.fakta.testkit.LogProbe.unused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.fakta.log.ClaimRecord;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What every [EventLog] promises, one test per sentence of the contract. An implementation extends
/// this class and says how a log is made; all else is here.
public abstract class EventLogConformance extends NoteConformance {

    /// The kinds of streams that are written, and two streams that have no kind but their name.
    protected static final String KIND = "stream";

    protected static final String OTHER_KIND = "other-stream";
    protected static final String SHORT_STREAM = "a";
    protected static final String OTHER_SHORT_STREAM = "abc";

    /// The partition that a stream belongs to.
    ///
    /// @param hash the xxh64 of its name
    protected int partitionFor(String stream, long hash) {
        return (int) Long.remainderUnsigned(hash, PARTITIONS);
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
            assertThat(log.partitionOf(SHORT_STREAM))
                    .isEqualTo(partitionFor(SHORT_STREAM, 0xd24ec4f1a98c6e5bL));
            assertThat(log.partitionOf(OTHER_SHORT_STREAM))
                    .isEqualTo(partitionFor(OTHER_SHORT_STREAM, 0x44bc2cf5ad770999L));
        }

        @Test
        void an_event_of_another_partition_is_a_programmers_error_and_changes_nothing() {
            Writer writer = log.claim(0, "n");
            String foreign = streamIn(log, 1, 0);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> unused(writer.append(List.of(Events.plain(foreign, 1)))));
            assertThat(writer.head()).isEqualTo(1);
            assertThat(done(writer.append(List.of(Events.plain(streamIn(log, 0, 0), 1)))))
                    .isEqualTo(2);
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
            assertThat(read(log, Positions.of(2, 0), 2))
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
            NewEvent event = Events.plain(streamIn(log, 0, 0), 1);
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
            assertThat(done(other.append(List.of(Events.plain(streamIn(log, 1, 0), 1)))))
                    .isEqualTo(2);
        }

        @Test
        void a_writer_is_an_owner_until_the_next_claim() {
            Writer first = log.claim(0, "a");
            Writer other = log.claim(1, "a");
            assertThat(log.stillOwners(List.of(first, other)))
                    .containsExactlyInAnyOrder(first, other);
            Writer second = log.claim(0, "b");
            assertThat(log.stillOwners(List.of(first, second, other)))
                    .containsExactlyInAnyOrder(second, other);
            assertThat(first.isFenced()).isTrue();
            assertThat(second.isFenced()).isFalse();
            assertThat(log.stillOwners(List.of())).isEmpty();
        }

        @Test
        void a_claims_time_is_later_than_all_before_it() {
            Writer writer = log.claim(0, "a");
            long ahead = Events.TIME + (1L << 40);
            done(writer.append(List.of(Events.at(streamIn(log, 0, 0), 1, ahead))));
            Writer again = log.claim(0, "b");
            assertThat(again.time()).isGreaterThan(ahead);
            assertThat(read(log, Positions.of(0, again.head() - 1), 1).getFirst().time())
                    .isEqualTo(again.time());
        }

        @Test
        void racing_claims_get_different_epochs_and_only_the_last_can_append() throws Exception {
            List<Writer> writers =
                    inParallel(8, i -> () -> log.claim(3, "node-" + i)).stream().toList();
            assertThat(writers)
                    .extracting(Writer::epoch)
                    .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
            for (Writer writer : writers) {
                CompletionStage<Long> appended =
                        writer.append(List.of(Events.plain(streamIn(log, 3, 0), 1)));
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
            String stream = streamIn(log, 0, 0);
            assertThat(
                            done(
                                    writer.append(
                                            List.of(
                                                    Events.plain(stream, 1),
                                                    Events.plain(stream, 2)))))
                    .isEqualTo(3);
            assertThat(writer.head()).isEqualTo(3);
            assertThat(log.heads()).isEqualTo(Positions.start(PARTITIONS).with(0, 3));
        }

        @Test
        void what_is_read_is_what_was_appended() {
            Writer writer = log.claim(0, "n");
            List<NewEvent> events =
                    List.of(
                            Events.full(streamIn(log, 0, 0), 1),
                            Events.plain(streamIn(log, 0, 1), 1),
                            Events.unicode(streamIn(log, 0, 2), 1));
            done(writer.append(events));
            List<LogRecord> records = read(log, Positions.of(0, 1), 3);
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
            NewEvent large = Events.largest(streamIn(log, 0, 0));
            done(writer.append(List.of(large)));
            Events.assertSame(log.readStream(large.stream(), 1, 1).getFirst().event(), large);
        }

        @Test
        void a_name_that_is_empty_or_too_long_is_refused() {
            String tooLong = "x".repeat(NewEvent.LONGEST_NAME + 1);
            assertThatIllegalArgumentException().isThrownBy(() -> Events.plain("", 1));
            assertThatIllegalArgumentException().isThrownBy(() -> Events.plain(tooLong, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> Events.plain("ä".repeat(128), 1));
            assertThatIllegalArgumentException().isThrownBy(() -> log.claim(0, tooLong));
        }

        @Test
        void an_empty_append_completes_with_the_head() {
            Writer writer = log.claim(0, "n");
            done(writer.append(List.of(Events.plain(streamIn(log, 0, 0), 1))));
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
                        writer.append(List.of(Events.plain(streamIn(log, 0, 0), revision)));
                assertThat(writer.head()).isEqualTo(revision + 1L);
                stages.add(
                        append.thenAccept(
                                offset -> {
                                    synchronized (completed) {
                                        completed.add(offset);
                                    }
                                }));
            }
            stages.forEach(LogProbe::done);
            assertThat(completed).hasSize(500).isSorted().doesNotHaveDuplicates();
        }

        @Test
        void the_callers_list_may_change_afterwards() {
            Writer writer = log.claim(0, "n");
            List<NewEvent> events = new ArrayList<>(List.of(Events.plain(streamIn(log, 0, 0), 1)));
            CompletionStage<Long> appended = writer.append(events);
            events.clear();
            assertThat(done(appended)).isEqualTo(2);
        }

        @Test
        void writers_of_all_partitions_append_at_the_same_time() throws Exception {
            int appends = 200;
            inParallel(PARTITIONS, partition -> () -> appendAlone(partition, appends));
            assertThat(log.heads()).isEqualTo(Positions.ofAll(new long[] {401, 401, 401, 401}));
            assertGapFree(readAll(log), PARTITIONS);
        }

        private long appendAlone(int partition, int appends) {
            Writer writer = log.claim(partition, "n");
            CompletionStage<Long> last = CompletableFuture.completedStage(0L);
            for (int i = 1; i <= appends; i++) {
                last =
                        writer.append(
                                List.of(
                                        Events.plain(streamIn(log, partition, 0), i),
                                        Events.plain(streamIn(log, partition, i), 1)));
            }
            return done(last);
        }
    }

    @Nested
    class Conflicts {
        @Test
        void a_revision_must_be_one_more_than_the_streams_last() {
            String stream = streamIn(log, 0, 0);
            assertFails(
                    log.claim(0, "n").append(List.of(Events.plain(stream, 2))), Category.CONFLICT);
            done(log.claim(0, "n").append(List.of(Events.plain(stream, 1))));
            assertFails(
                    log.claim(0, "n").append(List.of(Events.plain(stream, 1))), Category.CONFLICT);
            assertFails(
                    log.claim(0, "n").append(List.of(Events.plain(stream, 3))), Category.CONFLICT);
            done(log.claim(0, "n").append(List.of(Events.plain(stream, 2))));
        }

        @Test
        void one_wrong_revision_fails_the_whole_append() {
            Writer writer = log.claim(0, "n");
            String good = streamIn(log, 0, 0);
            String bad = streamIn(log, 0, 1);
            assertFails(
                    writer.append(
                            List.of(
                                    Events.plain(good, 1),
                                    Events.plain(good, 2),
                                    Events.plain(bad, 2))),
                    Category.CONFLICT);
            assertThat(log.heads().offset(0)).isEqualTo(1);
            assertThat(log.readStream(good, 1, 10)).isEmpty();
            done(log.claim(0, "n").append(List.of(Events.plain(good, 1), Events.plain(bad, 1))));
        }

        @Test
        void after_one_failure_every_later_append_fails_alike_until_a_new_claim() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(log, 0, 0);
            CompletionStage<Long> first = writer.append(List.of(Events.plain(stream, 1)));
            CompletionStage<Long> wrong = writer.append(List.of(Events.plain(stream, 3)));
            CompletionStage<Long> later =
                    writer.append(List.of(Events.plain(streamIn(log, 0, 1), 1)));
            assertThat(done(first)).isEqualTo(2);
            assertFails(wrong, Category.CONFLICT);
            assertFails(later, Category.CONFLICT);
            assertFails(writer.append(List.of(Events.plain(stream, 2))), Category.CONFLICT);
            assertThat(log.heads().offset(0)).isEqualTo(2);
            assertThat(done(log.claim(0, "n").append(List.of(Events.plain(stream, 2)))))
                    .isEqualTo(4);
        }

        @Test
        void a_pipelined_append_builds_on_the_ones_before_it() {
            Writer writer = log.claim(0, "n");
            String stream = streamIn(log, 0, 0);
            List<CompletionStage<Long>> appends = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                appends.add(
                        writer.append(
                                List.of(
                                        Events.plain(stream, 2 * i + 1),
                                        Events.plain(stream, 2 * i + 2))));
            }
            appends.forEach(LogProbe::done);
            assertThat(log.readStream(stream, 1, 1000))
                    .extracting(r -> r.event().revision())
                    .hasSize(100)
                    .isSorted();
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
            assertFails(
                    writer.append(List.of(Events.plain(streamIn(log, 0, 0), 1))), Category.CLOSED);
            assertThrows(() -> reader.next(1, SHORT), Category.CLOSED);
            assertThrows(() -> log.claim(0, "n"), Category.CLOSED);
            assertThrows(() -> log.heads(), Category.CLOSED);
            assertThrows(() -> log.reader(Positions.NONE), Category.CLOSED);
            assertThrows(() -> log.readStream("a", 1, 1), Category.CLOSED);
            assertThrows(() -> log.surelyAbsent("a"), Category.CLOSED);
            assertThrows(() -> log.latestSnapshot("a"), Category.CLOSED);
            writer.putSnapshot(new Snapshot(streamIn(log, 0, 0), 1, new byte[0]));
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
                appends.add(writer.append(List.of(Events.plain(streamIn(log, 0, 0), i))));
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
            String stream = streamIn(log, 0, 0);
            done(writer.append(List.of(Events.full(stream, 1), Events.plain(stream, 2))));
            writer.putSnapshot(new Snapshot(stream, 2, new byte[] {7}));
            done(writer.append(List.of(Events.plain(streamIn(log, 0, 1), 1))));
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
            assertGapFree(readAll(log), 1);
        }

        @Test
        void epochs_offsets_and_revisions_go_on() throws Exception {
            Writer before = log.claim(0, "n");
            String stream = streamIn(log, 0, 0);
            done(before.append(List.of(Events.plain(stream, 1))));
            log.close();
            EventLog again = reopen(log);
            if (again == null) {
                return;
            }
            log = again;
            Writer writer = log.claim(0, "n");
            assertThat(writer.epoch()).isEqualTo(2);
            assertThat(writer.head()).isEqualTo(3);
            assertThat(done(writer.append(List.of(Events.plain(stream, 2))))).isEqualTo(4);
            assertFails(writer.append(List.of(Events.plain(stream, 2))), Category.CONFLICT);
        }
    }
}
