// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.View;
import dev.fakta.log.Positions;
import dev.fakta.runtime.SagaCounts;
import dev.fakta.runtime.SagaRow;
import dev.fakta.views.engine.ViewStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What a saga's runner keeps beside the log: a row for every instance that has not ended, in a
/// view of the kit's own.
///
/// A row is an aid to memory, not the truth: it says which instances to look after, and when. What
/// is to be done the instance's state says. So a row may be old, as long as the record that made it
/// old lies behind the checkpoint; and an instance that begins and ends between two commits never
/// gets one. `held` has the inputs in front of the checkpoint that no instance has taken yet.
final class SagaIndex {

    private static final String COUNTS =
            IndexCounts.statement("instance", "instance where due < ? and due > 0");
    private static final String UPSERT =
            """
            insert into instance (id, status, version, uses, due, since, reason)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict (id) do update set status = excluded.status, version = excluded.version,
                uses = excluded.uses, due = excluded.due, since = excluded.since,
                reason = excluded.reason""";

    private SagaIndex() {}

    /// The view; its version is that of these tables.
    static View view(Saga<?, ?> saga) {
        return view(saga.name());
    }

    static View view(String saga) {
        return View.named("saga-" + saga)
                .table(
                        """
                        create table instance (
                            id text primary key,
                            status text not null,
                            version integer not null,
                            uses text not null,
                            due bigint,
                            since bigint not null,
                            reason text not null)""")
                .table("create index instance_due on instance (due)")
                .table("create index instance_status on instance (status, id)")
                .table(
                        """
                        create table held (
                            partition_number integer not null,
                            record_offset bigint not null,
                            primary key (partition_number, record_offset))""");
    }

    static void write(View.Sql sql, Saga<?, ?> saga, String id, SagaState<Object> state) {
        Instant due = state.next(saga.patience());
        sql.run(
                UPSERT,
                id,
                text(state.status()),
                state.version(),
                String.join(",", state.uses()),
                due == null ? null : due.toEpochMilli(),
                state.since().toEpochMilli(),
                state.reason());
    }

    /// An instance that cannot be reached, or not be read.
    static void writeLost(
            View.Sql sql, String id, SagaState.Status status, Instant now, String reason) {
        sql.run(UPSERT, id, text(status), 0, "", now.toEpochMilli(), now.toEpochMilli(), reason);
    }

    /// Lists the partitions in which the saga's reading stands, and no others. Such a row is no
    /// instance: nothing is due, and no name of the code is used.
    static void writeHolds(View.Sql sql, Collection<SagaHolds.Hold> holds, Instant now) {
        sql.run("delete from instance where id like '(partition %)'");
        for (SagaHolds.Hold hold : holds) {
            sql.run(
                    UPSERT,
                    "(partition %d)".formatted(hold.partition()),
                    text(SagaState.Status.PARKED),
                    0,
                    "",
                    null,
                    now.toEpochMilli(),
                    hold.reason());
        }
    }

    /// The newest version of the saga that has reacted for an instance that is listed.
    static int newestVersion(ViewStore store, View view) {
        return store.rows(
                        view,
                        "select coalesce(max(version), 0) as version from instance",
                        row -> (int) row.number("version"))
                .getFirst();
    }

    static void delete(View.Sql sql, String id) {
        sql.run("delete from instance where id = ?", id);
    }

    static void hold(View.Sql sql, int partition, long offset) {
        sql.run("insert into held values (?, ?) on conflict do nothing", partition, offset);
    }

    static void release(View.Sql sql, int partition, long offset) {
        sql.run(
                "delete from held where partition_number = ? and record_offset = ?",
                partition,
                offset);
    }

    /// The place of an input in the log.
    record Place(int partition, long offset) {}

    static List<Place> held(ViewStore store, View view) {
        return store.rows(
                view,
                "select * from held order by partition_number, record_offset",
                row ->
                        new Place(
                                (int) row.number("partition_number"), row.number("record_offset")));
    }

    /// The ids of instances that are due, the longest due first.
    static List<String> due(ViewStore store, View view, Instant now, int limit) {
        return store.rows(
                view,
                "select id from instance where due <= ? order by due limit ?",
                row -> row.text("id"),
                now.toEpochMilli(),
                limit);
    }

    /// When the next instance is due; `null` when none is.
    static @Nullable Instant nextDue(ViewStore store, View view, Instant after) {
        List<Instant> next =
                store.rows(
                        view,
                        "select due from instance where due > ? order by due limit 1",
                        row -> Instant.ofEpochMilli(row.number("due")),
                        after.toEpochMilli());
        return next.isEmpty() ? null : next.getFirst();
    }

    /// Instances in the order of their ids.
    ///
    /// @param status `null`: all
    static List<SagaRow> list(
            ViewStore store,
            Saga<?, ?> saga,
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
                view(saga),
                "select * from instance where id > ?"
                        + (status == null ? "" : " and status = ?")
                        + " order by id limit ?",
                row ->
                        new SagaRow(
                                saga.name(),
                                row.text("id"),
                                status(row.text("status")),
                                row.number("due") == 0
                                        ? null
                                        : Instant.ofEpochMilli(row.number("due")),
                                Instant.ofEpochMilli(row.number("since")),
                                row.text("reason")),
                arguments.toArray());
    }

    /// How many instances use what.
    record Use(String uses, int version, long count) {}

    static List<Use> uses(ViewStore store, View view) {
        return store.rows(
                view,
                "select uses, version, count(*) as count from instance group by uses, version",
                row -> new Use(row.text("uses"), (int) row.number("version"), row.number("count")));
    }

    private record Counted(SagaState.Status status, long count) {}

    /// How many instances have not ended, by status, of the first `most` of them.
    static Map<SagaState.Status, Long> unfinished(ViewStore store, View view, int most) {
        Map<SagaState.Status, Long> counts = new EnumMap<>(SagaState.Status.class);
        store.rows(
                        view,
                        "select status, count(*) as count from (select status from instance where id not like '(partition %' limit ?) as first group by status",
                        row -> new Counted(status(row.text("status")), row.number("count")),
                        most)
                .forEach(counted -> counts.put(counted.status, counted.count));
        return counts;
    }

    static SagaCounts counts(
            ViewStore store,
            Saga<?, ?> saga,
            Instant late,
            ToLongFunction<@Nullable Positions> behind) {
        return IndexCounts.of(store, saga.name(), view(saga), COUNTS, behind, late.toEpochMilli());
    }

    private static String text(SagaState.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static SagaState.Status status(String text) {
        return SagaState.Status.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
