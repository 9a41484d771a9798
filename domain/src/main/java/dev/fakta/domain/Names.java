// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.util.regex.Pattern;

/// Stable names: what stands in the log, in URLs, in file and table names.
final class Names {

    private static final Pattern STABLE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int LONGEST = 100;

    private Names() {}

    static String stable(String what, String name) {
        if (name.length() > LONGEST || !STABLE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "%s: a name is lower-case words joined by '-', at most %d characters, not '%s'"
                            .formatted(what, LONGEST, name));
        }
        return name;
    }
}
