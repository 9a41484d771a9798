// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;

/// Secrets that all nodes of a cluster have in common: the table `fakta.secret` of one database.
/// One that is there is never changed. Of many nodes that start at once, one makes it.
public final class SharedSecrets {

    private static final String MAKE =
            """
            create schema if not exists fakta;
            create table if not exists fakta.secret (
              name text primary key,
              secret bytea not null,
              made_at timestamptz not null default now())
            """;
    private static final String ADD =
            "insert into fakta.secret (name, secret) values (?, ?) on conflict (name) do nothing";
    private static final String READ = "select secret from fakta.secret where name = ?";

    private SharedSecrets() {}

    /// The secret of this name; a fresh one, when there was none.
    ///
    /// @param home the database that says which partitions each microsystem has
    /// @throws LogException when the database fails
    /// @throws IllegalArgumentException when it holds a log as earlier versions kept it
    public static byte[] of(PostgresLogSettings home, String name, Supplier<byte[]> fresh) {
        Connections connections = Connections.toPrimary(home.url(), System.getenv());
        try (Connection connection = connections.open(home.commitLimit(), Connections.MAKING)) {
            return Schema.locked(
                    connection,
                    statement -> {
                        LogRegister.refuseEarlierLayout(statement, connections.place());
                        return readOrMake(statement, name, fresh);
                    });
        } catch (SQLException e) {
            throw Failures.of("cannot open the logs in " + connections.place(), e);
        }
    }

    private static byte[] readOrMake(Statement statement, String name, Supplier<byte[]> fresh)
            throws SQLException {
        statement.execute(MAKE);
        Connection connection = statement.getConnection();
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
            add.setString(1, name);
            add.setBytes(2, fresh.get());
            add.executeUpdate();
        }
        try (PreparedStatement read = connection.prepareStatement(READ)) {
            read.setString(1, name);
            try (ResultSet row = read.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("the secret %s is not there".formatted(name));
                }
                return row.getBytes(1);
            }
        }
    }
}
