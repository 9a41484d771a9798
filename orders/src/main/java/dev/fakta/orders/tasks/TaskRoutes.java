// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import static dev.fakta.gateway.CallerRole.OPERATOR;
import static dev.fakta.gateway.CallerRole.STAFF;

import dev.fakta.gateway.DisabledWebhook;
import dev.fakta.gateway.NewestFirst;
import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.runtime.SagaRow;
import dev.fakta.views.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The operators' list over HTTP, newest first. Sagas in trouble and webhook subscriptions that
/// were given up stand among the rows of the view.
public final class TaskRoutes {

    /// More would be no list that anybody works through.
    private static final int MOST_OTHERS = 1_000;

    private static final NewestFirst LIST =
            new NewestFirst("task", "since", "since", Map.of("kind", "kind", "subject", "subject"));

    private TaskRoutes() {}

    public static void list(Routes http) {
        http.get("/tasks", TasksView.DEFINITION, TaskRoutes::page)
                .allowing(STAFF, OPERATOR)
                .gauge(
                        "fakta.orders.stalled",
                        "orders that nothing and nobody goes on with",
                        TasksView.DEFINITION,
                        "select count(*) as figure from task where kind = 'stalled'");
    }

    private static Page<Listed> page(Query query) {
        String kind = query.text("kind");
        if (kind != null && !TaskKind.NAMES.contains(kind)) {
            query.refuse("kind", "one of " + String.join(", ", TaskKind.NAMES));
        }
        String subject = query.text("subject");
        List<Listed> others =
                Stream.concat(
                                isAsked(TaskKind.SAGA, kind)
                                        ? query.troubledSagas(MOST_OTHERS).stream().map(Listed::of)
                                        : Stream.empty(),
                                isAsked(TaskKind.WEBHOOK, kind)
                                        ? query.disabledWebhooks(MOST_OTHERS).stream()
                                                .map(Listed::of)
                                        : Stream.empty())
                        .filter(row -> subject == null || subject.equals(row.subject()))
                        .toList();
        return LIST.pageWith(query, Listed::of, others, Listed::since, Listed::id);
    }

    private static boolean isAsked(TaskKind kind, @Nullable String asked) {
        return asked == null || asked.equals(kind.toString());
    }

    /// Something that waits for people.
    ///
    /// @param kind see [TaskKind]
    /// @param subject the id of the order, of the return, of the payment, of the saga's instance or
    ///   of the subscription
    /// @param href where the subject is found
    /// @param what is to be looked at
    private record Listed(
            String id,
            String kind,
            String subject,
            String href,
            String what,
            String reason,
            Instant since,
            TaskHelp help) {

        static Listed of(Row row) {
            TaskKind kind = TaskKind.named(row.text("kind"));
            String subject = row.text("subject");
            String what = row.text("what");
            return new Listed(
                    row.text("id"),
                    kind.toString(),
                    subject,
                    kind.href(subject),
                    what,
                    row.text("reason"),
                    Instant.ofEpochMilli(row.number("since")),
                    TaskHelp.of(kind, subject, what));
        }

        static Listed of(SagaRow row) {
            return new Listed(
                    TaskTable.id(TaskKind.SAGA, row.id(), row.saga()),
                    TaskKind.SAGA.toString(),
                    row.id(),
                    TaskKind.SAGA.href(row.saga() + "/" + row.id()),
                    row.saga(),
                    row.status() + ": " + row.reason(),
                    row.since(),
                    TaskHelp.of(TaskKind.SAGA, row.id(), row.saga()));
        }

        static Listed of(DisabledWebhook webhook) {
            return new Listed(
                    TaskTable.id(TaskKind.WEBHOOK, webhook.id(), webhook.because()),
                    TaskKind.WEBHOOK.toString(),
                    webhook.id(),
                    TaskKind.WEBHOOK.href(webhook.id()),
                    webhook.because(),
                    webhook.detail(),
                    webhook.since(),
                    TaskHelp.of(TaskKind.WEBHOOK, webhook.id(), webhook.because()));
        }
    }
}
