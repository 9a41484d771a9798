// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with some settings, gathered so that all of it is reported at once.
public final class Problems {

    private final List<String> found = new ArrayList<>();

    /// Notes a problem, in words for an operator.
    public void add(String problem) {
        found.add(problem);
    }

    /// Notes a problem when a value is not within its bounds, both of which are allowed.
    ///
    /// @param key the name of the setting
    public void check(String key, int value, int least, int most) {
        if (value < least || value > most) {
            add("%s is %,d, not %,d to %,d".formatted(key, value, least, most));
        }
    }

    /// Notes a problem when a value is not within its bounds, both of which are allowed.
    ///
    /// @param key the name of the setting
    public void check(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            add("%s is %s, not %s to %s".formatted(key, value, least, most));
        }
    }

    /// Fails when a problem was noted.
    ///
    /// @throws IllegalArgumentException naming each problem
    public void failIfAny() {
        if (!found.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", found));
        }
    }
}
