// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Names that say nothing, for types and for packages.
final class Naming {

    private static final Pattern EMPTY_NAME =
            Pattern.compile(".*(Manager|Helpers?|Utils?|Impl)|(Abstract|Base|Default)([A-Z].*)?");

    private static final Set<String> EMPTY_PACKAGES =
            Set.of("common", "helper", "helpers", "impl", "internal", "util", "utils");

    private static final String SOURCES = "/java/";

    private Naming() {}

    static List<Finding> types(Tree tree) {
        return tree.java()
                .flatMap(
                        file ->
                                JavaSource.parse(file).types().stream()
                                        .filter(type -> EMPTY_NAME.matcher(type.name()).matches())
                                        .map(type -> empty(file, type)))
                .toList();
    }

    static List<Finding> packages(Tree tree) {
        return tree.java()
                .flatMap(
                        file ->
                                packagesOf(file)
                                        .filter(EMPTY_PACKAGES::contains)
                                        .map(name -> empty(file, name)))
                .toList();
    }

    private static Stream<String> packagesOf(TextFile file) {
        String path = file.path();
        int sources = path.indexOf(SOURCES);
        int end = path.lastIndexOf('/');
        return sources < 0 || end < sources + SOURCES.length()
                ? Stream.empty()
                : Arrays.stream(path.substring(sources + SOURCES.length(), end).split("/"));
    }

    private static Finding empty(TextFile file, JavaSource.Type type) {
        return new Finding(
                "type-name",
                file.path(),
                type.line(),
                type.name() + "; name it by what it does, or by how it differs from its siblings");
    }

    private static Finding empty(TextFile file, String name) {
        return new Finding(
                "package-name",
                file.path(),
                1,
                "package " + name + "; put the type where it is used, package-private");
    }
}
