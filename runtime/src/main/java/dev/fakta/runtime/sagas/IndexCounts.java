// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.SagaState;
import dev.fakta.domain.View;
import dev.fakta.log.Positions;
import dev.fakta.runtime.SagaCounts;
import dev.fakta.views.engine.ViewStore;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The figures of one index, by one statement: whoever watches a node asks for those of all sagas
/// every few seconds, and each statement may be a question to a database.
final class IndexCounts {

    private static final String LATE = "late";
    private static final String POSITIONS = "positions";

    private record Line(String name, long number, @Nullable String positions) {}

    private IndexCounts() {}

    /// A statement of three parts: what there is by status, what is late, and how far the index is.
    ///
    /// @param byStatus what stands after `from`, for instances of all statuses
    /// @param late the same for those that have been due for too long
    static String statement(String byStatus, String late) {
        return """
               select status as name, count(*) as number, '' as positions from %s group by status
               union all select 'late', count(*), '' from %s
               union all select 'positions', 0, positions from fakta_view"""
                .formatted(byStatus, late);
    }

    /// @param behind how many records of the log come after the positions of the index; `null` is
    ///   what an index has that has read nothing
    static SagaCounts of(
            ViewStore store,
            String name,
            View index,
            String statement,
            ToLongFunction<@Nullable Positions> behind,
            Object... arguments) {
        List<Line> lines =
                store.rows(
                        index,
                        statement,
                        row ->
                                new Line(
                                        row.text("name"),
                                        row.number("number"),
                                        row.textOrNull("positions")),
                        arguments);
        Positions positions =
                lines.stream()
                        .filter(line -> line.name.equals(POSITIONS))
                        .map(line -> Positions.parse(Objects.requireNonNull(line.positions)))
                        .findFirst()
                        .orElse(null);
        return new SagaCounts(
                name,
                number(lines, SagaState.Status.LIVE),
                number(lines, SagaState.Status.STUCK),
                number(lines, SagaState.Status.PARKED),
                number(lines, LATE),
                behind.applyAsLong(positions));
    }

    private static long number(List<Line> lines, SagaState.Status status) {
        return number(lines, status.name().toLowerCase(Locale.ROOT));
    }

    private static long number(List<Line> lines, String name) {
        return lines.stream().filter(line -> line.name.equals(name)).mapToLong(Line::number).sum();
    }
}
