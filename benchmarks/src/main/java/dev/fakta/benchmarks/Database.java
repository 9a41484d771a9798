// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.postgres.server.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/// A PostgreSQL of its own that stops when it is closed, with a database per contender. It forces
/// its log to disk and waits for it: that is asked, because a rate without it is worth nothing.
final class Database implements AutoCloseable {

    private static final String ADMIN = "postgres";
    private static final List<String> DURABLE =
            List.of("fsync", "synchronous_commit", "full_page_writes");

    private final LocalPostgres server;

    private final Path data;

    private Database(LocalPostgres server, Path data) {
        this.server = server;
        this.data = data;
    }

    /// @param folder for its data and what it logs; on the disk that is to be measured
    static Database start(Path folder) throws SQLException {
        Path data = folder.resolve("data");
        Database database =
                new Database(
                        LocalPostgres.start(
                                data,
                                0,
                                Map.of(
                                        "shared_buffers", "256MB",
                                        "max_wal_size", "4GB", // no checkpoint meanwhile
                                        "max_connections", "200",
                                        "track_wal_io_timing", "on")),
                        data);
        try {
            for (String setting : DURABLE) {
                database.require(setting);
            }
            return database;
        } catch (SQLException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /// Makes an empty database and returns its JDBC URL, with the user in it. Nothing that was
    /// written before is left to be written.
    String create(String name) throws SQLException {
        server.createDatabase(name);
        try (Connection connection = connect(ADMIN);
                Statement statement = connection.createStatement()) {
            statement.execute("checkpoint");
        }
        return server.url(name);
    }

    /// The one number that a query finds.
    long number(String database, String query) throws SQLException {
        return Long.parseLong(text(database, query));
    }

    /// The server's first process, whose children are the others.
    long pid() throws IOException {
        return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
    }

    @Override
    public void close() {
        server.close();
    }

    private void require(String setting) throws SQLException {
        String value = text(ADMIN, "show " + setting);
        if (!value.equals("on")) {
            throw new IllegalStateException(
                    "PostgreSQL runs with %s = %s".formatted(setting, value));
        }
    }

    private String text(String database, String query) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(server.url(database));
    }
}
