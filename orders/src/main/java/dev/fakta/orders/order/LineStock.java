// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a stock item has said last of one line of an order. All numbers are absolute.
///
/// @param line the line's index; the first is 0
/// @param location where the item is; none in events of earlier versions, which know one only
/// @param heard the order's revision whose wish the item has answered
/// @param reserved units that lie there for the line
/// @param waiting units that the line waits for
/// @param refused units that the line neither has nor waits for
/// @param left units that the item has booked as gone, since the order was placed
/// @param until when the reservation ends; none: never
public record LineStock(
        int line,
        String location,
        long heard,
        int reserved,
        int waiting,
        int refused,
        int left,
        @Nullable Instant until) {

    public LineStock {
        location = Objects.requireNonNullElse(location, Sourcing.MAIN);
    }

    static LineStock unknown(int line, String location) {
        return new LineStock(line, location, 0, 0, 0, 0, 0, null);
    }

    /// What the item was asked for, as far as it goes from its answer.
    int asked() {
        return reserved + waiting + refused;
    }

    boolean isFrom(LineStock other) {
        return line == other.line && location.equals(other.location);
    }

    /// Whether it says the same, whichever wish it answers.
    boolean isSame(LineStock other) {
        return isFrom(other)
                && reserved == other.reserved
                && waiting == other.waiting
                && refused == other.refused
                && left == other.left
                && (asked() == 0 || Objects.equals(until, other.until));
    }
}
