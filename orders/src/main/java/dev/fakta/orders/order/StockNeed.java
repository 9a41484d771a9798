// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a line of an order needs of stock, in absolute terms.
///
/// @param line the line's index; the first is 0
/// @param location where they are to lie
/// @param units the units that are to lie there for the line
/// @param left the units of it that have left from there, since the order was placed
/// @param until how long they are to be kept; none: for good
public record StockNeed(
        int line, String sku, String location, int units, int left, @Nullable Instant until) {

    private boolean isKeptLongEnough(@Nullable Instant end) {
        return end == null || (until != null && !end.isBefore(until));
    }

    /// Whether the time is over for which its units are to be kept, and they are not kept longer.
    boolean isOver(Instant now, LineStock answer) {
        boolean isKept = answer.asked() > 0 && answer.until() == null;
        return units > 0 && !isKept && until != null && !until.isAfter(now);
    }

    /// Whether this is what the item has for the line, whatever it was told.
    ///
    /// @param has the units that lie there for the line or that it waits for
    /// @param booked the units that the item has booked as gone
    /// @param end when the item lets go of them; none: never
    public boolean isMet(long has, long booked, @Nullable Instant end) {
        return units == has && left == booked && (units == 0 || isKeptLongEnough(end));
    }

    /// Whether the item was told, and has answered.
    boolean isAnswered(LineStock answer) {
        return units == answer.asked()
                && left == answer.left()
                && (units == 0 || isKeptLongEnough(answer.until()));
    }
}
