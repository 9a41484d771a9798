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
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The list of subscriptions that have not ended. Of one that was given up it says why (`because`,
/// `detail`) and since when: in milliseconds since 1970. And the list of messages that were given
/// up.
final class WebhookView {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookView.class);

    /// So many messages that were given up are listed of a subscription: the latest.
    private static final int MOST_GIVEN_UP = 1_000;

    static final View DEFINITION =
            View.named("webhook-subscriptions")
                    .version(3)
                    .table(
                            """
                            create table webhook_subscription (
                                id text primary key,
                                url text not null,
                                status text not null,
                                because text,
                                detail text,
                                since bigint)""")
                    .table(
                            """
                            create table webhook_given_up (
                                id text not null,
                                subscription text not null,
                                position text not null,
                                stream text not null,
                                type text not null,
                                state text not null,
                                first_sent_at bigint not null,
                                attempts bigint not null,
                                reason text not null,
                                primary key (subscription, id))""")
                    .table(
                            "create index webhook_given_up_by_time on webhook_given_up"
                                    + " (subscription, first_sent_at)")
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
                    .on(Event.GivenUp.class, WebhookView::giveUp)
                    .on(
                            Event.Ended.class,
                            (_, at, sql) -> {
                                sql.run("delete from webhook_subscription where id = ?", at.id());
                                sql.run(
                                        "delete from webhook_given_up where subscription = ?",
                                        at.id());
                            });

    private WebhookView() {}

    private static void giveUp(Event.GivenUp e, At at, Sql sql) {
        Instant first = e.firstSentAt() == null ? at.time() : e.firstSentAt();
        sql.run(
                "delete from webhook_given_up where subscription = ? and id = ?",
                at.id(),
                e.event());
        sql.run(
                """
                insert into webhook_given_up (id, subscription, position, stream, type, state,
                    first_sent_at, attempts, reason) values (?, ?, ?, ?, ?, 'GIVEN_UP', ?, ?, ?)""",
                e.event(),
                at.id(),
                e.position(),
                Objects.requireNonNullElse(e.stream(), ""),
                Objects.requireNonNullElse(e.type(), ""),
                first.toEpochMilli(),
                e.attempts(),
                e.detail());
        sql.run(
                """
                delete from webhook_given_up where subscription = ? and id in (
                    select id from webhook_given_up where subscription = ?
                    order by first_sent_at desc, id desc limit 100 offset %d)"""
                        .formatted(MOST_GIVEN_UP),
                at.id(),
                at.id());
    }

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

    /// Where the event of a message lies that was given up; `null` when it is not listed.
    static @Nullable String givenUpAt(Node node, String subscription, String id) {
        List<String> found =
                node.rows(
                        DEFINITION,
                        "select position from webhook_given_up where subscription = ? and id = ?",
                        row -> row.text("position"),
                        subscription,
                        id);
        return found.isEmpty() ? null : found.getFirst();
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
