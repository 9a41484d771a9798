// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.Courier;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.View;
import dev.fakta.runtime.Row;
import dev.fakta.runtime.SagaCounts;
import dev.fakta.runtime.SagaRow;
import dev.fakta.runtime.views.ViewStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a courier's runner keeps beside the log, in a view of the kit's own, besides how far it has
/// read.
///
/// `errand` has the ids whose errand is not done yet though the checkpoint has passed its call;
/// `again` those whose errand was done and is run once more, as another one may have overlapped it.
final class CourierIndex {

    private CourierIndex() {}

    /// The view; its version is that of these tables.
    static View view(Courier courier) {
        return view(courier.name());
    }

    static View view(String courier) {
        return View.named("courier-" + courier)
                .table(
                        """
                        create table errand (
                            id text primary key,
                            status text not null,
                            failures integer not null,
                            due bigint,
                            since bigint not null,
                            reason text not null)""")
                .table("create index errand_due on errand (due)")
                .table("create index errand_status on errand (status, id)")
                .table("create table again (id text primary key, due bigint not null)")
                .table("create index again_due on again (due)");
    }

    /// An errand that is to be run.
    ///
    /// @param failures in a row
    /// @param since when it went wrong first, or was called
    /// @param reason why it went wrong the last time; empty when it has not
    record Due(String id, int failures, Instant due, Instant since, String reason) {}

    static void write(View.Sql sql, Due row, SagaState.Status status) {
        write(sql, row.id, status, row.failures, row.due.toEpochMilli(), row.since, row.reason);
    }

    private static void write(
            View.Sql sql,
            String id,
            SagaState.Status status,
            int failures,
            @Nullable Long due,
            Instant since,
            String reason) {
        sql.run(
                """
                insert into errand (id, status, failures, due, since, reason)
                values (?, ?, ?, ?, ?, ?)
                on conflict (id) do update set status = excluded.status,
                    failures = excluded.failures, due = excluded.due, since = excluded.since,
                    reason = excluded.reason""",
                id,
                text(status),
                failures,
                due,
                since.toEpochMilli(),
                reason);
    }

    static void delete(View.Sql sql, String id) {
        sql.run("delete from errand where id = ?", id);
    }

    /// Lists the partitions in which the courier's reading stands, and no others.
    static void writeHolds(View.Sql sql, Collection<SagaHolds.Hold> holds, Instant now) {
        sql.run("delete from errand where id like '(partition %)'");
        for (SagaHolds.Hold hold : holds) {
            String id = "(partition %d)".formatted(hold.partition());
            write(sql, id, SagaState.Status.PARKED, 1, null, now, hold.reason());
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
                                row.text("reason")),
                now.toEpochMilli(),
                limit);
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

    /// Errands that have gone wrong, in the order of their ids.
    ///
    /// @param status `null`: all
    static List<SagaRow> list(
            ViewStore store,
            Courier courier,
            SagaState.@Nullable Status status,
            String after,
            int limit) {
        List<@Nullable Object> arguments = new ArrayList<>();
        arguments.add(after);
        if (status != null) {
            arguments.add(text(status));
        }
        arguments.add(limit);
        return store.rows(
                view(courier),
                "select * from errand where id > ? and failures > 0"
                        + (status == null ? "" : " and status = ?")
                        + " order by id limit ?",
                row -> shown(courier, row),
                arguments.toArray());
    }

    /// The errand for an id, if it has gone wrong: one or none.
    static List<SagaRow> find(ViewStore store, Courier courier, String id) {
        return store.rows(
                view(courier),
                "select * from errand where id = ? and failures > 0",
                row -> shown(courier, row),
                id);
    }

    private static SagaRow shown(Courier courier, Row row) {
        return new SagaRow(
                courier.name(),
                row.text("id"),
                status(row.text("status")),
                row.number("due") == 0 ? null : Instant.ofEpochMilli(row.number("due")),
                Instant.ofEpochMilli(row.number("since")),
                row.text("reason"));
    }

    private record Counted(SagaState.Status status, long count) {}

    /// How many errands are known not to be done.
    static long unfinished(ViewStore store, View view) {
        return store.rows(
                        view,
                        "select count(*) as count from errand where id not like '(partition %)'",
                        row -> row.number("count"))
                .getFirst();
    }

    static SagaCounts counts(ViewStore store, Courier courier, Instant late, long behind) {
        View view = view(courier);
        List<Counted> counted =
                store.rows(
                        view,
                        "select status, count(*) as count from errand where failures > 0 group by status",
                        row -> new Counted(status(row.text("status")), row.number("count")));
        long overdue =
                store.rows(
                                view,
                                "select count(*) as count from errand where due < ?",
                                row -> row.number("count"),
                                late.toEpochMilli())
                        .getFirst();
        return new SagaCounts(
                courier.name(),
                count(counted, SagaState.Status.LIVE),
                count(counted, SagaState.Status.STUCK),
                count(counted, SagaState.Status.PARKED),
                overdue,
                behind);
    }

    private static long count(List<Counted> counted, SagaState.Status status) {
        return counted.stream().filter(one -> one.status == status).mapToLong(Counted::count).sum();
    }

    private static String text(SagaState.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static SagaState.Status status(String text) {
        return SagaState.Status.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
