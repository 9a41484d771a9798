// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.fakta.log.LogException;
import dev.fakta.log.engine.CommitQueue;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// The pool of connections that reads of one database share.
final class Database implements AutoCloseable {

    private final HikariDataSource pool;
    private final String place;
    private volatile boolean closed;

    Database(Connections connections, String name, int size, Duration limit) {
        this.pool = connections.pool(name, size, limit);
        this.place = connections.place();
    }

    interface Read<T> {
        T run(Connection connection) throws SQLException;
    }

    /// Reads with a connection of the pool. An interrupt does not reach the wait for a connection:
    /// it would fail a read that others need.
    ///
    /// @throws LogException `CLOSED`, or as the database fails
    <T> T read(Read<T> read) {
        return call("read from", read);
    }

    /// Writes with a connection of the pool, what is no record of the log.
    ///
    /// @throws LogException as [#read]
    <T> T write(Read<T> write) {
        return call("write to", write);
    }

    private <T> T call(String doing, Read<T> read) {
        if (closed) {
            throw CommitQueue.closed();
        }
        boolean wasInterrupted = Thread.interrupted();
        try (Connection connection = pool.getConnection()) {
            return read.run(connection);
        } catch (SQLException e) {
            throw closed
                    ? CommitQueue.closed()
                    : Failures.of("cannot %s %s".formatted(doing, place), e);
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        pool.close();
    }
}
