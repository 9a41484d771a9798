// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import static dev.fakta.postgres.Samples.ask;
import static dev.fakta.postgres.Samples.assertGapFree;
import static dev.fakta.postgres.Samples.done;
import static dev.fakta.postgres.Samples.event;
import static dev.fakta.postgres.Samples.failure;
import static dev.fakta.postgres.Samples.readAll;
import static dev.fakta.postgres.Samples.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import dev.fakta.postgres.server.ThrowawayPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Several [PostgresLog]s on one database, as several nodes have, and what the database holds.
class PostgresLogNodesTest {

    private final String url = ThrowawayPostgres.database();
    private final PostgresLogSettings settings = PostgresLogSettings.of(url).withPartitions(4);
    private final PostgresLog north = PostgresLog.open(settings);
    private final PostgresLog south = PostgresLog.open(settings);

    @AfterEach
    void close() {
        north.close();
        south.close();
    }

    @Test
    void a_zombie_of_another_node_is_fenced_and_its_other_partitions_go_on() {
        Writer zombie = north.claim(0, "north");
        Writer beside = north.claim(1, "north");
        String stream = stream(north, 0, 0);
        done(zombie.append(List.of(event(stream, 1))));
        Writer newer = south.claim(0, "south");
        List<CompletionStage<Long>> late = new ArrayList<>();
        List<CompletionStage<Long>> good = new ArrayList<>();
        for (int i = 2; i < 50; i++) {
            late.add(zombie.append(List.of(event(stream, i))));
            good.add(beside.append(List.of(event(stream(north, 1, 0), i - 1))));
        }
        assertThat(late)
                .allSatisfy(
                        append ->
                                assertThat(failure(append).category()).isEqualTo(Category.FENCED));
        assertThat(good).allSatisfy(append -> assertThat(done(append)).isPositive());
        done(newer.append(List.of(event(stream, 2))));
        assertThat(readAll(south)).hasSize(4 + 1 + 48);
    }

    @Test
    void a_node_that_asks_learns_that_another_one_has_its_partition() {
        Writer zombie = north.claim(0, "north");
        Writer beside = north.claim(1, "north");
        Writer newer = south.claim(0, "south");
        assertThat(zombie.isFenced()).as("nothing has told it yet").isFalse();
        assertThat(north.stillOwners(List.of(zombie, beside))).containsExactly(beside);
        assertThat(zombie.isFenced()).isTrue();
        assertThat(south.stillOwners(List.of(newer))).containsExactly(newer);
        assertThat(south.lease()).isPositive();
    }

    @Test
    void a_zombie_learns_from_an_empty_append_and_from_a_conflict_that_it_is_fenced() {
        Writer zombie = north.claim(0, "north");
        Writer other = north.claim(1, "north");
        Writer newer = south.claim(0, "south");
        south.claim(1, "south");
        done(newer.append(List.of(event(stream(north, 0, 0), 1))));
        assertThat(failure(zombie.append(List.of())).category()).isEqualTo(Category.FENCED);
        assertThat(failure(other.append(List.of(event(stream(north, 1, 0), 7)))).category())
                .isEqualTo(Category.FENCED);
    }

    @Test
    void a_zombies_snapshot_is_dropped() {
        Writer zombie = north.claim(0, "north");
        String stream = stream(north, 0, 0);
        done(zombie.append(List.of(event(stream, 1))));
        Writer newer = south.claim(0, "south");
        zombie.putSnapshot(new Snapshot(stream, 1, new byte[] {1}));
        assertThat(failure(zombie.append(List.of())).category()).isEqualTo(Category.FENCED);
        assertThat(south.latestSnapshot(stream)).isEmpty();
        newer.putSnapshot(new Snapshot(stream, 1, new byte[] {2}));
        done(newer.append(List.of()));
        assertThat(north.latestSnapshot(stream).orElseThrow().payload()).containsExactly(2);
    }

    @Test
    void a_revision_that_another_node_took_is_a_conflict_for_the_owner_that_skips_it() {
        String stream = stream(north, 0, 0);
        done(north.claim(0, "north").append(List.of(event(stream, 1), event(stream, 2))));
        assertThat(failure(south.claim(0, "south").append(List.of(event(stream, 1)))).category())
                .isEqualTo(Category.CONFLICT);
        assertThat(failure(south.claim(0, "south").append(List.of(event(stream, 2)))).category())
                .isEqualTo(Category.CONFLICT);
        assertThat(failure(south.claim(0, "south").append(List.of(event(stream, 4)))).category())
                .isEqualTo(Category.CONFLICT);
        done(south.claim(0, "south").append(List.of(event(stream, 3))));
    }

