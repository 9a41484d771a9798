// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.util.ArrayList;
import java.util.List;

/// What was checked, and what was found to be wrong.
final class Verdict {

    private static final int MOST_PER_CHECK = 100;

    private final List<Check> checks = new ArrayList<>();

    /// @param promise what was checked, with the guarantee's number
    /// @param looked how many things were looked at: a check of nothing proves nothing
    record Check(String promise, long looked, List<String> wrong) {
        Check {
            wrong = List.copyOf(wrong);
        }
    }

    void add(String promise, long looked, List<String> wrong) {
        List<String> shown = wrong.stream().limit(MOST_PER_CHECK).toList();
        if (wrong.size() > MOST_PER_CHECK) {
            shown = new ArrayList<>(shown);
            shown.add("… and %d more".formatted(wrong.size() - MOST_PER_CHECK));
        }
        checks.add(new Check(promise, looked, shown));
    }

    List<Check> checks() {
        return List.copyOf(checks);
    }

    boolean isClean() {
        return checks.stream().allMatch(check -> check.wrong().isEmpty());
    }

    List<String> wrong() {
        return checks.stream()
                .flatMap(check -> check.wrong().stream().map(what -> check.promise() + ": " + what))
                .toList();
    }
}
