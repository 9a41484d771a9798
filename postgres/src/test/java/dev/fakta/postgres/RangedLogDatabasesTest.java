// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import static dev.fakta.postgres.Samples.ask;
import static dev.fakta.postgres.Samples.done;
import static dev.fakta.postgres.Samples.event;
import static dev.fakta.postgres.Samples.inTwo;
import static dev.fakta.postgres.Samples.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.log.LogException;
import dev.fakta.postgres.server.ThrowawayPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What the databases of a [RangedLog] say about themselves, and who is refused by it.
class RangedLogDatabasesTest {

    private final String low = ThrowawayPostgres.database();
    private final String high = ThrowawayPostgres.database();

    @Test
    void each_partition_is_in_its_database() throws SQLException {
        try (RangedLog log = made()) {
            for (int partition = 0; partition < 4; partition++) {
                done(
                        log.claim(partition, "n")
                                .append(List.of(event(stream(log, partition, 0), 1))));
            }
        }
        String counts = "select string_agg(distinct partition_no::text, ',') from event";
        assertThat(ask(low, counts)).isEqualTo("0,1");
        assertThat(ask(high, counts)).isEqualTo("2,3");
    }

    @Test
    void every_database_has_the_note_and_the_newest_of_them_counts() throws SQLException {
        try (RangedLog log = made()) {
            log.putNote("shapes", "old");
            ask(low, "update note set text = 'low', written_at = now() + interval '1 hour'");
            ask(high, "update note set text = 'high'");
            assertThat(log.note("shapes")).contains("low");
            ask(high, "update note set written_at = now() + interval '2 hours'");
            assertThat(log.note("shapes")).contains("high");
            log.putNote("shapes", "new");
            assertThat(ask(low, "select text from note")).isEqualTo("new");
            ask(low, "delete from note"); // it was away
            assertThat(log.note("shapes")).contains("new");
        }
    }

    @Test
    void the_first_database_says_which_note_counts_that_is_written_once() throws SQLException {
        try (RangedLog log = made()) {
            assertThat(log.noteOnce("begins", "one")).isEqualTo("one");
            assertThat(ask(low, "select text from note")).isEqualTo("one");
            assertThat(ask(high, "select text from note")).isEqualTo("one");
            ask(high, "delete from note"); // it was away
            assertThat(log.noteOnce("begins", "two")).isEqualTo("one");
            assertThat(ask(high, "select text from note")).isEqualTo("one");
        }
    }

    @Test
    void other_ranges_are_refused() {
        made().close();
        refuses(
                RangedLogSettings.parse(List.of("0-2=" + low, "3-3=" + high), 4),
                "holds partitions 0 to 1 of its log, not 0 to 2",
                "holds partitions 2 to 3 of its log, not 3 to 3");
    }

    @Test
    void urls_that_were_swapped_are_refused() {
        made().close();
        refuses(inTwo(high, low), "holds partitions 2 to 3 of its log, not 0 to 1");
    }

    @Test
    void a_database_of_another_log_is_refused() {
        made().close();
        String other = ThrowawayPostgres.database();
        RangedLog.open(inTwo(other, ThrowawayPostgres.database())).close();
        refuses(inTwo(other, high), "belongs to another log");
    }

    @Test
    void an_empty_database_is_not_filled_in_the_place_of_a_full_one() throws SQLException {
        made().close();
        String empty = ThrowawayPostgres.database();
        refuses(inTwo(low, empty), "holds no log, though partitions 2 to 3 of this one must be");
        assertThat(ask(empty, "select to_regclass('event') is null")).isEqualTo("t");
    }

    @Test
    void another_number_of_partitions_is_refused() {
        made().close();
        refuses(
                RangedLogSettings.parse(List.of("0-3=" + low, "4-7=" + high), 8),
                "has 4 partitions, not 8");
    }

    @Test
    void one_of_several_databases_is_no_log_by_itself() {
        made().close();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                PostgresLog.open(PostgresLogSettings.of(low).withPartitions(4))
                                        .close())
                .withMessageContaining("holds partitions 0 to 1 of a log of 4");
    }

    @Test
    void a_log_in_one_database_is_a_log_of_one_range() {
        PostgresLog.open(PostgresLogSettings.of(low).withPartitions(4)).close();
        RangedLog.open(RangedLogSettings.parse(List.of("0-3=" + low), 4)).close();
        refuses(inTwo(low, high), "holds partitions 0 to 3 of its log, not 0 to 1");
    }

    @Test
    void a_start_that_was_cut_off_in_the_middle_is_made_good_by_the_next_one() throws SQLException {
        made().close();
        ask(low, "update fakta_log set is_complete = false");
        ask(high, "drop table fakta_log, event, snapshot, note; drop function event_is_history");
        made().close();
        assertThat(ask(low, "select is_complete from fakta_log")).isEqualTo("t");
        assertThat(ask(high, "select log from fakta_log"))
                .isEqualTo(ask(low, "select log from fakta_log"));
    }

    @Test
    void a_new_log_is_not_made_while_a_database_is_away() throws SQLException {
        String away = "jdbc:postgresql://127.0.0.1:1/none";
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> RangedLog.open(inTwo(low, away)).close());
        assertThat(ask(low, "select to_regclass('event') is null")).isEqualTo("t");
    }

    @Test
    void a_log_of_the_format_before_ranges_is_brought_up_to_date() throws SQLException {
        PostgresLogSettings whole = PostgresLogSettings.of(low).withPartitions(4);
        PostgresLog.open(whole).close();
        ask(
                low,
                "alter table fakta_log drop log, drop first_partition, drop last_partition,"
                        + " drop is_complete; drop table note; update fakta_log set format = 1");
        try (PostgresLog log = PostgresLog.open(whole)) {
            assertThat(log.claim(3, "n").epoch()).isEqualTo(1);
        }
    }

    @Test
    void nodes_that_start_at_once_make_one_log() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<RangedLog>> opened = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                opened.add(threads.submit(this::made));
            }
            for (Future<RangedLog> one : opened) {
                one.get(30, TimeUnit.SECONDS).close();
            }
        }
        assertThat(ask(high, "select log from fakta_log"))
                .isEqualTo(ask(low, "select log from fakta_log"));
    }

    private RangedLog made() {
        return RangedLog.open(inTwo(low, high));
    }

    private static void refuses(RangedLogSettings settings, String... reasons) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RangedLog.open(settings).close())
                .satisfies(e -> assertThat(e.getMessage()).contains(reasons));
    }
}
