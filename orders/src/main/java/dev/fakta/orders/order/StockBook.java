// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What stock has promised an order, line by line.
///
/// @param lines what the stock items have said last; lines that are missing have nothing
/// @param until how long stock is to be kept as long as the order is not confirmed; none: as long
///   as it says itself
public record StockBook(List<LineStock> lines, @Nullable Instant until) {

    static final StockBook EMPTY = new StockBook(List.of(), null);

    public StockBook {
        lines = List.copyOf(lines);
    }

    /// How far an order's need of stock is met.
    public enum Supply {
        /// Stock was not asked yet, or has not answered.
        ASKED,
        /// Everything that is wanted is reserved, or waits, for a while.
        RESERVED,
        /// The same, for good.
        FIRM,
        /// Units are missing that the order cannot wait for.
        MISSING,
        /// The time for which stock was kept is over.
        OVER
    }

    LineStock of(int line) {
        for (LineStock one : lines) {
            if (one.line() == line) {
                return one;
            }
        }
        return LineStock.unknown(line);
    }

    /// What of these answers is news.
    List<LineStock> news(List<LineStock> answers) {
        return answers.stream().filter(answer -> !answer.isSame(of(answer.line()))).toList();
    }

    StockBook hearing(List<LineStock> answers) {
        List<LineStock> all = new ArrayList<>(lines);
        for (LineStock answer : answers) {
            all.removeIf(one -> one.line() == answer.line());
            all.add(answer);
        }
        return new StockBook(all, until);
    }

    StockBook keptUntil(Instant end) {
        return new StockBook(lines, end);
    }
}
