// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.campaign;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static dev.fakta.http.Bodies.withCodes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Thousands of orders with something changed at random, the same ones in every run: each is placed
/// or refused, none is a failure, and the views bear what was placed.
final class MutationTest {

    private static final int ORDERS = 2_000;
    private static final String SIGNS = "{}[]\",:\\u-0.e ";

    /// What may stand where something else belongs.
    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "0",
                    "-1",
                    "1.5",
                    "1e400",
                    "9223372036854775807",
                    "9223372036854775808",
                    "\"\"",
                    "\" \"",
                    "\"\\u0000\"",
                    "\"\\ud800\"",
                    "\"\\udc00\\ud800\"",
                    "\"\u00e4\ud83d\ude42\"",
                    "\"tea\"",
                    "\"TEN\"",
                    "\"../..\"",
                    "\"'; drop table order_row; --\"",
                    "[]",
                    "[null]",
                    "[[]]",
                    "{}",
                    "{\"minor\":1,\"currency\":\"USD\"}",
                    "\"2020-01-01T00:00:00Z\"",
                    "\"+999999999-12-31T23:59:59Z\"",
                    "\"" + "x".repeat(300) + "\"");

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.openForImports(directory);
        shop.put("/products/tea", product("Tea", 500)).is(200);
        shop.put("/products/jam", product("Jam", 700)).is(200);
        shop.put("/campaigns/ten", campaign("percentage", "TEN").put("percent", 10)).is(200);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static ObjectNode valid() {
        ObjectNode order = withCodes(order("tea", 2, "jam", 1), "TEN");
        ((ObjectNode) order.at("/lines/1")).set("unitPrice", Bodies.money(650, "USD"));
        ((ObjectNode) order.at("/shipping/address")).put("line2", "Back door").put("region", "OR");
        return order.put("placedAt", "2026-01-01T00:00:00Z");
    }

    @Test
    void a_mutated_order_is_placed_or_refused() {
        Random random = new Random(20_261_122);
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (int i = 0; i < ORDERS; i++) {
            byte[] body =
                    i % 2 == 0
                            ? mutate(valid().toString().getBytes(UTF_8), random)
                            : mutate(valid(), random).toString().getBytes(UTF_8);
            Answer answer = shop.send("POST", "/orders", BodyPublishers.ofByteArray(body));
            assertThat(answer.status())
                    .as("order %d: %s%n%s", i, new String(body, UTF_8), answer.body())
                    .matches(status -> status == 201 || status >= 400 && status < 500);
            statuses.merge(answer.status(), 1, Integer::sum);
        }
        assertThat(statuses.keySet()).as("statuses %s", statuses).contains(201, 400);
        assertThat(shop.get("/metrics").body()).contains("parked_streams{view=\"orders\"} 0");
    }

    /// One to three changes of bytes.
    private static byte[] mutate(byte[] body, Random random) {
        byte[] changed = body;
        for (int left = 1 + random.nextInt(3); left > 0 && changed.length > 0; left--) {
            int at = random.nextInt(changed.length);
            int length = Math.min(changed.length - at, 1 + random.nextInt(8));
            changed =
                    switch (random.nextInt(5)) {
                        case 0 -> with(changed, at, random.nextInt(256));
                        case 1 -> with(changed, at, SIGNS.charAt(random.nextInt(SIGNS.length())));
                        case 2 -> Arrays.copyOf(changed, at);
                        case 3 -> join(changed, at, at + length);
                        default -> join(changed, at + length, at);
                    };
        }
        return changed;
    }

    private static byte[] with(byte[] body, int at, int value) {
        byte[] changed = body.clone();
        changed[at] = (byte) value;
        return changed;
    }

    /// What stands before `end`, then what stands from `start` on: a part is left out, or comes
    /// twice.
    private static byte[] join(byte[] body, int end, int start) {
        byte[] joined = Arrays.copyOf(body, end + body.length - start);
        System.arraycopy(body, start, joined, end, body.length - start);
        return joined;
    }

    /// One change of a field, somewhere.
    private static ObjectNode mutate(ObjectNode order, Random random) {
        List<JsonNode> parents = containers(order);
        JsonNode parent = parents.get(random.nextInt(parents.size()));
        JsonNode value = JsonMapper.shared().readTree(VALUES.get(random.nextInt(VALUES.size())));
        switch (parent) {
            case ObjectNode fields when fields.size() > 0 -> {
                List<String> names = List.copyOf(fields.propertyNames());
                String name = names.get(random.nextInt(names.size()));
                switch (random.nextInt(8)) {
                    case 0 -> fields.remove(name);
                    case 1 -> fields.set(name + "s", value);
                    default -> fields.set(name, value);
                }
            }
            case ArrayNode items -> items.insert(random.nextInt(items.size() + 1), value);
            default -> order.set("more", value);
        }
        return order;
    }

    private static List<JsonNode> containers(JsonNode node) {
        List<JsonNode> found = new java.util.ArrayList<>();
        if (node.isContainer()) {
            found.add(node);
            node.forEach(child -> found.addAll(containers(child)));
        }
        return found;
    }
}
