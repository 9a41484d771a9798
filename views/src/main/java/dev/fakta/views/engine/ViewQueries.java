// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;
import dev.fakta.views.Row;
import dev.fakta.views.RowMapper;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;

/// Reads a view's rows: a few read-only connections, lent to one query at a time. Any thread.
final class ViewQueries implements AutoCloseable {

    static final int CONNECTIONS = 4;
    static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int STEPS_BETWEEN_LOOKS = 50_000;

    private final View view;
    private final ArrayBlockingQueue<Session> idle = new ArrayBlockingQueue<>(CONNECTIONS);

    ViewQueries(Path file, View view) {
        this.view = view;
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                idle.add(new Session(DriverManager.getConnection("jdbc:sqlite:" + file)));
            }
        } catch (SQLException e) {
            throw new ViewSqlException(view + " cannot be opened for reading", e);
        }
    }

    /// @throws ViewSqlException when the statement fails or takes too long
    <T> List<T> rows(String select, RowMapper<T> mapper, @Nullable Object... arguments) {
        Session session = take();
        try {
            return session.rows(select, mapper, arguments);
        } catch (SQLException e) {
            throw new ViewSqlException(view + " fails on: " + select, e);
        } finally {
            idle.add(session);
        }
    }

    /// Reads once, so that the file has a reader from here on: a connection has not opened it
    /// before.
    void hold() {
        rows("select 1 from fakta_view", _ -> true);
    }

    private Session take() {
        try {
            Session session = idle.poll(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            if (session != null) {
                return session;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw new ViewSqlException(
                view + " is busy", new SQLTransientException("no free connection"));
    }

    @Override
    public void close() {
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                take().connection.close();
            }
        } catch (SQLException e) {
            throw new ViewSqlException(view + " cannot close", e);
        }
    }

    /// A connection with its prepared statements and its time limit.
    private static final class Session {
        private final Connection connection;
        private final Map<String, PreparedStatement> statements = new HashMap<>();
        private long deadline;

        Session(Connection connection) throws SQLException {
            this.connection = connection;
            try (Statement statement = connection.createStatement()) {
                statement.execute("pragma query_only = true");
                statement.execute("pragma busy_timeout = 5000");
            }
            ProgressHandler.setHandler(
                    connection,
                    STEPS_BETWEEN_LOOKS,
                    new ProgressHandler() {
                        @Override
                        protected int progress() {
                            return System.nanoTime() > deadline ? 1 : 0;
                        }
                    });
        }

        <T> List<T> rows(String select, RowMapper<T> mapper, @Nullable Object... arguments)
                throws SQLException {
            PreparedStatement prepared = statements.get(select);
            if (prepared == null) {
                prepared = connection.prepareStatement(select);
                statements.put(select, prepared);
            }
            SqlArguments.bind(prepared, UnaryOperator.identity(), arguments);
            deadline = System.nanoTime() + LONGEST.toNanos();
            try (ResultSet found = prepared.executeQuery()) {
                Row row = new Row(found, UnaryOperator.identity());
                List<T> rows = new ArrayList<>();
                while (found.next()) {
                    rows.add(mapper.map(row));
                }
                return rows;
            }
        }
    }
}
