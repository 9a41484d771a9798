// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.SagaState;
import dev.fakta.domain.View;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.SagaCounts;
import dev.fakta.runtime.SagaRow;
import dev.fakta.views.Row;
import dev.fakta.views.engine.ViewStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What the runner of a courier or an alarm clock keeps beside the log, in a view of the kit's own,
/// besides how far it has read.
///
/// `errand` has a courier's ids whose errand is not done yet though the checkpoint has passed its
/// call, and a clock's alarms that are set, as `ALARM:ID`. `again` has the ids of a courier whose
/// errand was done and is run once more, as another one may have overlapped it.
final class ErrandIndex {

    private static final String COUNTS =
            IndexCounts.statement("errand where failures >= ?", "errand where due < ?");
    private static final String INSERT =
            """
            insert into errand
                (id, status, failures, due, since, reason, correlation, causation, trace, seen)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (id) do\s""";
    private static final String WRITE =
            INSERT
                    + """
                    update set status = excluded.status, failures = excluded.failures,
                        due = excluded.due, since = excluded.since, reason = excluded.reason,
                        correlation = excluded.correlation, causation = excluded.causation,
                        trace = excluded.trace, seen = excluded.seen""";
    private static final String WRITE_UNLESS_THERE = INSERT + "nothing";

    private ErrandIndex() {}

    /// The view; its version is that of these tables.
    ///
    /// @param name of the courier or the clock
    static View view(String name) {
        return View.named("errands-" + name)
                .table(
                        """
                        create table errand (
                            id text primary key,
                            status text not null,
                            failures integer not null,
                            due bigint,
                            since bigint not null,
                            reason text not null,
                            correlation text,
                            causation text,
                            trace text,
                            seen bigint)""")
                .table("create index errand_due on errand (due)")
                .table("create index errand_status on errand (status, id)")
                .table("create table again (id text primary key, due bigint not null)")
                .table("create index again_due on again (due)");
    }

    /// An errand that is to be run, or an alarm that is to ring.
    ///
    /// @param failures in a row
    /// @param since when it went wrong first, or was called
    /// @param reason why it went wrong the last time; empty when it has not
    /// @param cause what it follows from; `null` when that is not known
    record Due(
            String id,
            int failures,
            Instant due,
            Instant since,
            String reason,
            @Nullable Cause cause) {}

    static void write(View.Sql sql, Due row, SagaState.Status status) {
        write(sql, WRITE, status, row);
    }

    /// Writes it unless there is one of this id.
    static void writeUnlessThere(View.Sql sql, Due row) {
        write(sql, WRITE_UNLESS_THERE, SagaState.Status.LIVE, row);
    }

    private static void write(View.Sql sql, String statement, SagaState.Status status, Due row) {
        Cause cause = row.cause;
        sql.run(
                statement,
                row.id,
                text(status),
                row.failures,
                row.due.toEpochMilli(),
                row.since.toEpochMilli(),
                row.reason,
                cause == null ? null : cause.correlationId().toString(),
                cause == null ? null : cause.causationId().toString(),
                cause == null ? null : cause.traceParent(),
                cause == null ? null : cause.seen());
    }

    static void delete(View.Sql sql, String id) {
        sql.run("delete from errand where id = ?", id);
    }

    /// Lists the partitions in which the courier's reading stands, and no others.
    static void writeHolds(View.Sql sql, Collection<SagaHolds.Hold> holds, Instant now) {
        sql.run("delete from errand where id like '(partition %)'");
        for (SagaHolds.Hold hold : holds) {
            String id = "(partition %d)".formatted(hold.partition());
            sql.run(
                    """
                    insert into errand (id, status, failures, due, since, reason)
                    values (?, ?, 1, null, ?, ?)""",
                    id,
                    text(SagaState.Status.PARKED),
                    now.toEpochMilli(),
                    hold.reason());
        }
    }

