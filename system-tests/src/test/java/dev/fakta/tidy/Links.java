// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Relative links in Markdown lead somewhere: to a file or folder, and to a heading of it.
final class Links {

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)[^)]*\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*|//.*");
    private static final Pattern CODE =
            Pattern.compile("(?ms:^ *```.*?^ *```)|`[^`\n]*`|(?s:<!--.*?-->)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");

    private Links() {}

    static List<Finding> check(Tree tree) {
        return tree.markdown().flatMap(page -> dead(tree, page)).toList();
    }

    private static Stream<Finding> dead(Tree tree, TextFile page) {
        String text = prose(page);
        return LINK.matcher(text)
                .results()
                .filter(link -> !ELSEWHERE.matcher(link.group(1)).matches())
                .filter(link -> !leads(tree, page, link.group(1)))
                .map(
                        link ->
                                new Finding(
                                        "dead-link",
                                        page.path(),
                                        TextFile.lineOf(text, link.start()),
                                        link.group(1) + " leads nowhere"));
    }

    private static boolean leads(Tree tree, TextFile page, String link) {
        String[] parts = link.split("#", 2);
        String target = parts[0].isEmpty() ? page.path() : resolve(page.path(), parts[0]);
        if (!tree.has(target)) {
            return false;
        }
        TextFile file = tree.files().get(target);
        return parts.length == 1
                || file == null
                || !target.endsWith(".md")
                || HEADING.matcher(file.text())
                        .results()
                        .anyMatch(heading -> anchor(heading.group(1)).equals(parts[1]));
    }

    /// The path that a relative link on a page means, from the root.
    private static String resolve(String page, String link) {
        String path = URI.create(link).getPath();
        return Path.of(page).resolveSibling(path).normalize().toString().replace('\\', '/');
    }

    /// GitHub's name for a heading.
    private static String anchor(String heading) {
        return heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    /// The page with blanks where it has code and comments, which are not links.
    private static String prose(TextFile page) {
        return CODE.matcher(page.text())
                .replaceAll(match -> match.group().replaceAll("[^\\n]", " "));
    }
}
