// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;
import dev.fakta.log.EventLog;
import dev.fakta.log.Positions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A view's rows, checkpoint and parked events in one PostgreSQL schema, and the one connection
/// that writes to it. Statements wait in [StatementRuns] until they are committed.
///
/// Commits do not wait for the server's disk: after a crash of the server the schema may be some
/// transactions old, rows and checkpoint alike, and the view reads on from there.
final class ViewSchema implements ViewWriter {

    private static final Logger LOG = LoggerFactory.getLogger(ViewSchema.class);

    private final View view;
    private final String schema;
    private final DataSource source;
    private final ViewTenure tenure;
    private final Connection connection;
    private final StatementRuns runs;
    private final Positions checkpoint;

    private ViewSchema(View view, String schema, DataSource source, ViewTenure tenure)
            throws SQLException {
        this.view = view;
        this.schema = schema;
        this.source = source;
        this.tenure = tenure;
        this.connection = source.getConnection();
        try {
            connection.setAutoCommit(false);
            new ViewTables(view, schema).make(connection);
            this.checkpoint = tenure.take(connection);
            this.runs = new StatementRuns(connection, view);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    static ViewSchema take(View view, String schema, DataSource source, String node, EventLog log) {
        try {
            ViewSchema taken = new ViewSchema(view, schema, source, new ViewTenure(view, node));
            if (!taken.checkpoint.isBeyond(log.heads())) {
                return taken;
            }
            taken.makeAnew();
            return new ViewSchema(view, schema, source, new ViewTenure(view, node));
        } catch (SQLException e) {
            throw new ViewSqlException(view + " cannot be taken", e);
        }
    }

    private void makeAnew() throws SQLException {
        LOG.warn("{} is ahead of the log and is filled anew", view);
        try (connection) {
            move(Positions.NONE);
            new ViewTables(view, schema).makeAnew(connection, tenure.epoch());
        }
    }

    @Override
    public ViewWriter reopen() {
        close();
        try {
            return new ViewSchema(view, schema, source, tenure);
        } catch (SQLException e) {
            throw new ViewSqlException(view + " cannot be opened again", e);
        }
    }

    @Override
    public Positions checkpoint() {
        return checkpoint;
    }

    @Override
    public Set<String> parkedStreams() {
        Set<String> streams = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select distinct stream from fakta_parked")) {
            while (row.next()) {
                streams.add(PostgresText.read(row.getString(1)));
            }
            connection.commit();
        } catch (SQLException e) {
            throw new ViewSqlException(view + " cannot read its parked events", e);
        }
        return streams;
    }

    @Override
    public void run(String statement, @Nullable Object... arguments) {
        try {
            runs.add(statement, arguments);
        } catch (SQLException e) {
            throw new ViewSqlException(view + " fails", e);
        }
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

    private void send() {
        try {
            runs.send();
        } catch (SQLException e) {
            throw new ViewSqlException(view + " fails", e);
        }
    }

    @Override
    public void commit(Positions applied) {
        send();
        try {
            move(applied);
            connection.commit();
        } catch (SQLException e) {
            throw new ViewSqlException(view + " cannot commit", e);
        }
    }

    @Override
    public void confirm() {
        try {
            boolean isHeld = tenure.holds(connection);
            connection.commit();
            if (!isHeld) {
                throw new ViewFencedException(view);
            }
        } catch (SQLException e) {
            throw new ViewSqlException(view + " cannot be asked for", e);
        }
    }

    private void move(Positions applied) throws SQLException {
        if (!tenure.moves(connection, applied)) {
            connection.rollback();
            throw new ViewFencedException(view);
        }
    }

    @Override
    public void rollback() {
        runs.forget();
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new ViewSqlException(view + " fails on rollback", e);
        }
    }

    @Override
    public void apart(Runnable handler) {
        send();
        execute("savepoint event");
        try {
            handler.run();
            send();
        } catch (RuntimeException e) {
            runs.forget();
            execute("rollback to event");
            throw e;
        }
        execute("release event");
    }

    private void execute(String command) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(command);
        } catch (SQLException e) {
            throw new ViewSqlException(view + " fails on " + command, e);
        }
    }

    /// A statement that is under way in another thread fails.
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("{} is given up", view, e);
        }
    }
}
