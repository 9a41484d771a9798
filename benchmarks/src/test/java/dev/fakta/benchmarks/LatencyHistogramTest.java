// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LatencyHistogramTest {

    private final LatencyHistogram histogram = new LatencyHistogram();

    @Test
    void percentiles_are_within_one_per_cent_over_eight_orders_of_magnitude() {
        Random random = new Random(42);
        long[] values = new long[100_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (long) Math.pow(10, 2 + 8 * random.nextDouble());
            histogram.record(values[i]);
        }
        Arrays.sort(values);

        for (double share : new double[] {0.001, 0.25, 0.5, 0.9, 0.99, 0.999}) {
            long exact = values[(int) Math.ceil(share * values.length) - 1];
            assertThat(histogram.percentile(share))
                    .isGreaterThanOrEqualTo(exact)
                    .isCloseTo(exact, withinPercentage(1));
        }
        assertThat(histogram.max()).isEqualTo(values[values.length - 1]);
    }

    @Test
    void small_values_are_exact() {
        for (int value = 1; value <= 100; value++) {
            histogram.record(value);
        }

        assertThat(histogram.percentile(0.5)).isEqualTo(50);
        assertThat(histogram.percentile(0.99)).isEqualTo(99);
        assertThat(histogram.percentile(1)).isEqualTo(100);
        assertThat(histogram.count()).isEqualTo(100);
    }

    @Test
    void the_smallest_and_the_largest_value_have_a_bucket() {
        histogram.record(0);
        histogram.record(Long.MAX_VALUE);

        assertThat(histogram.percentile(0.5)).isZero();
        assertThat(histogram.percentile(1)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void an_empty_histogram_has_percentiles_of_zero() {
        assertThat(histogram.percentile(0.99)).isZero();
    }

    @Test
    void a_share_beyond_one_is_refused() {
        assertThatThrownBy(() -> histogram.percentile(99)).hasMessageContaining("99");
    }
}
