// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// PostgreSQL 18 from a Maven artifact, started in a data directory that outlives it. It listens on
/// the loopback address only and trusts whoever connects there: for one machine and its user.
///
/// What is committed survives a crash of the machine: the library's settings for quick tests
/// (`fsync` and `synchronous_commit` off) are taken back, unless a parameter asks for them.
///
/// The process that starts it stops it, in [#close] or when it exits. Killed without a chance to do
/// so, it leaves a running server behind, and the next [#start] says which process that is.
public final class LocalPostgres implements AutoCloseable {

    private static final String USER = "postgres";
    private static final Duration START_WAIT = Duration.ofSeconds(60);
    private static final Pattern DATABASE_NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final int SHOWN_LINES = 10;

    private static final int STOP_SECONDS = 20;

    private final EmbeddedPostgres server;
    private final Optional<ProcessHandle> process;

    private LocalPostgres(EmbeddedPostgres server, Path data) {
        this.server = server;
        this.process = leftBehind(data).flatMap(ProcessHandle::of);
    }

    /// Starts the server, and makes its data directory when there is none.
    ///
    /// @param directory the data directory; the server's own messages go to `DIRECTORY.log` beside
    ///   it
    /// @param port 0 for a free one
    /// @param parameters of the server, such as `max_connections`; values without spaces
    /// @throws IllegalStateException with the reason, when it does not start
    public static LocalPostgres start(Path directory, int port, Map<String, String> parameters) {
        Path data = directory.toAbsolutePath();
        Path messages = data.resolveSibling(data.getFileName() + ".log");
        leftBehind(data)
                .ifPresent(
                        process -> {
                            throw new IllegalStateException(
                                    ("a PostgreSQL still runs in %s (process %d): stop it with 'kill -INT %d',"
                                                    + " or take another directory")
                                            .formatted(data, process, process));
                        });
        failWhenTaken(port);
        try {
            Files.createDirectories(data);
            EmbeddedPostgres.Builder builder =
                    EmbeddedPostgres.builder()
                            .setDataDirectory(data)
                            .setCleanDataDirectory(false)
                            .setPort(port == 0 ? LocalPorts.free() : port)
                            .setPGStartupWait(START_WAIT)
                            .setLocaleConfig("locale", "C")
                            .setServerConfig("fsync", "on")
                            .setServerConfig("synchronous_commit", "on")
                            .setErrorRedirector(Redirect.appendTo(messages.toFile()))
                            .setOutputRedirector(Redirect.appendTo(messages.toFile()));
            parameters.forEach(builder::setServerConfig);
            return new LocalPostgres(builder.start(), data);
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(
                    "PostgreSQL did not start in %s: %s%n%s"
                            .formatted(data, e.getMessage(), lastLines(messages)),
                    e);
        }
    }

    /// The server's process that an earlier one left in the directory, if it is still alive.
    private static Optional<Long> leftBehind(Path data) {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            return Optional.of(Long.parseLong(lines.getFirst().strip()))
                    .filter(process -> ProcessHandle.of(process).isPresent())
                    .filter(LocalPostgres::isPostgres);
        } catch (IOException | NumberFormatException _) {
            return Optional.empty(); // none, or one that PostgreSQL itself will judge
        }
    }

    /// A process id is used again after a restart of the machine.
    private static boolean isPostgres(long process) {
        return ProcessHandle.of(process)
                .flatMap(handle -> handle.info().command())
                .map(command -> command.contains("postgres"))
                .orElse(true);
    }

    private static void failWhenTaken(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assert probe.isBound();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "PostgreSQL cannot listen on port %d: %s".formatted(port, e.getMessage()), e);
        }
    }

    private static String lastLines(Path messages) {
        try {
            List<String> lines = Files.readAllLines(messages);
            return String.join(
                    System.lineSeparator(),
                    lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        } catch (IOException _) {
            return "(it said nothing in " + messages + ")";
        }
    }

    /// The port that it listens on.
    public int port() {
        return server.getPort();
    }

    /// The server's first process, the parent of all its others; empty when it had ended at once.
    public Optional<ProcessHandle> process() {
        return process;
    }

    /// The JDBC URL of a database, which need not exist yet.
    public String url(String database) {
        return server.getJdbcUrl(USER, database);
    }

    /// Makes a database, unless it is there.
    ///
    /// @param name lower-case letters, digits and `_`
    public void createDatabase(String name) {
        if (!DATABASE_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a database is named by lower-case letters, digits and _: " + name);
        }
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            if (!exists(statement, name)) {
                statement.execute("create database " + name); // names are no parameters
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot make database " + name, e);
        }
    }

    private static boolean exists(Statement statement, String name) throws SQLException {
        try (ResultSet rows = statement.executeQuery("select datname from pg_database")) {
            boolean isThere = false;
            while (rows.next()) {
                isThere |= rows.getString(1).equals(name);
            }
            return isThere;
        }
    }

    /// Stops the server and waits until it is gone; open connections are cut. The data stays.
    @Override
    public void close() {
        try {
            server.close(); // returns at once when the exit of this JVM has begun to stop it
            if (process.isPresent()) {
                process.get().onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
            }
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("PostgreSQL did not stop", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
