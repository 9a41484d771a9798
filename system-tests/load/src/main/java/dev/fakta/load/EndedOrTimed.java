// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Every order has ended, or something is going to wake it: none is forgotten.
final class EndedOrTimed implements Rule {

    static final Set<String> ENDS = Set.of("order-rejected", "order-cancelled", "order-completed");

    private final Set<String> timed;
    private final Set<String> open = new TreeSet<>();
    private long looked;

    /// @param timed the orders that have a live timer
    EndedOrTimed(Set<String> timed) {
        this.timed = Set.copyOf(timed);
    }

    @Override
    public String promise() {
        return "every order terminal or with a live timer";
    }

    @Override
    public void see(Fact fact) {
        if (!fact.aggregate().equals("order")) {
            return;
        }
        if (fact.name().equals("order-created")) {
            looked++;
            open.add(fact.id());
        } else if (ENDS.contains(fact.name())) {
            open.remove(fact.id());
        }
    }

    @Override
    public List<String> wrong() {
        return open.stream()
                .filter(order -> !timed.contains(order))
                .map(order -> order + " has neither ended nor a timer")
                .toList();
    }

    @Override
    public long looked() {
        return looked;
    }
}
