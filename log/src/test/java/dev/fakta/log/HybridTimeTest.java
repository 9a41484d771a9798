// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class HybridTimeTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00.123Z");

    private final HybridTime time = new HybridTime(InstantSource.fixed(NOW), 0);

    @Test
    void it_has_the_wall_clocks_milliseconds() {
        assertThat(HybridTime.instant(time.next(0))).isEqualTo(NOW);
        assertThat(HybridTime.of(NOW)).isEqualTo(NOW.toEpochMilli() << 16);
    }

    @Test
    void each_time_is_later_than_the_one_before_while_the_clock_stands() {
        long first = time.next(0);
        assertThat(time.next(0)).isEqualTo(first + 1);
    }

    @Test
    void it_is_later_than_the_cause_even_when_that_is_ahead_of_the_clock() {
        long cause = HybridTime.of(NOW.plusSeconds(60));
        assertThat(time.next(cause)).isEqualTo(cause + 1);
        assertThat(time.next(0)).isEqualTo(cause + 2);
    }

    @Test
    void a_clock_that_starts_behind_the_last_time_goes_on_after_it() {
        long last = HybridTime.of(NOW.plusSeconds(5));
        assertThat(new HybridTime(InstantSource.fixed(NOW), last).next(0)).isGreaterThan(last);
    }

    @Test
    void a_cause_that_is_two_days_ahead_comes_before_its_effects() {
        long cause = HybridTime.of(NOW.plus(HybridTime.FURTHEST));
        assertThat(time.next(cause)).isEqualTo(cause + 1);
    }

    @Test
    void a_cause_that_is_further_ahead_does_not_move_the_clock() {
        long cause = HybridTime.of(Instant.parse("2100-01-01T00:00:00Z"));
        assertThat(HybridTime.instant(time.next(cause))).isEqualTo(NOW);
        assertThat(HybridTime.instant(time.next(0))).isEqualTo(NOW);
    }

    @Test
    void a_clock_whose_own_records_are_far_ahead_goes_on_behind_them_in_small_steps() {
        long own = HybridTime.of(Instant.parse("2100-01-01T00:00:00Z"));
        time.startBehind(own);
        assertThat(time.next(0)).isEqualTo(own + 1);
        assertThat(time.next(own)).isEqualTo(own + 2);
        time.startBehind(0);
        assertThat(time.next(0)).isEqualTo(own + 3);
    }
}
