// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.Writer;
import dev.fakta.postgres.server.ThrowawayPostgres;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nodes whose clocks are not the database's.
class DatabaseClockTest {

    private final PostgresLogSettings settings =
            PostgresLogSettings.of(ThrowawayPostgres.schema()).withPartitions(2);
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger(DatabaseClock.class.getName());
    private final Handler listening =
            new Handler() {
                @Override
                public void publish(LogRecord line) {
                    if (line.getLongThreadID() == Thread.currentThread().threadId()) {
                        said.add(line.getMessage());
                    }
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };
    private volatile Duration ahead = Duration.ZERO;
    private final InstantSource clock = () -> InstantSource.system().instant().plus(ahead);

    @BeforeEach
    void listen() {
        logger.addHandler(listening);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(listening);
    }

    private PostgresLog open() {
        return PostgresLog.open(settings, Map.of(), clock);
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 2})
    void a_node_whose_clock_is_off_by_hours_does_not_start_and_says_by_how_much(int hours) {
        ahead = Duration.ofHours(hours);
        assertThatIllegalStateException()
                .isThrownBy(this::open)
                .withMessageContaining("the clock of this node shows")
                .withMessageContaining(hours < 0 ? " s behind" : " s ahead");
    }

    @Test
    void a_log_in_several_databases_is_not_opened_either() {
        ahead = Duration.ofHours(2);
        RangedLogSettings ranges =
                Samples.inTwo(ThrowawayPostgres.schema(), ThrowawayPostgres.schema());
        assertThatIllegalStateException()
                .isThrownBy(() -> RangedLog.open(ranges, Map.of(), clock))
                .withMessageContaining(" s ahead");
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 5})
    void a_node_whose_clock_is_off_by_minutes_says_so_and_starts(int minutes) {
        ahead = Duration.ofMinutes(minutes);
        try (PostgresLog log = open()) {
            assertThat(log.claim(0, "n").epoch()).isEqualTo(1);
        }
        assertThat(said).hasSize(1);
        assertThat(said.getFirst()).contains(minutes < 0 ? " s behind" : " s ahead");
    }

    @Test
    void a_node_whose_clock_is_right_says_nothing() {
        open().close();
        assertThat(said).isEmpty();
    }

    @Test
    void a_clock_that_is_set_far_ahead_while_the_node_runs_marks_no_partition() {
        try (PostgresLog log = open()) {
            ahead = Duration.ofDays(30_000);
            assertThatExceptionOfType(LogException.class)
                    .isThrownBy(() -> log.claim(1, "n"))
                    .withMessageContaining("ahead")
                    .matches(failure -> failure.category() == Category.UNAVAILABLE);
            ahead = Duration.ZERO;
            Writer writer = log.claim(1, "n");
            assertThat(writer.epoch()).isEqualTo(1);
            assertThat(HybridTime.instant(writer.time()))
                    .isBefore(clock.instant().plus(DatabaseClock.NOTICED));
        }
    }

    @Test
    void a_clock_that_is_set_a_day_ahead_while_the_node_runs_costs_no_partition() {
        try (PostgresLog log = open()) {
            ahead = Duration.ofDays(1);
            assertThat(log.claim(0, "n").epoch()).isEqualTo(1);
        }
    }

    @Test
    void a_clock_that_is_set_back_while_the_node_runs_does_no_harm() {
        try (PostgresLog log = open()) {
            long first = log.claim(0, "n").time();
            ahead = Duration.ofDays(-30);
            assertThat(log.claim(0, "n").time()).isEqualTo(first + 1);
        }
    }
}
