// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.Positions;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Orders over HTTP, from placing one to its history.
final class OrdersTest {

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.open(directory);
        shop.put("/products/tea", product("Tea", 1_190)).is(200);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static Answer place() {
        return shop.post("/orders", order("tea", 2)).is(201);
    }

    @Nested
    final class Placing {

        @Test
        void a_placed_order_is_answered_with_its_location_revision_and_token() {
            Answer placed = place();
            String id = placed.text("/id");
            assertThat(placed.header("Location")).isEqualTo("/orders/" + id);
            assertThat(placed.header("ETag")).isEqualTo("\"1\"");
            assertThat(placed.header("Fakta-Token")).matches("[0-9]+\\.[0-9]+@[0-9a-z]+");
            assertThat(placed.header("Content-Type")).isEqualTo("application/json");
        }

        @Test
        void a_placed_order_has_every_field_of_the_contract() {
            JsonNode order = place().json();
            assertThat(order.propertyNames())
                    .contains(
                            "id",
                            "number",
                            "customerId",
                            "status",
                            "payment",
                            "fulfilment",
                            "returns",
                            "holds",
                            "lines",
                            "totals",
                            "revision",
                            "placedAt");
            assertThat(order.path("totals").propertyNames())
                    .contains("items", "discount", "shipping", "tax", "grand");
            assertThat(order.path("status").asString()).isEqualTo("Created");
            assertThat(order.path("payment").asString()).isEqualTo("None");
            assertThat(order.path("fulfilment").asString()).isEqualTo("Unallocated");
            assertThat(order.path("returns").asString()).isEqualTo("None");
            assertThat(order.path("revision").asLong()).isEqualTo(1);
            assertThat(Instant.parse(order.path("placedAt").asString())).isNotNull();
        }

        @Test
        void an_order_is_found_at_its_location() {
            Answer placed = place();
            Answer got = shop.get(placed.header("Location")).is(200);
            assertThat(got.json()).isEqualTo(placed.json());
            assertThat(got.header("ETag")).isEqualTo("\"1\"");
        }

        @Test
        void prices_that_contain_tax_are_told_without_it() {
            ObjectNode request = order("tea", 1).put("currency", "EUR");
            ((ObjectNode) request.at("/shipping/address")).put("country", "DE");
            Answer order = shop.post("/orders", request).is(201);
            assertThat(order.number("/totals/items/minor")).isEqualTo(1_000);
            assertThat(order.number("/totals/tax/minor")).isEqualTo(190);
            assertThat(order.number("/totals/grand/minor")).isEqualTo(1_190);
        }

        @Test
        void an_order_keeps_the_price_that_it_was_placed_with() {
            shop.put("/products/moving", product("Moving", 100)).is(200);
            Answer placed = shop.post("/orders", order("moving", 1)).is(201);
            shop.put("/products/moving", product("Moving", 900)).is(200);
            assertThat(shop.get(placed.header("Location")).number("/totals/grand/minor"))
                    .isEqualTo(100);
        }

        @Test
        void everything_that_is_wrong_is_said_at_once() {
            ObjectNode request = order("tea", 0);
            request.remove("email");
            ((ObjectNode) request.path("shipping")).put("method", "pigeon");
            ((ObjectNode) request.path("payment")).remove("token");
            Answer refused = shop.post("/orders", request).isProblem(400, "invalid-request");
            assertThat(refused.fields())
                    .containsExactlyInAnyOrder(
                            "email", "lines[0].quantity", "shipping.method", "payment.token");
            assertThat(refused.header("Location")).isEmpty();
        }

        @Test
        void an_unknown_order_is_not_found() {
            shop.get("/orders/01jyz3k8qhn4t6v9x2ab").isProblem(404, "unknown");
            shop.get("/orders/01jyz3k8qhn4t6v9x2ab/events").isProblem(404, "unknown");
            shop.post("/orders/01jyz3k8qhn4t6v9x2ab/notes", object().put("text", "Hello"))
                    .isProblem(404, "unknown");
        }
    }

    @Nested
    final class Pricing {

        @Test
        void a_price_is_that_of_the_order_and_nothing_is_recorded() {
            ObjectNode wanted = order("tea", 2);
            Positions before = shop.heads();
            Answer price = shop.post("/orders/price", wanted).is(200);
            assertThat(shop.recordedSince(before)).isEmpty();
            Answer placed = shop.post("/orders", wanted).is(201);
            for (String field : List.of("lines", "shipping", "totals", "codes", "currency")) {
                assertThat(price.json().path(field)).as(field).isEqualTo(placed.json().path(field));
            }
        }

        @Test
        void faults_are_those_of_the_order() {
            Answer price = shop.post("/orders/price", object()).isProblem(400, "invalid-request");
            assertThat(price.fields()).isEqualTo(shop.post("/orders", object()).fields());
            assertThat(shop.get("/orders/price").is(404).text("/code")).isEqualTo("UNKNOWN");
        }
    }

    @Nested
    final class Changing {

        @Test
        void a_note_is_recorded() {
            String location = place().header("Location");
            Answer noted = shop.post(location + "/notes", object().put("text", "Ring twice"));
            assertThat(noted.is(201).header("ETag")).isEqualTo("\"2\"");
            JsonNode fact = shop.get(location + "/events").json().at("/items/1");
            assertThat(fact.path("name").asString()).isEqualTo("order-note-added");
            assertThat(fact.at("/data/text").asString()).isEqualTo("Ring twice");
            assertThat(shop.get(location + "/notes").is(200).each("text"))
                    .containsExactly("Ring twice");
        }

