// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.money;

import java.math.BigInteger;
import java.util.Arrays;

/// Splits an amount over lines in proportion to their weights, to the last minor unit (the largest
/// remainder method, also named after Hamilton and Hare-Niemeyer).
public final class Allocation {

    private Allocation() {}

    /// The share of each line. The shares add up to the amount; a line's share differs from its
    /// exact proportion by less than one; what rounding down leaves goes to the largest remainders,
    /// the earlier line first when they are equal; a line without weight gets nothing.
    ///
    /// @param amount not negative; zero when no line has a weight
    /// @param weights not negative
    public static long[] byLargestRemainder(long amount, long[] weights) {
        long whole = 0;
        for (long weight : weights) {
            if (weight < 0) {
                throw new IllegalArgumentException("a weight of " + weight);
            }
            whole = Math.addExact(whole, weight);
        }
        if (amount < 0 || (amount > 0 && whole == 0)) {
            throw new IllegalArgumentException("%d over %d".formatted(amount, whole));
        }
        long[] shares = new long[weights.length];
        if (amount > 0) {
            long[] remainders = new long[weights.length];
            long left = amount - shareDown(amount, weights, whole, shares, remainders);
            giveToLargest(left, remainders, shares);
        }
        return shares;
    }

    /// Fills in shares, rounded down, and remainders. Answers the sum of the shares.
    private static long shareDown(
            long amount, long[] weights, long whole, long[] shares, long[] remainders) {
        long given = 0;
        for (int line = 0; line < weights.length; line++) {
            long product = amount * weights[line];
            if (product >= 0 && Math.multiplyHigh(amount, weights[line]) == 0) {
                shares[line] = product / whole;
                remainders[line] = product % whole;
            } else {
                BigInteger[] parts =
                        BigInteger.valueOf(amount)
                                .multiply(BigInteger.valueOf(weights[line]))
                                .divideAndRemainder(BigInteger.valueOf(whole));
                shares[line] = parts[0].longValueExact();
                remainders[line] = parts[1].longValueExact();
            }
            given += shares[line];
        }
        return given;
    }

    private static void giveToLargest(long units, long[] remainders, long[] shares) {
        if (units == 0) {
            return;
        }
        Integer[] lines = new Integer[shares.length];
        Arrays.setAll(lines, line -> line);
        // The sort is stable: equal remainders keep the order of the lines.
        Arrays.sort(lines, (one, other) -> Long.compare(remainders[other], remainders[one]));
        for (int rank = 0; rank < units; rank++) {
            shares[lines[rank]]++;
        }
    }
}
