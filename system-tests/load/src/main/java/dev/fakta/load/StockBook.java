// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One stock item as its facts tell it, kept apart from the code that made them.
///
/// A command that takes units away records that first, and then who loses them: only after its last
/// fact must all be right. An item that could not do all of it at once says how many reserved units
/// are missing, and one from which more has left than lay there says how short it is.
final class StockBook {

    private final String item;
    private final Map<String, Long> reserved = new TreeMap<>();
    private final Map<String, Long> left = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private long onHand;
    private long reservedInAll;
    private long missing;
    private long fellShort;
    private @Nullable UUID command;

    StockBook(String item) {
        this.item = item;
    }

    void see(Fact fact) {
        if (command != null && !Objects.equals(command, fact.command())) {
            check();
        }
        command = fact.command();
        switch (fact.name()) {
            case "stock-counted" -> onHand = fact.number("onHand");
            case "stock-received", "stock-restocked" -> onHand += fact.number("quantity");
            case "stock-adjusted" -> onHand += fact.number("change");
            case "stock-written-off" -> onHand -= fact.number("quantity");
            case "stock-left" -> leave(fact);
            case "stock-standing-changed" -> stand(fact);
            case "stock-fell-short" -> fellShort = fact.number("units");
            case "stock-serving-interrupted" -> missing = fact.number("missing");
            default -> {} // moves no units
        }
    }

    /// Units leave a line once, and no more reserved ones than it has.
    private void leave(Fact fact) {
        String line = line(fact);
        long units = fact.number("quantity");
        onHand -= units;
        long inAll = left.merge(line, units, Math::addExact);
        if (inAll != fact.number("left")) {
            wrong.add(
                    "%s: %d units of %s left one by one, and %d in all"
                            .formatted(item, inAll, line, fact.number("left")));
        }
        long ofReserved = fact.number("ofReserved");
        reservedInAll -= ofReserved;
        keep(line, reserved.getOrDefault(line, 0L) - ofReserved);
    }

    private void stand(Fact fact) {
        String line = line(fact);
        reservedInAll = fact.number("reservedInAll");
        keep(line, fact.number("reserved"));
        if (left.getOrDefault(line, 0L) != fact.number("left")) {
            wrong.add(
                    "%s: %s says that %d units have left, and %d have"
                            .formatted(
                                    item, line, fact.number("left"), left.getOrDefault(line, 0L)));
        }
    }

    private void keep(String line, long units) {
        if (units < 0) {
            wrong.add("%s: %d units left %s that it did not have".formatted(item, -units, line));
        }
        if (units <= 0) {
            reserved.remove(line);
        } else {
            reserved.put(line, units);
        }
    }

    private static String line(Fact fact) {
        return fact.text("order") + " line " + fact.number("line");
    }

    private void check() {
        long promised = reserved.values().stream().mapToLong(Long::longValue).sum();
        long there = Math.max(0, onHand);
        if (promised > there + missing || onHand < -fellShort) {
            wrong.add(
                    "%s: %d on hand and %d reserved, after command %s"
                            .formatted(item, onHand, promised, command));
        }
        if (promised != reservedInAll) {
            wrong.add(
                    "%s: %d reserved, and %d in all, after command %s"
                            .formatted(item, promised, reservedInAll, command));
        }
        if (promised <= there) {
            missing = 0;
        }
    }

    /// What was wrong, the last command included.
    List<String> wrong() {
        check();
        return List.copyOf(wrong);
    }

    /// The order and line of every reservation that has units.
    List<String> reserved() {
        return List.copyOf(reserved.keySet());
    }
}
