// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.money;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// `long` arithmetic whose intermediate product may need 128 bits.
public final class Exact {

    private Exact() {}

    /// `value * numerator / denominator`, rounded once.
    ///
    /// @param denominator above zero
    /// @throws ArithmeticException when the result does not fit
    public static long timesOver(
            long value, long numerator, long denominator, RoundingMode rounding) {
        if (denominator <= 0) {
            throw new ArithmeticException("a denominator of " + denominator);
        }
        long product = value * numerator;
        if (Math.multiplyHigh(value, numerator) == product >> 63) {
            return divide(product, denominator, rounding);
        }
        BigInteger wide = BigInteger.valueOf(value).multiply(BigInteger.valueOf(numerator));
        return new BigDecimal(wide)
                .divide(BigDecimal.valueOf(denominator), 0, rounding)
                .longValueExact();
    }

    private static long divide(long dividend, long divisor, RoundingMode rounding) {
        long quotient = dividend / divisor;
        long remainder = dividend - quotient * divisor;
        if (remainder == 0) {
            return quotient;
        }
        int sign = dividend < 0 ? -1 : 1;
        boolean away =
                switch (rounding) {
                    case UP -> true;
                    case DOWN -> false;
                    case CEILING -> sign > 0;
                    case FLOOR -> sign < 0;
                    case HALF_UP -> compareToHalf(remainder, divisor) >= 0;
                    case HALF_DOWN -> compareToHalf(remainder, divisor) > 0;
                    case HALF_EVEN -> {
                        int half = compareToHalf(remainder, divisor);
                        yield half > 0 || (half == 0 && (quotient & 1) != 0);
                    }
                    case UNNECESSARY ->
                            throw new ArithmeticException(
                                    dividend + " / " + divisor + " is not whole");
                };
        return away ? quotient + sign : quotient;
    }

    /// Compares `|remainder|` with `divisor / 2` without doubling, which could overflow.
    private static int compareToHalf(long remainder, long divisor) {
        long size = Math.abs(remainder);
        return Long.compare(size, divisor - size);
    }
}
