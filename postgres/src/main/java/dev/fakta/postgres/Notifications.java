// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.engine.CommitQueue;
import dev.fakta.log.engine.Growth;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// Wakes the readers of a log in all processes, by `NOTIFY`: one thread that listens and one that
/// notifies, each with its own connection; the latter only while there is something to say.
///
/// A notification is sent after the commit and not with it: PostgreSQL lets transactions that
/// notify commit one after the other. So a notification can be lost, when a process ends between
/// the two; readers look into the database by themselves every now and then. While a log commits
/// all the time, notifications are a few milliseconds apart.
final class Notifications implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Notifications.class.getName());

    private static final String NOTIFY = "select pg_notify(?, ?)";
    private static final Duration CONNECTING = Duration.ofSeconds(3);
    private static final Duration STATEMENT = Duration.ofSeconds(3);
    private static final int LIVENESS_MILLIS = 5000;
    private static final int LIVENESS_SECONDS = 2;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration APART = Duration.ofMillis(5);
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final Connections connections;
    private final Growth growth;
    private final Growth local = new Growth();
    private final Runnable onOthers;
    private final CommitQueue<PostgresRequest> queue;
    private final String self = UUID.randomUUID().toString();
    private final AtomicLong lost = new AtomicLong();
    private final Thread listener;
    private final Thread notifier;
    private volatile @Nullable Connection listening;
    private long sent; // the version of local that others were told of
    private volatile boolean closed;

    /// @param onOthers runs when another process may have written, before `growth` is signalled
    /// @param queue whose closing ends the pauses
    Notifications(
            Connections connections,
            Growth growth,
            Runnable onOthers,
            CommitQueue<PostgresRequest> queue) {
        this.connections = connections;
        this.growth = growth;
        this.onOthers = onOthers;
        this.queue = queue;
        this.listener =
                Thread.ofPlatform().name("fakta-log-listener").daemon().unstarted(this::listen);
        this.notifier =
                Thread.ofPlatform().name("fakta-log-notifier").daemon().unstarted(this::send);
    }

    void start() {
        listener.start();
        notifier.start();
    }

    /// Wakes this log's own readers at once after a commit, and those in other processes soon.
    void onCommit() {
        growth.run();
        local.run();
    }

    private void listen() {
        while (!closed) {
            try (Connection connection = connections.open(CONNECTING, STATEMENT)) {
                listening = connection;
                try (Statement statement = connection.createStatement()) {
                    statement.execute("listen \"%s\"".formatted(connections.channel()));
                }
                signalOthers(); // what happened while nobody listened
                hear(connection);
            } catch (SQLException e) {
                pause("does not listen", e);
            }
        }
    }

    private void signalOthers() {
        onOthers.run();
        growth.run();
    }

    private void hear(Connection connection) throws SQLException {
        PGConnection driver = connection.unwrap(PGConnection.class);
        while (!closed) {
            PGNotification[] heard = driver.getNotifications(LIVENESS_MILLIS);
            boolean isOther = false;
            for (PGNotification one : heard) {
                isOther |= !one.getParameter().equals(self);
            }
            if (isOther) {
                signalOthers();
            }
            if (heard.length == 0 && !connection.isValid(LIVENESS_SECONDS)) {
                throw new SQLException("no answer", Failures.CANNOT_CONNECT);
            }
        }
    }

    private void send() {
        while (!closed) {
            try {
                local.await(sent, PAUSE.toNanos());
                if (local.version() != sent) {
                    sendUntilQuiet();
                }
            } catch (SQLException e) {
                pause("does not notify", e);
            } catch (InterruptedException e) { // nobody interrupts it; if so, it begins again
                LOG.log(Level.DEBUG, "interrupted", e);
            }
        }
    }

    private void sendUntilQuiet() throws SQLException, InterruptedException {
        try (Connection connection = connections.open(CONNECTING, STATEMENT);
                PreparedStatement statement = connection.prepareStatement(NOTIFY)) {
            statement.setString(1, connections.channel());
            statement.setString(2, self);
            long last = System.nanoTime();
            while (!closed && System.nanoTime() - last < QUIET.toNanos()) {
                long now = local.version();
                if (now == sent) {
                    local.await(sent, PAUSE.toNanos());
                } else {
                    statement.execute();
                    sent = now;
                    last = System.nanoTime();
                    queue.pause(APART.toNanos());
                }
            }
        }
    }

    private void pause(String what, SQLException e) {
        if (!closed) {
            LOG.log(
                    Level.DEBUG,
                    "{0} {1} ({2} times so far): {3}",
                    connections.place(),
                    what,
                    lost.incrementAndGet(),
                    e.getMessage());
            queue.pause(PAUSE.toNanos());
        }
    }

    @Override
    public void close() {
        closed = true;
        local.run();
        Connection current = listening;
        if (current != null) {
            try {
                current.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, "cannot abort the listening connection", e);
            }
        }
    }
}
