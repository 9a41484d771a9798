// SPDX-License-Identifier: Apache-2.0
package dev.fakta.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Values by schema that the server can take, with names of things that are there where a field's
/// name says what it is about.
final class Values {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 8;

    /// What fields of these names have in a shop.
    private static final Map<String, List<String>> WORDS =
            Map.ofEntries(
                    Map.entry("currency", List.of("EUR", "EUR", "USD")),
                    Map.entry("country", List.of("DE", "US", "AT")),
                    Map.entry("customerId", List.of("customer", "ada")),
                    Map.entry("customer", List.of("customer", "ada")),
                    Map.entry("email", List.of("a@example.org")),
                    Map.entry(
                            "method",
                            List.of("card", "invoice", "store-credit", "standard", "pickup")),
                    Map.entry("token", List.of("tok_ok", "tok_declined")),
                    Map.entry("location", List.of("main", "hof")),
                    Map.entry("code", List.of("TEN", "TRACK1")),
                    Map.entry("codes", List.of("TEN", "FREE")),
                    Map.entry("campaignCodes", List.of("TEN", "FREE")),
                    Map.entry("kind", List.of("percentage", "free-shipping", "MANUAL", "ADDRESS")),
                    Map.entry("parcel", List.of("p1")),
                    Map.entry("reason", List.of("because", "FRAUD", "DAMAGED")),
                    Map.entry("status", List.of("IN_TRANSIT", "DELIVERED")),
                    Map.entry("saga", List.of("order", "payment")));

    private final JsonNode document;
    private final Known known;

    Values(JsonNode document, Known known) {
        this.document = document;
        this.known = known;
    }

    /// A value that the schema allows.
    ///
    /// @param name of the field that it is for
    JsonNode of(JsonNode schema, String name, Random random) {
        return of(schema, name, random, 0);
    }

    private JsonNode of(JsonNode given, String name, Random random, int depth) {
        JsonNode schema = Operation.resolved(document, given);
        JsonNode choices = schema.has("anyOf") ? schema.path("anyOf") : schema.path("oneOf");
        if (!choices.isEmpty()) {
            return of(choices.get(random.nextInt(choices.size())), name, random, depth);
        }
        if (!schema.path("enum").isEmpty()) {
            return schema.path("enum").get(random.nextInt(schema.path("enum").size()));
        }
        return switch (type(schema, random)) {
            case "object" -> object(schema, random, depth);
            case "array" -> array(schema, name, random, depth);
            case "integer" -> NODES.numberNode(integer(schema, random));
            case "number" -> NODES.numberNode(random.nextInt(100) / 4.0);
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "null" -> NODES.nullNode();
            default -> NODES.stringNode(text(schema, name, random));
        };
    }

    /// Rarely nothing where there may be nothing.
    private static String type(JsonNode schema, Random random) {
        JsonNode type = schema.path("type");
        if (!type.isArray()) {
            return type.asString(schema.has("properties") ? "object" : "string");
        }
        List<String> types = new ArrayList<>();
        type.forEach(one -> types.add(one.asString()));
        if (types.size() > 1 && random.nextInt(12) > 0) {
            types.remove("null");
        }
        return types.get(random.nextInt(types.size()));
    }

    private ObjectNode object(JsonNode schema, Random random, int depth) {
        ObjectNode object = NODES.objectNode();
        for (Map.Entry<String, JsonNode> one : schema.path("properties").properties()) {
            if (depth < DEEPEST && random.nextInt(10) > 0) {
                object.set(one.getKey(), of(one.getValue(), one.getKey(), random, depth + 1));
            }
        }
        return object;
    }

    private ArrayNode array(JsonNode schema, String name, Random random, int depth) {
        ArrayNode array = NODES.arrayNode();
        for (int left = depth < DEEPEST ? random.nextInt(4) : 0; left > 0; left--) {
            array.add(of(schema.path("items"), name, random, depth + 1));
        }
        return array;
    }

    private static long integer(JsonNode schema, Random random) {
        long least = schema.path("minimum").asLong(1);
        long most = schema.path("maximum").asLong(least + 20);
        return least + random.nextLong(Math.min(most - least, 20) + 1);
    }

    private String text(JsonNode schema, String name, Random random) {
        if (schema.path("format").asString("").equals("date-time") || name.endsWith("At")) {
            return "20%02d-03-0%dT12:00:00Z"
                    .formatted(20 + random.nextInt(8), 1 + random.nextInt(9));
        }
        if (schema.path("format").asString("").equals("duration")) {
            return "PT" + random.nextInt(100) + "H";
        }
        if (name.equals("sku")) {
            return known.any("products", "tea", random);
        }
        List<String> words = WORDS.getOrDefault(name, List.of("word", "tea", "Main 1", "r1"));
        return words.get(random.nextInt(words.size()));
    }

    /// The body of a request: one that was taken before, or one by the schema.
    byte[] body(Operation operation, Random random) {
        JsonNode schema = operation.body();
        if (schema == null) {
            return new byte[0];
        }
        String taken = known.any("body " + operation.name(), "", random);
        return taken.isEmpty() || random.nextInt(3) == 0
                ? JsonMapper.shared().writeValueAsBytes(of(schema, "", random))
                : taken.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /// A value of a parameter in the query.
    String parameter(String name, JsonNode schema, Random random) {
        return switch (name) {
            case "after" -> known.any("cursor", "1", random);
            case "order", "payment" -> known.any("orders", "x", random);
            case "q" -> "a@example.org";
            default -> of(schema, name, random).asString();
        };
    }

    /// A value of a parameter in the path: mostly of a thing that is there.
    String id(String collection, String parameter, Random random) {
        return switch (parameter) {
            case "kind" -> List.of("MANUAL", "ADDRESS", "FRAUD_REVIEW").get(random.nextInt(3));
            case "location" -> "main";
            case "saga" -> known.any("sagas", "order", random);
            case "reference" -> "r" + random.nextInt(9);
            case "orderId" -> known.any("orders", "none", random);
            default -> {
                if (random.nextInt(12) == 0) {
                    yield known.any("orders", "none", random);
                }
                if (random.nextInt(12) == 0) {
                    yield "none-" + random.nextInt(9);
                }
                yield known.any(
                        switch (collection) {
                            case "stock" -> "products";
                            case "payments", "sagas" -> "orders";
                            default -> collection;
                        },
                        collection.equals("store-credits") ? "customer" : "tea",
                        random);
            }
        };
    }
}
