// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.object;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What an OpenAPI document says that a body has to have, and bodies that are as little as that.
final class BodySchema {

    private static final int DEEPEST = 5;

    private final JsonNode document;
    private final JsonNode root;

    /// @param schema of the body
    BodySchema(JsonNode document, JsonNode schema) {
        this.document = document;
        this.root = schema;
    }

    /// Whether there is anything to say in it.
    boolean hasFields() {
        return !flat(root).path("properties").isEmpty();
    }

    /// The fields that are required, deep inside too, as faults name them: `lines[0].sku`.
    Set<String> required() {
        Set<String> found = new LinkedHashSet<>();
        look(root, "", found);
        return found;
    }

    private void look(JsonNode schema, String at, Set<String> found) {
        ObjectNode flat = flat(schema);
        if (at.split("\\.").length > DEEPEST) {
            return;
        }
        if (flat.has("items")) {
            look(flat.path("items"), at + "[0]", found);
        }
        for (JsonNode name : flat.path("required")) {
            found.add(within(at, name.asString()));
        }
        for (Map.Entry<String, JsonNode> field : flat.path("properties").properties()) {
            look(field.getValue(), within(at, field.getKey()), found);
        }
    }

    /// A body that has what is required, except one field.
    ///
    /// @param without as in [#required]; empty: nothing is missing
    JsonNode least(String without) {
        return sample(root, "", without);
    }

    private JsonNode sample(JsonNode schema, String at, String without) {
        ObjectNode flat = flat(schema);
        if (flat.has("properties")) {
            ObjectNode body = object();
            for (Map.Entry<String, JsonNode> field : flat.path("properties").properties()) {
                String path = within(at, field.getKey());
                boolean isOnTheWay =
                        without.startsWith(path + ".") || without.startsWith(path + "[");
                boolean isNeeded = texts(flat.path("required")).contains(field.getKey());
                if ((isNeeded || isOnTheWay) && !path.equals(without)) {
                    body.set(field.getKey(), sample(field.getValue(), path, without));
                }
            }
            return body;
        }
        JsonMapper json = JsonMapper.shared();
        if (flat.has("items")) {
            return json.createArrayNode().add(sample(flat.path("items"), at + "[0]", without));
        }
        JsonNode type = flat.path("type");
        String kind = type.isArray() ? type.path(0).asString() : type.asString("");
        return flat.has("enum")
                ? flat.path("enum").path(0)
                : json.valueToTree(
                        switch (kind) {
                            case "integer", "number" -> 1;
                            case "boolean" -> true;
                            case "string" -> text(flat);
                            default -> Map.of();
                        });
    }

    private static String text(ObjectNode schema) {
        return switch (schema.path("format").asString(schema.path("pattern").asString(""))) {
            case "date-time" -> "2026-01-01T00:00:00Z";
            case "duration" -> "PT1S";
            case "^[A-Z]{3}$" -> "EUR";
            default -> "x";
        };
    }

    /// Without references, without `null`, and all that is said of it in one.
    private ObjectNode flat(JsonNode schema) {
        String reference = schema.path("$ref").asString("");
        if (!reference.isEmpty()) {
            return flat(document.at(reference.substring(1)));
        }
        List<JsonNode> others =
                schema.path("anyOf")
                        .valueStream()
                        .filter(one -> !one.path("type").asString("").equals("null"))
                        .toList();
        if (!others.isEmpty()) {
            return flat(others.getFirst());
        }
        if (!schema.has("allOf")) {
            return schema instanceof ObjectNode object ? object : object();
        }
        ObjectNode both = object();
        for (JsonNode one : schema.path("allOf")) {
            merge(both, flat(one));
        }
        return both;
    }

    private static void merge(ObjectNode both, ObjectNode other) {
        for (Map.Entry<String, JsonNode> field : other.properties()) {
            String name = field.getKey();
            if (name.equals("required")) {
                both.withArray(name).addAll(new ArrayList<>(field.getValue().values()));
            } else if (name.equals("properties")) {
                ObjectNode all = both.withObjectProperty(name);
                field.getValue()
                        .properties()
                        .forEach(one -> addTo(all, one.getKey(), one.getValue()));
            } else {
                addTo(both, name, field.getValue());
            }
        }
    }

    private static void addTo(ObjectNode place, String name, JsonNode value) {
        JsonNode known = place.get(name);
        if (known instanceof ObjectNode) {
            place.putObject(name).putArray("allOf").add(known).add(value);
        } else {
            place.set(name, value);
        }
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static String within(String at, String name) {
        return at.isEmpty() ? name : at + "." + name;
    }
}
