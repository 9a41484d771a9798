// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How much of an engine module is public: at most half of its top-level types.
///
/// The ceilings are a ratchet: a module that is better than its ceiling lowers it, down to [#GOAL],
/// and none is ever raised.
record PublicShare(Map<String, Integer> ceilings) implements Rule {

    static final int GOAL = 50;

    PublicShare {
        ceilings = Map.copyOf(ceilings);
    }

    @Override
    public List<Finding> check(Tree tree) {
        List<Finding> findings = new ArrayList<>();
        ceilings.forEach(
                (module, ceiling) -> {
                    List<JavaSource.Type> types = typesOf(tree, module);
                    if (!types.isEmpty()) {
                        compare(module, ceiling, percentPublic(types), findings);
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

    private static List<JavaSource.Type> typesOf(Tree tree, String module) {
        return tree.java()
                .filter(file -> file.path().startsWith(module + "/src/main/"))
                .flatMap(file -> JavaSource.parse(file).types().stream())
                .filter(JavaSource.Type::isTopLevel)
                .toList();
    }

    private static int percentPublic(List<JavaSource.Type> types) {
        long shown = types.stream().filter(JavaSource.Type::isPublic).count();
        return (int) Math.ceilDiv(100 * shown, types.size());
    }

    private static Finding finding(String module, String message) {
        return new Finding("public-share", module, 1, message);
    }
}
