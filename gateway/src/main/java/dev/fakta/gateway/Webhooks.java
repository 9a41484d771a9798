// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.gateway.WebhookSubscription.Command;
import dev.fakta.gateway.WebhookSubscription.Reason;
import dev.fakta.gateway.WebhookSubscription.Resend;
import dev.fakta.gateway.WebhookSubscription.Status;
import dev.fakta.gateway.WebhookSubscription.Wanted;
import dev.fakta.gateway.webhooks.ReceiverAddresses;
import dev.fakta.gateway.webhooks.WebhookKeys;
import dev.fakta.gateway.webhooks.WebhookSettings;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Versioned;
import dev.fakta.views.Row;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Events that are posted to other systems, by Standard Webhooks: a microsystem that any
/// application serves beside its own.
///
/// ```java
/// Fakta.run(args, List.of(mine, ApiKeys.SERVED, Webhooks.SERVED));
/// ```
///
/// `POST /webhook-subscriptions` makes a subscription: the answer has the secret that its messages
/// are signed with, which is shown this once. `PUT /webhook-subscriptions/{id}` changes where it
/// goes and what it wants, `POST` at its `rotate` replaces the secret, at `pause` and `resume` has
/// it wait and go on, `DELETE` ends it. All of it is for administrators, since a subscription is
/// sent what it asks for.
///
/// [WebhookDeliverers] delivers.
public final class Webhooks {

    private static final String PATH = "/webhook-subscriptions";
    private static final String LATEST = "latest";
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(7);
    private static final int LONGEST_BODY = 50_000;
    private static final int MOST_NAMES = 100;
    private static final NewestFirst DELIVERIES =
            new NewestFirst(
                    "webhook_given_up", "firstSentAt", "first_sent_at", Map.of("state", "state"));
    private static final Pattern TYPE = Pattern.compile("[a-z0-9-]{1,100}");
    private static final Pattern STREAM =
            Pattern.compile("[a-z0-9-]{1,100}(/[^\\p{Cntrl}]{1,100})?");

    /// The microsystem, and what is served of it: with secrets that end with the process, unless it
    /// is served by [Served], which knows its options.
    public static final ServedMicrosystem SERVED =
            new ServedMicrosystem(
                    Microsystem.named("webhooks")
                            .with(WebhookSubscription.AGGREGATE)
                            .with(WebhookView.DEFINITION),
                    http ->
                            routes(
                                    http,
                                    WebhookSettings.of(
                                            WebhookKeys.ofThisProcess(),
                                            ReceiverAddresses.within(
                                                    ReceiverAddresses.Reach.PUBLIC))));

    private final WebhookSettings settings;
    private final WebhookDeliveryLogs logs = new WebhookDeliveryLogs();

    private Webhooks(WebhookSettings settings) {
        this.settings = settings;
    }

    /// Lists the routes, and delivers beside them.
    static void routes(Routes http, WebhookSettings settings) {
        Webhooks webhooks = new Webhooks(settings);
        http.resource(PATH, WebhookSubscription.AGGREGATE, Shown::of)
                .on(
                        Routes.Method.POST,
                        PATH,
                        201,
                        Subscription.class,
                        Shown.class,
                        webhooks::subscribe)
                .on(
                        Routes.Method.PUT,
                        PATH + "/{id}",
                        200,
                        Change.class,
                        Shown.class,
                        webhooks::change)
                .on(
                        Routes.Method.POST,
                        PATH + "/{id}/rotate",
                        200,
                        Rotation.class,
                        Shown.class,
                        webhooks::rotate)
                .on(
                        Routes.Method.POST,
                        PATH + "/{id}/resend",
                        202,
                        WebhookResendRoute.ResendRequest.class,
                        Shown.class,
                        webhooks::resend)
                .post(PATH + "/{id}/pause", Command.Pause.class, WebhookSubscription.AGGREGATE)
                .post(PATH + "/{id}/resume", Command.Resume.class, WebhookSubscription.AGGREGATE)
                .delete(PATH + "/{id}", Command.End.class, WebhookSubscription.AGGREGATE)
                .get(PATH, WebhookView.DEFINITION, Webhooks::page)
                .get(PATH + "/{id}/deliveries", WebhookView.DEFINITION, webhooks::deliveries)
                .gauge(
                        "fakta.webhooks.disabled",
                        "subscriptions that were given up and wait for somebody",
                        WebhookView.DEFINITION,
                        "select count(*) as figure from webhook_subscription where status = 'DISABLED'");
        http.chore(WebhookDeliverers.chore(settings, webhooks.logs));
    }

    /// Delivers: for a node that has the subscriptions and no routes, too.
    static void deliver(Routes http, WebhookSettings settings) {
        http.chore(WebhookDeliverers.chore(settings, new WebhookDeliveryLogs()));
    }

