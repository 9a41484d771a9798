// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Units that are kept for one line of an order.
///
/// @param asked the units that were asked for; of a line that a need is known of, those that it
///   needs from now on: what it has, awaits and was refused
/// @param reserved the units that lie there for it
/// @param backordered the units that it waits for
/// @param expiresAt none once it is confirmed
/// @param turn its place in the order of the first come
/// @param shipped the units that have left
/// @param shipments the parts of it that have left
/// @param revision the order's revision that the line's need comes from; 0 when none is known
/// @param refused the units that the line needs and neither has nor awaits
public record Reservation(
        String order,
        int line,
        long asked,
        long reserved,
        long backordered,
        @Nullable Instant expiresAt,
        long turn,
        long shipped,
        List<String> shipments,
        long revision,
        long refused) {

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

    /// Whether a need of the line is known, so that its changes are told as its whole standing.
    boolean hasNeed() {
        return revision > 0;
    }

    /// Whether it is kept until a time that has come.
    boolean isOver(Instant now) {
        return expiresAt != null && !expiresAt.isAfter(now);
    }

    StockItem.Standing standing() {
        return new StockItem.Standing(
                revision, reserved, backordered, refused, shipped, isConfirmed());
    }

    /// Whether a follower who knows the other one learns nothing from this one.
    boolean standsLike(Reservation other) {
        return standing().equals(other.standing()) && Objects.equals(expiresAt, other.expiresAt);
    }

    static Reservation none(String order, int line, @Nullable Instant expiresAt, long turn) {
        return new Reservation(order, line, 0, 0, 0, expiresAt, turn, 0, List.of(), 0, 0);
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
                shipments,
                revision,
                refused);
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
                shipments,
                revision,
                refused);
    }

    Reservation expiring(@Nullable Instant at) {
        return new Reservation(
                order,
                line,
                asked,
                reserved,
                backordered,
                at,
                turn,
                shipped,
                shipments,
                revision,
                refused);
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
                more,
                revision,
                refused);
    }

    /// With so many of its reserved units fewer, after so many have left in all.
    Reservation leaving(long ofReserved, long inAll) {
        return new Reservation(
                order,
                line,
                asked,
                reserved - ofReserved,
                backordered,
                expiresAt,
                turn,
                inAll,
                shipments,
                revision,
                refused);
    }

    /// With what it has, awaits and was refused of the need of this revision.
    Reservation meeting(
            long knownRevision, long nowReserved, long nowBackordered, long nowRefused) {
        return new Reservation(
                order,
                line,
                nowReserved + nowBackordered + nowRefused,
                nowReserved,
                nowBackordered,
                expiresAt,
                turn,
                shipped,
                shipments,
                knownRevision,
                nowRefused);
    }
}
