// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The repository's files by path, without what builds, editors and runs leave behind.
record Tree(Map<String, TextFile> files) {

    private static final Set<String> LEFT_OUT =
            Set.of(".git", ".idea", ".vscode", ".fakta", "node_modules", "target");

    Tree {
        files = Map.copyOf(files);
    }

    /// A tree of planted files.
    static Tree of(TextFile... files) {
        Map<String, TextFile> byPath = new LinkedHashMap<>();
        Arrays.stream(files).forEach(file -> byPath.put(file.path(), file));
        return new Tree(byPath);
    }

    /// Reads the repository that the tests run in.
    static Tree read() throws IOException {
        Path root = root();
        Map<String, TextFile> files = new LinkedHashMap<>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        return isOurs(root, folder)
                                ? FileVisitResult.CONTINUE
                                : FileVisitResult.SKIP_SUBTREE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        String path = root.relativize(file).toString().replace('\\', '/');
                        if (!path.equals(".git") && !path.endsWith(".iml")) {
                            files.put(
                                    path,
                                    new TextFile(
                                            path, new String(Files.readAllBytes(file), UTF_8)));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return new Tree(files);
    }

    /// A folder `data` is a run's own at the root, and may be a package below.
    private static boolean isOurs(Path root, Path folder) {
        return !folder.equals(root.resolve("data"))
                && !LEFT_OUT.contains(folder.getFileName().toString());
    }

    Stream<TextFile> all() {
        return files.values().stream();
    }

    Stream<TextFile> java() {
        return all().filter(TextFile::isJava);
    }

    Stream<TextFile> markdown() {
        return all().filter(file -> file.path().endsWith(".md"));
    }

    /// Whether the path is a file or a folder of files; the empty path is the root.
    boolean has(String path) {
        return path.isEmpty()
                || files.containsKey(path)
                || files.keySet().stream().anyMatch(file -> file.startsWith(path + "/"));
    }

    /// The topmost folder above the working folder that has the wrapper's settings.
    static Path root() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .takeWhile(folder -> folder.getParent() != null)
                .filter(folder -> Files.exists(folder.resolve(".mvn")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("not inside the repository"));
    }
}
