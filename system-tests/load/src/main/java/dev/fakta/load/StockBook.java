// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One stock item as its facts tell it, kept apart from the code that made them.
///
/// A command that takes units away records that first, and then who loses them: only after its last
/// fact must all be right.
final class StockBook {

    private final String item;
    private final Map<String, Long> reserved = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private long onHand;
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
            case "stock-reserved", "stock-backorder-filled" -> move(fact, fact.number("quantity"));
            case "stock-displaced" -> move(fact, -fact.number("quantity"));
            case "stock-released", "stock-reservation-expired" ->
                    move(fact, -fact.number("reserved"));
            case "stock-shipped" -> {
                onHand -= fact.number("quantity");
                move(fact, -fact.number("quantity"));
            }
            default -> {} // moves no units
        }
    }

    private void move(Fact fact, long units) {
        String line = fact.text("order") + " line " + fact.number("line");
        long now = reserved.merge(line, units, Math::addExact);
        if (now < 0) {
            wrong.add("%s: %s gave back %d units that it did not have".formatted(item, line, -now));
        }
        if (now == 0) {
            reserved.remove(line);
        }
    }

    private void check() {
        long promised = reserved.values().stream().mapToLong(Long::longValue).sum();
        if (onHand < 0 || promised > onHand) {
            wrong.add(
                    "%s: %d on hand and %d reserved, after command %s"
                            .formatted(item, onHand, promised, command));
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
