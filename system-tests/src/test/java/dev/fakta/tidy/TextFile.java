// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// A file of the repository.
///
/// @param path from the root, with `/`
record TextFile(String path, String text) {

    private static final Pattern NOT_CODE =
            Pattern.compile(
                    "//[^\\n]*" // a comment to the line's end
                            + "|/\\*(?s:.*?)\\*/" // a block comment
                            + "|\"{3}(?s:.*?)(?<!\\\\)\"{3}" // a text block
                            + "|\"(?:\\\\.|[^\"\\\\\\n])*+\"" // a string
                            + "|'(?:\\\\.|[^'\\\\\\n])*+'"); // a character

    private static final Set<String> NOT_SHIPPED = Set.of("benchmarks", "system-tests");
    private static final Pattern NOT_BLANK = Pattern.compile("[^\\n]");

    /// Many rules ask for the same file's.
    private static final Map<TextFile, String> CODE = new ConcurrentHashMap<>();

    boolean isJava() {
        return path.endsWith(".java");
    }

    /// Java that is shipped: not a test, not a benchmark, not the chaos suite.
    boolean isProduct() {
        return isJava() && path.contains("/src/main/") && !NOT_SHIPPED.contains(module());
    }

    /// The module's folder; empty for a file at the root.
    String module() {
        int slash = path.indexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    List<String> lines() {
        return text.lines().toList();
    }

    /// The Java code alone: comments and literals are blanks, every line stays where it is.
    String code() {
        return CODE.computeIfAbsent(this, TextFile::withoutCommentsAndLiterals);
    }

    private String withoutCommentsAndLiterals() {
        return NOT_CODE.matcher(text).replaceAll(match -> blank(match.group()));
    }

    /// The opposite of [#code]: the comments alone.
    String comments() {
        var comments = new StringBuilder(blank(text));
        NOT_CODE.matcher(text)
                .results()
                .filter(match -> match.group().startsWith("/"))
                .forEach(match -> comments.replace(match.start(), match.end(), match.group()));
        return comments.toString();
    }

    static int lineOf(String text, int at) {
        return 1 + (int) text.chars().limit(at).filter(c -> c == '\n').count();
    }

    private static String blank(String text) {
        return NOT_BLANK.matcher(text).replaceAll(" ");
    }
}
