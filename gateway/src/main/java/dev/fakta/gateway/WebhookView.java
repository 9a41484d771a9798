// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.gateway.WebhookSubscription.Event;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The list of subscriptions that have not ended. Of one that was given up it says why (`because`,
/// `detail`) and since when: in milliseconds since 1970.
final class WebhookView {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookView.class);

    static final View DEFINITION =
            View.named("webhook-subscriptions")
                    .version(2)
                    .table(
                            """
                            create table webhook_subscription (
                                id text primary key,
                                url text not null,
                                status text not null,
                                because text,
                                detail text,
                                since bigint)""")
                    .on(
                            Event.Subscribed.class,
                            (e, at, sql) ->
                                    sql.run(
                                            "insert into webhook_subscription (id, url, status)"
                                                    + " values (?, ?, 'ACTIVE')",
                                            at.id(),
                                            e.url()))
                    .on(
                            Event.Changed.class,
                            (e, at, sql) ->
                                    sql.run(
                                            "update webhook_subscription set url = ? where id = ?",
                                            e.url(),
                                            at.id()))
                    .on(Event.Paused.class, (_, at, sql) -> stands("PAUSED", null, at, sql))
                    .on(Event.Resumed.class, (_, at, sql) -> stands("ACTIVE", null, at, sql))
                    .on(Event.Disabled.class, (e, at, sql) -> stands("DISABLED", e, at, sql))
                    .on(
                            Event.Ended.class,
                            (_, at, sql) ->
                                    sql.run(
                                            "delete from webhook_subscription where id = ?",
                                            at.id()));

    private WebhookView() {}

    private static void stands(String status, Event.@Nullable Disabled why, At at, Sql sql) {
        sql.run(
                """
                update webhook_subscription set status = ?, because = ?, detail = ?, since = ?
                where id = ?""",
                status,
                why == null ? null : why.reason().name(),
                why == null ? null : why.detail(),
                why == null ? null : at.time().toEpochMilli(),
                at.id());
    }

    /// Those that were given up. None where the application serves no webhooks, and none that this
    /// node can read of: a list that shows them among others is of use without them.
    ///
    /// @param most of them
    static List<DisabledWebhook> disabled(Node node, int most) {
        if (!node.microsystems().views().contains(DEFINITION)) {
            return List.of();
        }
        try {
            return node.rows(
                    DEFINITION,
                    """
                    select id, because, detail, since from webhook_subscription
                    where status = 'DISABLED' order by since desc, id limit ?""",
                    row ->
                            new DisabledWebhook(
                                    row.text("id"),
                                    row.text("because"),
                                    row.text("detail"),
                                    Instant.ofEpochMilli(row.number("since"))),
                    most);
        } catch (NodeException e) {
            LOG.debug("no webhook subscription can be listed here now", e);
            return List.of();
        }
    }
}
