// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.engine.CommitQueue;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The one connection that writes, replaced when it is lost. The log thread's.
///
/// When a connection ends in the middle of a statement, nobody knows whether the server has carried
/// it out, or is about to: it may even commit after a look has found nothing. So what was sent is
/// sent again. The keys let one of the two through, and a violation is followed by a look at who
/// stands there; only then is the outcome known.
final class WriterConnection {

    private static final System.Logger LOG = System.getLogger(WriterConnection.class.getName());

    private static final long FIRST_PAUSE = Duration.ofMillis(20).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMillis(500).toNanos();
    private static final long LEAST_TIMEOUT = 50; // milliseconds; 0 would be for ever
    private static final String DURABLE =
            "select set_config('synchronous_commit', 'on', false)"
                    + " where current_setting('synchronous_commit') = 'off'";

    private final Connections connections;
    private final CommitQueue<PostgresRequest> queue;
    private final Duration limit;
    private volatile @Nullable Connection connection;

    WriterConnection(Connections connections, CommitQueue<PostgresRequest> queue, Duration limit) {
        this.connections = connections;
        this.queue = queue;
        this.limit = limit;
    }

    /// A statement that may be carried out twice.
    interface Action<T> {
        /// Once, or once more.
        ///
        /// @param isAgain whether an earlier attempt may have been carried out
        T run(Connection connection, boolean isAgain) throws SQLException, RowsRefused;
    }

    /// Carries out an action; on another connection again when one is lost, until the time is up.
    ///
    /// @throws LogException when the time is up, the log is closed, or the database refuses for a
    ///   reason that is not in the rows
    <T> T run(String what, Action<T> action) throws RowsRefused {
        long until = System.nanoTime() + limit.toNanos();
        long pause = FIRST_PAUSE;
        for (boolean isAgain = false; ; isAgain = true) {
            try {
                return action.run(connected(until), isAgain);
            } catch (SQLException e) {
                handle(what, e, until - System.nanoTime() - pause);
            }
            queue.pause(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
    }

    private void handle(String what, SQLException e, long left) throws RowsRefused {
        if (Failures.isLostConnection(e)) {
            discard();
            if (left > 0 && !queue.isClosed()) {
                LOG.log(
                        Level.WARNING,
                        "lost the connection to {0}, trying again: {1}",
                        connections.place(),
                        e.getMessage());
                return;
            }
        } else if (Failures.isAboutRows(e)) {
            throw new RowsRefused(e);
        }
        LogException failure = Failures.of(what + " in " + connections.place(), e);
        LOG.log(Level.WARNING, failure.getMessage());
        throw failure;
    }

    /// Half of the time is for one statement, so that there is some for another attempt.
    private Connection connected(long until) throws SQLException {
        Duration statement = limit.dividedBy(2);
        long left = Math.max(1, Duration.ofNanos(until - System.nanoTime()).toMillis());
        Connection current = connection;
        if (current == null) {
            current = connections.open(Duration.ofMillis(left), statement);
            connection = current;
            try (Statement durable = current.createStatement()) {
                durable.execute(DURABLE);
            }
        }
        long timeout = Math.min(left, statement.toMillis() + LEAST_TIMEOUT);
        current.setNetworkTimeout(Runnable::run, (int) Math.max(LEAST_TIMEOUT, timeout));
        return current;
    }

    /// Writes the rows, all or none.
    ///
    /// @throws RowsRefused when a key is taken by another row, or a row is at fault; nothing of
    ///   them is written then
    void insert(Rows rows) throws RowsRefused {
        run(
                "cannot append",
                (open, isAgain) -> {
                    if (isAgain && rows.areThere(open)) {
                        return true;
                    }
                    try {
                        rows.insert(open);
                    } catch (SQLException e) {
                        if (!Failures.isViolation(e) || !rows.areThere(open)) {
                            throw e;
                        }
                    }
                    return true;
                });
    }

    /// For the log's closing: ends a statement on its way.
    void abort() {
        Connection current = connection;
        if (current != null) {
            try {
                current.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, "cannot abort a connection", e);
            }
        }
    }

    void discard() {
        Connection current = connection;
        connection = null;
        if (current != null) {
            try {
                current.close();
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, "cannot close a lost connection", e);
            }
        }
    }

    /// What a claim or a look fails with when the rows are refused.
    static LogException refused(String what, RowsRefused e) {
        return new LogException(
                Category.UNAVAILABLE, what + ": " + e.reason().getMessage(), e.reason());
    }
}
