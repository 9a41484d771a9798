// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;
import dev.fakta.log.Positions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A runner's hold on a view in PostgreSQL: what keeps two runners from ever both writing.
///
/// The row `fakta_view` has an epoch. Whoever takes the view raises it, and every commit moves the
/// checkpoint `where epoch = mine`: a transaction of an earlier runner then changes no row, and is
/// rolled back. Every connection raises it, also one that the same runner opens after a failure:
/// what the server may still be carrying out for the lost connection is fenced like a stranger's.
/// That it is the same runner says the `runner` in the row.
///
/// An earlier runner may have been stopped in the middle of a transaction, and hold locks. So the
/// row also names the server process (and its start, as numbers are used again) that serves its
/// connection, and the taker has that process ended.
final class ViewTenure {

    private static final Logger LOG = LoggerFactory.getLogger(ViewTenure.class);
    private static final int ATTEMPTS = 3;
    private static final String LOCK_TIMEOUT = "55P03";
    private static final String NO_PRIVILEGE = "42501";

    private final View view;
    private final String node;
    private final String runner = UUID.randomUUID().toString();
    private boolean isTaken;
    private long epoch;

    ViewTenure(View view, String node) {
        this.view = view;
        this.node = node;
    }

    private record Holder(
            String runner, int backend, @Nullable String since, Positions positions) {}

    /// Takes the view the first time, keeps it every other time; answers its checkpoint.
    ///
    /// @throws ViewFencedException when another runner has taken it since
    Positions take(Connection connection) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                Holder before = holder(connection, " for update");
                if (isTaken && !before.runner.equals(runner)) {
                    connection.rollback();
                    throw new ViewFencedException(view);
                }
                raise(connection);
                end(connection, before);
                return before.positions;
            } catch (SQLException e) {
                connection.rollback();
                if (attempt == ATTEMPTS || !LOCK_TIMEOUT.equals(e.getSQLState())) {
                    throw e;
                }
                end(connection, holder(connection, ""));
            }
        }
    }

    private Holder holder(Connection connection, String lock) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select runner, backend, backend_since::text, positions from fakta_view"
                                        + lock)) {
            if (!row.next()) {
                throw new SQLException("fakta_view has no row");
            }
            return new Holder(
                    row.getString(1),
                    row.getInt(2),
                    row.getString(3),
                    Positions.parse(row.getString(4)));
        }
    }

    private void raise(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local synchronous_commit = on");
        }
        try (PreparedStatement update =
                connection.prepareStatement(
                        """
                        update fakta_view set epoch = epoch + 1, runner = ?, node = ?,
                            backend = pg_backend_pid(),
                            backend_since = (select backend_start from pg_stat_activity
                                where pid = pg_backend_pid())
                        returning epoch""")) {
            update.setString(1, runner);
            update.setString(2, node);
            try (ResultSet row = update.executeQuery()) {
                row.next();
                epoch = row.getLong(1);
            }
        }
        connection.commit();
        isTaken = true;
    }

    /// Ends the server process of an earlier runner, and its transaction with it. Without the
    /// privilege for that, the server's limit on idle transactions ends it a little later.
    private void end(Connection connection, Holder earlier) throws SQLException {
        try (PreparedStatement end =
                connection.prepareStatement(
                        """
                        select pg_terminate_backend(pid) from pg_stat_activity
                        where pid = ? and backend_start = cast(? as timestamptz)
                            and pid <> pg_backend_pid()""")) {
            end.setInt(1, earlier.backend);
            end.setString(2, earlier.since);
            try (ResultSet row = end.executeQuery()) {
                if (row.next()) {
                    LOG.info("{}: ended the connection of its earlier runner", view);
                }
            }
            connection.commit();
        } catch (SQLException e) {
            if (!NO_PRIVILEGE.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback();
            LOG.warn("{}: may not end the connection of its earlier runner", view);
        }
    }

    /// Moves the checkpoint, in the transaction of the rows.
    ///
    /// @return `false` when another runner has taken the view
    boolean moves(Connection connection, Positions applied) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "update fakta_view set positions = ? where epoch = ?")) {
            update.setString(1, applied.toString());
            update.setLong(2, epoch);
            return update.executeUpdate() == 1;
        }
    }

    /// Whether no other runner has taken the view since.
    boolean holds(Connection connection) throws SQLException {
        try (PreparedStatement mine =
                connection.prepareStatement("select 1 from fakta_view where epoch = ?")) {
            mine.setLong(1, epoch);
            try (ResultSet row = mine.executeQuery()) {
                return row.next();
            }
        }
    }

    long epoch() {
        return epoch;
    }
}
