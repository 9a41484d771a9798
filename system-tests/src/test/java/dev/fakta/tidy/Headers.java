// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import java.util.List;
import java.util.Set;

/// Every source file says its licence, in one line near its top.
final class Headers {

    private static final Set<String> ENDINGS =
            Set.of("java", "xml", "js", "mjs", "ts", "css", "html", "sh", "sql", "yml", "yaml");

    private static final Set<String> SCRIPTS = Set.of("fakta", ".ci/run");
    private static final String LICENCE = "SPDX-License-Identifier: Apache-2.0";
    private static final int NEAR_THE_TOP = 3;

    private Headers() {}

    static List<Finding> check(Tree tree) {
        return tree.all()
                .filter(Headers::isSource)
                .filter(file -> file.lines().stream().limit(NEAR_THE_TOP).noneMatch(Headers::says))
                .map(file -> new Finding("header", file.path(), 1, "write the line: " + LICENCE))
                .toList();
    }

    /// Whether somebody of this project wrote it as a program or its settings.
    static boolean isSource(TextFile file) {
        return SCRIPTS.contains(file.path())
                || ENDINGS.contains(file.name().substring(file.name().lastIndexOf('.') + 1));
    }

    private static boolean says(String line) {
        return line.contains(LICENCE);
    }
}
