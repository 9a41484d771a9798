// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// How much of an engine module is API: at most half of its top-level types. A public type in a
/// package that [ArrowsTest] keeps from other modules is none.
///
/// The ceilings are a ratchet: a module that is better than its ceiling lowers it, down to [#GOAL],
/// and none is ever raised.
record PublicShare(Map<String, Integer> ceilings) implements Rule {

    static final int GOAL = 50;

    /// Packages behind a module's API, below the folder of its sources.
    private static final Set<String> BEHIND =
            Set.of(
                    "dev/fakta/log/engine",
                    "dev/fakta/runtime/core",
                    "dev/fakta/runtime/partition",
                    "dev/fakta/views/engine",
                    "dev/fakta/runtime/sagas",
                    "dev/fakta/runtime/cluster");

    PublicShare {
        ceilings = Map.copyOf(ceilings);
    }

    @Override
    public List<Finding> check(Tree tree) {
        List<Finding> findings = new ArrayList<>();
        ceilings.forEach(
                (module, ceiling) -> {
                    long all = types(files(tree, module)).count();
                    if (all > 0) {
                        compare(module, ceiling, percent(shown(tree, module), all), findings);
                    }
                });
        return findings;
    }

    private static void compare(String module, int ceiling, int share, List<Finding> findings) {
        if (share > ceiling) {
            findings.add(
                    finding(
                            module,
                            "%d %% of the top-level types are public, at most %d; hide what no other module uses"
                                    .formatted(share, ceiling)));
        } else if (Math.max(share, GOAL) < ceiling) {
            findings.add(
                    finding(
                            module,
                            "only %d %% of the top-level types are public: lower the ceiling from %d to %d"
                                    .formatted(share, ceiling, Math.max(share, GOAL))));
        }
    }

    private static Stream<TextFile> files(Tree tree, String module) {
        return tree.java().filter(file -> file.path().startsWith(module + "/src/main/"));
    }

    private static Stream<JavaSource.Type> types(Stream<TextFile> files) {
        return files.flatMap(file -> JavaSource.parse(file).types().stream())
                .filter(JavaSource.Type::isTopLevel);
    }

    private static long shown(Tree tree, String module) {
        return types(files(tree, module).filter(file -> !isBehind(file)))
                .filter(JavaSource.Type::isPublic)
                .count();
    }

    private static boolean isBehind(TextFile file) {
        return BEHIND.stream().anyMatch(folder -> file.path().contains("/" + folder + "/"));
    }

    private static int percent(long shown, long all) {
        return (int) Math.ceilDiv(100 * shown, all);
    }

    private static Finding finding(String module, String message) {
        return new Finding("public-share", module, 1, message);
    }
}