    /// A subscription as administrators see it.
    ///
    /// @param because why it is disabled
    /// @param failingSince since when nothing was taken
    /// @param delivered how many messages were taken; some may be counted twice
    /// @param position up to where each event was taken or given up; `GET /events` goes on there
    /// @param resends what was asked for again and is not carried out yet
    /// @param secret what its messages are signed with; only in the answer that shows it once
    private record Shown(
            String id,
            String url,
            List<String> types,
            List<String> streams,
            Status status,
            @Nullable Reason because,
            @Nullable Instant failingSince,
            long delivered,
            long givenUp,
            String position,
            List<Resend> resends,
            @Nullable String secret) {

        static Shown of(Versioned<WebhookSubscription> found) {
            return of(found, null);
        }

        static Shown of(Versioned<WebhookSubscription> found, @Nullable String secret) {
            WebhookSubscription state = found.state();
            return new Shown(
                    found.id(),
                    state.url(),
                    state.wanted().types(),
                    state.wanted().streams(),
                    state.status(),
                    state.because(),
                    state.failingSince(),
                    state.delivered(),
                    state.givenUp(),
                    state.positions(),
                    state.resends(),
                    secret);
        }
    }

    /// A subscription in a list.
    private record Listed(String id, String url, Status status, @Nullable Reason because) {
        static Listed of(Row row) {
            String because = row.textOrNull("because");
            return new Listed(
                    row.text("id"),
                    row.text("url"),
                    Status.valueOf(row.text("status")),
                    because == null ? null : Reason.valueOf(because));
        }
    }

    /// What was given up is known to every node, and what was taken or waits to the one that
    /// delivers.
    private Page<WebhookDelivery> deliveries(Query query) {
        String id = query.path("id");
        query.oneOf("state", WebhookDelivery.State.values());
        String state = query.text("state");
        Node node = query.answering();
        List<WebhookDelivery> kept = List.of();
        if (node != null) {
            known(node, id);
            if (!WebhookDelivery.State.GIVEN_UP.name().equals(state)) {
                requireHere(node, id);
                kept =
                        logs.of(id).stream()
                                .filter(one -> state == null || one.state().name().equals(state))
                                .toList();
            }
        }
        return DELIVERIES.pageWithin(
                query,
                Map.of("subscription", id),
                WebhookDelivery::of,
                kept,
                WebhookDelivery::firstSentAt,
                WebhookDelivery::id);
    }

    private static void requireHere(Node node, String id) {
        if (!node.hosts(WebhookSubscription.AGGREGATE, id)) {
            String where =
                    node.hostElsewhere(WebhookSubscription.AGGREGATE, id)
                            .map("The node at %s in the cluster delivers"::formatted)
                            .orElse("No node delivers at this moment");
            throw new ProblemException(
                    Problem.unavailable(
                            ProblemType.DELIVERED_ELSEWHERE,
                            where
                                    + ", and what was taken or waits is known to the node that"
                                    + " does; every node answers ?state=GIVEN_UP."));
        }
    }

    private static Page<Listed> page(Query query) {
        return query.page(
                "select * from webhook_subscription where id > ? order by id limit ?",
                Listed::of,
                Listed::id,
                Objects.requireNonNullElse(query.text("after"), ""));
    }

    /// Asks for a subscription.
    ///
    /// @param after a token: events behind it are delivered; those from now on when it is left out
    private record Subscription(
            @Nullable String url,
            @Nullable List<String> types,
            @Nullable List<String> streams,
            @Nullable String after) {}

    /// Asks for other messages, or to send them elsewhere.
    private record Change(
            @Nullable String url, @Nullable List<String> types, @Nullable List<String> streams) {}

    /// Asks for another secret in the place of one.
    ///
    /// @param keepOldFor how long the one before still signs beside it; a day when it is left out
    private record Rotation(@Nullable Duration keepOldFor) {}

    private void subscribe(Node node, Request request, ServerResponse response) {
        byte[] body = request.body(LONGEST_BODY);
        byte[] retry = request.keyDigest();
        String id = retry == null ? Ids.fresh(node.clock().millis()) : Ids.following(retry);
        Subscription asked = request.read(Subscription.class, body);
        List<Processor.Problem> problems = problems(asked.url, asked.types, asked.streams);
        Positions after = after(node, asked.after, problems);
        Command command =
                new Command.Subscribe(
                        valid(asked.url, problems),
                        wanted(asked.types, asked.streams),
                        after.token());
        show(node, request, response, 201, id, command, request.cause(retry, body, 0));
    }

    private void change(Node node, Request request, ServerResponse response) {
        byte[] body = request.body(LONGEST_BODY);
        String id = known(node, request.id());
        Change asked = request.read(Change.class, body);
        List<Processor.Problem> problems = problems(asked.url, asked.types, asked.streams);
        Command command =
                new Command.Change(valid(asked.url, problems), wanted(asked.types, asked.streams));
        Cause cause = request.cause(request.keyDigest(), body, 0);
        Reply<WebhookSubscription> reply = send(node, id, command, cause);
        Answers.json(
                request.http(), response, 200, Shown.of(carriedOut(node, id, reply, response)));
    }

