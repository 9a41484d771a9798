// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Courier;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaCommand;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.Subscription;
import dev.fakta.gateway.QueryParameters.Parameter;
import dev.fakta.gateway.Routes.Method;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.Recorded;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.SagaRow;
import dev.fakta.runtime.Versioned;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What operators ask and do about sagas and couriers: the list of those that have not ended, one
/// with its history, and the ways to go on with one that cannot by itself. Each act names its actor
/// and its reason; on a saga it is a fact in the instance's stream.
final class SagaRoutes {

    private static final int DEFAULT_PAGE = 50;
    private static final int LONGEST_PAGE = 200;
    private static final int MOST_EVENTS = 1_000;
    private static final int LONGEST_TEXT = 200;

    private static final Route.About LIST =
            new Route.About(
                    List.of(
                            Parameter.oneOf("state", List.of("live", "stuck", "parked")),
                            Parameter.text("saga"),
                            Parameter.text("after"),
                            Parameter.number("limit", DEFAULT_PAGE, 1, LONGEST_PAGE)),
                    null,
                    List.of(AnswerType.page(SagaRow.class)));

    /// Of a courier, what is answered is the row of its errand.
    private static final Route.About SHOW =
            new Route.About(List.of(), null, List.of(History.class, SagaRow.class));

    private static final Route.About ACT =
            new Route.About(List.of(), Operator.class, List.of(Shown.class, SagaRow.class));

    private final Node node;
    private final GatewaySettings settings;

    SagaRoutes(Node node, GatewaySettings settings) {
        this.node = node;
        this.settings = settings;
    }

    /// None where there is nothing to list.
    List<Route> all() {
        if (listings().isEmpty()) {
            return List.of();
        }
        String one = "/sagas/{saga}/{id}";
        return List.of(
                new Route.Operation(Method.GET, "/sagas", Route.JSON, this::list, LIST),
                new Route.Operation(Method.GET, one, Route.JSON, this::show, SHOW),
                act(one + "/retry", SagaCommand.Retry::new),
                act(one + "/skip", SagaCommand.Skip::new),
                act(one + "/compensate", SagaCommand.Compensate::new));
    }

    private Route act(String path, BiFunction<Instant, String, SagaCommand> command) {
        return new Route.Operation(
                Method.POST,
                path,
                Route.JSON,
                (request, response) -> act(request, response, command),
                ACT);
    }

    private void list(Request request, ServerResponse response) {
        Parameters parameters = new Parameters(request.parameters());
        String state = parameters.take("state");
        String name = parameters.take("saga");
        String after = Objects.requireNonNullElse(parameters.take("after"), "");
        int limit = parameters.limit();
        SagaState.Status status = state == null ? null : parameters.status(state);
        parameters.refuseFaults();
        List<Listing> listings =
                name == null
                        ? listings()
                        : listings().stream().filter(one -> one.name.equals(name)).toList();
        if (listings.isEmpty()) {
            throw new ProblemException(Problem.unknown("saga " + name));
        }
        List<SagaRow> rows = new ArrayList<>();
        for (Listing one : listings) {
            rows.addAll(page(one, status, after, limit + 1 - rows.size()));
        }
        Answers.packed(
                request.http(), response, Page.of(rows, limit, row -> row.saga() + "/" + row.id()));
    }

    /// What is listed of one saga, courier, alarm clock or subscription.
    private record Listing(String name, Rows rows) {}

    @FunctionalInterface
    private interface Rows {
        List<SagaRow> list(SagaState.@Nullable Status status, String after, int limit);
    }

    /// In the order of their names.
    private List<Listing> listings() {
        List<Listing> all = new ArrayList<>();
        for (Saga<?, ?> saga : node.microsystems().sagas()) {
            all.add(
                    new Listing(
                            saga.name(),
                            (status, after, limit) -> node.sagas(saga, status, after, limit)));
        }
        for (Courier courier : node.microsystems().couriers()) {
            all.add(
                    new Listing(
                            courier.name(),
                            (status, after, limit) -> node.errands(courier, status, after, limit)));
        }
        for (AlarmClock clock : node.microsystems().clocks()) {
            all.add(
                    new Listing(
                            clock.name(),
                            (status, after, limit) -> node.alarms(clock, status, after, limit)));
        }
        for (Subscription one : node.microsystems().subscriptions()) {
            all.add(
                    new Listing(
                            one.name(),
                            (status, after, limit) -> node.setAside(one, status, after, limit)));
        }
        all.sort(Comparator.comparing(Listing::name));
        return all;
    }

    /// The part of a page that one saga, courier or clock has. A cursor is `NAME/ID`.
    private static List<SagaRow> page(
            Listing listing, SagaState.@Nullable Status status, String after, int limit) {
        int slash = after.indexOf('/');
        int order = slash < 0 ? 1 : listing.name.compareTo(after.substring(0, slash));
        if (order < 0 || limit <= 0) {
            return List.of();
        }
        return listing.rows.list(status, order == 0 ? after.substring(slash + 1) : "", limit);
    }

