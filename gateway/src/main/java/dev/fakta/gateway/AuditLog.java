// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.At;
import dev.fakta.domain.EventType;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.SagaEvent;
import dev.fakta.domain.View;
import dev.fakta.views.Row;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who did what, at `GET /audit`: one row for each event that a caller's command has led to,
/// whoever the caller was. What sagas, couriers and alarm clocks did on their own follows from
/// that, and has the same `correlationId`; it is in the events of each aggregate, and not in here.
/// Events without an actor, as on a server that trusts everybody, say nothing about who, and are
/// left out too.
///
/// A view like any other: it can be filled anew at any time, and nothing can be taken out of it
/// that is in the log.
public final class AuditLog {

    private static final String NAME = "audit";

    /// What sagas' own events belong to: they are the same for all sagas.
    private static final String SAGA = "saga";

    private static final NewestFirst LIST =
            new NewestFirst(
                    NAME,
                    "at",
                    "at",
                    Map.of(
                            "actor", "actor",
                            "event", "event",
                            "subject", "subject",
                            "correlationId", "correlation"));

    private AuditLog() {}

    /// The view of what is recorded by all of these microsystems. One of them has to have it.
    public static View of(List<Microsystem> microsystems) {
        Set<String> own = new HashSet<>();
        for (Microsystem one : microsystems) {
            one.sagas().forEach(saga -> own.add(saga.toString()));
            one.couriers().forEach(courier -> own.add(courier.toString()));
            one.clocks().forEach(clock -> own.add(clock.toString()));
        }
        View view =
                View.named(NAME)
                        .table(
                                """
                                create table audit (
                                    id text primary key,
                                    at bigint not null,
                                    actor text not null,
                                    event text not null,
                                    subject text not null,
                                    revision bigint not null,
                                    correlation text not null)""")
                        .table("create index audit_by_time on audit (at)")
                        .table("create index audit_by_actor on audit (actor, at)")
                        .table("create index audit_by_subject on audit (subject, at)")
                        .table("create index audit_by_correlation on audit (correlation)");
        for (EventType<?> event : SagaEvent.types()) {
            view = following(view, SAGA, event, own);
        }
        for (Microsystem one : microsystems) {
            for (Aggregate<?, ?, ?> aggregate : one.aggregates()) {
                for (EventType<?> event : aggregate.events()) {
                    view = following(view, aggregate.name(), event, own);
                }
            }
        }
        return view;
    }

    /// @param own the actors that are no callers
    private static View following(
            View view, String aggregate, EventType<?> event, Set<String> own) {
        return view.on(
                event.type(),
                (_, at, sql) -> {
                    if (!at.actor().isEmpty() && !own.contains(at.actor())) {
                        sql.run(
                                "insert into audit values (?, ?, ?, ?, ?, ?, ?)",
                                place(at),
                                at.time(),
                                at.actor(),
                                event.name(),
                                aggregate + "/" + at.id(),
                                at.revision(),
                                at.correlationId());
                    }
                });
    }

    /// Sorts as the log does within a partition.
    private static String place(At at) {
        return "%d.%019d".formatted(at.partition(), at.offset());
    }

    /// Serves it, to operators.
    ///
    /// @param view see [#of]
    public static void routes(Routes http, View view) {
        http.get("/audit", view, AuditLog::page).allowing(CallerRole.OPERATOR);
    }

    /// One thing that was done.
    ///
    /// @param actor who did it: the name of a key, `jwt:` and a subject, or where a webhook came in
    /// @param event what was recorded
    /// @param subject of what: the aggregate and its id
    /// @param revision the event's number among those of its subject
    /// @param correlationId the same for all that follows from one request, and its trace
    record Deed(
            String id,
            Instant at,
            String actor,
            String event,
            String subject,
            long revision,
            String correlationId) {

        static Deed of(Row row) {
            return new Deed(
                    row.text("id"),
                    Instant.ofEpochMilli(row.number("at")),
                    row.text("actor"),
                    row.text("event"),
                    row.text("subject"),
                    row.number("revision"),
                    row.text("correlation"));
        }
    }

    private static Page<Deed> page(Query query) {
        return LIST.pageInTime(query, Deed::of);
    }
}
