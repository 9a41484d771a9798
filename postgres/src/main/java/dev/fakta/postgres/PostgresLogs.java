// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.JoinedLog;
import dev.fakta.log.LogException;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The logs of several microsystems in PostgreSQL: each in tables of its own, in a schema of its
/// own, in one database or in several. Which partitions each has among all stands in a table of one
/// database ([LogRegister]).
public final class PostgresLogs {

    private static final System.Logger LOG = System.getLogger(PostgresLogs.class.getName());

    private PostgresLogs() {}

    /// Opens the logs, all at once, and makes those that there are not.
    ///
    /// @param aggregates the kinds of streams of each microsystem, by its name, in the order in
    ///   which new ones get their partitions
    /// @throws LogException as [RangedLog#open], for any of them
    /// @throws IllegalArgumentException when a database has the log of a microsystem that is not
    ///   among these, lacks one that it had, or holds a log as earlier versions kept it
    public static JoinedLog open(LogPlaces places, Map<String, Set<String>> aggregates) {
        return open(places, aggregates, System.getenv());
    }

    static JoinedLog open(
            LogPlaces places,
            Map<String, Set<String>> aggregates,
            Map<String, String> environment) {
        Connections home = Connections.toPrimary(places.home().url(), environment);
        try (Connection connection = home.open(places.home().commitLimit(), Connections.MAKING)) {
            LogRegister register = new LogRegister(connection, home.place());
            Map<String, Integer> partitions = new LinkedHashMap<>();
            aggregates
                    .keySet()
                    .forEach(name -> partitions.put(name, log(places, name).partitions()));
            List<LogRegister.Range> ranges = register.register(partitions);
            for (LogRegister.Range range : ranges) {
                if (range.isMade()) {
                    refuseLoss(range.microsystem(), log(places, range.microsystem()), environment);
                }
            }
            Map<String, RangedLog> logs = openAll(places, aggregates.keySet(), environment);
            register.made();
            return join(ranges, logs, aggregates);
        } catch (SQLException e) {
            throw Failures.of("cannot open the logs in " + home.place(), e);
        }
    }

    private static RangedLogSettings log(LogPlaces places, String microsystem) {
        RangedLogSettings log = places.logs().get(microsystem);
        if (log == null) {
            throw new IllegalArgumentException("no database for the log of " + microsystem);
        }
        return log;
    }

    /// Else a mistyped URL would begin an empty log, whose positions others have seen already.
    private static void refuseLoss(
            String microsystem, RangedLogSettings log, Map<String, String> environment) {
        DatabaseRange range = log.ranges().getFirst();
        Connections connections = Connections.toPrimary(range.database().url(), environment);
        try (Connection connection =
                connections.open(range.database().commitLimit(), Connections.MAKING)) {
            if (Schema.look(connection, connections.place()).isEmpty()) {
                throw new IllegalArgumentException(
                        "%s has no log of %s, though there was one"
                                .formatted(connections.place(), microsystem));
            }
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a database does not answer; its log looks at it when it does", e);
        }
    }

    private static Map<String, RangedLog> openAll(
            LogPlaces places, Set<String> microsystems, Map<String, String> environment) {
        Map<String, RangedLog> opened = new LinkedHashMap<>();
        RuntimeException failure = null;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, CompletableFuture<RangedLog>> opening = new LinkedHashMap<>();
            for (String name : microsystems) {
                RangedLogSettings log = log(places, name);
                opening.put(
                        name,
                        CompletableFuture.supplyAsync(
                                () -> RangedLog.open(log, environment), threads));
            }
            for (Map.Entry<String, CompletableFuture<RangedLog>> one : opening.entrySet()) {
                try {
                    opened.put(one.getKey(), one.getValue().join());
                } catch (CompletionException e) {
                    failure = e.getCause() instanceof RuntimeException known ? known : e;
                }
            }
        }
        if (failure != null) {
            opened.values().forEach(RangedLog::close);
            throw failure;
        }
        return opened;
    }

    private static JoinedLog join(
            List<LogRegister.Range> ranges,
            Map<String, RangedLog> logs,
            Map<String, Set<String>> aggregates) {
        List<JoinedLog.Part> parts = new ArrayList<>();
        for (LogRegister.Range range : ranges) {
            String name = range.microsystem();
            RangedLog log = logs.get(name);
            Set<String> kinds = aggregates.get(name);
            if (log != null && kinds != null) {
                parts.add(new JoinedLog.Part(name, range.first(), log, kinds));
            }
        }
        return JoinedLog.of(parts);
    }
}
