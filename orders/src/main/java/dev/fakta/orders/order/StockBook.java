// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What stock has promised an order, line by line.
///
/// @param lines what the stock items have said last; what is missing has nothing
/// @param tried where a line has not got all that it asked for
/// @param until how long stock is to be kept as long as the order is not confirmed; none: as long
///   as it says itself
public record StockBook(List<LineStock> lines, List<Tried> tried, @Nullable Instant until) {

    static final StockBook EMPTY = new StockBook(List.of(), List.of(), null);

    public StockBook {
        lines = List.copyOf(lines);
        tried = List.copyOf(tried);
    }

    /// A location that did not have all that a line asked for: the rest is asked for elsewhere.
    ///
    /// @param mayWait whether the line may wait there, when it is to be had nowhere. Not where it
    ///   was refused units once: it may wait there all the same for units that were taken away from
    ///   it, and for no others
    public record Tried(int line, String location, boolean mayWait) {

        private boolean isOf(LineStock answer) {
            return line == answer.line() && location.equals(answer.location());
        }

        private boolean refuses(LineStock answer) {
            return isOf(answer) && !mayWait;
        }
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

    LineStock of(int line, String location) {
        for (LineStock one : lines) {
            if (one.line() == line && one.location().equals(location)) {
                return one;
            }
        }
        return LineStock.unknown(line, location);
    }

    /// What is known of this location not having all that the line asked for, if so.
    @Nullable Tried tried(int line, String location) {
        for (Tried one : tried) {
            if (one.line() == line && one.location().equals(location)) {
                return one;
            }
        }
        return null;
    }

    /// What of these answers is news.
    List<LineStock> news(List<LineStock> answers) {
        return answers.stream()
                .filter(answer -> !answer.isSame(of(answer.line(), answer.location())))
                .toList();
    }

    StockBook hearing(List<LineStock> answers) {
        List<LineStock> all = new ArrayList<>(lines);
        List<Tried> nowTried = new ArrayList<>(tried);
        for (LineStock answer : answers) {
            LineStock before = of(answer.line(), answer.location());
            all.removeIf(one -> one.isFrom(before));
            all.add(answer);
            if (isTakenAway(before, answer)) {
                nowTried.removeIf(one -> one.line() == answer.line());
            }
            if (answer.refused() > 0 || answer.waiting() > 0) {
                boolean mayWait =
                        answer.refused() == 0
                                && nowTried.stream().noneMatch(one -> one.refuses(answer));
                nowTried.removeIf(one -> one.isOf(answer));
                nowTried.add(new Tried(answer.line(), answer.location(), mayWait));
            }
        }
        return new StockBook(all, nowTried, until);
    }

    /// Whether the item has less for the line than it had, and not because less is needed: then the
    /// other locations are worth being asked again.
    private static boolean isTakenAway(LineStock before, LineStock answer) {
        return answer.refused() > before.refused()
                && answer.reserved() + answer.waiting() < before.reserved() + before.waiting();
    }

    /// With these lines to be asked for everywhere again.
    StockBook askingAgain(List<LineUnits> units) {
        List<Tried> rest = new ArrayList<>(tried);
        rest.removeIf(one -> LineUnits.of(one.line(), units) > 0);
        return new StockBook(lines, rest, until);
    }

    StockBook keptUntil(Instant end) {
        return new StockBook(lines, tried, end);
    }
}
