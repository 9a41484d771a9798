// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/// Moves partitions at one end of a database's range into an empty database.
///
/// First the partitions are given up where they are, in one transaction: each is claimed, so that
/// every writer is fenced, and the range that the database says it holds gets smaller, so that none
/// can claim them again ([Ownership]). So a node that still runs, or starts with the ranges of
/// yesterday, fails to write and does no harm. Then their rows are copied, in one transaction of
/// the new database, compared, and committed. Cut off in between, it is run again with the same
/// words.
///
/// The old rows stay where they are: events are never removed. Nobody reads them.
public final class RangeMove {

    private static final Duration CONNECTING = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofHours(6); // for one partition

    private static final String SHUT = "lock table event in share row exclusive mode";
    private static final String PUT_EVENTS =
            "copy event (" + Records.COLUMNS + ") from stdin (format binary)";
    private static final String PUT_SNAPSHOTS =
            "copy snapshot (stream, revision, payload) from stdin (format binary)";
    private static final String TAKE_NOTES =
            "copy (select name, text, written_at from note) to stdout (format binary)";
    private static final String PUT_NOTES =
            "copy note (name, text, written_at) from stdin (format binary)";
    private static final String MOVER = "moved"; // the node that the last claims name
    private static final String GIVEN_UP =
            """
            select count(*) from generate_series(?, ?) p where ? = (
              select e.node from event e where e.partition_no = p
              order by e."offset" desc limit 1)
            """;
    private static final String HEADS =
            """
            select coalesce(string_agg(no || '.' || rows || '.' || head, ',' order by no), ''),
                   coalesce(sum(rows), 0)
            from (select partition_no as no, count(*) as rows, max("offset") as head
                  from event where partition_no between ? and ? group by partition_no) counted
            """;

    private final Connections from;
    private final Connections to;
    private final int first;
    private final int last;

    private RangeMove(Connections from, Connections to, int first, int last) {
        this.from = from;
        this.to = to;
        this.first = first;
        this.last = last;
    }

    /// Moves partitions of a microsystem's log. Takes as long as it takes to read and write their
    /// rows.
    ///
    /// @param microsystem whose log it is
    /// @param from the JDBC URL of the database that holds them, as [PostgresLogSettings#url]
    /// @param to the one of a database without a log
    /// @return how many records there are of them
    /// @throws IllegalArgumentException when they are not at one end of what `from` holds, or `to`
    ///   holds a log; nothing has changed then
    /// @throws LogException when a database fails; to be run again
    public static long run(String microsystem, String from, String to, int first, int last) {
        String schema = LogPlaces.schema(microsystem);
        return run(
                PostgresLogSettings.of(from).withSchema(schema).url(),
                PostgresLogSettings.of(to).withSchema(schema).url(),
                first,
                last,
                System.getenv());
    }

    static long run(String from, String to, int first, int last, Map<String, String> environment) {
        RangeMove move =
                new RangeMove(
                        Connections.toPrimary(from, environment),
                        Connections.toPrimary(to, environment),
                        first,
                        last);
        try (Connection source = move.from.open(CONNECTING, LONGEST);
                Connection target = move.to.open(CONNECTING, LONGEST)) {
            return move.run(source, target);
        } catch (SQLException e) {
            throw Failures.of(
                    "cannot move partitions from %s to %s"
                            .formatted(move.from.place(), move.to.place()),
                    e);
        }
    }

    private long run(Connection source, Connection target) throws SQLException {
        HeldRange there =
                Schema.look(source, from.place())
                        .orElseThrow(
                                () -> new IllegalArgumentException(from.place() + " holds no log"));
        HeldRange left = left(there);
        target.setAutoCommit(false);
        Schema.make(
                target,
                to.place(),
                new HeldRange(there.log(), there.partitions(), first, last, true));
        giveUp(source, left, left.equals(there));
        return copy(source, target);
    }

    /// What the source holds afterwards; what it holds now when it has given them up before.
    private HeldRange left(HeldRange there) {
        boolean isGivenUp = there.last() == first - 1 || there.first() == last + 1;
        if (first <= last && isGivenUp && first >= 0 && last < there.partitions()) {
            return there;
        }
        boolean isAtStart = first == there.first() && last < there.last();
        boolean isAtEnd = last == there.last() && first > there.first();
        if (first > last || !(isAtStart || isAtEnd)) {
            throw new IllegalArgumentException(
                    "%s holds partitions %d to %d: %d to %d are not a part at one end of them"
                            .formatted(from.place(), there.first(), there.last(), first, last));
        }
        return isAtStart
                ? new HeldRange(there.log(), there.partitions(), last + 1, there.last(), true)
                : new HeldRange(there.log(), there.partitions(), there.first(), first - 1, true);
    }

    private void giveUp(Connection source, HeldRange left, boolean isGivenUp) throws SQLException {
        if (isGivenUp) {
            requireGivenUp(source);
            return;
        }
        source.setAutoCommit(false);
        Ownership ownership = new Ownership(InstantSource.system());
        try (Statement statement = source.createStatement()) {
            statement.execute(SHUT);
            Map<Integer, String> movers =
                    IntStream.rangeClosed(first, last)
                            .boxed()
                            .collect(Collectors.toMap(partition -> partition, _ -> MOVER));
            if (ownership.insert(source, movers).size() < movers.size()) {
                throw Ownership.moved(first);
            }
            Schema.hold(source, left);
        }
        source.commit();
    }

    /// They are beside what the source holds; that is not enough to say that they were once in it.
    private void requireGivenUp(Connection source) throws SQLException {
        try (PreparedStatement statement = source.prepareStatement(GIVEN_UP)) {
            statement.setInt(1, first);
            statement.setInt(2, last);
            statement.setString(3, MOVER);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next() || row.getInt(1) != last - first + 1) {
                    throw new IllegalArgumentException(
                            "%s does not hold partitions %d to %d"
                                    .formatted(from.place(), first, last));
                }
            }
        }
    }

    private long copy(Connection source, Connection target) throws SQLException {
        for (int partition = first; partition <= last; partition++) {
            copy(
                    source,
                    """
                    copy (select %s from event where partition_no = %d order by "offset")
                    to stdout (format binary)
                    """
                            .formatted(Records.COLUMNS, partition),
                    target,
                    PUT_EVENTS);
        }
        copy(
                source,
                """
                copy (select s.stream, s.revision, s.payload from snapshot s where exists (
                  select from event e where e.stream = s.stream and e.revision = s.revision
                    and e.partition_no between %d and %d))
                to stdout (format binary)
                """
                        .formatted(first, last),
                target,
                PUT_SNAPSHOTS);
        copy(source, TAKE_NOTES, target, PUT_NOTES);
        Heads before = heads(source);
        Heads after = heads(target);
        if (!before.equals(after)) {
            throw new IllegalStateException(
                    "the copy is not equal to what is there: %s, not %s".formatted(after, before));
        }
        target.commit();
        return after.rows;
    }

    private static void copy(Connection source, String reading, Connection target, String writing)
            throws SQLException {
        CopyManager sending = source.unwrap(PGConnection.class).getCopyAPI();
        CopyManager taking = target.unwrap(PGConnection.class).getCopyAPI();
        CopyOut out = sending.copyOut(reading);
        CopyIn in = taking.copyIn(writing);
        for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
            in.writeToCopy(row, 0, row.length);
        }
        in.endCopy();
    }

    private record Heads(String each, long rows) {}

    private Heads heads(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HEADS)) {
            statement.setInt(1, first);
            statement.setInt(2, last);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Heads(row.getString(1), row.getLong(2));
            }
        }
    }
}