    /// A courier, of which errands that have gone wrong can be found, an alarm clock, of which
    /// alarms that are set, or a subscription, of which streams that are set aside.
    private interface WithoutStream {
        Optional<SagaRow> find(String id);

        /// Does what the row is about now. Waits for the answer.
        Reply<Object> retry(String id, Cause cause);
    }

    private @Nullable WithoutStream withoutStream(String name) {
        for (Courier courier : node.microsystems().couriers()) {
            if (courier.name().equals(name)) {
                return new OfCourier(node, courier);
            }
        }
        for (AlarmClock clock : node.microsystems().clocks()) {
            if (clock.name().equals(name)) {
                return new OfClock(node, clock);
            }
        }
        for (Subscription one : node.microsystems().subscriptions()) {
            if (one.name().equals(name)) {
                return new OfSubscription(node, one);
            }
        }
        return null;
    }

    private record OfCourier(Node node, Courier courier) implements WithoutStream {
        @Override
        public Optional<SagaRow> find(String id) {
            return node.errand(courier, id);
        }

        @Override
        public Reply<Object> retry(String id, Cause cause) {
            return node.run(courier, id, cause);
        }
    }

    private record OfClock(Node node, AlarmClock clock) implements WithoutStream {
        @Override
        public Optional<SagaRow> find(String id) {
            return node.alarm(clock, id);
        }

        @Override
        public Reply<Object> retry(String id, Cause cause) {
            return node.ring(clock, id, cause);
        }
    }

    /// Its one thread tries again by itself.
    private record OfSubscription(Node node, Subscription subscription) implements WithoutStream {
        @Override
        public Optional<SagaRow> find(String id) {
            return node.setAside(subscription, id);
        }

        @Override
        public Reply<Object> retry(String id, Cause cause) {
            return new Reply.Rejected<>(SagaCommand.Refusal.TRIED_BY_ITSELF, 0);
        }
    }

    private Saga<?, ?> saga(String name) {
        return node.microsystems().sagas().stream()
                .filter(saga -> saga.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ProblemException(Problem.unknown("saga " + name)));
    }

    /// An instance, as clients see it.
    ///
    /// @param data the saga's own state
    private record Shown(
            String saga,
            String id,
            SagaState.Status status,
            SagaState.Phase phase,
            int version,
            Instant since,
            String reason,
            List<Ran> steps,
            Map<String, Instant> timers,
            Object data) {}

    /// A step that was run, or taken back.
    private record Ran(
            long number,
            String step,
            String key,
            long undoes,
            SagaState.RunStatus status,
            int failedAttempts) {
        static Ran of(SagaState.Run run) {
            return new Ran(
                    run.number(),
                    run.step(),
                    run.key(),
                    run.undoes(),
                    run.status(),
                    run.attempts());
        }
    }

    private record History(Shown instance, List<Fact> history) {}

    private void show(Request request, ServerResponse response) {
        String id = request.parameter("id");
        new Parameters(request.parameters()).refuseFaults();
        WithoutStream withoutStream = withoutStream(request.parameter("saga"));
        if (withoutStream != null) {
            Answers.packed(request.http(), response, row(withoutStream, id));
            return;
        }
        Saga<?, ?> saga = saga(request.parameter("saga"));
        Aggregate<SagaCommand, Object, ? extends SagaState<?>> aggregate = saga.aggregate();
        Versioned<? extends SagaState<?>> found = node.state(aggregate, id);
        if (found.revision() == 0) {
            throw new ProblemException(Problem.unknown("saga " + saga.name() + " " + id));
        }
        List<Fact> facts =
                node.events(aggregate, id, 1, MOST_EVENTS).stream().map(this::fact).toList();
        Answers.packed(
                request.http(), response, new History(shown(saga, id, found.state()), facts));
    }

    private Fact fact(Recorded<Object> recorded) {
        JsonNode data = Json.mapper().readTree(node.json(recorded.event()));
        return Fact.of(recorded, data);
    }

    private static Shown shown(Saga<?, ?> saga, String id, SagaState<?> state) {
        Map<String, Instant> timers = new TreeMap<>();
        state.timers().forEach((name, timer) -> timers.put(name, timer.due()));
        return new Shown(
                saga.name(),
                id,
                state.status(),
                state.phase(),
                state.version(),
                state.since(),
                state.reason(),
                state.runs().stream().map(Ran::of).toList(),
                timers,
                state.state());
    }

    /// An errand that has gone wrong, or an alarm that is set.
    private static SagaRow row(WithoutStream of, String id) {
        return of.find(id)
                .orElseThrow(
                        () ->
                                new ProblemException(
                                        Problem.unknown(
                                                "errand %s that has gone wrong, alarm that is set, or stream that is set aside"
                                                        .formatted(id))));
    }

