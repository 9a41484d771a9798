// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.engine.Claimed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// Claims partitions, and says which claim of a partition is the newest. A partition that was moved
/// to another database (`RangeMove`) cannot be claimed in this one, so a node that has not heard of
/// it does no harm.
final class Ownership {

    private static final int TRIES = 4;

    private static final String EPOCH =
            """
            select epoch from event where partition_no = ? order by "offset" desc limit 1
            """;
    private static final String EPOCHS =
            """
            select asked.partition_no, last.epoch
            from unnest(?::int[]) as asked (partition_no)
            cross join lateral (
              select epoch from event
              where event.partition_no = asked.partition_no order by "offset" desc limit 1
            ) as last
            """;
    private static final String CLAIM =
            """
            insert into event (partition_no, "offset", epoch, node, hybrid_time)
            select claim.partition_no, coalesce(last."offset", 0) + 1, coalesce(last.epoch, 0) + 1,
                   claim.node, greatest(coalesce(last.hybrid_time, 0) + 1, ?)
            from unnest(?::int[], ?::text[]) as claim (partition_no, node)
            left join lateral (
              select "offset", epoch, hybrid_time from event
              where event.partition_no = claim.partition_no order by "offset" desc limit 1
            ) as last on true
            where exists (select from fakta_log
                          where claim.partition_no between first_partition and last_partition)
            returning partition_no, "offset", epoch, hybrid_time
            """;
    private static final String SHUT = "lock table event in share row exclusive mode";

    private final InstantSource clock;
    private final DatabaseClock databaseClock;

    Ownership(InstantSource clock) {
        this.clock = clock;
        this.databaseClock = new DatabaseClock(clock);
    }

    /// Appends a claim to each of these partitions in one commit, at its head + 1: a node that
    /// takes many waits for one flush of the database. When another node is quicker in one of the
    /// partitions, the commit fails whole, and the partitions are claimed one by one.
    ///
    /// @param nodes the name of the claiming node, by partition
    /// @return the claims, by partition; a partition that is in another database now is missing
    /// @throws LogException `UNAVAILABLE` when this node's clock is far ahead of the database's
    Map<Integer, Claimed> claim(Connection connection, Map<Integer, String> nodes)
            throws SQLException {
        databaseClock.refuseFarAhead(connection);
        if (nodes.size() > 1) {
            try {
                return insert(connection, nodes);
            } catch (SQLException e) {
                if (!Failures.isViolation(e)) {
                    throw e;
                }
            }
        }
        Map<Integer, Claimed> claimed = new HashMap<>();
        for (Map.Entry<Integer, String> one : nodes.entrySet()) {
            claimed.putAll(claimOne(connection, Map.of(one.getKey(), one.getValue())));
        }
        return claimed;
    }

    /// Appends a claim at head + 1. The old writer may be quicker, again and again when it is busy:
    /// then the table is locked against all writers for the moment that the claim needs.
    private Map<Integer, Claimed> claimOne(Connection connection, Map<Integer, String> node)
            throws SQLException {
        for (int left = TRIES; left > 0; left--) {
            try {
                return insert(connection, node);
            } catch (SQLException e) {
                if (!Failures.isViolation(e)) {
                    throw e;
                }
            }
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SHUT);
            Map<Integer, Claimed> claimed = insert(connection, node);
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

    /// Appends a claim to each of these partitions, once.
    Map<Integer, Claimed> insert(Connection connection, Map<Integer, String> nodes)
            throws SQLException {
        BinaryArray partitions = BinaryArray.ofInts();
        BinaryArray names = BinaryArray.ofTexts();
        nodes.forEach(
                (partition, node) -> {
                    partitions.next().addInt(partition);
                    names.next().addText(node);
                });
        Map<Integer, Claimed> claimed = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setLong(1, HybridTime.of(clock.instant()));
            statement.setObject(2, partitions);
            statement.setObject(3, names);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    int partition = row.getInt(1);
                    claimed.put(
                            partition,
                            new Claimed(partition, row.getLong(3), row.getLong(2), row.getLong(4)));
                }
            }
        }
        return claimed;
    }

    /// What the claim of a partition fails with that is not in this database.
    static LogException moved(int partition) {
        return new LogException(
                Category.UNAVAILABLE,
                "partition %d is in another database now: start the node with today's ranges"
                        .formatted(partition));
    }

    /// The epoch of the newest claim of each of these partitions.
    static Map<Integer, Long> epochs(Connection connection, int[] partitions) throws SQLException {
        Map<Integer, Long> epochs = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(EPOCHS)) {
            statement.setObject(1, partitions);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    epochs.put(row.getInt(1), row.getLong(2));
                }
            }
        }
        return epochs;
    }

    /// The epoch of a partition's newest claim; empty when it is `epoch`.
    static OptionalLong newerThan(Connection connection, int partition, long epoch)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(EPOCH)) {
            statement.setInt(1, partition);
            try (ResultSet row = statement.executeQuery()) {
                long newest = row.next() ? row.getLong(1) : 0;
                return newest == epoch ? OptionalLong.empty() : OptionalLong.of(newest);
            }
        }
    }
}
