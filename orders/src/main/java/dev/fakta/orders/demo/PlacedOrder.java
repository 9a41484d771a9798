// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import java.util.Currency;
import java.util.List;

/// What the demo reads from the order in an answer. Absent fields are errors of reading.
record PlacedOrder(String id, List<Line> lines, Totals totals) {

    record Amount(long minor, Currency currency) {}

    record Line(int quantity, Amount unitPrice) {

        long minor() {
            return Math.multiplyExact(quantity, unitPrice.minor());
        }
    }

    record Totals(Amount items, Amount grand) {}

    PlacedOrder {
        lines = List.copyOf(lines);
    }
}
