// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import dev.fakta.gateway.NewestFirst;
import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.runtime.Row;
import java.time.Instant;
import java.util.Map;

/// The operators' list over HTTP, newest first.
public final class TaskRoutes {

    private static final NewestFirst LIST =
            new NewestFirst("task", "since", Map.of("kind", "kind", "subject", "subject"));

    private TaskRoutes() {}

    public static void list(Routes http) {
        http.get("/tasks", TasksView.DEFINITION, TaskRoutes::page);
    }

    private static Page<Listed> page(Query query) {
        return LIST.page(query, Listed::of, Listed::cursor);
    }

    /// Something that waits for people.
    ///
    /// @param kind `hold`, `attention`, `return` or `payment`
    /// @param subject the id of the order, of the return or of the payment
    /// @param what is to be looked at
    private record Listed(
            String id, String kind, String subject, String what, String reason, Instant since) {

        static Listed of(Row row) {
            return new Listed(
                    row.text("id"),
                    row.text("kind"),
                    row.text("subject"),
                    row.text("what"),
                    row.text("reason"),
                    Instant.ofEpochMilli(row.number("since")));
        }

        String cursor() {
            return NewestFirst.cursor(since, id);
        }
    }
}
