// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

/// Where the units of one line are. What is ordered is cancelled, open, allocated or shipped; of
/// the shipped ones some are delivered, and of these some are returned (O2).
public record Quantities(
        int ordered, int cancelled, int allocated, int shipped, int delivered, int returned) {

    public Quantities {
        boolean counts =
                cancelled >= 0 && allocated >= 0 && shipped >= 0 && delivered >= 0 && returned >= 0;
        long used = (long) cancelled + allocated + shipped;
        if (!counts || used > ordered || delivered > shipped || returned > delivered) {
            throw new IllegalArgumentException(
                    "ordered %d, cancelled %d, allocated %d, shipped %d, delivered %d, returned %d"
                            .formatted(
                                    ordered, cancelled, allocated, shipped, delivered, returned));
        }
    }

    static Quantities untouched(int ordered) {
        return new Quantities(ordered, 0, 0, 0, 0, 0);
    }

    /// What is neither cancelled nor on its way.
    public int open() {
        return ordered - cancelled - allocated - shipped;
    }

    /// Nothing of the open and the allocated units will be shipped any more.
    Quantities cancelRest() {
        return new Quantities(ordered, ordered - shipped, 0, shipped, delivered, returned);
    }
}