    @Test
    void a_claim_wins_against_a_writer_that_never_pauses() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Writer busy = north.claim(0, "north");
            Future<LogException> fenced = threads.submit(() -> appendUntilFenced(busy, stop));
            Writer newer = south.claim(0, "south");
            assertThat(newer.epoch()).isEqualTo(2);
            assertThat(fenced.get(20, TimeUnit.SECONDS).category()).isEqualTo(Category.FENCED);
        } finally {
            stop.set(true);
        }
        readAll(south);
    }

    private LogException appendUntilFenced(Writer busy, AtomicBoolean stop) {
        List<CompletionStage<Long>> appends = new ArrayList<>();
        for (long i = 1; !stop.get(); i++) {
            appends.add(busy.append(List.of(event(stream(north, 0, 0), i))));
            if (appends.size() == 64) {
                CompletionStage<Long> oldest = appends.removeFirst();
                if (oldest.handle((_, e) -> e != null).toCompletableFuture().join()) {
                    return failure(oldest);
                }
            }
        }
        throw new AssertionError("never fenced");
    }

    @Test
    void nodes_append_to_their_partitions_at_once_and_a_third_reads_without_a_gap()
            throws Exception {
        int each = 500;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                PostgresLog reading = PostgresLog.open(settings)) {
            List<Future<?>> work = new ArrayList<>();
            for (int p = 0; p < 4; p++) {
                int partition = p;
                PostgresLog log = p < 2 ? north : south;
                work.add(threads.submit(() -> appendAll(log, partition, each)));
            }
            List<LogRecord> seen = new ArrayList<>();
            try (LogReader reader = reading.reader(Positions.start(4))) {
                while (seen.size() < 4 * (each + 1)) {
                    List<LogRecord> next = reader.next(97, Duration.ofSeconds(10));
                    assertThat(next).isNotEmpty();
                    seen.addAll(next);
                }
            }
            for (Future<?> one : work) {
                one.get(20, TimeUnit.SECONDS);
            }
            assertGapFree(seen);
        }
    }

    private static void appendAll(PostgresLog log, int partition, int count) {
        Writer writer = log.claim(partition, "n");
        for (int i = 1; i <= count; i++) {
            CompletionStage<Long> last =
                    writer.append(List.of(event(stream(log, partition, 0), i)));
            if (i % 20 == 0) {
                done(last);
            }
        }
    }

    @Test
    void a_notification_wakes_the_reader_of_another_node() throws Exception {
        PostgresLogSettings patient = settings.withPoll(Duration.ofMinutes(1));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                PostgresLog far = PostgresLog.open(patient);
                LogReader reader = far.reader(Positions.start(4))) {
            Future<List<LogRecord>> next =
                    threads.submit(() -> reader.next(10, Duration.ofMinutes(1)));
            north.claim(0, "north");
            assertThat(next.get(10, TimeUnit.SECONDS)).hasSize(1);
        }
    }

    @Test
    void what_this_node_writes_all_the_time_does_not_hide_what_another_one_writes()
            throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                PostgresLog busy = PostgresLog.open(settings.withPoll(Duration.ofMinutes(1)));
                LogReader reader = busy.reader(Positions.start(4))) {
            Future<?> writing =
                    threads.submit(
                            () -> {
                                Writer writer = busy.claim(0, "busy");
                                for (int i = 1; !isOver.get(); i++) {
                                    done(writer.append(List.of(event(stream(busy, 0, 0), i))));
                                }
                            });
            List<LogRecord> seen = new ArrayList<>();
            while (seen.size() < 50) { // by now it takes the busy node's records from memory
                seen.addAll(reader.next(97, Duration.ofSeconds(10)));
            }
            north.claim(1, "north");
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (reader.positions().offset(1) == 0 && System.nanoTime() < until) {
                seen.addAll(reader.next(97, Duration.ofSeconds(1)));
            }
            isOver.set(true);
            writing.get(20, TimeUnit.SECONDS);
            assertThat(reader.positions().offset(1)).isEqualTo(1);
            assertGapFree(seen);
        }
    }

    @Test
    void an_interrupt_ends_a_readers_wait_and_harms_nobody_else() throws Exception {
        try (LogReader reader = north.reader(Positions.start(4))) {
            AtomicBoolean ended = new AtomicBoolean();
            Thread waiting =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        assertThat(reader.next(1, Duration.ofMinutes(5))).isEmpty();
                                        ended.set(Thread.currentThread().isInterrupted());
                                    });
            waiting.interrupt();
            assertThat(waiting.join(Duration.ofSeconds(20))).isTrue();
            assertThat(ended).isTrue();
            north.claim(0, "north");
            assertThat(reader.next(1, Duration.ofSeconds(10))).hasSize(1);
        }
    }

    @Test
    void processes_that_start_at_once_make_the_tables_once() throws Exception {
        PostgresLogSettings fresh =
                PostgresLogSettings.of(ThrowawayPostgres.database()).withPartitions(4);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<PostgresLog>> opened = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                opened.add(threads.submit(() -> PostgresLog.open(fresh)));
            }
            for (Future<PostgresLog> one : opened) {
                one.get(20, TimeUnit.SECONDS).close();
            }
        }
        assertThat(ask(fresh.url(), "select format || '/' || partitions from fakta_log"))
                .isEqualTo("3/4");
    }

    @Test
    void another_number_of_partitions_and_a_newer_format_are_refused() throws SQLException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostgresLog.open(settings.withPartitions(8)))
                .withMessageContaining("has 4 partitions, not 8");
        ask(url, "update fakta_log set format = 99");
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> PostgresLog.open(settings))
                .withMessageContaining("format 99");
    }

    @Test
    void text_is_read_with_plain_sql_and_any_bytes_come_back_as_they_were() throws SQLException {
        Writer writer = north.claim(0, "north");
        String stream = stream(north, 0, 0);
        List<byte[]> payloads =
                List.of(
                        "{ \"price\" : 4.50, \"price\": \"Å🙂\" }".getBytes(StandardCharsets.UTF_8),
                        new byte[0],
                        new byte[] {'a', 0, 'b'},
                        new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                        new byte[] {(byte) 0xC0, (byte) 0xAF},
                        new byte[] {-1, -2});
        for (int i = 0; i < payloads.size(); i++) {
            done(writer.append(List.of(event(stream, i + 1L, payloads.get(i)))));
        }
        assertThat(north.readStream(stream, 1, 10))
                .extracting(record -> record.event().payload())
                .containsExactlyElementsOf(payloads);
        assertThat(readAll(south))
                .filteredOn(EventRecord.class::isInstance)
                .extracting(record -> ((EventRecord) record).event().payload())
                .containsExactlyElementsOf(payloads);
        assertThat(ask(url, "select payload::jsonb ->> 'price' from event where revision = 1"))
                .isEqualTo("Å🙂");
        assertThat(ask(url, "select count(payload_bytes) from event")).isEqualTo("4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> north.claim(0, "no\0rth"))
                .withMessageContaining("U+0000");
    }

    @Test
    void history_is_not_rewritten() {
        done(north.claim(0, "north").append(List.of(event(stream(north, 0, 0), 1))));
        for (String rewriting :
                List.of("update event set name = 'x'", "delete from event", "truncate event")) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> ask(url, rewriting))
                    .withMessageContaining("events are never changed or removed");
        }
    }

    @Test
    void a_long_stream_with_large_payloads_is_read_to_its_end() {
        Writer writer = north.claim(0, "north");
        String stream = stream(north, 0, 0);
        byte[] large = new byte[3 << 20];
        for (int i = 1; i <= 12; i++) {
            done(writer.append(List.of(event(stream, i, large))));
        }
        assertThat(north.readStream(stream, 1, 100)).hasSize(12);
        assertThat(readAll(north)).hasSize(13);
        List<CompletionStage<Long>> small = new ArrayList<>();
        for (int i = 13; i <= 1300; i++) {
            small.add(writer.append(List.of(event(stream, i))));
        }
        small.forEach(Samples::done);
        assertThat(north.readStream(stream, 13, 1288)).hasSize(1288);
        assertThat(north.readStream(stream, 1, Integer.MAX_VALUE)).hasSize(1300);
    }

    @Test
    void settings_report_all_problems_at_once_and_keep_the_password() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new PostgresLogSettings(
                                        "jdbc:h2:x",
                                        "http://y",
                                        0,
                                        0,
                                        0,
                                        0,
                                        Duration.ZERO,
                                        Duration.ZERO,
                                        Duration.ZERO))
                .withMessageContaining("url is not")
                .withMessageContaining("replica-url is not")
                .withMessageContaining("partitions is 0")
                .withMessageContaining("read-connections is 0")
                .withMessageContaining("queue-bytes is 0")
                .withMessageContaining("poll is");
        String secret = "jdbc:postgresql://host:5/db?user=me&password=hush";
        assertThat(PostgresLogSettings.of(secret).withReplica(secret).toString())
                .contains("host:5/db")
                .doesNotContain("hush");
        String refused = "jdbc:postgresql://localhost:1/db?password=hush";
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(
                        () ->
                                PostgresLog.open(
                                        PostgresLogSettings.of(refused),
                                        Map.of("PGPASSWORD", "hush"),
                                        InstantSource.system()))
                .satisfies(e -> assertThat(e.category()).isEqualTo(Category.UNAVAILABLE))
                .withMessageNotContaining("hush");
    }
}
