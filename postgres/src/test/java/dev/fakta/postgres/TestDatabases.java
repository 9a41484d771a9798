// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.postgres.server.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// One PostgreSQL for all tests of a JVM, started when the first one asks, and a database for each.
/// It ends with the JVM. Tests of other modules use it from this module's test-jar.
public final class TestDatabases {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private TestDatabases() {}

    /// The JDBC URL of a new, empty database.
    public static String create() {
        String name = "test_" + COUNT.incrementAndGet();
        Server.RUNNING.createDatabase(name);
        return Server.RUNNING.url(name);
    }

    /// The port of the server.
    static int port() {
        return Server.RUNNING.port();
    }

    private static final class Server {
        static final LocalPostgres RUNNING = start();

        /// Quick rather than durable: what tests write is thrown away.
        private static LocalPostgres start() {
            try {
                Path directory = Files.createTempDirectory("fakta-postgres");
                LocalPostgres server =
                        LocalPostgres.start(
                                directory.resolve("data"),
                                0,
                                Map.of("fsync", "off", "max_connections", "200"));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, directory)));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void stop(LocalPostgres server, Path directory) {
            server.close();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
