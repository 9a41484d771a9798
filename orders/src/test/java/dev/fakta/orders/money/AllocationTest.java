// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AllocationTest {

    @Test
    void what_is_left_goes_to_the_largest_remainder() {
        assertThat(Allocation.byLargestRemainder(10, new long[] {5, 3, 1}))
                .containsExactly(6, 3, 1); // 5.55…, 3.33…, 1.11…
    }

    @Test
    void equal_remainders_go_by_the_order_of_the_lines() {
        assertThat(Allocation.byLargestRemainder(2, new long[] {1, 1, 1})).containsExactly(1, 1, 0);
    }

    @Test
    void a_line_without_weight_gets_nothing() {
        assertThat(Allocation.byLargestRemainder(2, new long[] {0, 1, 1, 1}))
                .containsExactly(0, 1, 1, 0);
    }

    @Test
    void nothing_over_nothing_is_nothing() {
        assertThat(Allocation.byLargestRemainder(0, new long[] {0, 0})).containsExactly(0, 0);
        assertThat(Allocation.byLargestRemainder(0, new long[0])).isEmpty();
    }

    @Test
    void what_cannot_be_shared_is_an_error() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Allocation.byLargestRemainder(1, new long[] {0}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Allocation.byLargestRemainder(-1, new long[] {1}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Allocation.byLargestRemainder(1, new long[] {2, -1}));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Allocation.byLargestRemainder(1, new long[] {Long.MAX_VALUE, 1}));
    }

    @Property
    void the_shares_add_up_and_each_is_less_than_one_off(
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long amount,
            @ForAll @Size(min = 1, max = 20)
                    List<@LongRange(min = 0, max = Long.MAX_VALUE / 20) Long> weighing) {
        long[] weights = weighing.stream().mapToLong(Long::longValue).toArray();
        long whole = Arrays.stream(weights).sum();
        Assume.that(whole > 0);
        long[] shares = Allocation.byLargestRemainder(amount, weights);
        assertThat(Arrays.stream(shares).sum()).isEqualTo(amount);
        for (int line = 0; line < shares.length; line++) {
            BigInteger exact =
                    BigInteger.valueOf(amount).multiply(BigInteger.valueOf(weights[line]));
            BigInteger share = BigInteger.valueOf(shares[line]).multiply(BigInteger.valueOf(whole));
            assertThat(share.subtract(exact).abs()).isLessThan(BigInteger.valueOf(whole));
            assertThat(weights[line] > 0 || shares[line] == 0).isTrue();
        }
    }
}
