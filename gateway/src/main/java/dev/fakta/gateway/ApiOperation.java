// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the document says of one route: its parameters, its body, its answers, and whom it is for.
///
/// @param queries what a query's handler asks for
record ApiOperation(
        Routes routes,
        ApiSchemas schemas,
        Function<Route.Ask, List<QueryParameters.Parameter>> queries) {

    private static final String[] CONDITIONS = {"If-Match", "If-None-Match"};

    /// @param parameters what the path's are called
    ObjectNode of(Routes.Line line, String id, List<String> parameters) {
        Route route = line.route();
        ObjectNode operation = object().put("operationId", id).put("summary", ApiWords.summary(id));
        operation.putArray("tags").add(tag(route));
        path(operation, route, parameters);
        parameters(operation, route);
        body(operation, route);
        ObjectNode responses = operation.putObject("responses");
        success(responses, route);
        problems(responses, line);
        access(operation, line.access());
        if (routes.isBulk(route)) {
            bulk(operation);
        }
        return operation;
    }

    static String tag(Route route) {
        return route.path().split("/", -1)[1];
    }

    private void path(ObjectNode operation, Route route, List<String> parameters) {
        Set<String> whole = whole(record(route));
        JsonNode example = Json.mapper().valueToTree(routes.example(route).orElse(null));
        for (int i = 0; i < parameters.size(); i++) {
            String name = route.parameters().get(i);
            ObjectNode parameter =
                    operation
                            .withArray("parameters")
                            .addObject()
                            .put("name", parameters.get(i))
                            .put("in", "path")
                            .put("required", true);
            ObjectNode schema = parameter.putObject("schema");
            if (whole.contains(name)) {
                schema.put("type", "integer").put("format", "int64");
            } else {
                schema.put("type", "string")
                        .put("minLength", 1)
                        .put("maxLength", routes.longest().getOrDefault(name, Request.LONGEST_ID))
                        .put("pattern", "^[a-zA-Z0-9._~@:-]+$");
            }
            JsonNode given = example.path(name);
            if (!given.isMissingNode() && !given.isNull()) {
                parameter.set("example", given);
            }
        }
    }

    private static Set<String> whole(@Nullable Class<?> record) {
        return record == null
                ? Set.of()
                : Arrays.stream(record.getRecordComponents())
                        .filter(one -> Json.WHOLE.contains(one.getType()))
                        .map(RecordComponent::getName)
                        .collect(Collectors.toSet());
    }

    /// Those of the query and of the head.
    private void parameters(ObjectNode operation, Route route) {
        for (QueryParameters.Parameter one : query(route)) {
            operation
                    .withArray("parameters")
                    .addObject()
                    .put("name", one.name())
                    .put("in", "query")
                    .set("schema", one.schema());
        }
        headers(route)
                .forEach(
                        name ->
                                operation
                                        .withArray("parameters")
                                        .add(ApiProblems.reference("parameters", name)));
    }

    private List<QueryParameters.Parameter> query(Route route) {
        return switch (route) {
            case Route.Read _ ->
                    List.of(
                            QueryParameters.Parameter.revision("revision"),
                            QueryParameters.Parameter.time("at"));
            case Route.Events _ -> List.of(QueryParameters.Parameter.revision("after"));
            case Route.Ask ask -> queries.apply(ask);
            case Route.Operation operation -> operation.about().parameters();
            case Route.OnNode on -> on.about().parameters();
            case Route.Command _,
                    Route.Submit _,
                    Route.Create _,
                    Route.Preview _,
                    Route.Receive _ ->
                    List.of();
        };
    }

    private static Stream<String> headers(Route route) {
        return switch (route) {
            case Route.Read _ -> Arrays.stream(CONDITIONS);
            case Route.Ask _ -> Stream.of(Request.TOKEN_NAME);
            case Route.Command _, Route.Submit _ ->
                    Stream.of(
                            "Idempotency-Key",
                            "If-Match",
                            "If-None-Match",
                            Request.TOKEN_NAME,
                            "Prefer");
            case Route.Create _ -> Stream.of("Idempotency-Key", Request.TOKEN_NAME, "Prefer");
            case Route.Operation operation when operation.about().body() != null ->
                    Stream.of("Idempotency-Key");
            case Route.Events _,
                    Route.Preview _,
                    Route.Receive _,
                    Route.Operation _,
                    Route.OnNode _ ->
                    Stream.of();
        };
    }

    /// The record that a body is read as.
    static @Nullable Class<?> record(Route route) {
        return switch (route) {
            case Route.Command command -> command.command();
            case Route.Submit submit -> submit.processor().request();
            case Route.Create create -> create.processor().request();
            case Route.Preview preview -> preview.processor().request();
            case Route.Operation operation -> operation.about().body();
            case Route.OnNode on -> on.about().body();
            case Route.Read _, Route.Events _, Route.Ask _, Route.Receive _ -> null;
        };
    }

    private void body(ObjectNode operation, Route route) {
        if (route instanceof Route.Receive) {
            content(operation.putObject("requestBody"), Route.JSON, object());
        }
        Class<?> record = record(route);
        if (record == null) {
            return;
        }
        List<String> fields =
                Arrays.stream(record.getRecordComponents())
                        .map(RecordComponent::getName)
                        .collect(Collectors.toCollection(ArrayList::new));
        Set<String> fromPath =
                route.parameters().stream().filter(fields::contains).collect(Collectors.toSet());
        if (route.method() == Routes.Method.DELETE && fromPath.containsAll(fields)) {
            return;
        }
        Set<String> needed = NeededFields.of(routes, route, record, fromPath);
        ObjectNode body = operation.putObject("requestBody");
        content(body, Route.JSON, schemas.body(record, fromPath, routes.passedOver(route), needed));
        routes.example(route)
                .ifPresent(
                        example ->
                                body.withObjectProperty("content")
                                        .withObjectProperty(Route.JSON)
                                        .set("example", example(example, fromPath)));
    }

    /// As it would be sent: without what the path says, and without what is left out.
    private static ObjectNode example(Record example, Set<String> fromPath) {
        ObjectNode body = Json.mapper().valueToTree(example);
        body.remove(fromPath);
        leaveOutNulls(body);
        return body;
    }

    private static void leaveOutNulls(JsonNode value) {
        if (value instanceof ObjectNode fields) {
            fields.removeIf(JsonNode::isNull);
        }
        value.forEach(ApiOperation::leaveOutNulls);
    }

    private static void content(ObjectNode place, String type, ObjectNode schema) {
        place.putObject("content").putObject(type).set("schema", schema);
    }

    private void success(ObjectNode responses, Route route) {
        switch (route) {
            case Route.Read read -> {
                ObjectNode found =
                        answer(responses, 200, "The resource.", represented(read.aggregate()));
                ApiProblems.header(found, "ETag");
                unchanged(responses);
            }
            case Route.Events events ->
                    answer(
                            responses,
                            200,
                            "What happened, oldest first.",
                            schemas.page(events.item().get()));
            case Route.Ask ask -> found(responses, AnswerType.of(ask.handler()));
            case Route.Command command ->
                    changed(responses, command.status(), represented(command.aggregate()));
            case Route.Submit submit ->
                    changed(responses, 200, represented(submit.processor().target()));
            case Route.Create create ->
                    ApiProblems.header(
                            changed(responses, 201, represented(create.processor().target())),
                            "Location");
            case Route.Preview preview ->
                    answer(
                            responses,
                            200,
                            "What would be.",
                            schemas.of(AnswerType.of(preview.shown())));
            case Route.Receive _ -> {
                ObjectNode taken = object().put("type", "object");
                taken.putArray("required").add("taken");
                taken.putObject("properties").putObject("taken").put("type", "string");
                answer(responses, 200, "It is taken.", taken);
            }
            case Route.Operation operation -> {
                ObjectNode done = responses.putObject("200").put("description", "Done.");
                content(done, operation.answers(), any(operation.about().answers()));
                if (operation.path().equals(OpenApi.PATH)) { // the only one that has a tag
                    ApiProblems.header(done, "ETag");
                    unchanged(responses);
                }
            }
            case Route.OnNode on ->
                    answer(responses, on.status(), "It is done.", any(on.about().answers()));
        }
    }

    /// A list may be had whole too. A document of this version has no words for what each line is
    /// like: it is what an item of the page is.
    private void found(ObjectNode responses, Type type) {
        ObjectNode found = answer(responses, 200, "What was found.", schemas.of(type));
        if (AnswerType.item(type) != null) {
            ObjectNode content = found.withObjectProperty("content");
            content.putObject(ListForm.LINES.type())
                    .putObject("schema")
                    .put("type", "string")
                    .put("description", "all rows, each a line of JSON as among the items");
            content.putObject(ListForm.TABLE.type())
                    .putObject("schema")
                    .put("type", "string")
                    .put("description", "all rows, as a table with the names of its columns");
        }
    }

    private static void unchanged(ObjectNode responses) {
        responses.putObject("304").put("description", "It is as If-None-Match has it.");
    }

    private ObjectNode any(List<Type> types) {
        if (types.size() == 1) {
            return schemas.of(types.getFirst());
        }
        ObjectNode schema = object();
        types.forEach(type -> schema.withArray("anyOf").add(schemas.of(type)));
        return types.isEmpty() ? schema.put("type", "string") : schema;
    }

    private ObjectNode represented(dev.fakta.domain.Aggregate<?, ?, ?> aggregate) {
        return schemas.of(
                AnswerType.of(routes.representation(aggregate, new Reach(null, Bounds.OWNED))));
    }

    private static ObjectNode answer(
            ObjectNode responses, int status, String meaning, ObjectNode schema) {
        ObjectNode response =
                responses.putObject(Integer.toString(status)).put("description", meaning);
        content(response, Route.JSON, schema);
        return response;
    }

    private static ObjectNode changed(ObjectNode responses, int status, ObjectNode schema) {
        ObjectNode response =
                answer(responses, status, "It is done; this is the resource now.", schema);
        List<ObjectNode> all = new ArrayList<>(List.of(response));
        if (status == 200) {
            all.add(responses.putObject("204").put("description", "It is done."));
        }
        for (ObjectNode one : all) {
            ApiProblems.header(one, "ETag");
            ApiProblems.header(one, Request.TOKEN_NAME);
            ApiProblems.header(one, "Idempotency-Replayed");
            ApiProblems.header(one, "Preference-Applied");
        }
        return response;
    }

    private void problems(ObjectNode responses, Routes.Line line) {
        Route route = line.route();
        Set<Integer> statuses = new TreeSet<>(Set.of(400, 406, 429, 503));
        if (!line.access().isOpen()) {
            statuses.addAll(Set.of(401, 403));
        }
        if (!route.parameters().isEmpty()) {
            statuses.add(404);
        }
        if (route.method() != Routes.Method.GET) {
            statuses.addAll(Set.of(408, 409, 413, 415, 422));
        }
        if (headers(route).anyMatch("If-Match"::equals)) {
            statuses.add(412);
        }
        for (int status : statuses) {
            responses.set(Integer.toString(status), problem(status, route));
        }
        responses.set("default", ApiProblems.otherResponse());
    }

    private static ObjectNode problem(int status, Route route) {
        return switch (route) {
            case Route.Receive _ -> ApiProblems.otherResponse(); // refused in its receiver's words
            case Route.Command command when status == ApiProblems.REFUSED ->
                    ApiProblems.refusal(command.aggregate());
            case Route.Operation _ when status == ApiProblems.REFUSED ->
                    ApiProblems.otherResponse(); // of what is no aggregate
            default -> ApiProblems.response(status);
        };
    }

    /// Many requests at once stand beside the operation: a generated client would take a second
    /// kind of answer for one that a single request may get.
    private static void bulk(ObjectNode operation) {
        operation
                .putObject("x-bulk")
                .put("description", "many requests at once, one a line, answered by a line each")
                .put("contentType", BulkRequests.TYPE)
                .put("status", 200)
                .put("firstLineHeader", BulkRequests.FIRST_LINE);
    }

    /// Administrators may use every route.
    private static void access(ObjectNode operation, RouteAccess access) {
        if (access.isOpen()) {
            operation.putArray("security");
            return;
        }
        operation.putArray("security").addObject().putArray("bearer");
        Stream.concat(access.roles().stream(), Stream.of(CallerRole.ADMIN))
                .distinct()
                .sorted()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .forEach(operation.putArray("x-roles")::add);
    }

    private static ObjectNode object() {
        return Json.mapper().createObjectNode();
    }
}
