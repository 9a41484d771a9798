// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;

/// Compares this node's clock with a database's, which all nodes share. What a node records has its
/// clock's time for ever, and so have claims: one that is set to 2100 marks every partition that it
/// takes.
final class DatabaseClock {

    /// Clocks that are kept by NTP differ by far less.
    static final Duration NOTICED = Duration.ofMinutes(1);

    /// A node starts with nothing that is its own yet, so that to refuse costs least. Clocks that
    /// are off by hours show another time zone's time.
    static final Duration REFUSED = Duration.ofHours(1);

    private static final System.Logger LOG = System.getLogger(DatabaseClock.class.getName());

    private final InstantSource clock;

    DatabaseClock(InstantSource clock) {
        this.clock = clock;
    }

    /// At start: warns when the clocks differ by more than [#NOTICED].
    ///
    /// @param place the database's name
    /// @throws IllegalStateException when they differ by more than [#REFUSED]; which of the two is
    ///   wrong, an operator has to find out
    void requireAlike(Connection connection, String place) throws SQLException {
        Instant there = ask(connection);
        Instant here = clock.instant();
        Duration apart = Duration.between(there, here).abs();
        if (apart.compareTo(REFUSED) > 0) {
            throw new IllegalStateException(
                    difference(here, there, place)
                            + ": set the clock that is wrong, and start again");
        }
        if (apart.compareTo(NOTICED) > 0) {
            LOG.log(
                    Level.WARNING,
                    difference(here, there, place) + ": set the clock that is wrong");
        }
    }

    /// Before a claim: this node's clock must not be so far ahead that its times would be wrong for
    /// days. One that is behind does no harm, as every record is later than the one before it; one
    /// that was set a day ahead while the node runs is no reason to leave its partitions to nobody.
    ///
    /// @throws LogException `UNAVAILABLE` when it is ahead by more than [HybridTime#FURTHEST]
    void refuseFarAhead(Connection connection) throws SQLException {
        Instant there = ask(connection);
        Instant here = clock.instant();
        if (Duration.between(there, here).compareTo(HybridTime.FURTHEST) > 0) {
            throw new LogException(
                    Category.UNAVAILABLE,
                    difference(here, there, "the log") + ": nothing is claimed until it is set");
        }
    }

    private static Instant ask(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private static String difference(Instant here, Instant there, String place) {
        Duration ahead = Duration.between(there, here);
        return "the clock of this node shows %s, that of the database of %s %s: it is %d s %s"
                .formatted(
                        here,
                        place,
                        there,
                        ahead.abs().toSeconds(),
                        ahead.isNegative() ? "behind" : "ahead");
    }
}
