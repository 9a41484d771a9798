// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;
import dev.fakta.log.Positions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/// A view's rows, checkpoint and parked events in one SQLite file, and the one connection that
/// writes to it. One thread at a time.
///
/// The checkpoint is one row with the [Positions] that are applied. The journal is a write-ahead
/// log that is not forced at each commit: after a loss of power the file may be some transactions
/// old, rows and checkpoint alike, and the view reads on from there.
final class ViewFile implements ViewWriter {

    private static final Logger LOG = LoggerFactory.getLogger(ViewFile.class);

    private final Path file;
    private final View view;
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    private ViewFile(Path file, View view, Connection connection) {
        this.file = file;
        this.view = view;
        this.connection = connection;
    }

    static Path path(Path directory, View view) {
        return directory.resolve(view.name() + "-" + view.version() + ".db");
    }

    /// Opens the file, and creates what it lacks. When that fails, nothing of it stays.
    ///
    /// @throws IllegalStateException when the view's tables are not the ones that the file was made
    ///   with
    /// @throws ViewSqlException when the file cannot be opened, or SQLite does not take a statement
    ///   that makes a table
    static ViewFile open(Path file, View view) {
        ViewFile opened = null;
        try {
            opened = new ViewFile(file, view, connect(file));
            opened.prepare();
            return opened;
        } catch (SQLException e) {
            abandon(opened);
            throw new ViewSqlException(view + " cannot open " + file, e);
        } catch (RuntimeException e) {
            abandon(opened);
            throw e;
        }
    }

    /// What is not committed goes with the connection.
    private static void abandon(@Nullable ViewFile opened) {
        try {
            if (opened != null) {
                opened.close();
            }
        } catch (ViewSqlException e) {
            LOG.debug("{} is given up", opened.view, e);
        }
    }

    private static Connection connect(Path file) throws SQLException {
        SqliteLibrary.load();
        SQLiteConfig config = new SQLiteConfig();
        config.setGetGeneratedKeys(false); // else each insert runs a second statement
        return config.createConnection("jdbc:sqlite:" + file);
    }

    private void prepare() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("pragma journal_mode = wal");
            statement.execute("pragma synchronous = normal");
            statement.execute("pragma busy_timeout = 5000");
            statement.execute("pragma cache_size = -16000");
            statement.execute("pragma wal_autocheckpoint = 4000");
            connection.setAutoCommit(false);
            statement.execute(
                    "create table if not exists fakta_view (one integer primary key, tables text not null, positions text not null)");
            statement.execute(
                    "create table if not exists fakta_parked (partition_number integer, record_offset integer, stream text not null, event text not null, reason text not null, primary key (partition_number, record_offset))");
            String tables = String.join(";\n", view.tables());
            try (ResultSet row = statement.executeQuery("select tables from fakta_view")) {
                if (row.next()) {
                    refuseOtherTables(tables, row.getString(1));
                    connection.commit();
                    return;
                }
            }
            view.tables().forEach(this::execute);
            run("insert into fakta_view values (1, ?, '')", tables);
            connection.commit();
        }
    }

    private void refuseOtherTables(String now, String then) {
        if (!now.equals(then)) {
            throw new IllegalStateException(
                    view + " has other tables than its file was made with: raise its version");
        }
    }

    @Override
    public void run(String statement, @Nullable Object... arguments) {
        try {
            PreparedStatement prepared = statements.get(statement);
            if (prepared == null) {
                prepared = connection.prepareStatement(statement);
                statements.put(statement, prepared);
            }
            SqlArguments.bind(prepared, UnaryOperator.identity(), arguments);
            prepared.executeUpdate();
        } catch (SQLException e) {
            throw new ViewSqlException(view + " fails on: " + statement, e);
        }
    }

    @Override
    public Positions checkpoint() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select positions from fakta_view")) {
            return row.next() ? Positions.parse(row.getString(1)) : Positions.NONE;
        } catch (SQLException e) {
            throw new ViewSqlException(view + " cannot read its checkpoint", e);
        }
    }

    @Override
    public Set<String> parkedStreams() {
        Set<String> streams = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select distinct stream from fakta_parked")) {
            while (row.next()) {
                streams.add(row.getString(1));
            }
        } catch (SQLException e) {
            throw new ViewSqlException(view + " cannot read its parked events", e);
        }
        return streams;
    }

    @Override
    public void park(int partition, long offset, String stream, String event, String reason) {
        run(
                "insert into fakta_parked values (?, ?, ?, ?, ?)",
                partition,
                offset,
                stream,
                event,
                reason);
    }

    @Override
    public void commit(Positions applied) {
        run("update fakta_view set positions = ?", applied.toString());
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new ViewSqlException(view + " cannot commit", e);
        }
    }

    /// Nobody else has the file.
    @Override
    public void confirm() {}

    @Override
    public void rollback() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new ViewSqlException(view + " fails on rollback", e);
        }
    }

    @Override
    public void apart(Runnable handler) {
        execute("savepoint event");
        try {
            handler.run();
        } catch (RuntimeException e) {
            execute("rollback to event");
            throw e;
        } finally {
            execute("release event");
        }
    }

    private void execute(String command) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(command);
        } catch (SQLException e) {
            throw new ViewSqlException(view + " fails on: " + command, e);
        }
    }

    /// After a full disk neither the transaction nor the prepared statements are what they were.
    @Override
    public ViewWriter reopen() {
        try {
            close();
        } catch (ViewSqlException e) {
            LOG.debug("{} is given up", view, e);
        }
        return open(file, view);
    }

    @Override
    public void close() {
        try {
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
            connection.close();
        } catch (SQLException e) {
            throw new ViewSqlException(view + " cannot close", e);
        }
    }
}
