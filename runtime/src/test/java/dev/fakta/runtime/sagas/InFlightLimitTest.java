// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InFlightLimitTest {

    private long now = Long.MAX_VALUE;
    private final InFlightLimit limit = new InFlightLimit(2, () -> now);
    private final List<Integer> begun = new ArrayList<>();

    private void start(int tasks) {
        for (int i = 0; i < tasks; i++) {
            int task = begun.size() + i;
            limit.start(() -> begun.add(task));
        }
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /// So many end, one after each pause.
    private void end(int tasks, long eachMillis) {
        for (int i = 0; i < tasks; i++) {
            pass(eachMillis);
            limit.ended();
            limit.backlogMillis(); // as asked again and again
        }
    }

    @Test
    void the_rest_waits_for_its_turn() {
        start(3);
        assertThat(begun).hasSize(2);
        limit.ended();
        assertThat(begun).hasSize(3);
    }

    @Test
    void what_is_under_way_is_no_backlog_however_long_it_takes() {
        start(2);
        pass(60_000);
        assertThat(limit.backlogMillis()).isZero();
    }

    @Test
    void what_waits_takes_as_long_as_what_has_ended_says() {
        start(102);
        end(50, 20);
        assertThat(limit.backlogMillis()).isBetween(990L, 1_110L); // 52 of 50 in a second
    }

    @Test
    void it_grows_while_nothing_ends() {
        start(102);
        end(50, 20);
        long before = limit.backlogMillis();
        pass(500);
        long after = limit.backlogMillis();
        assertThat(after).isGreaterThan(before);
        pass(500);
        assertThat(limit.backlogMillis()).isGreaterThan(after);
    }

    @Test
    void before_anything_has_ended_it_is_the_time_since_something_waits() {
        start(3);
        pass(70);
        assertThat(limit.backlogMillis()).isEqualTo(70);
        pass(430);
        assertThat(limit.backlogMillis()).isEqualTo(500);
        pass(1_000);
        assertThat(limit.backlogMillis()).isEqualTo(1_500);
    }

    @Test
    void a_quiet_time_says_nothing_about_how_much_can_be_done() {
        start(102);
        end(102, 20);
        assertThat(limit.backlogMillis()).isZero();
        pass(3_600_000);
        start(52);
        pass(20);
        assertThat(limit.backlogMillis()).isBetween(990L, 1_110L);
    }
}
