// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Rejection;
import dev.fakta.log.LogException;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeException;
import dev.fakta.runtime.Recorded;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Versioned;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerResponse;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes the handler of each route. Handlers run on a virtual thread per request, and block.
final class Handlers {

    private static final Logger LOG = LoggerFactory.getLogger(Handlers.class);
    private static final int MOST_EVENTS = 1_000;
    private static final String HAS_NOT_SEEN = "The view has not seen what the token has";

    private final Node node;
    private final Routes routes;
    private final GatewaySettings settings;
    private final Bodies bodies;
    private final CallerCheck callers;
    private final Backlog backlog;
    private final OwnCheck own;
    private final StepAccess steps;
    private final WholeLists lists;
    private final BulkRequests bulks;
    private final int partitions;

    Handlers(
            Node node,
            Routes routes,
            GatewaySettings settings,
            Bodies bodies,
            CallerCheck callers,
            WholeLists lists,
            BulkRequests bulks) {
        this.lists = lists;
        this.bulks = bulks;
        this.backlog = new Backlog(node);
        this.callers = callers;
        this.own = new OwnCheck(node, routes.owners());
        this.steps = new StepAccess(routes.all());
        this.bodies = bodies;
        this.node = node;
        this.routes = routes;
        this.settings = settings;
        this.partitions = node.partitions();
    }

    Backlog backlog() {
        return backlog;
    }

    Handler of(Routes.Line line) {
        Route route = line.route();
        Route.Work work = work(route);
        Map<String, Integer> longest = routes.longest();
        boolean begins = routes.begins(route);
        return (http, response) -> {
            Caller caller = named(callers.admitted(http, response, line.access()), route);
            Reach reach = line.reach(caller);
            try (Request request =
                    new Request(http, route, caller, reach, longest, bodies.new Share())) {
                if (!(route instanceof Route.Ask)) {
                    request.requireAccepted(
                            isBulk(route, request) ? BulkRequests.TYPE : route.answers());
                }
                if (hasNoParameters(route)) {
                    request.requireOnly();
                }
                if (begins && !isBulk(route, request)) {
                    backlog.requireShort(settings.longestBacklog());
                }
                work.handle(request, response);
            }
        };
    }

    private boolean isBulk(Route route, Request request) {
        return routes.isBulk(route) && request.hasLines();
    }

    /// What changes something says so by its path, headers and body: a field that was put into the
    /// query by mistake is not passed over. Who calls in a form of its own may have put there what
    /// it likes.
    private static boolean hasNoParameters(Route route) {
        return route.method() != Routes.Method.GET && !(route instanceof Route.Receive);
    }

    /// What comes in another system's form is vouched for by that form, and not by a caller.
    private static Caller named(Caller caller, Route route) {
        return route instanceof Route.Receive && caller.name().isEmpty()
                ? Caller.named(route.path())
                : caller;
    }

    private Route.Work work(Route route) {
        return switch (route) {
            case Route.Read read ->
                    (request, response) -> read(read.aggregate(), read.idForm(), request, response);
            case Route.Events events -> (request, response) -> events(events, request, response);
            case Route.Ask ask -> ask(ask);
            case Route.Command command -> command(command);
            case Route.Submit submit -> submit(submit, submit.processor());
            case Route.Create create -> create(create, create.processor());
            case Route.Preview preview -> preview(preview, preview.processor());
            case Route.Receive receive ->
                    (request, response) -> receive(receive, request, response);
            case Route.Operation operation -> operation.work();
            case Route.OnNode on ->
                    (request, response) -> on.work().handle(node, request, response);
        };
    }

    /// What a client has seen that sends a command: the command's events get a later time.
    private Token token(Request request) {
        return request.token(partitions).believed(node.clock().instant(), node::recordedAt);
    }

