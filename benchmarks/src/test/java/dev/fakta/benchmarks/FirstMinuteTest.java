// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class FirstMinuteTest {

    @Test
    void the_time_to_nearly_the_best_ends_with_the_first_window_that_is_as_good() {
        long[] orders = new long[60];
        Arrays.fill(orders, 0, 7, 10);
        Arrays.fill(orders, 7, 60, 100);
        FirstMinute minute = minute(orders);

        assertThat(minute.best()).isEqualTo(100);
        assertThat(minute.toNearlyBest()).isEqualTo(12);
        assertThat(minute.figures())
                .contains(
                        Figure.of("best window", 100, "orders/s"),
                        Figure.of("CPU, seconds 0 to 10", 2000 / 370.0, "ms/order"));
    }

    @Test
    void a_server_that_is_as_good_from_the_start_took_one_window() {
        long[] orders = new long[60];
        Arrays.fill(orders, 95);
        orders[50] = 120;

        assertThat(minute(orders).toNearlyBest()).isEqualTo(5);
    }

    private static FirstMinute minute(long[] orders) {
        return new FirstMinute(2, 0.1, Arrays.stream(orders).boxed().toList(), 2, 6);
    }
}
