// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the demo did, as far as the microsystem's answers say so.
///
/// @param orders orders placed, or found already placed by an earlier run
/// @param lines their lines
/// @param orphans the data set's lines that belong to no order and so were not sent
/// @param sums per currency, from the answers
/// @param expectedCents what the data set itself adds up to, in US cents
/// @param failures one text for each request that failed, oldest stage first
/// @param placed the ids of the orders, by their numbers in the data set
/// @param invitations addresses that are worth opening next; empty when no order was placed
public record DemoReport(
        int orders,
        int lines,
        List<String> orphans,
        List<Sum> sums,
        long expectedCents,
        Duration duration,
        List<String> failures,
        SortedMap<Integer, String> placed,
        List<URI> invitations) {

    private static final int FAILURES_SHOWN = 10;
    private static final Currency DOLLAR = Currency.getInstance("USD");

    /// Sums in minor units of one currency.
    ///
    /// @param lineMinor quantity times unit price over all lines
    /// @param itemsMinor the orders' `totals.items`
    /// @param grandMinor the orders' `totals.grand`: with shipping and tax, less discounts
    public record Sum(Currency currency, long lineMinor, long itemsMinor, long grandMinor) {

        Sum plus(Sum other) {
            return new Sum(
                    currency,
                    Math.addExact(lineMinor, other.lineMinor),
                    Math.addExact(itemsMinor, other.itemsMinor),
                    Math.addExact(grandMinor, other.grandMinor));
        }
    }

    public DemoReport {
        orphans = List.copyOf(orphans);
        sums = List.copyOf(sums);
        failures = List.copyOf(failures);
        placed = Collections.unmodifiableSortedMap(new TreeMap<>(placed));
        invitations = List.copyOf(invitations);
    }

    /// Whether the lines and the items' totals of the answers both add up to the data set's own
    /// sum, to the cent.
    public boolean isEqualToDataSet() {
        return sums.size() == 1
                && sums.getFirst().currency().equals(DOLLAR)
                && sums.getFirst().lineMinor() == expectedCents
                && sums.getFirst().itemsMinor() == expectedCents;
    }

    /// 0 when every request succeeded and the sums are equal, else 1.
    public int exitStatus() {
        return failures.isEmpty() && isEqualToDataSet() ? 0 : 1;
    }

    /// Prints the report for people.
    public void print(PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%,d orders with %,d lines in %.1f s%n",
                orders,
                lines,
                duration.toMillis() / 1000.0);
        sums.forEach(sum -> out.println("  " + sumText(sum)));
        out.println("  " + comparison());
        orphans.forEach(orphan -> out.println("  left out: " + orphan));
        printFailures(out);
        if (!invitations.isEmpty()) {
            out.println("Try:");
            invitations.forEach(address -> out.println("  " + address));
        }
    }

    private static String sumText(Sum sum) {
        return "items %s, with shipping and tax %s"
                .formatted(
                        text(sum.currency(), sum.lineMinor()),
                        text(sum.currency(), sum.grandMinor()));
    }

    private static String text(Currency currency, long minor) {
        int digits = Math.max(0, currency.getDefaultFractionDigits());
        BigDecimal amount = BigDecimal.valueOf(minor, digits);
        return String.format(Locale.ROOT, "%,." + digits + "f %s", amount, currency);
    }

    private String comparison() {
        String own = text(DOLLAR, expectedCents);
        return isEqualToDataSet()
                ? "equal to the data set's own sum to the cent"
                : "NOT equal to the data set's own sum, " + own;
    }

    private void printFailures(PrintStream out) {
        failures.stream().limit(FAILURES_SHOWN).forEach(f -> out.println("  failed: " + f));
        if (failures.size() > FAILURES_SHOWN) {
            out.println("  failed: " + (failures.size() - FAILURES_SHOWN) + " more");
        }
    }
}