    private <S> void read(
            Aggregate<?, ?, S> aggregate, String idForm, Request request, ServerResponse response) {
        String id = request.id(idForm);
        own.require(request, aggregate, id);
        Map<String, String> parameters = request.parameters();
        Versioned<S> found = found(aggregate, id, parameters);
        if (found.revision() == 0) {
            throw new ProblemException(Problem.unknown(aggregate.name() + " " + id));
        }
        boolean isKnown = request.precondition().isKnown(found.revision());
        tag(response, found, Token.NONE);
        if (isKnown) {
            Answers.notModified(response);
        } else {
            Representation<S> representation = routes.representation(aggregate, request.reach());
            Answers.json(request.http(), response, 200, representation.of(found), whom(request));
        }
    }

    private <S> Versioned<S> found(
            Aggregate<?, ?, S> aggregate, String id, Map<String, String> parameters) {
        if (parameters.isEmpty()) {
            return node.state(aggregate, id);
        }
        String revision = parameters.get("revision");
        String time = parameters.get("at");
        if (parameters.size() != 1 || (revision == null) == (time == null)) {
            throw new ProblemException(Problem.unreadable("", "either ?revision=N or ?at=TIME"));
        }
        Optional<Versioned<S>> then =
                revision != null
                        ? node.stateAt(aggregate, id, Request.revision("revision", revision))
                        : node.stateAt(aggregate, id, time(String.valueOf(time)));
        return then.orElseThrow(
                () ->
                        new ProblemException(
                                Problem.unknown(aggregate.name() + " " + id + " as of then")));
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException _) {
            throw new ProblemException(Problem.unreadable("at", ExpectedValue.TIME));
        }
    }

    private void events(Route.Events route, Request request, ServerResponse response) {
        Aggregate<?, ?, ?> aggregate = route.aggregate();
        String id = request.id(route.idForm());
        own.require(request, aggregate, id);
        Map<String, String> parameters = request.requireOnly("after");
        long after = Request.revision("after", parameters.getOrDefault("after", "0"));
        List<Recorded<Object>> found = node.events(aggregate, id, after + 1, MOST_EVENTS + 1);
        if (found.isEmpty() && after == 0) {
            throw new ProblemException(Problem.unknown(aggregate.name() + " " + id));
        }
        Page<Recorded<Object>> page =
                Page.of(found, MOST_EVENTS, one -> Long.toString(one.at().revision()));
        List<Object> shown =
                page.items().stream().map(route.shown()).flatMap(Optional::stream).toList();
        Answers.packed(request.http(), response, new Page<>(shown, page.next()));
    }

    /// A list is answered in all its forms, and everything else as JSON.
    private Route.Work ask(Route.Ask ask) {
        Type item = AnswerType.item(AnswerType.of(ask.handler()));
        if (item == null) {
            return (request, response) -> {
                request.requireAccepted(ask.answers());
                ask(ask, request, response);
            };
        }
        CsvTable table = new CsvTable(item);
        return (request, response) -> {
            ListForm form = ListForm.of(request.accepted(ListForm.ALL));
            response.headers().add(Answers.BY_FORM);
            if (form == ListForm.PAGE) {
                ask(ask, request, response);
            } else {
                askAll(ask, form, table, request, response);
            }
        };
    }

    private void askAll(
            Route.Ask ask,
            ListForm form,
            CsvTable table,
            Request request,
            ServerResponse response) {
        if (!node.await(ask.view(), request.token(partitions).positions(), settings.tokenWait())) {
            int seconds = backlog.viewSeconds(ask.view());
            throw new ProblemException(behind(HAS_NOT_SEEN + ".").retriedAfter(seconds));
        }
        lists.send(
                form,
                table,
                cursor ->
                        (Page<?>)
                                ask.handler()
                                        .answer(
                                                new Query(node, ask.view(), request, own)
                                                        .ofWholeList(cursor)),
                request,
                response);
    }

    private static Problem behind(String detail) {
        return Problem.unavailable(ProblemType.VIEW_BEHIND, detail);
    }

    private void ask(Route.Ask ask, Request request, ServerResponse response) {
        Positions seen = request.token(partitions).positions();
        boolean isFresh = node.await(ask.view(), seen, settings.tokenWait());
        Object answer = ask.handler().answer(new Query(node, ask.view(), request, own));
        if (isFresh) {
            Answers.packed(request.http(), response, answer);
            return;
        }
        JsonNode tree = Json.mapper().valueToTree(answer);
        ObjectNode late = Json.mapper().createObjectNode();
        if (tree instanceof ObjectNode fields) {
            late.setAll(fields);
        } else {
            late.set("items", tree);
        }
        late.setAll(
                Json.mapper()
                        .<ObjectNode>valueToTree(
                                Answers.fields(behind(HAS_NOT_SEEN + "; this is what it has."))));
        Answers.late(request.http(), response, late, backlog.viewSeconds(ask.view()));
    }

    private <T> Json.Reader<T> reader(Class<T> type, Route route) {
        return Json.Reader.of(type, route, routes.passedOver(route), routes.check(type));
    }

    private Route.Work command(Route.Command route) {
        Json.Reader<?> reader = reader(route.command(), route);
        return (request, response) ->
                command(route, erased(route.aggregate()), reader, request, response);
    }

    private <C, S> void command(
            Route.Command route,
            Aggregate<C, ?, S> aggregate,
            Json.Reader<? extends C> reader,
            Request request,
            ServerResponse response) {
        byte[] body = request.body(settings.longestBody());
        String pathId = request.id();
        Token token = token(request);
        C command = reader.read(body, request);
        String id = Request.checkedId("", route.id().apply(pathId, command));
        own.require(request, aggregate, id);
        Cause cause = request.cause(request.keyDigest(), body, token.time());
        long expected = expected(request, aggregate, id);
        Reply<S> reply =
                node.await(
                        expected < 0
                                ? node.send(aggregate, id, command, cause)
                                : node.sendAt(aggregate, id, expected, command, cause));
        refuse(route.method(), aggregate, id, reply);
        Made<S> made = made(aggregate, id, reply);
        answer(request, response, route.status(), aggregate, made, token);
    }

    private long expected(Request request, Aggregate<?, ?, ?> aggregate, String id) {
        return request.precondition().expected(() -> node.state(aggregate, id).revision());
    }

    private <R, C> Route.Work submit(Route.Submit route, Processor<R, C> processor) {
        Json.Reader<R> reader = reader(processor.request(), route);
        return (checked, response) -> {
            byte[] body = checked.body(settings.longestBody());
            byte[] key = checked.keyDigest();
            Token token = token(checked);
            R asked = reader.read(body, checked);
            String id = checked.id();
            Cause cause = checked.cause(key, body, token.time());
            Aggregate<Object, Object, Object> target = erased(processor.target());
            own.require(checked, target, id);
            long expected = expected(checked, target, id);
            Reply<Object> reply =
                    expected < 0
                            ? node.process(processor, id, asked, cause)
                            : node.processAt(processor, id, expected, asked, cause);
            refuse(route.method(), target, id, reply);
            answer(checked, response, 200, target, made(target, id, reply), token);
        };
    }

    private <R, C> Route.Work create(Route.Create route, Processor<R, C> processor) {
        Json.Reader<R> reader = reader(processor.request(), route);
        Creation create =
                (request, body, key, token) -> {
                    R asked = reader.read(body, request);
                    own.requireOwn(request, asked);
                    String id = key == null ? Ids.fresh(node.clock().millis()) : Ids.following(key);
                    Cause cause = request.cause(key, body, token.time());
                    Reply<Object> reply =
                            key == null
                                    ? node.processNew(processor, id, asked, cause)
                                    : node.process(processor, id, asked, cause);
                    return made(erased(processor.target()), id, reply);
                };
        return (checked, response) -> {
            if (isBulk(route, checked)) {
                createAll(route, processor.target(), create, checked, response);
                return;
            }
            byte[] body = checked.body(settings.longestBody());
            byte[] key = checked.keyDigest();
            Token token = token(checked);
            Made<Object> made = create.of(checked, body, key, token);
            String id = made.now.id();
            response.header(HeaderNames.LOCATION, routes.location(processor.target(), id));
            answer(checked, response, 201, erased(processor.target()), made, token);
        };
    }

    /// Creates what one body asks for.
    @FunctionalInterface
    private interface Creation {
        Made<Object> of(Request request, byte[] body, byte @Nullable [] key, Token token);
    }

    private void createAll(
            Route.Create route,
            Aggregate<?, ?, ?> target,
            Creation create,
            Request request,
            ServerResponse response) {
        Token token = token(request);
        byte[] _ = request.keyDigest(); // a wrong one is not the fault of each line
        bulks.serve(
                request,
                response,
                (number, body) -> {
                    callers.countLine(request.http(), request.caller());
                    if (routes.begins(route)) {
                        backlog.awaitShort(settings.longestBacklog());
                    }
                    Made<Object> made = create.of(request, body, request.keyDigest(number), token);
                    String id = made.now.id();
                    Map<String, Object> answer = new LinkedHashMap<>();
                    answer.put("status", 201);
                    answer.put("id", id);
                    answer.put("location", routes.location(target, id));
                    answer.put("token", token.after(made.now).toString());
                    if (made.isRepeated && request.keyDigest() != null) {
                        answer.put("replayed", true);
                    }
                    return answer;
                });
    }

    private <R, C> Route.Work preview(Route.Preview route, Processor<R, C> processor) {
        Json.Reader<R> reader = reader(processor.request(), route);
        return (checked, response) -> {
            R asked = reader.read(checked.body(settings.longestBody()), checked);
            own.requireOwn(checked, asked);
            Instant now = node.clock().instant();
            String id = Ids.fresh(now.toEpochMilli());
            Processor.Context context =
                    new PreviewContext(node, now, id, checked.caller().permissions());
            C command = command(processor.process(asked, context), context);
            Answers.json(checked.http(), response, 200, route.shown().of(command));
        };
    }

    private static <C> C command(Processor.Outcome<C> outcome, Processor.Context context) {
        return switch (outcome) {
            case Processor.Outcome.Send<C>(var sent, _) -> sent;
            case Processor.Outcome.Exchange<C>(_, var then) -> then.apply(context);
            case Processor.Outcome.Refuse<C>(var problems) ->
                    throw new ProblemException(Problem.invalid(problems));
            case Processor.Outcome.Unanswered<C>(var reason) ->
                    throw new ProblemException(
                            Problem.unavailable(ProblemType.UNAVAILABLE, reason));
        };
    }

    private void receive(Route.Receive route, Request request, ServerResponse response) {
        byte[] body = request.body(route.longestBody());
        Instant now = node.clock().instant();
        switch (route.receiver().take(new Receiver.Delivery(request::header, body, now))) {
            case Receiver.Refuse(var status, var type, var detail) ->
                    throw new ProblemException(Problem.unreceived(status, type, detail));
            case Receiver.Send(var aggregate, var id, var command) -> {
                Cause cause = request.cause(null, body, 0);
                Reply<Object> reply =
                        node.await(
                                node.send(
                                        erased(aggregate),
                                        Request.checkedId("", id),
                                        command,
                                        cause));
                if (!(reply instanceof Reply.Accepted<Object>)) {
                    throw new ProblemException(backlog.problem(reply));
                }
                Answers.json(request.http(), response, 200, Map.of("taken", id));
            }
        }
    }

    /// A refusal says at which revision the aggregate is. What goes to an aggregate that does not
    /// exist is not found, whatever the refusal; a `PUT` only when it says so itself, as others
    /// make what they name.
    private <S> void refuse(
            Routes.Method method, Aggregate<?, ?, S> aggregate, String id, Reply<S> reply) {
        if (reply instanceof Reply.Rejected<S>(var rejection, _)) {
            long revision = node.state(aggregate, id).revision();
            throw new ProblemException(
                    revision == 0
                                    && (method != Routes.Method.PUT
                                            || saysThatNothingIsThere(rejection))
                            ? Problem.unknown(aggregate.name() + " " + id)
                            : Problem.rejected(rejection, revision));
        }
    }

    private static boolean saysThatNothingIsThere(Rejection rejection) {
        return rejection.name().startsWith("UNKNOWN_");
    }

    /// What was done.
    ///
    /// @param now the aggregate as it is after that
    /// @param isRepeated whether it had been done before
    private record Made<S>(Versioned<S> now, boolean isRepeated) {}

    /// @throws ProblemException when it was not done
    private <S> Made<S> made(Aggregate<?, ?, S> aggregate, String id, Reply<S> reply) {
        return switch (reply) {
            case Reply.Accepted<S>(var accepted) -> new Made<>(accepted, false);
            case Reply.Repeated<S>(var revision, _) ->
                    new Made<>(node.stateAt(aggregate, id, revision).orElseThrow(), true);
            default -> {
                if (reply instanceof Reply.Failed<S>(Reply.Failure failure, String reason)
                        && failure == Reply.Failure.UNANSWERED) {
                    LOG.warn("a request for {} {} is unanswered: {}", aggregate, id, reason);
                }
                throw new ProblemException(
                        reply instanceof Reply.Rejected<S>(var rejection, _)
                                        && saysThatNothingIsThere(rejection)
                                ? Problem.unknown(rejection.detail())
                                : backlog.problem(reply));
            }
        };
    }

    private <S> void answer(
            Request request,
            ServerResponse response,
            int status,
            Aggregate<?, ?, S> aggregate,
            Made<S> made,
            Token token) {
        if (made.isRepeated && request.keyDigest() != null) {
            response.header(Answers.REPLAYED);
        }
        answer(request, response, status, aggregate, made.now, token);
    }

    private <S> void answer(
            Request request,
            ServerResponse response,
            int status,
            Aggregate<?, ?, S> aggregate,
            Versioned<S> versioned,
            Token token) {
        tag(response, versioned, token);
        if (request.prefersMinimal()) {
            Answers.minimal(response, status);
        } else {
            Answers.json(
                    request.http(),
                    response,
                    status,
                    routes.representation(aggregate, request.reach()).of(versioned),
                    whom(request));
        }
    }

    private StepAccess.For whom(Request request) {
        return new StepAccess.For(steps, request.caller());
    }

    /// Says which revision the answer is of, and what who has read it has seen.
    private static void tag(ServerResponse response, Versioned<?> versioned, Token token) {
        response.header(HeaderNames.ETAG, "\"" + versioned.revision() + "\"")
                .header(SecureHeaders.ASK_AGAIN);
        Token seen = token.after(versioned);
        if (!seen.isEmpty()) {
            response.header(Request.TOKEN, seen.toString());
        }
    }

    @SuppressWarnings("unchecked")
    private static Aggregate<Object, Object, Object> erased(Aggregate<?, ?, ?> aggregate) {
        return (Aggregate<Object, Object, Object>) aggregate;
    }

    /// What an exception means to a client.
    static Problem problem(Throwable failure) {
        return switch (failure) {
            case ProblemException expected -> expected.problem();
            case NodeException unavailable ->
                    Problem.unavailable(
                            ProblemType.UNAVAILABLE, String.valueOf(unavailable.getMessage()));
            case LogException _ ->
                    Problem.unavailable(
                            ProblemType.UNAVAILABLE, "The log cannot be read at the moment.");
            case HttpException early when early.status().code() < 500 ->
                    Problem.http(
                            early.status().code(),
                            early.status().reasonPhrase(),
                            "The server cannot take this request.");
            default -> Problem.defect();
        };
    }
}
