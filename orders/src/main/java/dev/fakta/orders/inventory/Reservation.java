// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Units that are kept for one line of an order.
///
/// @param asked the units that were asked for
/// @param reserved the units that lie there for it
/// @param backordered the units that it waits for
/// @param expiresAt none once it is confirmed
/// @param turn its place in the order of the first come
/// @param shipped the units that have left
/// @param shipments the parts of it that have left
public record Reservation(
        String order,
        int line,
        long asked,
        long reserved,
        long backordered,
        @Nullable Instant expiresAt,
        long turn,
        long shipped,
        List<String> shipments) {

    public Reservation {
        shipments = List.copyOf(shipments);
    }

    /// The line's digits end the key, so no two lines share one.
    static String key(String order, int line) {
        return order + "/" + line;
    }

    String key() {
        return key(order, line);
    }

    /// What is neither shipped nor released.
    public long open() {
        return reserved + backordered;
    }

    /// How many of so many units in all have not left.
    long left(long inAll) {
        return Math.max(0, inAll - shipped);
    }

    public boolean isConfirmed() {
        return expiresAt == null;
    }

    static Reservation none(String order, int line, Instant expiresAt, long turn) {
        return new Reservation(order, line, 0, 0, 0, expiresAt, turn, 0, List.of());
    }

    Reservation asking(long moreReserved, long moreBackordered) {
        return new Reservation(
                order,
                line,
                asked + moreReserved + moreBackordered,
                reserved + moreReserved,
                backordered + moreBackordered,
                expiresAt,
                turn,
                shipped,
                shipments);
    }

    Reservation moving(long moreReserved, long moreBackordered) {
        return new Reservation(
                order,
                line,
                asked,
                reserved + moreReserved,
                backordered + moreBackordered,
                expiresAt,
                turn,
                shipped,
                shipments);
    }

    Reservation expiring(@Nullable Instant at) {
        return new Reservation(
                order, line, asked, reserved, backordered, at, turn, shipped, shipments);
    }

    Reservation shipping(String shipment, long units) {
        List<String> more = new ArrayList<>(shipments);
        more.add(shipment);
        return new Reservation(
                order,
                line,
                asked,
                reserved - units,
                backordered,
                expiresAt,
                turn,
                shipped + units,
                more);
    }
}
