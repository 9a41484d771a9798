// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The statements of a transaction that wait to be sent, so that a network round trip carries many.
///
/// Equal statements make a run, which is one JDBC batch. A statement may pass over waiting ones
/// that touch other tables and join an earlier run: an event that inserts into four tables then
/// costs four batches per transaction, not four round trips. Which tables a statement touches is
/// read off its words. When a table's definition is not a plain `create table` (or refers to
/// another, or brings a trigger), or a statement names none of the view's tables, all keep their
/// order.
///
/// Not with the driver's rewriting into one insert of many rows: that fails when two events of a
/// batch upsert the same row.
final class StatementRuns {

    /// The most statements that wait, so that memory stays bounded.
    private static final int MOST = 8_192;

    private static final Pattern TABLE =
            Pattern.compile("create table (?:if not exists )?([a-z_][a-z0-9_]*)\\b.*");
    private static final Pattern INDEX = Pattern.compile("create (?:unique )?index .*");
    private static final Pattern TIES =
            Pattern.compile(".*\\b(?:references|trigger|inherits)\\b.*");

    private final Connection connection;
    private final Set<String> tables;
    private final Map<String, Set<String>> touched = new HashMap<>();
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final List<Run> runs = new ArrayList<>();
    private final Map<String, Integer> lastRun = new HashMap<>();
    private int lastBarrier = -1;
    private int waiting;

    private record Run(String statement, List<@Nullable Object[]> arguments) {}

    StatementRuns(Connection connection, View view) {
        this.connection = connection;
        this.tables = tables(view.tables());
    }

    /// The names of the view's tables; none when they are not independent of each other.
    static Set<String> tables(List<String> definitions) {
        Set<String> names = new LinkedHashSet<>();
        for (String definition : definitions) {
            String plain = definition.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
            Matcher table = TABLE.matcher(plain);
            boolean isTable = table.matches();
            if (TIES.matcher(plain).matches() || !(isTable || INDEX.matcher(plain).matches())) {
                return Set.of();
            }
            if (isTable) {
                names.add(table.group(1));
            }
        }
        return names;
    }

    void add(String statement, @Nullable Object... arguments) throws SQLException {
        if (waiting == MOST) {
            send();
        }
        waiting++;
        Set<String> touches = touched.computeIfAbsent(statement, this::touchedBy);
        int at = lastBarrier;
        for (String table : touches) {
            at = Math.max(at, lastRun.getOrDefault(table, -1));
        }
        if (touches.isEmpty()) {
            at = runs.size() - 1;
        }
        if (at < 0 || !runs.get(at).statement.equals(statement)) {
            at = runs.size();
            runs.add(new Run(statement, new ArrayList<>()));
            for (String table : touches) {
                lastRun.put(table, at);
            }
            lastBarrier = touches.isEmpty() ? at : lastBarrier;
        }
        runs.get(at).arguments.add(arguments);
    }

    private Set<String> touchedBy(String statement) {
        Set<String> words =
                new LinkedHashSet<>(
                        List.of(statement.toLowerCase(Locale.ROOT).split("[^a-z0-9_]+", -1)));
        words.retainAll(tables);
        return words;
    }

    void send() throws SQLException {
        for (Run run : runs) {
            PreparedStatement statement = prepared(run.statement);
            for (@Nullable Object[] arguments : run.arguments) {
                SqlArguments.bind(statement, PostgresText::write, arguments);
                statement.addBatch();
            }
            statement.executeBatch();
        }
        forget();
    }

    private PreparedStatement prepared(String statement) throws SQLException {
        PreparedStatement found = prepared.get(statement);
        if (found == null) {
            found = connection.prepareStatement(statement);
            prepared.put(statement, found);
        }
        return found;
    }

    /// Drops what waits; for a transaction that is rolled back.
    void forget() {
        runs.clear();
        lastRun.clear();
        lastBarrier = -1;
        waiting = 0;
    }
}
