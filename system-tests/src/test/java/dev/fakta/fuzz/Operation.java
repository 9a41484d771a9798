// SPDX-License-Identifier: Apache-2.0
package dev.fakta.fuzz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the server says that it serves.
///
/// @param query the schemas of its parameters in the query, by name
/// @param headers the names of those that are headers
/// @param body the schema of its body; `null` when it has none
record Operation(
        String method,
        String path,
        List<String> pathParameters,
        Map<String, JsonNode> query,
        List<String> headers,
        @Nullable JsonNode body) {

    private static final Pattern PARAMETER = Pattern.compile("\\{([a-zA-Z]+)}");

    /// All operations of an OpenAPI document.
    static List<Operation> of(JsonNode document) {
        List<Operation> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> one : path.getValue().properties()) {
                all.add(of(document, path.getKey(), one.getKey(), one.getValue()));
            }
        }
        return List.copyOf(all);
    }

    private static Operation of(JsonNode document, String path, String method, JsonNode described) {
        Map<String, JsonNode> query = new LinkedHashMap<>();
        List<String> headers = new ArrayList<>();
        for (JsonNode given : described.path("parameters")) {
            JsonNode parameter = resolved(document, given);
            String name = parameter.path("name").asString();
            switch (parameter.path("in").asString()) {
                case "query" -> query.put(name, parameter.path("schema"));
                case "header" -> headers.add(name);
                default -> {} // a part of the path
            }
        }
        JsonNode body = described.at("/requestBody/content/application~1json/schema");
        return new Operation(
                method.toUpperCase(Locale.ROOT),
                path,
                PARAMETER.matcher(path).results().map(found -> found.group(1)).toList(),
                query,
                headers,
                body.isMissingNode() ? null : body);
    }

    /// What a reference stands for.
    static JsonNode resolved(JsonNode document, JsonNode node) {
        String reference = node.path("$ref").asString("");
        return reference.isEmpty() ? node : resolved(document, document.at(reference.substring(1)));
    }

    String name() {
        return method + " " + path;
    }

    /// The collection that it belongs to, as in `orders`.
    String collection() {
        return path.split("/", -1)[1];
    }

    /// The path with values in the places of its parameters.
    String path(List<String> values) {
        Matcher all = PARAMETER.matcher(path);
        StringBuilder filled = new StringBuilder();
        for (int i = 0; all.find(); i++) {
            all.appendReplacement(filled, Matcher.quoteReplacement(values.get(i)));
        }
        return all.appendTail(filled).toString();
    }
}