    /// Nothing is recorded of an errand or an alarm but what it does itself. The row of one that is
    /// done now goes with the next try.
    private void actOn(
            WithoutStream of,
            Request request,
            ServerResponse response,
            SagaCommand command,
            Cause cause) {
        SagaRow row = row(of, request.parameter("id"));
        SagaCommand.Refusal refusal =
                switch (command) {
                    case SagaCommand.Skip _ -> SagaCommand.Refusal.NOTHING_TO_SKIP;
                    case SagaCommand.Compensate _ -> SagaCommand.Refusal.NOTHING_TO_UNDO;
                    case SagaCommand.Retry _, SagaCommand.Take _ -> null;
                };
        if (refusal != null) {
            throw new ProblemException(Problem.rejected(refusal, 0));
        }
        switch (of.retry(row.id(), cause)) {
            case Reply.Accepted<Object> _, Reply.Repeated<Object> _ ->
                    Answers.json(request.http(), response, 200, row);
            case Reply<Object> reply -> throw new ProblemException(Problem.of(reply));
        }
    }

    /// Who acts, and why. Until there are credentials, an operator says so.
    private record Operator(String actor, String reason) {}

    private void act(
            Request request,
            ServerResponse response,
            BiFunction<Instant, String, SagaCommand> command) {
        String id = request.parameter("id");
        byte[] body = request.body(settings.longestBody());
        Operator operator = request.read(Operator.class, body);
        refuse("actor", operator.actor());
        refuse("reason", operator.reason());
        Cause asked = request.cause(request.keyDigest(), body, 0);
        Cause cause =
                new Cause(
                        asked.commandId(),
                        asked.commandHash(),
                        asked.correlationId(),
                        asked.causationId(),
                        asked.actor().isEmpty() ? operator.actor() : asked.actor(),
                        asked.permissions(),
                        asked.traceParent(),
                        asked.seen());
        SagaCommand act = command.apply(node.clock().instant(), operator.reason());
        WithoutStream withoutStream = withoutStream(request.parameter("saga"));
        if (withoutStream == null) {
            answer(request, response, saga(request.parameter("saga")), id, act, cause);
        } else {
            actOn(withoutStream, request, response, act, cause);
        }
    }

    private static void refuse(String field, String text) {
        if (text.isBlank() || text.length() > LONGEST_TEXT) {
            throw new ProblemException(
                    Problem.invalid(
                            List.of(
                                    new Processor.Problem(
                                            field, "1 to %d characters".formatted(LONGEST_TEXT)))));
        }
    }

    private <E, S> void answer(
            Request request,
            ServerResponse response,
            Saga<E, S> saga,
            String id,
            SagaCommand command,
            Cause cause) {
        Aggregate<SagaCommand, Object, SagaState<S>> aggregate = saga.aggregate();
        if (node.state(aggregate, id).revision() == 0) {
            throw new ProblemException(Problem.unknown("saga " + saga.name() + " " + id));
        }
        Reply<SagaState<S>> reply = node.await(node.send(aggregate, id, command, cause));
        switch (reply) {
            // as the act left it: a saga that is retried may be parked again at once
            case Reply.Accepted<SagaState<S>> accepted ->
                    Answers.json(
                            request.http(),
                            response,
                            200,
                            shown(saga, id, accepted.aggregate().state()));
            case Reply.Repeated<SagaState<S>> _ -> {
                if (request.keyDigest() != null) {
                    response.header(Answers.REPLAYED);
                }
                Answers.json(
                        request.http(),
                        response,
                        200,
                        shown(saga, id, node.state(aggregate, id).state()));
            }
            case Reply.Rejected<SagaState<S>>(var rejection, _) ->
                    throw new ProblemException(
                            Problem.rejected(rejection, node.state(aggregate, id).revision()));
            default -> throw new ProblemException(Problem.of(reply));
        }
    }

    /// A query's parameters, each taken once.
    private static final class Parameters {
        private final Map<String, String> left;
        private final List<Processor.Problem> problems = new ArrayList<>();

        Parameters(Map<String, String> all) {
            this.left = new LinkedHashMap<>(all);
        }

        @Nullable String take(String name) {
            return left.remove(name);
        }

        int limit() {
            String text = take("limit");
            if (text == null) {
                return DEFAULT_PAGE;
            }
            if (Query.isWholeNumber(text)) {
                long limit = Long.parseLong(text);
                if (limit >= 1 && limit <= LONGEST_PAGE) {
                    return (int) limit;
                }
            }
            problems.add(
                    new Processor.Problem(
                            "limit", "a whole number from 1 to %d".formatted(LONGEST_PAGE)));
            return DEFAULT_PAGE;
        }

        SagaState.@Nullable Status status(String text) {
            return switch (text) {
                case "live", "stuck", "parked" ->
                        SagaState.Status.valueOf(text.toUpperCase(Locale.ROOT));
                default -> {
                    problems.add(new Processor.Problem("state", "live, stuck or parked"));
                    yield null;
                }
            };
        }

        void refuseFaults() {
            left.keySet()
                    .forEach(
                            name ->
                                    problems.add(
                                            new Processor.Problem(
                                                    name, "there is no such parameter")));
            if (!problems.isEmpty()) {
                throw new ProblemException(Problem.invalid(problems));
            }
        }
    }
}
