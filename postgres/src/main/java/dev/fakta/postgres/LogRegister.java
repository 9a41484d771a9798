// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.engine.PartitionCount;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which partitions each microsystem has among all: the table `fakta.microsystem`, of one database.
/// A range that was given is never changed and never another's, because tokens and checkpoints name
/// its partitions. Of many processes that start at once, one gives them.
final class LogRegister {

    private static final String MAKE =
            """
            create schema if not exists fakta;
            create table if not exists fakta.microsystem (
              name text primary key,
              first_partition int not null unique,
              partitions int not null,
              is_made boolean not null)
            """;
    private static final String READ =
            "select name, first_partition, partitions, is_made from fakta.microsystem order by 2";
    private static final String ADD =
            """
            insert into fakta.microsystem
            select ?, coalesce(max(first_partition + partitions), 0), ?, false
            from fakta.microsystem
            """;
    private static final String MADE =
            "update fakta.microsystem set is_made = true where not is_made";
    private static final String EARLIER = "select to_regclass('fakta_log') is not null";

    private final Connection connection;
    private final String place;

    /// @param isMade whether its log was once complete
    record Range(String microsystem, int first, int partitions, boolean isMade) {}

    LogRegister(Connection connection, String place) {
        this.connection = connection;
        this.place = place;
    }

    /// The ranges of these microsystems, ascending; new ones come behind the others.
    ///
    /// @param wanted how many partitions each has, in the order in which new ones get theirs
    /// @throws IllegalArgumentException when another microsystem has a range, or one of these has
    ///   another number of partitions, or the database has a log as earlier versions kept it
    List<Range> register(Map<String, Integer> wanted) throws SQLException {
        return Schema.locked(
                connection,
                statement -> {
                    refuseEarlierLayout(statement, place);
                    statement.execute(MAKE);
                    List<Range> there = read(statement);
                    there.forEach(range -> check(range, wanted));
                    Set<String> known = new HashSet<>();
                    there.forEach(range -> known.add(range.microsystem()));
                    for (Map.Entry<String, Integer> one : wanted.entrySet()) {
                        if (!known.contains(one.getKey())) {
                            add(one.getKey(), one.getValue());
                        }
                    }
                    return read(statement);
                });
    }

    /// @throws IllegalArgumentException when the database has a log as earlier versions kept it
    static void refuseEarlierLayout(Statement statement, String place) throws SQLException {
        try (ResultSet row = statement.executeQuery(EARLIER)) {
            if (row.next() && row.getBoolean(1)) {
                throw new IllegalArgumentException(
                        "%s holds one log for all microsystems, as an earlier version kept it; this one keeps a log for each, and needs another database"
                                .formatted(place));
            }
        }
    }

    private void check(Range range, Map<String, Integer> wanted) {
        Integer partitions = wanted.get(range.microsystem());
        if (partitions == null) {
            throw new IllegalArgumentException(
                    "%s holds the log of a microsystem %s, which this program does not have"
                            .formatted(place, range.microsystem()));
        }
        PartitionCount.require("the log of " + range.microsystem(), range.partitions(), partitions);
    }

    private static List<Range> read(Statement statement) throws SQLException {
        List<Range> ranges = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(READ)) {
            while (row.next()) {
                ranges.add(
                        new Range(
                                row.getString(1), row.getInt(2), row.getInt(3), row.getBoolean(4)));
            }
        }
        return ranges;
    }

    private void add(String microsystem, int partitions) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            statement.setString(1, microsystem);
            statement.setInt(2, partitions);
            statement.executeUpdate();
        }
    }

    /// Notes that all of their logs are there.
    void made() throws SQLException {
        int _ = Schema.locked(connection, statement -> statement.executeUpdate(MADE));
    }
}