    private void rotate(Node node, Request request, ServerResponse response) {
        byte[] body = request.body(LONGEST_BODY);
        String id = known(node, request.id());
        Rotation asked = request.read(Rotation.class, body);
        Duration overlap = Objects.requireNonNullElse(asked.keepOldFor, Duration.ofDays(1));
        if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
            throw new ProblemException(
                    Problem.invalid(
                            List.of(
                                    new Processor.Problem(
                                            "keepOldFor", "nothing to 7 days, as in PT24H"))));
        }
        Command command = new Command.ReplaceSecret(node.clock().instant().plus(overlap));
        Cause cause = request.cause(request.keyDigest(), body, 0);
        show(node, request, response, 200, id, command, cause);
    }

    private void resend(Node node, Request request, ServerResponse response) {
        byte[] body = request.body(LONGEST_BODY);
        String id = known(node, request.id());
        WebhookResendRoute.ResendRequest asked =
                request.read(WebhookResendRoute.ResendRequest.class, body);
        Command command = new WebhookResendRoute(logs).command(node, id, asked);
        Cause cause = request.cause(request.keyDigest(), body, 0);
        Reply<WebhookSubscription> reply = send(node, id, command, cause);
        Answers.json(
                request.http(), response, 202, Shown.of(carriedOut(node, id, reply, response)));
    }

    private static String known(Node node, String id) {
        if (node.state(WebhookSubscription.AGGREGATE, id).revision() == 0) {
            throw new ProblemException(Problem.unknown("webhook-subscription " + id));
        }
        return id;
    }

    /// What is wrong with where messages go and what they are about.
    private List<Processor.Problem> problems(
            @Nullable String url, @Nullable List<String> types, @Nullable List<String> streams) {
        List<Processor.Problem> problems = new ArrayList<>();
        if (url == null) {
            problems.add(new Processor.Problem("url", "where messages are posted"));
        } else {
            settings.addresses()
                    .fault(url)
                    .ifPresent(fault -> problems.add(new Processor.Problem("url", fault)));
        }
        names("types", types, TYPE, problems);
        names("streams", streams, STREAM, problems);
        return problems;
    }

    private static void names(
            String field,
            @Nullable List<String> names,
            Pattern form,
            List<Processor.Problem> problems) {
        boolean isFaulty =
                names != null
                        && (names.size() > MOST_NAMES
                                || names.stream()
                                        .anyMatch(
                                                one ->
                                                        one == null
                                                                || !form.matcher(one).matches()));
        if (isFaulty) {
            problems.add(
                    new Processor.Problem(
                            field,
                            "at most %d names, as GET /events has them".formatted(MOST_NAMES)));
        }
    }

    private static Wanted wanted(@Nullable List<String> types, @Nullable List<String> streams) {
        return new Wanted(
                types == null ? List.of() : types.stream().distinct().sorted().toList(),
                streams == null ? List.of() : streams.stream().distinct().sorted().toList());
    }

    private static String valid(@Nullable String url, List<Processor.Problem> problems) {
        if (url == null || !problems.isEmpty()) {
            throw new ProblemException(Problem.invalid(problems));
        }
        return url;
    }

    private static Positions after(
            Node node, @Nullable String text, List<Processor.Problem> problems) {
        Positions end = node.heads();
        if (text == null || text.equals(LATEST)) {
            if (end.partitions().length < node.partitions()) {
                throw new ProblemException(
                        Problem.unavailable(
                                ProblemType.UNAVAILABLE,
                                "A part of the log does not answer, and so nobody knows where it ends."));
            }
            return end;
        }
        try {
            Positions after = Token.parse(text).positions();
            if (!after.isBeyond(end)) {
                return after;
            }
        } catch (IllegalArgumentException _) {
            // told below
        }
        problems.add(new Processor.Problem("after", "a token, or latest"));
        return end;
    }

    /// Shows the secret, unless the request was carried out before: then it was shown.
    private void show(
            Node node,
            Request request,
            ServerResponse response,
            int status,
            String id,
            Command command,
            Cause cause) {
        Reply<WebhookSubscription> reply = send(node, id, command, cause);
        Versioned<WebhookSubscription> found = carriedOut(node, id, reply, response);
        boolean isFirst = reply instanceof Reply.Accepted<WebhookSubscription>;
        int generation = found.state().generation();
        String secret = isFirst ? settings.keys().secret(id, generation).text() : null;
        if (status == 201) {
            response.header(HeaderNames.LOCATION, PATH + "/" + id);
        }
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.json(request.http(), response, status, Shown.of(found, secret));
    }

    private static Reply<WebhookSubscription> send(
            Node node, String id, Command command, Cause cause) {
        return node.await(node.send(WebhookSubscription.AGGREGATE, id, command, cause));
    }

    private static Versioned<WebhookSubscription> carriedOut(
            Node node, String id, Reply<WebhookSubscription> reply, ServerResponse response) {
        return switch (reply) {
            case Reply.Accepted<WebhookSubscription>(var accepted) -> accepted;
            case Reply.Repeated<WebhookSubscription> _ -> {
                response.header(Answers.REPLAYED);
                yield node.state(WebhookSubscription.AGGREGATE, id);
            }
            default -> throw new ProblemException(Problem.of(reply));
        };
    }
}
