// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.util.ArrayList;
import java.util.List;

/// What a server did from its start on.
///
/// @param ready seconds until it served
/// @param first seconds until the first order was answered
/// @param orders that were placed in each second of the load
/// @param earlyCpu seconds of CPU that the server took for those of the first [#EARLIEST] seconds
/// @param cpu seconds of CPU that the server took for them
record FirstMinute(double ready, double first, List<Long> orders, double earlyCpu, double cpu) {

    /// Of the first half minute each window is a figure, then every third: what matters is early.
    private static final int WINDOW = 5;

    /// What other work on the machine disturbs least is what these took of the CPU.
    static final int EARLIEST = 10;

    private static final int EARLY = 30;
    private static final double NEARLY = 0.9;

    FirstMinute {
        orders = List.copyOf(orders);
    }

    List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.of("ready after", ready, "s"));
        figures.add(Figure.of("first order", first * 1000, "ms"));
        for (int from = 0; from + WINDOW <= orders.size(); from += WINDOW) {
            if (from < EARLY || (from + WINDOW) % (3 * WINDOW) == 0) {
                figures.add(
                        Figure.of(
                                "orders, seconds %d to %d".formatted(from, from + WINDOW),
                                rate(from),
                                "orders/s"));
            }
        }
        figures.add(Figure.of("best window", best(), "orders/s"));
        figures.add(Figure.of("to 90 % of it", toNearlyBest(), "s"));
        figures.add(
                Figure.of(
                        "CPU, seconds 0 to " + EARLIEST,
                        earlyCpu * 1000 / sum(orders.subList(0, EARLIEST)),
                        "ms/order"));
        figures.add(Figure.of("CPU, all of it", cpu * 1000 / sum(orders), "ms/order"));
        return figures;
    }

    double best() {
        double best = 0;
        for (int from = 0; from + WINDOW <= orders.size(); from++) {
            best = Math.max(best, rate(from));
        }
        return best;
    }

    /// The end of the first window that is nearly as good as the best, in seconds from the load's
    /// start.
    int toNearlyBest() {
        int from = 0;
        while (rate(from) < NEARLY * best()) {
            from++;
        }
        return from + WINDOW;
    }

    private double rate(int from) {
        return sum(orders.subList(from, from + WINDOW)) / (double) WINDOW;
    }

    private static long sum(List<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
