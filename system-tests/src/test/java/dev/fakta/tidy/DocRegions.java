// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Java in README and docs/ is a region of a file that is compiled and tested:
///
///     <!-- region: orders/src/test/java/dev/fakta/orders/GiftCardTest.java#spending -->
///
/// stands before the block, and the file has the same lines between `// region spending` and
/// `// endregion`.
final class DocRegions {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java *\\n(.*?)^```");
    private static final Pattern MARK =
            Pattern.compile("<!-- region: *([^#\\s]+)#(\\S+) *-->\\s*\\z");

    private DocRegions() {}

    static List<Finding> check(Tree tree) {
        List<Finding> findings = new ArrayList<>();
        tree.markdown()
                .filter(page -> page.path().equals("README.md") || page.path().startsWith("docs/"))
                .forEach(
                        page -> {
                            Matcher block = BLOCK.matcher(page.text());
                            while (block.find()) {
                                check(tree, page, block).ifPresent(findings::add);
                            }
                        });
        return findings;
    }

    private static Optional<Finding> check(Tree tree, TextFile page, Matcher block) {
        Matcher mark = MARK.matcher(page.text().substring(0, block.start()));
        if (!mark.find()) {
            return wrong(page, block, "name its region: <!-- region: path#name -->");
        }
        TextFile source = tree.files().get(mark.group(1));
        Optional<String> region =
                Optional.ofNullable(source).flatMap(file -> region(file, mark.group(2)));
        if (region.isEmpty()) {
            return wrong(page, block, "there is no region " + mark.group(1) + "#" + mark.group(2));
        }
        return region.get().strip().equals(block.group(1).strip())
                ? Optional.empty()
                : wrong(page, block, "differs from " + mark.group(1) + "#" + mark.group(2));
    }

    private static Optional<String> region(TextFile file, String name) {
        Pattern region =
                Pattern.compile(
                        "(?ms)^ *// region " + Pattern.quote(name) + " *\\n(.*?)^ *// endregion");
        return region.matcher(file.text())
                .results()
                .findFirst()
                .map(match -> match.group(1).stripTrailing().stripIndent());
    }

    private static Optional<Finding> wrong(TextFile page, Matcher block, String message) {
        int line = TextFile.lineOf(page.text(), block.start());
        return Optional.of(new Finding("doc-region", page.path(), line, "Java block: " + message));
    }
}
