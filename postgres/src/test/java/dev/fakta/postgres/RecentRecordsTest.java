// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentRecordsTest {

    private static final int[] TURNS = {3, 1};

    @Test
    void a_reader_gets_what_follows_on_its_position() {
        RecentRecords recent = new RecentRecords(1 << 20);
        recent.add(1, 5, events(3));
        recent.add(1, 8, events(1));
        assertThat(offsets(recent.after(Positions.of(1, 4), TURNS, 10)))
                .containsExactly(5L, 6L, 7L, 8L);
        assertThat(offsets(recent.after(Positions.of(1, 6), TURNS, 1))).containsExactly(7L);
        assertThat(recent.after(Positions.of(1, 8), TURNS, 10).records()).isEmpty();
    }

    @Test
    void a_reader_that_misses_older_records_is_told_so() {
        RecentRecords recent = new RecentRecords(1 << 20);
        recent.add(1, 5, events(1));
        assertThat(recent.after(Positions.of(1, 3), TURNS, 10).isBehind()).isTrue();
        recent.forget(1, 6); // a claim at 6
        assertThat(recent.after(Positions.of(1, 5), TURNS, 10).isBehind()).isTrue();
        assertThat(recent.after(Positions.of(1, 6), TURNS, 10).isBehind()).isFalse();
    }

    @Test
    void what_others_wrote_in_between_is_no_gap_that_goes_unnoticed() {
        RecentRecords recent = new RecentRecords(1 << 20);
        recent.add(1, 1, events(2));
        recent.add(1, 9, events(1)); // 3 to 8 were another node's
        RecentRecords.Found found = recent.after(Positions.of(1, 2), TURNS, 10);
        assertThat(found.isBehind()).isTrue();
        assertThat(found.records()).isEmpty();
    }

    @Test
    void whatever_happens_it_is_bounded_and_answers_without_a_gap() {
        Random random = new Random(1);
        RecentRecords recent = new RecentRecords(20_000);
        long[] heads = new long[4];
        for (int round = 0; round < 20_000; round++) {
            int partition = random.nextInt(4);
            if (random.nextInt(50) == 0) {
                heads[partition] += 1 + random.nextInt(3);
                recent.forget(partition, heads[partition]);
            } else {
                int count = 1 + random.nextInt(5);
                recent.add(partition, heads[partition] + 1, events(count));
                heads[partition] += count;
            }
            long after = Math.max(0, heads[partition] - random.nextInt(40));
            RecentRecords.Found found =
                    recent.after(Positions.of(partition, after), new int[] {partition}, 100);
            long expected = after;
            for (long offset : offsets(found)) {
                assertThat(offset).isEqualTo(++expected);
            }
            assertThat(found.isBehind() || expected == heads[partition]).isTrue();
        }
        List<LogRecord> all = new ArrayList<>();
        for (int partition = 0; partition < 4; partition++) {
            long after = heads[partition];
            while (after > 0
                    && !recent.after(Positions.of(partition, after - 1), new int[] {partition}, 1)
                            .isBehind()) {
                after--;
            }
            all.addAll(
                    recent.after(Positions.of(partition, after), new int[] {partition}, 1000)
                            .records());
        }
        assertThat(all).hasSizeBetween(1, 20_000 / 256);
    }

    private static List<Long> offsets(RecentRecords.Found found) {
        return found.records().stream().map(LogRecord::offset).toList();
    }

    private static List<NewEvent> events(int count) {
        List<NewEvent> events = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            events.add(Samples.event("order/1", i));
        }
        return events;
    }
}
