// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import dev.fakta.orders.inventory.StockItem.Standing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a stock item knows of one line of an order.
///
/// @param turn its place in the order of the first come
/// @param standing what it has and awaits, and what of it has left
public record Reservation(String order, int line, long turn, Standing standing) {

    /// The line's digits end the key, so no two lines share one.
    static String key(String order, int line) {
        return order + "/" + line;
    }

    /// One of a line that nothing is known of.
    static Reservation none(String order, int line, long turn) {
        return new Reservation(order, line, turn, Standing.UNKNOWN);
    }

    Reservation with(Standing next) {
        return new Reservation(order, line, turn, next);
    }

    String key() {
        return key(order, line);
    }

    /// The units that lie there for the line.
    long reserved() {
        return standing.reserved();
    }

    /// The units that the line waits for.
    public long backordered() {
        return standing.waiting();
    }

    /// The units that the line has or awaits.
    long open() {
        return reserved() + backordered();
    }

    /// When it ends by itself; none: never.
    @Nullable Instant until() {
        return standing.until();
    }

    /// Whether it is kept for good.
    boolean isKeptForGood() {
        return until() == null;
    }

    /// Whether it is kept until a time that has come.
    boolean isOver(Instant now) {
        Instant end = until();
        return end != null && !end.isAfter(now);
    }

    /// Whether the line neither has, awaits nor was refused units.
    boolean isIdle() {
        return open() == 0 && standing.refused() == 0;
    }
}
