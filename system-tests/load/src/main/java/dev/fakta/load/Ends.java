// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// How far each order came.
final class Ends {

    private static final Set<String> STAGES =
            Set.of(
                    "order-created",
                    "order-confirmed",
                    "order-rejected",
                    "order-cancelled",
                    "order-completed");

    private final Map<String, String> stages = new HashMap<>();

    void see(Fact fact) {
        if (STAGES.contains(fact.name())) {
            stages.put(fact.id(), stage(fact));
        }
    }

    private static String stage(Fact fact) {
        return fact.name().equals("order-rejected")
                ? fact.name() + " " + fact.text("reason")
                : fact.name();
    }

    Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        stages.values().forEach(stage -> counts.merge(stage, 1, Math::addExact));
        return counts;
    }
}
