// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.engine.Problems;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes one log of several databases, or finds that they hold one.
///
/// No transaction spans databases, so a log is made in two steps: each database gets its range and
/// the log's id, and when all databases have theirs, each gets the mark that the log is complete.
/// Once one database has the mark, all were made: a database that is empty then is the wrong one,
/// and is left empty. After a crash between the steps the next start completes the log, and several
/// starts at once make the same log.
final class LogFounding {

    private final Map<DatabaseRange, Connections> databases;
    private final DatabaseClock clock;
    private final Map<DatabaseRange, HeldRange> found = new LinkedHashMap<>();
    private final List<DatabaseRange> absent = new ArrayList<>();
    private @Nullable LogException silence;

    private LogFounding(Map<DatabaseRange, Connections> databases, InstantSource clock) {
        this.databases = databases;
        this.clock = new DatabaseClock(clock);
    }

    /// Finds or makes the log. A database that does not answer is left out, unless the log is yet
    /// to be made; [#verify] checks its tables when it answers.
    ///
    /// @return the id of the log
    /// @throws IllegalArgumentException when the databases do not hold one log, naming each problem
    /// @throws IllegalStateException as [DatabaseClock#requireAlike]
    /// @throws LogException when no database answers, or the log cannot be made
    static UUID of(Map<DatabaseRange, Connections> databases, InstantSource clock) {
        LogFounding founding = new LogFounding(databases, clock);
        founding.look();
        if (founding.isComplete() && !founding.absent.isEmpty()) {
            founding.look(); // made meanwhile, or the wrong one
        }
        founding.failUnlessOneLog();
        return founding.isComplete()
                ? founding.found.values().iterator().next().log()
                : founding.make();
    }

    /// Fails unless a database holds its range of the log.
    ///
    /// @throws LogException when the database does not answer, or holds something else
    static void verify(DatabaseRange range, Connections connections, UUID log) {
        Optional<HeldRange> there = look(range, connections, range.database().commitLimit());
        try {
            there.orElseThrow(() -> new IllegalArgumentException(range.place() + " has no log"))
                    .require(range, log);
        } catch (IllegalArgumentException e) {
            throw new LogException(
                    LogException.Category.UNAVAILABLE, String.valueOf(e.getMessage()), e);
        }
    }

    private void look() {
        found.clear();
        absent.clear();
        silence = null;
        for (Map.Entry<DatabaseRange, Connections> database : databases.entrySet()) {
            DatabaseRange range = database.getKey();
            try {
                with(
                                range,
                                database.getValue(),
                                Connections.MAKING,
                                open -> lookAtStart(range, open))
                        .ifPresentOrElse(there -> found.put(range, there), () -> absent.add(range));
            } catch (LogException e) {
                silence = e;
            }
        }
        if (found.isEmpty() && silence != null) {
            throw silence;
        }
    }

    private static Optional<HeldRange> look(
            DatabaseRange range, Connections connections, Duration limit) {
        return with(range, connections, limit, open -> Schema.look(open, range.place()));
    }

    private Optional<HeldRange> lookAtStart(DatabaseRange range, Connection open)
            throws SQLException {
        clock.requireAlike(open, range.place());
        return Schema.look(open, range.place());
    }

    private boolean isComplete() {
        return found.values().stream().anyMatch(HeldRange::isComplete);
    }

    private void failUnlessOneLog() {
        Problems problems = new Problems();
        found.forEach(
                (range, there) -> {
                    try {
                        there.require(range, found.values().iterator().next().log());
                    } catch (IllegalArgumentException e) {
                        problems.add(String.valueOf(e.getMessage()));
                    }
                });
        if (isComplete()) {
            absent.forEach(
                    range ->
                            problems.add(
                                    "%s holds no log, though partitions %d to %d of this one must be there"
                                            .formatted(
                                                    range.place(), range.first(), range.last())));
        }
        problems.failIfAny();
    }

    /// Makes the log with the id that the first database has in the end, so that several starts at
    /// once agree on it.
    private UUID make() {
        if (silence != null) {
            throw silence; // a log is made when all of its databases answer
        }
        UUID log = found.isEmpty() ? UUID.randomUUID() : found.values().iterator().next().log();
        for (Map.Entry<DatabaseRange, Connections> database : databases.entrySet()) {
            DatabaseRange range = database.getKey();
            HeldRange wanted = HeldRange.begun(log, range);
            HeldRange there =
                    with(
                            range,
                            database.getValue(),
                            Connections.MAKING,
                            open -> Schema.found(open, range.place(), wanted));
            if (range.first() == 0) {
                log = there.log();
            }
            there.require(range, log);
        }
        databases.forEach(
                (range, connections) ->
                        with(
                                range,
                                connections,
                                Connections.MAKING,
                                open -> {
                                    Schema.complete(open);
                                    return true;
                                }));
        return log;
    }

    private interface Action<T> {
        T run(Connection connection) throws SQLException;
    }

    private static <T> T with(
            DatabaseRange range, Connections connections, Duration limit, Action<T> action) {
        try (Connection connection = connections.open(range.database().commitLimit(), limit)) {
            return action.run(connection);
        } catch (SQLException e) {
            throw Failures.of("cannot open the log in " + range.place(), e);
        }
    }
}
