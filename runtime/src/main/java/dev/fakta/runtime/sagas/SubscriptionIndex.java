// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.SagaState;
import dev.fakta.domain.Subscription;
import dev.fakta.domain.View;
import dev.fakta.views.engine.ViewStore;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// What the runner of a subscription keeps, in a view of the kit's own, besides how far everything
/// was handed over: the streams that are set aside, and what keeps all others from going on.
///
/// The table is called and listed like that of [ErrandIndex], so that operators find both in one
/// list.
final class SubscriptionIndex {

    /// The id of the row that is there while nothing goes on.
    static final String EVERYTHING = "(everything)";

    private SubscriptionIndex() {}

    /// The view; its version is that of this table.
    static View view(Subscription subscription) {
        return View.named("subscription-" + subscription.name())
                .table(
                        """
                        create table errand (
                            id text primary key,
                            status text not null,
                            failures integer not null,
                            due bigint,
                            since bigint not null,
                            reason text not null,
                            revision bigint not null)""")
                .table("create index errand_due on errand (due)")
                .table("create index errand_status on errand (status, id)");
    }

    /// A stream that is set aside, or [#EVERYTHING].
    ///
    /// @param id the stream's aggregate and id, `order:4711`: a name with a slash is no part of a
    ///   path
    /// @param revision the first of the stream that was not taken
    /// @param failures in a row
    /// @param due when it is tried again
    /// @param since when it was set aside
    record Held(String id, long revision, int failures, Instant due, Instant since, String reason) {

        boolean isStream() {
            return !id.equals(EVERYTHING);
        }

        String stream() {
            return id.replaceFirst(":", "/");
        }

        static String idOf(String stream) {
            return stream.replaceFirst("/", ":");
        }
    }

    static void write(View.Sql sql, Held row, SagaState.Status status) {
        sql.run(
                """
                insert into errand (id, status, failures, due, since, reason, revision)
                values (?, ?, ?, ?, ?, ?, ?)
                on conflict (id) do update set status = excluded.status,
                    failures = excluded.failures, due = excluded.due, since = excluded.since,
                    reason = excluded.reason, revision = excluded.revision""",
                row.id,
                status.name().toLowerCase(Locale.ROOT),
                row.failures,
                row.due.toEpochMilli(),
                row.since.toEpochMilli(),
                row.reason,
                row.revision);
    }

    static void delete(View.Sql sql, String id) {
        sql.run("delete from errand where id = ?", id);
    }

    static List<Held> all(ViewStore store, View view) {
        return store.rows(
                view,
                "select * from errand order by id",
                row ->
                        new Held(
                                row.text("id"),
                                row.number("revision"),
                                (int) row.number("failures"),
                                Instant.ofEpochMilli(row.number("due")),
                                Instant.ofEpochMilli(row.number("since")),
                                row.text("reason")));
    }
}
