// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import static dev.fakta.postgres.Samples.ask;
import static dev.fakta.postgres.Samples.done;
import static dev.fakta.postgres.Samples.event;
import static dev.fakta.postgres.Samples.failure;
import static dev.fakta.postgres.Samples.inTwo;
import static dev.fakta.postgres.Samples.readAll;
import static dev.fakta.postgres.Samples.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.log.EventLog;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import dev.fakta.postgres.server.ThrowawayPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RangeMoveTest {

    private static final Map<String, String> NOTHING = Map.of();

    private final String old = ThrowawayPostgres.database();
    private final String fresh = ThrowawayPostgres.database();
    private final PostgresLogSettings whole = PostgresLogSettings.of(old).withPartitions(4);

    @Test
    void what_was_moved_is_read_and_continued_in_its_new_database() throws SQLException {
        List<LogRecord> before;
        try (PostgresLog log = PostgresLog.open(whole)) {
            for (int partition = 0; partition < 4; partition++) {
                fill(log, partition, 1, 30);
            }
            before = readAll(log);
            log.putNote("shapes", "text");
        }
        assertThat(move(2, 3)).isEqualTo(2 * (1 + 30 + 1)); // with the claims of the move
        try (RangedLog log = RangedLog.open(inTwo(old, fresh))) {
            List<String> after = texts(readAll(log));
            assertThat(after).containsAll(texts(before)).hasSize(before.size() + 2);
            String stream = stream(log, 3, 0);
            assertThat(log.readStream(stream, 1, 100)).hasSize(30);
            assertThat(log.latestSnapshot(stream).orElseThrow().payload()).containsExactly(3);
            assertThat(log.claim(3, "n").epoch()).isEqualTo(3);
            fill(log, 3, 31, 40);
            fill(log, 0, 31, 40);
        }
        assertThat(ask(fresh, "select text from note")).isEqualTo("text");
        assertThat(ask(fresh, "select max(revision) from event")).isEqualTo("40");
    }

    @Test
    void a_node_that_runs_on_with_the_old_ranges_can_write_the_rest_only() {
        try (PostgresLog log = PostgresLog.open(whole)) {
            Writer stays = log.claim(0, "n");
            Writer moves = log.claim(2, "n");
            done(moves.append(List.of(event(stream(log, 2, 0), 1))));
            move(2, 3);
            assertThat(failure(moves.append(List.of(event(stream(log, 2, 0), 2)))).category())
                    .isEqualTo(Category.FENCED);
            assertThatExceptionOfType(LogException.class)
                    .isThrownBy(() -> log.claim(2, "n"))
                    .withMessageContaining("is in another database now");
            assertThatExceptionOfType(LogException.class).isThrownBy(() -> log.claim(3, "n"));
            done(stays.append(List.of(event(stream(log, 0, 0), 1))));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostgresLog.open(whole).close())
                .withMessageContaining("holds partitions 0 to 1 of a log of 4");
    }

    @Test
    void a_move_that_was_cut_off_is_made_good_by_running_it_again() throws SQLException {
        try (PostgresLog log = PostgresLog.open(whole)) {
            fill(log, 0, 1, 5);
            fill(log, 1, 1, 5);
            assertThat(log.claim(0, "moved").epoch()).isEqualTo(2);
        }
        ask(old, "update fakta_log set first_partition = 1"); // given up, and then the power failed
        assertThat(move(0, 0)).isEqualTo(7);
        try (RangedLog log =
                RangedLog.open(RangedLogSettings.parse(List.of("0-0=" + fresh, "1-3=" + old), 4))) {
            assertThat(log.readStream(stream(log, 0, 0), 1, 10)).hasSize(5);
            fill(log, 0, 6, 9);
        }
    }

    @Test
    void only_a_part_at_one_end_is_moved_and_only_into_an_empty_database() throws SQLException {
        PostgresLog.open(whole).close();
        refuses(1, 2, "holds partitions 0 to 3: 1 to 2 are not a part at one end of them");
        refuses(0, 3, "0 to 3 are not a part at one end");
        refuses(3, 2, "3 to 2 are not a part at one end");
        refuses(4, 5, "4 to 5 are not a part at one end");
        ask(old, "update fakta_log set last_partition = 2"); // 3 is in another database
        refuses(3, 3, "does not hold partitions 3 to 3");
        ask(old, "update fakta_log set last_partition = 3");
        PostgresLog.open(PostgresLogSettings.of(fresh).withPartitions(4)).close();
        refuses(2, 3, "holds a log already");
        assertThat(ask(old, "select last_partition from fakta_log")).isEqualTo("3");
        PostgresLog.open(whole).close();
    }

    private long move(int first, int last) {
        return RangeMove.run(old, fresh, first, last, NOTHING);
    }

    private void refuses(int first, int last, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> move(first, last))
                .withMessageContaining(reason);
    }

    /// One stream's events, and a snapshot at the last of them.
    private static void fill(EventLog log, int partition, int first, int last) {
        Writer writer = log.claim(partition, "n");
        String stream = stream(log, partition, 0);
        for (int i = first; i <= last; i++) {
            var _ = writer.append(List.of(event(stream, i)));
        }
        done(writer.append(List.of()));
        writer.putSnapshot(new Snapshot(stream, last, new byte[] {(byte) partition}));
        done(writer.append(List.of()));
    }

    private static List<String> texts(List<LogRecord> records) {
        List<String> texts = new ArrayList<>();
        records.forEach(
                record ->
                        texts.add(
                                record.partition() + "." + record.offset() + "@" + record.time()));
        return texts;
    }
}
