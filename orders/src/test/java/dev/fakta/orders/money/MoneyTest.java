// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MoneyTest {

    @Test
    void amounts_of_one_currency_add_up() {
        assertThat(eur(1999).plus(eur(1)).minus(eur(500)).times(3)).isEqualTo(eur(4500));
        assertThat(eur(2).exceeds(eur(1))).isTrue();
        assertThat(eur(2)).isGreaterThan(eur(1));
    }

    @Test
    void currencies_do_not_mix() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> eur(1).plus(Money.of(1, "USD")))
                .withMessage("EUR and USD do not mix");
        assertThatIllegalArgumentException().isThrownBy(() -> eur(1).exceeds(Money.of(1, "USD")));
    }

    @Test
    void an_amount_that_does_not_fit_is_an_error() {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> eur(Long.MAX_VALUE).plus(eur(1)));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> eur(Long.MIN_VALUE).minus(eur(1)));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> eur(Long.MAX_VALUE / 2).times(3));
    }

    @Test
    void people_read_amounts_with_the_digits_of_the_currency() {
        assertThat(eur(1999)).hasToString("19.99 EUR");
        assertThat(Money.of(1999, "JPY")).hasToString("1999 JPY");
        assertThat(Money.of(1999, "KWD")).hasToString("1.999 KWD");
        assertThat(eur(-5)).hasToString("-0.05 EUR");
    }

    @Test
    void three_equal_refunds_of_ten_cents_are_three_four_and_three() {
        assertThat(eur(10).refundOf(0, 1, 3, RoundingMode.HALF_EVEN)).isEqualTo(eur(3));
        assertThat(eur(10).refundOf(1, 2, 3, RoundingMode.HALF_EVEN)).isEqualTo(eur(4));
        assertThat(eur(10).refundOf(2, 3, 3, RoundingMode.HALF_EVEN)).isEqualTo(eur(3));
    }

    @Test
    void a_refund_of_units_that_there_are_not_is_an_error() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> eur(10).refundOf(0, 4, 3, RoundingMode.HALF_EVEN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> eur(10).refundOf(2, 1, 3, RoundingMode.HALF_EVEN));
    }

    @Property
    void partial_refunds_add_up_to_the_total(
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long total,
            @ForAll @IntRange(min = 1, max = 1_000_000) int units,
            @ForAll @Size(max = 6) int[] cuts,
            @ForAll("roundings") RoundingMode rounding) {
        int[] ends =
                Arrays.stream(cuts).map(cut -> Math.floorMod(cut, units + 1)).sorted().toArray();
        Money refunded = eur(0);
        int from = 0;
        for (int to : ends) {
            refunded = refunded.plus(eur(total).refundOf(from, to, units, rounding));
            from = to;
        }
        refunded = refunded.plus(eur(total).refundOf(from, units, units, rounding));
        assertThat(refunded).isEqualTo(eur(total));
    }

    @Property
    void dividing_rounds_as_big_decimals_do(
            @ForAll long value,
            @ForAll long numerator,
            @ForAll @LongRange(min = 1, max = Long.MAX_VALUE) long denominator,
            @ForAll("roundings") RoundingMode rounding) {
        BigInteger expected =
                new BigDecimal(BigInteger.valueOf(value).multiply(BigInteger.valueOf(numerator)))
                        .divide(BigDecimal.valueOf(denominator), 0, rounding)
                        .toBigInteger();
        if (expected.bitLength() > 63) {
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> Exact.timesOver(value, numerator, denominator, rounding));
        } else {
            assertThat(Exact.timesOver(value, numerator, denominator, rounding))
                    .isEqualTo(expected.longValueExact());
        }
    }

    @Property
    void halves_round_as_big_decimals_do(
            @ForAll @LongRange(min = -50, max = 50) long value,
            @ForAll @LongRange(min = 1, max = 8) long denominator,
            @ForAll("roundings") RoundingMode rounding) {
        assertThat(Exact.timesOver(value, 1, denominator, rounding))
                .isEqualTo(
                        BigDecimal.valueOf(value)
                                .divide(BigDecimal.valueOf(denominator), 0, rounding)
                                .longValueExact());
    }

    @Test
    void what_must_not_be_rounded_is_an_error_when_it_would_be() {
        assertThat(Exact.timesOver(6, 1, 3, RoundingMode.UNNECESSARY)).isEqualTo(2);
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Exact.timesOver(7, 1, 3, RoundingMode.UNNECESSARY));
    }

    @Provide
    Arbitrary<RoundingMode> roundings() {
        return Arbitraries.of(RoundingMode.values())
                .filter(mode -> mode != RoundingMode.UNNECESSARY);
    }

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }
}
