// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.money;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.Positions;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Orders that come in a file, and go out in one.
final class BulkOrdersTest {

    private static final String LINES = "application/x-ndjson";
    private static final int ORDERS = 250;

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.openForImports(directory);
        shop.put("/products/tea", product("Tea", 500)).is(200);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    /// An order of long ago, at the price of that time.
    private static ObjectNode imported(int number) {
        ObjectNode order = order("tea", 1 + number % 3);
        order.put("placedAt", "2021-03-%02dT00:00:00Z".formatted(1 + number % 28));
        ((ObjectNode) order.path("lines").path(0)).set("unitPrice", money(100 + number, "USD"));
        return order.put("customerId", "bulk");
    }

    private static List<JsonNode> send(String body, String... headers) {
        Answer answer = shop.post("/orders", body, headers).is(200);
        return answer.body().lines().map(JsonMapper.shared()::readTree).toList();
    }

    @Test
    void a_file_of_orders_comes_in_once_and_goes_out_whole() {
        String file =
                IntStream.range(0, ORDERS)
                        .mapToObj(number -> imported(number).toString())
                        .collect(Collectors.joining("\n"));
        String[] headers = {"Content-Type", LINES, "Idempotency-Key", "march"};
        List<JsonNode> placed = send(file, headers);
        assertThat(placed).hasSize(ORDERS);
        assertThat(placed).allMatch(line -> line.path("status").asInt() == 201);
        JsonNode tenth = shop.get(placed.get(9).path("location").asString()).is(200).json();
        assertThat(tenth.at("/lines/0/unitPrice/minor").asInt()).isEqualTo(109);
        List<JsonNode> again = send(file, headers);
        for (int i = 0; i < ORDERS; i++) {
            assertThat(again.get(i).path("replayed").asBoolean()).isTrue();
            assertThat(again.get(i).path("id")).isEqualTo(placed.get(i).path("id"));
        }
        String[] out = {"Accept", LINES, "Fakta-Token", Objects.toString(shop.heads())};
        Answer all = shop.get("/orders?customer=bulk&sort=placedAt", out).is(200);
        List<String> ids =
                all.body()
                        .lines()
                        .map(line -> JsonMapper.shared().readTree(line).path("id").asString())
                        .toList();
        assertThat(ids)
                .containsExactlyInAnyOrderElementsOf(
                        placed.stream().map(line -> line.path("id").asString()).toList());
        Answer table = shop.get("/orders?customer=bulk", "Accept", "text/csv").is(200);
        assertThat(table.body())
                .startsWith("id,number,customerId,email,")
                .contains(",grand.minor,grand.currency,");
        assertThat(table.body().split("\r\n", -1)).hasSize(ORDERS + 2);
    }

    @Test
    void a_line_is_refused_as_a_single_order_would_be() {
        ObjectNode unknown = order("no-such-tea", 1);
        ObjectNode faulty = order("tea", 0).put("email", "nobody");
        String file = "%s\n%s\n\n%s\n".formatted(unknown, faulty, order("tea", 1));
        Positions before = shop.heads();
        List<JsonNode> answers = send(file, "Content-Type", LINES);
        assertThat(answers.stream().map(line -> line.path("line").asInt()))
                .containsExactly(1, 2, 4);
        assertThat(answers.get(0).path("problem"))
                .isEqualTo(shop.post("/orders", unknown).is(400).json());
        assertThat(answers.get(1).path("problem"))
                .isEqualTo(shop.post("/orders", faulty).is(400).json());
        assertThat(answers.get(2).path("status").asInt()).isEqualTo(201);
        assertThat(shop.recordedSince(before)).filteredOn("order-created"::equals).hasSize(1);
        Answer other = shop.post("/returns/none/close", "{}\n", "Content-Type", LINES);
        other.isProblem(415, "wrong-media-type");
    }
}
