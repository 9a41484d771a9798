// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import static dev.fakta.postgres.Samples.assertGapFree;
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
import dev.fakta.log.Positions;
import dev.fakta.log.Writer;
import dev.fakta.postgres.server.ThrowawayPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One of two databases is away: partitions 2 and 3, which are in it, fail; 0 and 1 go on.
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class RangedLogFaultsTest {

    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /// How a database is away.
    enum Outage {
        STALLED,
        REFUSING;

        void begin(Proxy proxy) {
            set(proxy, true);
        }

        void end(Proxy proxy) {
            set(proxy, false);
        }

        private void set(Proxy proxy, boolean isAway) {
            switch (this) {
                case STALLED -> proxy.stall(isAway);
                case REFUSING -> proxy.refuse(isAway);
            }
        }
    }

    private final Proxy proxy = proxy();
    private final String second = ThrowawayPostgres.database();
    private final RangedLogSettings settings =
            new RangedLogSettings(
                    List.of(
                            new DatabaseRange(0, 1, settings(ThrowawayPostgres.database())),
                            new DatabaseRange(2, 3, settings(proxy.url(second)))));
    private final List<RangedLog> opened = new ArrayList<>();
    private final RangedLog log = open();

    @AfterEach
    void close() throws IOException {
        proxy.close();
        opened.forEach(RangedLog::close);
    }

    @ParameterizedTest
    @EnumSource
    void appends_claims_and_reads_of_the_others_go_on(Outage outage) {
        Writer here = log.claim(0, "n");
        Writer away = log.claim(2, "n");
        done(here.append(List.of(event(stream(log, 0, 0), 1))));
        done(away.append(List.of(event(stream(log, 2, 0), 1))));
        outage.begin(proxy);
        assertAway(failure(away.append(List.of(event(stream(log, 2, 0), 2)))));
        done(here.append(List.of(event(stream(log, 0, 0), 2))));
        assertThat(log.readStream(stream(log, 0, 0), 1, 10)).hasSize(2);
        assertThat(log.claim(1, "n").epoch()).isEqualTo(1);
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> log.claim(3, "n"))
                .satisfies(RangedLogFaultsTest::assertAway);
        assertThat(log.heads().partitions()).containsExactly(0, 1);
        outage.end(proxy);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> log.claim(2, "n").epoch() == 2 && log.claim(3, "n").epoch() >= 1);
        await().atMost(PATIENCE).until(() -> log.heads().partitions().length == 4);
        readAll(log);
    }

    @ParameterizedTest
    @EnumSource
    void a_reader_of_all_goes_on_with_the_others_and_catches_up_later(Outage outage) {
        Writer here = log.claim(0, "n");
        Writer away = log.claim(2, "n");
        List<LogRecord> seen = new ArrayList<>();
        try (LogReader reader = log.reader(Positions.start(4))) {
            read(reader, seen, 2);
            outage.begin(proxy);
            for (int i = 1; i <= 20; i++) {
                done(here.append(List.of(event(stream(log, 0, 0), i))));
            }
            read(reader, seen, 22);
            outage.end(proxy);
            await().atMost(PATIENCE).ignoreExceptions().until(() -> log.claim(2, "n").epoch() > 1);
            assertThat(failure(away.append(List.of())).category()).isEqualTo(Category.FENCED);
            read(reader, seen, 23);
            assertThat(reader.positions()).isEqualTo(Positions.start(4).with(0, 21).with(2, 2));
        }
        assertGapFree(seen);
    }

    @ParameterizedTest
    @EnumSource
    void a_node_starts_without_it_and_takes_its_partitions_when_it_is_back(Outage outage) {
        done(log.claim(2, "n").append(List.of(event(stream(log, 2, 0), 1))));
        outage.begin(proxy);
        RangedLog late = open();
        assertThat(late.claim(0, "late").epoch()).isEqualTo(1);
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> late.readStream(stream(log, 2, 0), 1, 1));
        outage.end(proxy);
        await().atMost(PATIENCE).ignoreExceptions().until(() -> late.claim(2, "late").epoch() == 2);
        assertThat(late.readStream(stream(log, 2, 0), 1, 10)).hasSize(1);
    }

    @Test
    void while_it_is_away_calls_fail_at_once_and_it_is_found_again_without_any() {
        log.claim(2, "n");
        assertThat(log.databasesAway()).isZero();
        proxy.refuse(true);
        await().atMost(PATIENCE).until(() -> fails(2) && log.databasesAway() == 1);
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> log.claim(3, "n"))
                .withMessageContaining("does not answer");
        proxy.refuse(false);
        await().atMost(PATIENCE).until(() -> log.databasesAway() == 0);
        assertThat(log.claim(2, "n").epoch()).isPositive();
    }

    @Test
    void a_statement_that_is_slow_does_not_make_it_count_as_away() throws Exception {
        log.claim(2, "n");
        try (Connection other = DriverManager.getConnection(second);
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table event in access exclusive mode");
            assertThat(fails(2)).isTrue();
            assertThat(log.databasesAway()).isZero();
            other.rollback();
        }
        await().atMost(PATIENCE).ignoreExceptions().until(() -> log.claim(3, "n").epoch() >= 1);
    }

    private boolean fails(int partition) {
        try {
            log.claim(partition, "n");
            return false;
        } catch (LogException _) {
            return true;
        }
    }

    private RangedLog open() {
        RangedLog one = RangedLog.open(settings);
        opened.add(one);
        return one;
    }

    private static Proxy proxy() {
        try {
            return new Proxy(ThrowawayPostgres.server().port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PostgresLogSettings settings(String url) {
        return PostgresLogSettings.of(url).withPartitions(4).withLimits(LIMIT, LIMIT);
    }

    private static void read(LogReader reader, List<LogRecord> seen, int count) {
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            seen.addAll(reader.next(100, Duration.ofMillis(50)));
                            return seen.size() >= count;
                        });
        assertThat(seen).hasSize(count);
    }

    private static void assertAway(Throwable failure) {
        assertThat(((LogException) failure).category())
                .isIn(Category.UNAVAILABLE, Category.TIMEOUT);
    }
}
