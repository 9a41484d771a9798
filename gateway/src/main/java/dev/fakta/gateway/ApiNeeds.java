// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes into schemas which fields bodies need, see [NeededFields]. Where every body that has a
/// record needs the same of it, and no answer has it, the record's own schema says so, under the
/// name that clients know it by. What only some bodies need is said beside it.
final class ApiNeeds {

    private static final int DEEPEST = 5;
    private static final String NULL = "null";

    private final ObjectNode all;
    private final Set<ObjectNode> answered = Collections.newSetFromMap(new IdentityHashMap<>());
    private final IdentityHashMap<ObjectNode, Set<String>> needed = new IdentityHashMap<>();

    /// @param all schemas, by name
    /// @param answers references to those of answers
    ApiNeeds(ObjectNode all, Collection<ObjectNode> answers) {
        this.all = all;
        Deque<JsonNode> left = new ArrayDeque<>(answers);
        Set<String> seen = new HashSet<>();
        while (!left.isEmpty()) {
            for (String reference : left.pop().findValuesAsString("$ref")) {
                if (seen.add(reference) && all.get(name(reference)) instanceof ObjectNode schema) {
                    answered.add(schema);
                    left.add(schema);
                }
            }
        }
    }

    private static String name(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    /// Takes note of a body.
    ///
    /// @param body the schema that it has
    /// @param fields the paths of what it needs
    void found(ObjectNode body, Set<String> fields) {
        visit(
                body,
                "",
                (schema, at) ->
                        needed.merge(
                                schema,
                                within(at, fields),
                                (one, other) -> {
                                    one.retainAll(other);
                                    return one;
                                }));
    }

    /// Writes what every body of a record needs. Once, when all are found.
    void write() {
        needed.keySet().removeAll(answered);
        needed.forEach(
                (schema, names) -> {
                    for (String name : names) {
                        schema.withArray("required").add(name);
                        if (schema.path("properties").get(name) instanceof ObjectNode field) {
                            refuseNull(field);
                        }
                    }
                });
    }

    /// What a body needs besides, which may be nothing.
    ObjectNode rest(ObjectNode body, Set<String> fields) {
        ObjectNode rest = Json.mapper().createObjectNode();
        visit(
                body,
                "",
                (schema, at) -> {
                    Set<String> left = within(at, fields);
                    left.removeAll(needed.getOrDefault(schema, Set.of()));
                    for (String name : left) {
                        place(rest, at).withArray("required").add(name);
                    }
                });
        return rest;
    }

    /// Where a schema has the part at this path.
    private static ObjectNode place(ObjectNode schema, String at) {
        ObjectNode place = schema;
        for (String step : at.isEmpty() ? new String[0] : at.split("\\.", -1)) {
            String name = step.replace("[0]", "");
            place = place.withObjectProperty("properties").withObjectProperty(name);
            if (!name.equals(step)) {
                place = place.withObjectProperty("items");
            }
        }
        return place;
    }

    private static Set<String> within(String at, Set<String> fields) {
        Set<String> names = new LinkedHashSet<>();
        for (String field : fields) {
            int end = field.lastIndexOf('.');
            if (field.substring(0, Math.max(end, 0)).equals(at)) {
                names.add(field.substring(end + 1));
            }
        }
        return names;
    }

    /// Shows each record of a body, the body first, with the path to it.
    private void visit(JsonNode body, String at, BiConsumer<ObjectNode, String> visitor) {
        ObjectNode schema = behind(body);
        if (schema == null || at.split("\\.", -1).length > DEEPEST) {
            return;
        }
        if (schema.has("items")) {
            visit(schema.path("items"), at + "[0]", visitor);
        } else if (schema.has("properties")) {
            visitor.accept(schema, at);
            schema.path("properties")
                    .properties()
                    .forEach(
                            field ->
                                    visit(
                                            field.getValue(),
                                            at.isEmpty()
                                                    ? field.getKey()
                                                    : at + "." + field.getKey(),
                                            visitor));
        }
    }

    /// What a schema refers to, or the only thing that it may be besides `null`.
    private @Nullable ObjectNode behind(JsonNode schema) {
        JsonNode found = schema;
        for (int i = 0; i < DEEPEST; i++) {
            String reference = found.path("$ref").asString("");
            List<JsonNode> others = othersThanNull(found.path("anyOf"));
            if (!reference.isEmpty()) {
                found = all.path(name(reference));
            } else if (others.size() == 1) {
                found = others.getFirst();
            } else {
                break;
            }
        }
        return found instanceof ObjectNode object ? object : null;
    }

    private static List<JsonNode> othersThanNull(JsonNode anyOf) {
        return anyOf.valueStream()
                .filter(one -> !one.path("type").asString("").equals(NULL))
                .toList();
    }

    /// A field that is `null` is one that is missing.
    private void refuseNull(ObjectNode field) {
        String reference = field.path("$ref").asString("");
        JsonNode either = reference.isEmpty() ? field : all.path(name(reference));
        List<JsonNode> others = othersThanNull(either.path("anyOf"));
        if (others.size() == 1 && others.getFirst() instanceof ObjectNode only) {
            field.remove(List.of("anyOf", "$ref"));
            field.setAll(only.deepCopy());
        } else if (field.get("type") instanceof ArrayNode types) {
            types.removeIf(type -> type.asString("").equals(NULL));
            if (types.size() == 1) {
                field.set("type", types.get(0));
            }
        }
    }
}
