// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.engine.Problems;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes some databases one log, or finds that they are one.
///
/// No transaction spans them, so a log is made in two steps: each database gets its range and the
/// log's id, and when all have it, each is told that the log is complete. As soon as one of them
/// says so, all were made: a database that is empty then is the wrong one, and not to be filled. A
/// crash in between is made good by the next start, and several starts at once do the same thing.
final class Founding {

    private final Map<DatabaseRange, Connections> databases;
    private final Map<DatabaseRange, Holding> found = new LinkedHashMap<>();
    private final List<DatabaseRange> absent = new ArrayList<>();
    private @Nullable LogException silence;

    private Founding(Map<DatabaseRange, Connections> databases) {
        this.databases = databases;
    }

    /// The id of the log. A database that does not answer is left out, unless the log is yet to be
    /// made: its tables are to be looked at ([#verify]) when it does.
    ///
    /// @throws IllegalArgumentException when they are no one log, naming each problem
    /// @throws LogException when none answers, or the log cannot be made
    static UUID of(Map<DatabaseRange, Connections> databases) {
        Founding founding = new Founding(databases);
        founding.look();
        if (founding.isComplete() && !founding.absent.isEmpty()) {
            founding.look(); // made meanwhile, or the wrong one
        }
        founding.failUnlessOneLog();
        return founding.isComplete()
                ? founding.found.values().iterator().next().log()
                : founding.make();
    }

    /// Looks whether a database holds its range of the log.
    ///
    /// @throws LogException when it does not answer, or holds something else
    static void verify(DatabaseRange range, Connections connections, UUID log) {
        Optional<Holding> there = look(range, connections, range.database().commitLimit());
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
                look(range, database.getValue(), Connections.MAKING)
                        .ifPresentOrElse(there -> found.put(range, there), () -> absent.add(range));
            } catch (LogException e) {
                silence = e;
            }
        }
        if (found.isEmpty() && silence != null) {
            throw silence;
        }
    }

    private static Optional<Holding> look(
            DatabaseRange range, Connections connections, Duration limit) {
        return with(range, connections, limit, open -> Schema.look(open, range.place()));
    }

    private boolean isComplete() {
        return found.values().stream().anyMatch(Holding::isComplete);
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

    /// The first database's id counts, so that of several starts at once all take the same.
    private UUID make() {
        if (silence != null) {
            throw silence; // a log is made when all of its databases answer
        }
        UUID log = found.isEmpty() ? UUID.randomUUID() : found.values().iterator().next().log();
        for (Map.Entry<DatabaseRange, Connections> database : databases.entrySet()) {
            DatabaseRange range = database.getKey();
            Holding wanted = Holding.begun(log, range);
            Holding there =
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
