// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// One PostgreSQL for all tests of a JVM, started when the first one asks for it, and deleted with
/// all its data when the JVM ends. It is quick rather than durable.
///
/// A schema costs nothing, a database some tens of milliseconds and 7 MB: take a database where the
/// test is about databases. Any thread.
public final class ThrowawayPostgres {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final String SHARED = "shared";

    private ThrowawayPostgres() {}

    /// The server. Nobody closes it.
    public static LocalPostgres server() {
        return Running.SERVER;
    }

    /// The JDBC URL of a new, empty database.
    public static String database() {
        String name = "test_" + COUNT.incrementAndGet();
        server().createDatabase(name);
        return server().url(name);
    }

    /// The JDBC URL of a schema that nobody else has, in a database that others use as well. The
    /// log makes it when it opens.
    public static String schema() {
        return server().url(SHARED) + "&currentSchema=%22test_" + COUNT.incrementAndGet() + "%22";
    }

    private static final class Running {
        static final LocalPostgres SERVER = start();

        private static LocalPostgres start() {
            try {
                Path directory = Files.createTempDirectory("fakta-postgres");
                LocalPostgres server =
                        LocalPostgres.start(
                                directory.resolve("data"),
                                0,
                                Map.of(
                                        "fsync",
                                        "off",
                                        "full_page_writes",
                                        "off",
                                        "max_connections",
                                        "300"));
                server.createDatabase(SHARED);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, directory)));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// Killed rather than stopped: what a stop writes down would be deleted next, and takes
        /// longer than Maven waits for the end of a JVM.
        private static void end(LocalPostgres server, Path directory) {
            server.process()
                    .ifPresent(
                            process -> {
                                Stream.concat(Stream.of(process), process.descendants())
                                        .forEach(ProcessHandle::destroyForcibly);
                                process.onExit().join();
                            });
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
