// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// A directory that is gone when it is closed. It lies below `target`, on the disk that is to be
/// measured: `/tmp` may be memory.
record TemporaryDirectory(Path path) implements AutoCloseable {

    static TemporaryDirectory create() throws IOException {
        Path parent = Files.createDirectories(Path.of("target", "bench"));
        return new TemporaryDirectory(Files.createTempDirectory(parent, "data").toAbsolutePath());
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }
}
