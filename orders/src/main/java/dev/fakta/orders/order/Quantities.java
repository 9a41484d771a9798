// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

/// Where the units of one line are. What is ordered is cancelled, open, allocated or shipped; of
/// the shipped ones some are delivered, and of these some are returned (O2).
///
/// @param backordered how many of the open ones wait for stock
/// @param lost how many of the open and allocated ones had left and were lost on their way
public record Quantities(
        int ordered,
        int cancelled,
        int backordered,
        int allocated,
        int shipped,
        int delivered,
        int returned,
        int lost) {

    public Quantities {
        boolean counts =
                cancelled >= 0
                        && backordered >= 0
                        && allocated >= 0
                        && shipped >= 0
                        && delivered >= 0
                        && returned >= 0
                        && lost >= 0;
        long used = (long) cancelled + backordered + allocated + shipped;
        if (!counts
                || used > ordered
                || delivered > shipped
                || returned > delivered
                || lost > ordered - cancelled - shipped) {
            throw new IllegalArgumentException(
                    ("ordered %d, cancelled %d, backordered %d, allocated %d, shipped %d,"
                                    + " delivered %d, returned %d, lost %d")
                            .formatted(
                                    ordered,
                                    cancelled,
                                    backordered,
                                    allocated,
                                    shipped,
                                    delivered,
                                    returned,
                                    lost));
        }
    }

    static Quantities untouched(int ordered) {
        return new Quantities(ordered, 0, 0, 0, 0, 0, 0, 0);
    }

    /// What is neither cancelled nor on its way.
    public int open() {
        return ordered - cancelled - allocated - shipped;
    }

    /// What the customer does not pay for: cancelled, or returned and taken back.
    public int credited() {
        return cancelled + returned;
    }

    /// What is still to be delivered or was.
    public int wanted() {
        return ordered - cancelled;
    }

    /// Nothing of the open and the allocated units will be shipped any more.
    Quantities cancelRest() {
        return new Quantities(ordered, ordered - shipped, 0, 0, shipped, delivered, returned, 0);
    }

    /// So many of the open units will not be shipped.
    Quantities cancel(int units) {
        return moved(cancelled + units, allocated, shipped, delivered, returned, lost);
    }

    /// Of the open units, so many wait for stock.
    Quantities backorder(int units) {
        return new Quantities(
                ordered, cancelled, units, allocated, shipped, delivered, returned, lost);
    }

    /// So many open units are in a shipment now; a negative number are not any more.
    Quantities allocate(int units) {
        return moved(cancelled, allocated + units, shipped, delivered, returned, lost);
    }

    /// So many allocated units have left: what was lost comes first.
    Quantities ship(int units) {
        return moved(
                cancelled,
                allocated - units,
                shipped + units,
                delivered,
                returned,
                Math.max(0, lost - units));
    }

    Quantities deliver(int units) {
        return moved(cancelled, allocated, shipped, delivered + units, returned, lost);
    }

    /// So many units that had left are open again.
    Quantities lose(int units) {
        return moved(cancelled, allocated, shipped - units, delivered, returned, lost + units);
    }

    /// So many units that counted as delivered are open again.
    Quantities loseDelivered(int units) {
        return moved(
                cancelled, allocated, shipped - units, delivered - units, returned, lost + units);
    }

    Quantities takeBack(int units) {
        return moved(cancelled, allocated, shipped, delivered, returned + units, lost);
    }

    /// Units that are not open any more wait for no stock.
    private Quantities moved(
            int nowCancelled,
            int nowAllocated,
            int nowShipped,
            int nowDelivered,
            int nowReturned,
            int nowLost) {
        int open = ordered - nowCancelled - nowAllocated - nowShipped;
        return new Quantities(
                ordered,
                nowCancelled,
                Math.max(0, Math.min(backordered, open)),
                nowAllocated,
                nowShipped,
                nowDelivered,
                nowReturned,
                Math.min(nowLost, ordered - nowCancelled - nowShipped));
    }
}
