// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What is too long to be read. The limits are ceilings of the whole repository; calm code stays
/// far below them, and they are never raised.
final class Sizes {

    private static final int FILE_LINES = 600;
    private static final int METHOD_LINES = 70;
    private static final int ROOT_ENTRIES = 25;
    private static final Map<String, Integer> PAGES =
            Map.of("README.md", 80, "CONTRIBUTING.md", 60);

    private Sizes() {}

    static List<Finding> files(Tree tree) {
        Stream<Finding> sources =
                tree.all()
                        .filter(Headers::isSource)
                        .flatMap(
                                file -> longer(file, FILE_LINES, "split it by what changes apart"));
        Stream<Finding> pages =
                tree.all()
                        .filter(file -> PAGES.containsKey(file.path()))
                        .flatMap(
                                page ->
                                        longer(
                                                page,
                                                PAGES.getOrDefault(page.path(), 0),
                                                "move detail to docs/ and link it"));
        return Stream.concat(sources, pages).toList();
    }

    static List<Finding> methods(Tree tree) {
        return tree.java()
                .flatMap(
                        file ->
                                JavaSource.parse(file).methods().stream()
                                        .filter(method -> method.lines() > METHOD_LINES)
                                        .map(method -> tooLong(file, method)))
                .toList();
    }

    static List<Finding> root(Tree tree) {
        long entries = tree.all().map(file -> file.path().split("/", 2)[0]).distinct().count();
        return entries <= ROOT_ENTRIES
                ? List.of()
                : List.of(
                        new Finding(
                                "root-entries",
                                ".",
                                1,
                                "%d entries, at most %d; give the newest a folder"
                                        .formatted(entries, ROOT_ENTRIES)));
    }

    private static Stream<Finding> longer(TextFile file, int limit, String instead) {
        int lines = file.lines().size();
        return lines <= limit
                ? Stream.empty()
                : Stream.of(
                        new Finding(
                                "file-length",
                                file.path(),
                                limit,
                                "%d lines, at most %d; %s".formatted(lines, limit, instead)));
    }

    private static Finding tooLong(TextFile file, JavaSource.Method method) {
        return new Finding(
                "method-length",
                file.path(),
                method.line(),
                "%s has %d lines, at most %d; take out what has a name of its own"
                        .formatted(method.name(), method.lines(), METHOD_LINES));
    }
}
