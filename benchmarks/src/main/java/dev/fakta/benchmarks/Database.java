// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// A PostgreSQL of its own that is gone when it is closed, with a database per contender.
///
/// The library starts one that is made for tests: it neither forces its log to disk nor waits for
/// it. Here both are switched on again, and asked for, because a rate without them is worth
/// nothing.
final class Database implements AutoCloseable {

    private static final String ADMIN = "postgres";
    private static final List<String> DURABLE =
            List.of("fsync", "synchronous_commit", "full_page_writes");

    private final EmbeddedPostgres server;

    private Database(EmbeddedPostgres server) {
        this.server = server;
    }

    /// @param folder for its data and what it logs; on the disk that is to be measured
    static Database start(Path folder) throws IOException, SQLException {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder()
                        .setDataDirectory(folder.resolve("data"))
                        .setOutputRedirector(Redirect.appendTo(folder.resolve("log").toFile()))
                        .setServerConfig("shared_buffers", "256MB")
                        .setServerConfig("max_wal_size", "4GB"); // no checkpoint while measuring
        DURABLE.forEach(setting -> builder.setServerConfig(setting, "on"));
        Database database = new Database(builder.start());
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
        try (Connection connection = connect(ADMIN);
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
            statement.execute("checkpoint");
        }
        return url(name);
    }

    /// The one number that a query finds.
    long number(String database, String query) throws SQLException {
        return Long.parseLong(text(database, query));
    }

    @Override
    public void close() throws IOException {
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
        return server.getDatabase(ADMIN, database).getConnection();
    }

    private String url(String database) {
        return server.getJdbcUrl(ADMIN, database);
    }
}