    /// The errands that are due, the longest due first.
    static List<Due> due(ViewStore store, View view, Instant now, int limit) {
        return store.rows(
                view,
                "select * from errand where due <= ? order by due limit ?",
                row ->
                        new Due(
                                row.text("id"),
                                (int) row.number("failures"),
                                Instant.ofEpochMilli(row.number("due")),
                                Instant.ofEpochMilli(row.number("since")),
                                row.text("reason"),
                                cause(row)),
                now.toEpochMilli(),
                limit);
    }

    private static @Nullable Cause cause(Row row) {
        String correlation = row.textOrNull("correlation");
        return correlation == null
                ? null
                : new Cause(
                        Cause.freshId(),
                        0,
                        UUID.fromString(correlation),
                        UUID.fromString(row.text("causation")),
                        "",
                        Set.of(),
                        row.text("trace"),
                        row.number("seen"));
    }

    /// Has the errand for an id run once more.
    static void writeAgain(View.Sql sql, String id, Instant due) {
        sql.run(
                "insert into again values (?, ?) on conflict (id) do update set due = excluded.due",
                id,
                due.toEpochMilli());
    }

    /// It was run once more, at this time or later.
    static void deleteAgain(View.Sql sql, String id, Instant due) {
        sql.run("delete from again where id = ? and due <= ?", id, due.toEpochMilli());
    }

    /// The ids whose errand is to be run once more by now.
    static List<String> again(ViewStore store, View view, Instant now, int limit) {
        return store.rows(
                view,
                "select id from again where due <= ? order by due limit ?",
                row -> row.text("id"),
                now.toEpochMilli(),
                limit);
    }

    /// When the next errand is due after this time; `null` when none is.
    static @Nullable Instant nextDue(ViewStore store, View view, Instant after) {
        List<Instant> next =
                store.rows(
                        view,
                        "select due from errand where due > ? union all select due from again where due > ? order by due limit 1",
                        row -> Instant.ofEpochMilli(row.number("due")),
                        after.toEpochMilli(),
                        after.toEpochMilli());
        return next.isEmpty() ? null : next.getFirst();
    }

    /// What has gone wrong, of a clock all that is set, in the order of the ids.
    ///
    /// @param name of the courier or the clock
    /// @param failures how often in a row it has gone wrong at least
    /// @param status `null`: all
    static List<SagaRow> list(
            ViewStore store,
            String name,
            View view,
            int failures,
            SagaState.@Nullable Status status,
            String after,
            int limit) {
        List<@Nullable Object> arguments = new ArrayList<>();
        arguments.add(after);
        arguments.add(failures);
        if (status != null) {
            arguments.add(text(status));
        }
        arguments.add(limit);
        return store.rows(
                view,
                "select * from errand where id > ? and failures >= ?"
                        + (status == null ? "" : " and status = ?")
                        + " order by id limit ?",
                row -> shown(name, row),
                arguments.toArray());
    }

    /// What has this id, if it has gone wrong so often: one or none.
    static List<SagaRow> find(ViewStore store, String name, View view, int failures, String id) {
        return store.rows(
                view,
                "select * from errand where id = ? and failures >= ?",
                row -> shown(name, row),
                id,
                failures);
    }

    private static SagaRow shown(String name, Row row) {
        return new SagaRow(
                name,
                row.text("id"),
                status(row.text("status")),
                row.number("due") == 0 ? null : Instant.ofEpochMilli(row.number("due")),
                Instant.ofEpochMilli(row.number("since")),
                row.text("reason"));
    }

    /// How many errands are known not to be done, or alarms to be set.
    static long unfinished(ViewStore store, View view) {
        return store.rows(
                        view,
                        "select count(*) as count from errand where id not like '(partition %)'",
                        row -> row.number("count"))
                .getFirst();
    }

    static SagaCounts counts(
            ViewStore store,
            String name,
            View view,
            int failures,
            Instant late,
            ToLongFunction<@Nullable Positions> behind) {
        return IndexCounts.of(store, name, view, COUNTS, behind, failures, late.toEpochMilli());
    }

    private static String text(SagaState.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static SagaState.Status status(String text) {
        return SagaState.Status.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
