// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RateTest {

    @Test
    void a_rate_is_exact_to_four_decimals_of_a_percent() {
        assertThat(percent("14.975").millionths()).isEqualTo(149_750);
        assertThat(percent("14.975")).hasToString("14.975 %");
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> percent("0.00001"));
        assertThatIllegalArgumentException().isThrownBy(() -> percent("100.1"));
        assertThatIllegalArgumentException().isThrownBy(() -> percent("-1"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Rate(1_000_001));
    }

    @Test
    void tax_is_put_on_a_net_price_and_taken_out_of_a_gross_one() {
        assertThat(percent("19").of(10_000, RoundingMode.HALF_EVEN)).isEqualTo(1_900);
        assertThat(percent("19").netOf(11_900, RoundingMode.HALF_EVEN)).isEqualTo(10_000);
        assertThat(percent("19").netOf(1_999, RoundingMode.HALF_EVEN)).isEqualTo(1_680);
    }

    @Test
    void halves_go_to_the_even_neighbour() {
        assertThat(percent("50").of(5, RoundingMode.HALF_EVEN)).isEqualTo(2);
        assertThat(percent("50").of(7, RoundingMode.HALF_EVEN)).isEqualTo(4);
    }

    @Test
    void half_a_cent_of_tax_goes_up_whether_a_price_contains_it_or_not() {
        // 0.03 contain half a cent at 20 %: 0.5 of 3
        assertThat(percent("20").netOf(3, RoundingMode.HALF_UP)).isEqualTo(2);
        assertThat(percent("6.5").of(100, RoundingMode.HALF_UP)).isEqualTo(7);
    }

    @Property
    void taking_the_tax_out_of_net_plus_tax_gives_the_net(
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000_000L) long net,
            @ForAll @IntRange(min = 0, max = 999_999) int millionths) {
        Rate rate = new Rate(millionths);
        long gross = net + rate.of(net, RoundingMode.HALF_EVEN);
        assertThat(rate.netOf(gross, RoundingMode.HALF_EVEN)).isEqualTo(net);
    }

    private static Rate percent(String percent) {
        return Rate.percent(new BigDecimal(percent));
    }
}
