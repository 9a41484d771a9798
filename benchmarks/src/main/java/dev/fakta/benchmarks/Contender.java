// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// An order service that is measured beside others on the same PostgreSQL, in a JVM of its own with
/// libraries of its own.
///
/// @param app its folder of jars below `target/app`, where `./fakta bench` builds it
/// @param main its class, which prints `ready http://HOST:PORT` when it serves
/// @param arguments of `main`, from a folder for its files and the JDBC URL of a database that is
///   empty
/// @param count how many orders the database holds, in SQL
record Contender(
        String name,
        String app,
        String main,
        BiFunction<Path, String, List<String>> arguments,
        String count) {

    private static final List<String> JVM_OPTIONS =
            List.of(
                    "-Xmx512m",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    /// One of `benchmarks/peers`.
    static Contender peer(String name, String app, String main, String count) {
        return new Contender(
                name, app, main, (_, url) -> List.of("--port", "0", "--jdbc-url", url), count);
    }

    /// The order management microsystem with its log in PostgreSQL: a cluster of one.
    static Contender fakta(String name, String main, String roles, String count) {
        return new Contender(
                name,
                "benchmarks",
                main,
                (folder, url) ->
                        List.of(
                                "run",
                                "--trusted",
                                "--port",
                                "0",
                                "--data",
                                folder.resolve("fakta").toString(),
                                "--postgres",
                                url,
                                "--roles",
                                roles),
                count);
    }

    /// Starts it and waits until it serves.
    ///
    /// @param apps the folder `target/app`
    /// @param folder for its files
    ChildJvm start(Path apps, Path folder, String jdbcUrl)
            throws IOException, InterruptedException {
        return ChildJvm.start(
                classPath(apps.resolve(app)), main, JVM_OPTIONS, arguments.apply(folder, jdbcUrl));
    }

    private static String classPath(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is missing; ./fakta bench builds it");
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".jar"))
                    .sorted()
                    .collect(joining(File.pathSeparator));
        }
    }
}
