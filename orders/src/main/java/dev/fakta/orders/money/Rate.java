// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.money;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// A tax rate or a discount, exact to a ten-thousandth of a percent.
///
/// @param millionths 190000 is 19 %
public record Rate(int millionths) {

    public static final Rate ZERO = new Rate(0);
    private static final int ONE = 1_000_000;

    public Rate {
        if (millionths < 0 || millionths > ONE) {
            throw new IllegalArgumentException("a rate of %d millionths".formatted(millionths));
        }
    }

    /// The rate of this many percent.
    ///
    /// @throws ArithmeticException when there are more than four decimals
    /// @throws IllegalArgumentException when it is not between 0 and 100
    public static Rate percent(BigDecimal percent) {
        if (percent.signum() < 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw new IllegalArgumentException("a rate of %s %%".formatted(percent));
        }
        return new Rate(percent.movePointRight(4).intValueExact());
    }

    /// How many percent it is, without zeros behind the last digit.
    public BigDecimal inPercent() {
        BigDecimal percent = BigDecimal.valueOf(millionths, 4).stripTrailingZeros();
        return percent.scale() < 0 ? percent.setScale(0) : percent;
    }

    /// This rate's part of an amount: the tax on a net price, the discount on a price.
    public long of(long minor, RoundingMode rounding) {
        return millionths == 0 ? 0 : Exact.timesOver(minor, millionths, ONE, rounding);
    }

    /// The net amount in a gross amount that includes tax at this rate: `gross / (1 + rate)`. It is
    /// the tax that is rounded, and the net amount is what is left: where half a cent goes up, half
    /// a cent of tax does.
    public long netOf(long gross, RoundingMode rounding) {
        return millionths == 0
                ? gross
                : gross - Exact.timesOver(gross, millionths, ONE + millionths, rounding);
    }

    @Override
    public String toString() {
        return inPercent().toPlainString() + " %";
    }
}
