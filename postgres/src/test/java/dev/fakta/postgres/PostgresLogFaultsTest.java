// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import static dev.fakta.postgres.Samples.ask;
import static dev.fakta.postgres.Samples.done;
import static dev.fakta.postgres.Samples.event;
import static dev.fakta.postgres.Samples.failure;
import static dev.fakta.postgres.Samples.readAll;
import static dev.fakta.postgres.Samples.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.log.Writer;
import dev.fakta.postgres.server.LocalPostgres;
import dev.fakta.postgres.server.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A [PostgresLog] whose network and database fail in the middle of what it does.
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class PostgresLogFaultsTest {

    /// Where nothing is to take so long, on any machine.
    private static final Duration LONG = Duration.ofSeconds(60);

    /// Where a test waits for the limits.
    private static final Duration SHORT = Duration.ofSeconds(2);

    /// Where a test waits for a limit, and then works with it.
    private static final Duration MEDIUM = Duration.ofSeconds(10);

    private final String direct = ThrowawayPostgres.database();
    private Proxy proxy;
    private PostgresLog log;

    @BeforeEach
    void open() throws IOException {
        proxy = new Proxy(ThrowawayPostgres.server().port());
        log = PostgresLog.open(settings(proxy.url(direct)));
    }

    private void openHasty() {
        log.close();
        log = PostgresLog.open(settings(proxy.url(direct)).withLimits(SHORT, SHORT));
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        log.close();
    }

    private static PostgresLogSettings settings(String url) {
        return PostgresLogSettings.of(url).withPartitions(4).withLimits(LONG, LONG);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOSE_REQUEST", "CUT_AT_ONCE", "LOSE_ANSWER"})
    void a_connection_cut_in_the_middle_of_a_commit_loses_and_doubles_nothing(Proxy.Fault fault) {
        Writer writer = log.claim(0, "n");
        Writer other = log.claim(1, "n");
        int rounds = 20;
        for (int i = 1; i <= rounds; i++) {
            proxy.failNext(fault);
            CompletionStage<Long> cut =
                    writer.append(
                            List.of(
                                    event(stream(log, 0, 0), i, Proxy.MARK),
                                    event(stream(log, 0, i), 1)));
            CompletionStage<Long> beside = other.append(List.of(event(stream(log, 1, 0), i)));
            CompletionStage<Long> behind = writer.append(List.of(event(stream(log, 0, -1), i)));
            assertThat(done(cut)).isEqualTo(3L * i);
            assertThat(done(behind)).isEqualTo(3L * i + 1);
            assertThat(done(beside)).isEqualTo(i + 1L);
            assertThat(proxy.cuts()).isEqualTo(i);
        }
        assertThat(log.heads()).isEqualTo(Positions.ofAll(new long[] {61, 21, 0, 0}));
        assertThat(readAll(log)).hasSize(82);
    }

    @Test
    void an_unknown_outcome_that_another_node_overtakes_is_fenced() {
        Writer writer = log.claim(0, "old");
        proxy.failNext(Proxy.Fault.LOSE_REQUEST);
        try (PostgresLog elsewhere = PostgresLog.open(settings(direct))) {
            proxy.refuse(true);
            CompletionStage<Long> lost =
                    writer.append(List.of(event(stream(log, 0, 0), 1, Proxy.MARK)));
            Writer newer = elsewhere.claim(0, "new");
            proxy.refuse(false);
            assertThat(failure(lost).category()).isEqualTo(Category.FENCED);
            assertThat(done(newer.append(List.of(event(stream(log, 0, 0), 1))))).isEqualTo(3);
            assertThat(readAll(elsewhere)).hasSize(3);
        }
    }

    @Test
    void backends_killed_while_they_commit_lose_and_double_nothing() throws Exception {
        List<Writer> writers =
                List.of(log.claim(0, "n"), log.claim(1, "n"), log.claim(2, "n"), log.claim(3, "n"));
        List<CompletionStage<Long>> appends = new ArrayList<>();
        int killed = 0;
        int each = 300;
        for (int i = 1; i <= each; i++) {
            for (int p = 0; p < 4; p++) {
                appends.add(
                        writers.get(p)
                                .append(
                                        List.of(
                                                event(stream(log, p, 0), i),
                                                event(stream(log, p, i), 1))));
            }
            if (i % 15 == 0) {
                killed +=
                        Integer.parseInt(
                                ask(
                                        direct,
                                        "select count(pg_terminate_backend(pid)) from"
                                                + " pg_stat_activity where datname ="
                                                + " current_database() and query like '%copy"
                                                + " event%' and pid <> pg_backend_pid()"));
            }
        }
        appends.forEach(Samples::done);
        assertThat(killed).isPositive();
        long head = 2L * each + 1;
        assertThat(log.heads()).isEqualTo(Positions.ofAll(new long[] {head, head, head, head}));
        assertThat(readAll(log)).hasSize((int) (4 * head));
    }

    @Test
    void a_database_that_does_not_answer_fails_appends_in_time_and_then_a_new_claim_goes_on() {
        openHasty();
        Writer writer = log.claim(0, "n");
        proxy.stall(true);
        NewEvent event = event(stream(log, 0, 0), 1);
        LogException failure = failure(writer.append(List.of(event)));
        assertThat(failure.category()).isIn(Category.TIMEOUT, Category.UNAVAILABLE);
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> log.readStream(event.stream(), 1, 1));
        assertThatExceptionOfType(LogException.class).isThrownBy(() -> log.claim(1, "n"));
        proxy.stall(false);
        Writer again =
                await().atMost(LONG).ignoreExceptions().until(() -> log.claim(0, "n"), _ -> true);
        int written = log.readStream(event.stream(), 1, 1).size(); // it may have taken place
        long next = written + 1L;
        done(again.append(List.of(event(event.stream(), next))));
        assertThat(readAll(log)).hasSize((int) again.head());
    }

    @Test
    void a_slow_database_is_slow_and_no_more() {
        proxy.delay(Duration.ofMillis(30).toNanos());
        Writer writer = log.claim(0, "n");
        int alone = 10;
        long start = System.nanoTime();
        for (int i = 1; i <= alone; i++) {
            done(writer.append(List.of(event(stream(log, 0, 0), i))));
        }
        long tookAlone = System.nanoTime() - start;
        List<CompletionStage<Long>> appends = new ArrayList<>();
        start = System.nanoTime();
        for (int i = alone + 1; i <= 20 * alone; i++) {
            appends.add(writer.append(List.of(event(stream(log, 0, 0), i))));
        }
        appends.forEach(Samples::done);
        long tookTogether = System.nanoTime() - start;
        assertThat(tookTogether).as("19 times as many, in few commits").isLessThan(5 * tookAlone);
        assertThat(log.heads().offset(0)).isEqualTo(1 + 20 * alone);
    }

    @Test
    void what_waits_is_bounded() {
        openHasty();
        Writer writer = log.claim(0, "n");
        proxy.stall(true);
        byte[] large = new byte[1 << 20];
        List<CompletionStage<Long>> appends = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            appends.add(writer.append(List.of(event(stream(log, 0, 0), i, large))));
        }
        assertThat(writer.head()).isLessThan(40);
        assertThat(appends).allSatisfy(append -> assertThat(failure(append)).isNotNull());
        proxy.stall(false);
    }

    @Test
    void a_reader_on_a_replica_that_is_away_does_not_hold_up_the_rest() throws Exception {
        PostgresLogSettings settings = settings(direct).withReplica(proxy.url(direct));
        try (PostgresLog both = PostgresLog.open(settings);
                PostgresLog elsewhere = PostgresLog.open(settings(direct))) {
            Writer writer = both.claim(0, "n");
            Writer other = elsewhere.claim(1, "other");
            done(writer.append(List.of(event(stream(log, 0, 0), 1))));
            try (LogReader reader = both.reader(Positions.start(4))) {
                assertThat(reader.next(10, LONG)).hasSize(3);
                proxy.refuse(true);
                done(writer.append(List.of(event(stream(log, 0, 0), 2))));
                done(other.append(List.of(event(stream(log, 1, 0), 1))));
                assertThat(both.readStream(stream(log, 0, 0), 1, 10)).hasSize(2);
                List<Long> found = new ArrayList<>();
                // asks once what it has in memory, which its own log has appended, is read
                await().atMost(LONG).until(() -> isUnavailable(reader, found));
                proxy.refuse(false);
                while (found.size() < 2) {
                    assertThat(read(reader, LONG, found)).isPositive();
                }
                assertThat(found).containsExactlyInAnyOrder(2L, 3L);
            }
        }
    }

    private static boolean isUnavailable(LogReader reader, List<Long> offsets) {
        try {
            read(reader, Duration.ZERO, offsets);
            return false;
        } catch (LogException e) {
            return e.category() == Category.UNAVAILABLE;
        }
    }

    /// @return how many records there were; their offsets are added
    private static int read(LogReader reader, Duration wait, List<Long> offsets) {
        List<LogRecord> records = reader.next(10, wait);
        records.forEach(record -> offsets.add(record.offset()));
        return records.size();
    }

    @Test
    void after_a_restart_of_the_database_readers_go_on_and_a_new_claim_appends(
            @TempDir Path directory) {
        Path data = directory.resolve("data");
        LocalPostgres server = LocalPostgres.start(data, 0, Map.of());
        server.createDatabase("log");
        int port = server.port();
        try (PostgresLog kept =
                        PostgresLog.open(settings(server.url("log")).withLimits(SHORT, MEDIUM));
                LogReader reader = kept.reader(Positions.start(4))) {
            Writer writer = kept.claim(0, "n");
            String stream = stream(kept, 0, 0);
            done(writer.append(List.of(event(stream, 1))));
            assertThat(reader.next(10, LONG)).hasSize(2);
            server.close();
            assertThat(failure(writer.append(List.of(event(stream, 2)))).category())
                    .isEqualTo(Category.UNAVAILABLE);
            assertThatExceptionOfType(LogException.class)
                    .isThrownBy(() -> reader.next(10, Duration.ZERO));
            server = LocalPostgres.start(data, port, Map.of());
            Writer again =
                    await().atMost(LONG)
                            .ignoreExceptions()
                            .until(() -> kept.claim(0, "n"), _ -> true);
            assertThat(failure(writer.append(List.of())).category())
                    .isEqualTo(Category.UNAVAILABLE);
            done(again.append(List.of(event(stream, 2))));
            assertThat(reader.next(10, LONG)).extracting(record -> record.offset()).startsWith(3L);
            readAll(kept);
        } finally {
            server.close();
        }
    }

    @Test
    void a_node_waits_for_another_that_makes_the_tables_longer_than_for_a_commit()
            throws Exception {
        PostgresLogSettings hasty = settings(direct).withLimits(Duration.ofMillis(300), LONG);
        try (Connection making = DriverManager.getConnection(direct);
                Statement statement = making.createStatement()) {
            making.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(%d)".formatted(Schema.LOCK));
            CompletableFuture<PostgresLog> opening =
                    CompletableFuture.supplyAsync(() -> PostgresLog.open(hasty));
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> opening.get(2, TimeUnit.SECONDS));
            making.commit();
            try (PostgresLog opened = opening.get(60, TimeUnit.SECONDS)) {
                assertThat(opened.heads()).isEqualTo(Positions.ofAll(new long[4]));
            }
        }
    }
}
