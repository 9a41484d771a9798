// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.OptionalLong;

/// Claims, and who has the newest one of a partition. A partition that was moved to another
/// database (`RangeMove`) cannot be claimed in this one, so a node that has not heard of it does no
/// harm.
final class Ownership {

    private static final int TRIES = 4;

    private static final String LAST =
            """
            select "offset", epoch, hybrid_time from event
            where partition_no = ? order by "offset" desc limit 1
            """;
    private static final String CLAIM =
            """
            insert into event (partition_no, "offset", epoch, node, hybrid_time)
            select ?, ?, ?, ?, ?
            where exists (select from fakta_log
                          where ? between first_partition and last_partition)
            """;
    private static final String SHUT = "lock table event in share row exclusive mode";

    private final InstantSource clock;

    Ownership(InstantSource clock) {
        this.clock = clock;
    }

    /// What a claim is answered with.
    record Claimed(long epoch, long offset) {}

    private record Last(long offset, long epoch, long time) {}

    /// Appends a claim at head + 1. Others may be quicker, again and again when the old writer is
    /// busy: then the table is shut to all writers for the moment that the claim needs.
    Claimed claim(Connection connection, int partition, String node) throws SQLException {
        for (int left = TRIES; left > 0; left--) {
            try {
                return insert(connection, partition, node);
            } catch (SQLException e) {
                if (!Failures.isViolation(e)) {
                    throw e;
                }
            }
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SHUT);
            Claimed claimed = insert(connection, partition, node);
            connection.commit();
            return claimed;
        } catch (SQLException e) {
            if (!Failures.isLostConnection(e)) {
                connection.rollback();
            }
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    /// Appends a claim at head + 1, once.
    Claimed insert(Connection connection, int partition, String node) throws SQLException {
        Last last = last(connection, partition);
        Claimed claimed = new Claimed(last.epoch + 1, last.offset + 1);
        try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setInt(1, partition);
            statement.setLong(2, claimed.offset);
            statement.setLong(3, claimed.epoch);
            statement.setString(4, node);
            statement.setLong(5, new HybridTime(clock, last.time).next(0));
            statement.setInt(6, partition);
            if (statement.executeUpdate() == 0) {
                throw new LogException(
                        Category.UNAVAILABLE,
                        "partition %d is in another database now: start the node with today's ranges"
                                .formatted(partition));
            }
        }
        return claimed;
    }

    private static Last last(Connection connection, int partition) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LAST)) {
            statement.setInt(1, partition);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? new Last(row.getLong(1), row.getLong(2), row.getLong(3))
                        : new Last(0, 0, 0);
            }
        }
    }

    /// The epoch of a partition's newest claim, when it is not this one.
    static OptionalLong newerThan(Connection connection, int partition, long epoch)
            throws SQLException {
        long newest = last(connection, partition).epoch;
        return newest == epoch ? OptionalLong.empty() : OptionalLong.of(newest);
    }
}