        @Test
        void a_hold_is_placed_and_released() {
            String location = place().header("Location");
            ObjectNode hold = object().put("reason", "Call first");
            Answer held = shop.put(location + "/holds/MANUAL", hold).is(200);
            assertThat(held.text("/holds/0/kind")).isEqualTo("MANUAL");
            assertThat(held.text("/holds/0/reason")).isEqualTo("Call first");
            Answer released = shop.delete(location + "/holds/MANUAL").is(200);
            assertThat(released.json().path("holds")).isEmpty();
        }

        @Test
        void cancellation_is_final() {
            String location = place().header("Location");
            Answer cancelled = shop.post(location + "/cancel", object().put("reason", "Too late"));
            assertThat(cancelled.is(200).text("/status")).isEqualTo("Cancelled");
            assertThat(cancelled.text("/fulfilment")).isEqualTo("Nothing");
            Answer refused = shop.put(location + "/holds/MANUAL", object());
            assertThat(refused.isProblem(409, "order-cancelled").text("/code"))
                    .isEqualTo("ORDER_CANCELLED");
            assertThat(refused.number("/revision")).isEqualTo(2);
            Answer again = shop.post(location + "/cancel", object()).is(200);
            assertThat(again.header("ETag")).isEqualTo("\"2\"");
        }

        @Test
        void a_change_for_another_revision_is_refused() {
            String path = place().header("Location") + "/notes";
            ObjectNode note = object().put("text", "Mine");
            shop.post(path, note, "If-Match", "\"1\"").is(201);
            shop.post(path, note, "If-Match", "\"1\"").isProblem(412, "revision-moved");
            shop.post(path, note, "If-Match", "\"7\"").isProblem(412, "revision-moved");
            shop.post(path, note, "If-Match", "\"18446744073709551615\"")
                    .isProblem(412, "revision-moved");
            shop.post(path, note, "If-Match", "*").is(201);
            shop.post(path, note, "If-Match", "\"3\"").is(201);
        }
    }

    @Nested
    final class History {

        @Test
        void the_facts_of_an_order_say_who_when_and_why() {
            String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
            Answer placed = shop.post("/orders", order("tea", 1), "traceparent", trace).is(201);
            JsonNode fact = shop.get(placed.header("Location") + "/events").json().at("/items/0");
            assertThat(fact.path("revision").asLong()).isEqualTo(1);
            assertThat(fact.path("name").asString()).isEqualTo("order-created");
            assertThat(placed.header("Fakta-Token"))
                    .startsWith(fact.path("position").asString() + "@");
            assertThat(fact.path("correlationId").asString())
                    .isEqualTo("4bf92f35-77b3-4da6-a3ce-929d0e0e4736");
            assertThat(Instant.parse(fact.path("at").asString())).isNotNull();
            assertThat(fact.path("causationId").asString()).isNotEmpty();
            assertThat(fact.has("actor")).isTrue();
            assertThat(fact.at("/data/totals")).isEqualTo(placed.json().path("totals"));
        }

        @Test
        void facts_are_read_on_from_a_revision() {
            String location = place().header("Location");
            shop.post(location + "/notes", object().put("text", "One")).is(201);
            shop.post(location + "/notes", object().put("text", "Two")).is(201);
            assertThat(shop.get(location + "/events?after=1").is(200).each("revision"))
                    .containsExactly("2", "3");
            assertThat(shop.get(location + "/events?after=3").is(200).each("revision")).isEmpty();
            shop.get(location + "/events?after=999999999999999999").is(200);
            shop.get(location + "/events?after=9223372036854775807").is(400);
            shop.get(location + "/events?after=18446744073709551615").is(400);
            shop.get(location + "/events?after=-1").is(400);
        }

        @Test
        void an_order_can_be_seen_as_it_was_at_a_revision() {
            String location = place().header("Location");
            shop.post(location + "/cancel", object()).is(200);
            Answer then = shop.get(location + "?revision=1").is(200);
            assertThat(then.text("/status")).isEqualTo("Created");
            assertThat(then.number("/revision")).isEqualTo(1);
            assertThat(shop.get(location + "?revision=2").text("/status")).isEqualTo("Cancelled");
            shop.get(location + "?revision=3").isProblem(404, "unknown");
            shop.get(location + "?revision=0").isProblem(404, "unknown");
        }

        @Test
        void an_order_can_be_seen_as_it_was_at_a_time() {
            String location = place().header("Location");
            String created = lastTime(location);
            while (lastTime(location).equals(created)) {
                shop.post(location + "/notes", object().put("text", "Tick")).is(201);
            }
            shop.post(location + "/cancel", object()).is(200);
            assertThat(shop.get(location + "?at=" + created).text("/status")).isEqualTo("Created");
            assertThat(shop.get(location + "?at=" + lastTime(location)).text("/status"))
                    .isEqualTo("Cancelled");
            shop.get(location + "?at=2001-01-01T00:00:00Z").isProblem(404, "unknown");
            assertThat(shop.get(location + "?at=9999-12-31T00:00:00Z").text("/status"))
                    .isEqualTo("Cancelled");
        }

        private static String lastTime(String location) {
            return shop.get(location + "/events").is(200).each("at").getLast();
        }

        @Test
        void only_one_moment_can_be_asked_for() {
            String location = place().header("Location");
            shop.get(location + "?revision=1&at=2030-01-01T00:00:00Z").is(400);
            shop.get(location + "?revision=one").is(400);
            shop.get(location + "?at=yesterday").is(400);
            shop.get(location + "?revision=1&revision=2").is(400);
            shop.get(location + "?what=1").is(400);
        }
    }
}
