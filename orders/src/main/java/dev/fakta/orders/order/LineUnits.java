// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// So many units of one line of an order.
///
/// @param line the line's index; the first is 0
public record LineUnits(int line, int quantity) {

    /// Whether these name lines of an order, each once, and one unit or more of each.
    ///
    /// @param lines how many the order has
    static boolean areValid(List<LineUnits> units, int lines) {
        if (units.size() > lines) {
            return false;
        }
        boolean[] seen = new boolean[lines];
        for (LineUnits each : units) {
            if (each.quantity < 1 || each.line < 0 || each.line >= lines || seen[each.line]) {
                return false;
            }
            seen[each.line] = true;
        }
        return true;
    }

    /// Those of the units that are there.
    public static List<LineUnits> present(@Nullable List<@Nullable LineUnits> units) {
        List<LineUnits> present = new ArrayList<>();
        for (LineUnits each : units == null ? List.<@Nullable LineUnits>of() : units) {
            if (each != null) {
                present.add(each);
            }
        }
        return present;
    }

    /// How many units of the line are among these.
    public static int of(int line, List<LineUnits> units) {
        for (LineUnits each : units) {
            if (each.line == line) {
                return each.quantity;
            }
        }
        return 0;
    }
}
