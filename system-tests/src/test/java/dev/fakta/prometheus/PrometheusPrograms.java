// SPDX-License-Identifier: Apache-2.0
package dev.fakta.prometheus;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/// Where `prometheus` and `promtool` are: on the path, or below `target`, where Debian's package is
/// unpacked once. That takes no root, and nothing is installed.
record PrometheusPrograms(Path folder) {

    private static final String MISSING =
            "this test needs prometheus and promtool: install the package prometheus (on Debian and"
                    + " Ubuntu: apt install prometheus), or put both on the PATH";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /// Aborts the test, and says why, when there is none and none can be had: a machine without a
    /// way to Debian's packages builds the rest.
    ///
    /// @param below where the package is unpacked when there is none
    static PrometheusPrograms find(Path below) throws IOException, InterruptedException {
        Path unpacked = below.resolve("prometheus/usr/bin");
        List<Path> places =
                Stream.concat(
                                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                                        .map(Path::of),
                                Stream.of(unpacked))
                        .toList();
        Path found = first(places);
        if (found == null) {
            try {
                unpack(below);
            } catch (IOException | AssertionError e) {
                throw new TestAbortedException(MISSING, e);
            }
            found = first(List.of(unpacked));
        }
        return new PrometheusPrograms(Objects.requireNonNull(found, MISSING));
    }

    private static @Nullable Path first(List<Path> places) {
        return places.stream()
                .filter(place -> Files.isExecutable(place.resolve("prometheus")))
                .filter(place -> Files.isExecutable(place.resolve("promtool")))
                .findFirst()
                .orElse(null);
    }

    /// By lists of packages of its own: those of a fresh machine are empty, and only root may fill
    /// them.
    private static void unpack(Path below) throws IOException, InterruptedException {
        Path fresh = Files.createTempDirectory(Files.createDirectories(below), "prometheus-");
        Path lists = Files.createDirectories(fresh.resolve("lists/partial")).getParent();
        Path cache = Files.createDirectories(fresh.resolve("cache/archives/partial"));
        List<String> apt =
                List.of(
                        "apt-get",
                        "-o",
                        "Dir::State::Lists=" + lists,
                        "-o",
                        "Dir::Cache=" + cache.getParent().getParent(),
                        "-o",
                        "APT::Sandbox::User=" + System.getProperty("user.name"));
        run(fresh, "", with(apt, "update"));
        run(fresh, "", with(apt, "download", "prometheus"));
        Path unpacked = fresh.resolve("unpacked");
        try (Stream<Path> files = Files.list(fresh)) {
            Path debian =
                    files.filter(file -> file.toString().endsWith(".deb"))
                            .findFirst()
                            .orElseThrow(() -> new IOException("no package was downloaded"));
            run(fresh, "", List.of("dpkg", "-x", debian.toString(), unpacked.toString()));
        }
        Files.move(unpacked, below.resolve("prometheus"));
        try (Stream<Path> rest = Files.walk(fresh)) {
            for (Path file : rest.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static List<String> with(List<String> command, String... more) {
        return Stream.concat(command.stream(), Stream.of(more)).toList();
    }

    /// Runs `promtool` and answers what it prints.
    String promtool(Path in, String input, String... arguments)
            throws IOException, InterruptedException {
        return run(
                in,
                input,
                Stream.concat(
                                Stream.of(folder.resolve("promtool").toString()),
                                Stream.of(arguments))
                        .toList());
    }

    private static String run(Path in, String input, List<String> command)
            throws IOException, InterruptedException {
        Path given = Files.createTempFile("given", ".txt");
        Path said = Files.createTempFile("said", ".txt");
        try {
            Files.writeString(given, input);
            Process process =
                    new ProcessBuilder(command)
                            .directory(in.toFile())
                            .redirectInput(given.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile())
                            .start();
            boolean isDone = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!isDone || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(command + " fails: " + Files.readString(said));
            }
            return Files.readString(said);
        } finally {
            Files.delete(given);
            Files.delete(said);
        }
    }
}
