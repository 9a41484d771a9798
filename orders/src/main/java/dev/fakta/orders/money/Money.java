// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.money;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Objects;

/// An amount in the minor units of an ISO 4217 currency: 1999 EUR is 19.99 euro, 1999 JPY is 1999
/// yen, 1999 KWD is 1.999 dinar.
///
/// Arithmetic is exact: an amount that does not fit is an [ArithmeticException]. Amounts of two
/// currencies do not mix: that is an [IllegalArgumentException].
public record Money(long minor, Currency currency) implements Comparable<Money> {

    public Money {
        Objects.requireNonNull(currency, "currency");
    }

    public static Money of(long minor, String currencyCode) {
        return new Money(minor, Currency.getInstance(currencyCode));
    }

    public static Money zero(Currency currency) {
        return new Money(0, currency);
    }

    public Money plus(Money other) {
        return new Money(Math.addExact(minor, minorOf(other)), currency);
    }

    public Money minus(Money other) {
        return new Money(Math.subtractExact(minor, minorOf(other)), currency);
    }

    public Money times(long factor) {
        return new Money(Math.multiplyExact(minor, factor), currency);
    }

    /// -1, 0 or 1, as the amount is below, at or above zero.
    public int signum() {
        return Long.signum(minor);
    }

    public boolean exceeds(Money other) {
        return minor > minorOf(other);
    }

    /// What is refunded for the units `from + 1` to `to` out of `units` that together cost this
    /// much: `round(total * to / units) - round(total * from / units)`. So any sequence of partial
    /// refunds that covers all units adds up to the total, whatever the rounding.
    public Money refundOf(int from, int to, int units, RoundingMode rounding) {
        if (from < 0 || from > to || to > units || units < 1) {
            throw new IllegalArgumentException("units %d to %d of %d".formatted(from, to, units));
        }
        long after = Exact.timesOver(minor, to, units, rounding);
        long before = Exact.timesOver(minor, from, units, rounding);
        return new Money(Math.subtractExact(after, before), currency);
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(minor, minorOf(other));
    }

    /// For people, as in `19.99 EUR`.
    @Override
    public String toString() {
        int digits = Math.max(0, currency.getDefaultFractionDigits());
        return BigDecimal.valueOf(minor, digits).toPlainString() + " " + currency;
    }

    private long minorOf(Money other) {
        if (other.currency != currency) { // the JDK keeps one instance per currency
            throw new IllegalArgumentException(
                    "%s and %s do not mix".formatted(currency, other.currency));
        }
        return other.minor;
    }
}
