// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Microsystem;
import dev.fakta.runtime.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The OpenAPI 3.1 document of what a gateway serves. All of it follows from the routes, from the
/// records that they read and answer, and from what their handlers ask for: nothing is written for
/// the document alone.
final class ApiDocument {

    private static final String REFERENCE = "#/" + ApiSchemas.PLACE + "/";

    private final ApiSchemas schemas = new ApiSchemas();
    private final ObjectNode document = Json.mapper().createObjectNode();
    private final ObjectNode paths;
    private final Map<String, String> byShape = new HashMap<>();

    private ApiDocument(Node node) {
        document.put("openapi", "3.1.1");
        ObjectNode info = document.putObject("info");
        info.put(
                "title",
                node.microsystems().all().stream()
                        .map(Microsystem::name)
                        .collect(Collectors.joining(", ")));
        info.put("version", "1");
        info.put(
                "description",
                "JSON in UTF-8. HEAD is served wherever GET is, and OPTIONS everywhere.");
        this.paths = document.putObject("paths");
    }

    /// @param lines all that is served
    static ObjectNode of(Node node, Routes routes, List<Routes.Line> lines) {
        List<Routes.Line> documented =
                lines.stream().filter(line -> routes.isDocumented(line.route())).toList();
        ApiDocument api = new ApiDocument(node);
        api.describe(documented, new ApiOperation(routes, api.schemas, ask -> asked(node, ask)));
        api.describeOwn();
        api.close(node);
        return api.document;
    }

    private static List<QueryParameters.Parameter> asked(Node node, Route.Ask ask) {
        Map<String, String> ofPath =
                ask.parameters().stream().collect(Collectors.toMap(name -> name, name -> name));
        return QueryParameters.of(ask, finding -> new Query(node, ask.view(), ofPath, finding));
    }

    private void describe(List<Routes.Line> lines, ApiOperation operations) {
        ApiWords words = new ApiWords(lines.stream().map(Routes.Line::route).toList());
        Set<String> tags = new LinkedHashSet<>();
        for (Routes.Line line : lines) {
            Route route = line.route();
            String path = path(route);
            tags.add(ApiOperation.tag(route));
            paths.withObjectProperty(path)
                    .set(
                            route.method().name().toLowerCase(Locale.ROOT),
                            operations.of(line, words.id(route), Route.parameters(path)));
        }
        tags.forEach(tag -> document.withArray("tags").addObject().put("name", tag));
    }

    /// The route's path, or one before it that differs in the names of its parameters only.
    private String path(Route route) {
        String shape = Route.PARAMETER.matcher(route.path()).replaceAll("{}");
        return byShape.computeIfAbsent(shape, _ -> route.path());
    }

    /// What is no route: see [Gateway].
    private void describeOwn() {
        ObjectNode health = Json.mapper().createObjectNode().put("type", "object");
        health.putArray("required").add("status");
        health.putObject("properties").putObject("status").putArray("enum").add("UP").add("DOWN");
        for (String path : List.of("live", "ready")) {
            ObjectNode get =
                    own("/health/" + path, "getHealth" + (path.equals("live") ? "Live" : "Ready"));
            get.putArray("security");
            for (String status : List.of("200", "503")) {
                content(get, status, "Whether the node is " + path + ".", Route.JSON, health);
            }
            get.withObjectProperty("responses").set("default", ApiProblems.otherResponse());
        }
        ObjectNode metrics = own("/metrics", "getMetrics");
        metrics.putArray("security").addObject().putArray("bearer");
        metrics.putArray("x-roles").add("operator").add("admin");
        ObjectNode text = Json.mapper().createObjectNode().put("type", "string");
        content(metrics, "200", "All figures, as Prometheus reads them.", "text/plain", text);
        ObjectNode responses = metrics.withObjectProperty("responses");
        responses.set("401", ApiProblems.response(401));
        responses.set("403", ApiProblems.response(403));
        responses.set("default", ApiProblems.otherResponse());
    }

    private ObjectNode own(String path, String id) {
        ObjectNode get = paths.putObject(path).putObject("get");
        get.put("operationId", id).put("summary", ApiWords.summary(id));
        get.putArray("tags").add(path.split("/", -1)[1]);
        return get;
    }

    private static void content(
            ObjectNode operation, String status, String meaning, String type, ObjectNode schema) {
        ObjectNode response =
                operation
                        .withObjectProperty("responses")
                        .putObject(status)
                        .put("description", meaning);
        response.putObject("content").putObject(type).set("schema", schema.deepCopy());
    }

    /// Adds the components, those that something refers to.
    private void close(Node node) {
        ObjectNode fault = schemas.of(Fault.class);
        ObjectNode all = schemas.collect();
        requireBodies(all);
        ObjectNode components = document.putObject("components");
        List<Aggregate<?, ?, ?>> aggregates = new ArrayList<>();
        node.microsystems().all().forEach(one -> aggregates.addAll(one.aggregates()));
        Set<String> references = new HashSet<>(document.findValuesAsString("$ref"));
        ApiProblems.describe(components, fault, aggregates, references);
        ObjectNode used = components.withObject("schemas");
        Map<String, JsonNode> found = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        Deque<JsonNode> left = new ArrayDeque<>(List.of(document));
        while (!left.isEmpty()) {
            for (String reference : left.pop().findValuesAsString("$ref")) {
                String name = reference.substring(reference.lastIndexOf('/') + 1);
                if (reference.startsWith(REFERENCE) && all.has(name) && seen.add(name)) {
                    found.put(name, all.path(name));
                    left.add(all.path(name));
                }
            }
        }
        found.forEach(used::set);
    }

    /// Says of each body that has to have a field that it has to be there: else it may be left out,
    /// and generated clients let it be.
    private void requireBodies(ObjectNode all) {
        for (JsonNode path : paths) {
            for (JsonNode operation : path) {
                if (operation.get("requestBody") instanceof ObjectNode body
                        && isNeeded(body.path("content").path(Route.JSON).path("schema"), all)) {
                    body.put("required", true);
                }
            }
        }
    }

    private static boolean isNeeded(JsonNode schema, ObjectNode all) {
        JsonNode whole = ApiSchemas.resolved(schema, all);
        return !whole.path("required").isEmpty()
                || whole.path("allOf").valueStream().anyMatch(part -> isNeeded(part, all));
    }
}
