// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.Positions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A request that is repeated with its `Idempotency-Key` has one effect and one answer.
final class IdempotencyTest {

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.open(directory);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static void sell(String sku) {
        shop.put("/products/" + sku, product("Tea", 500)).is(200);
    }

    private static Answer place(String sku, String key) {
        return shop.post("/orders", order(sku, 3), "Idempotency-Key", key);
    }

    private static void isSame(Answer repeated, Answer first) {
        assertThat(repeated.is(201).body()).isEqualTo(first.is(201).body());
        for (String header : List.of("Location", "ETag", "Fakta-Token")) {
            assertThat(repeated.header(header)).as(header).isEqualTo(first.header(header));
        }
    }

    @Test
    void a_repeated_order_is_one_order_with_the_same_answer() {
        sell("plain");
        Answer first = place("plain", "plain-1");
        Positions before = shop.heads();
        isSame(place("plain", "plain-1"), first);
        assertThat(shop.recordedSince(before)).isEmpty();
    }

    @Test
    void only_an_answer_that_is_repeated_says_that_it_is() {
        sell("again");
        Answer first = place("again", "again-1");
        assertThat(first.is(201).header("Idempotency-Replayed")).isEmpty();
        assertThat(place("again", "again-1").header("Idempotency-Replayed")).isEqualTo("true");
        String notes = first.header("Location") + "/notes";
        String[] headers = {"Idempotency-Key", "again-2", "Prefer", "return=minimal"};
        Answer noted = shop.post(notes, object().put("text", "Hello"), headers);
        assertThat(noted.is(201).header("Idempotency-Replayed")).isEmpty();
        Answer again = shop.post(notes, object().put("text", "Hello"), headers);
        assertThat(again.is(201).header("Idempotency-Replayed")).isEqualTo("true");
        Answer other = shop.post(notes, object().put("text", "Bye"), headers);
        assertThat(other.is(422).header("Idempotency-Replayed")).isEmpty();
    }

    @Test
    void the_answer_stays_when_the_price_has_changed() {
        sell("dearer");
        Answer first = place("dearer", "dearer-1");
        shop.put("/products/dearer", product("Tea", 700)).is(200);
        isSame(place("dearer", "dearer-1"), first);
    }

    @Test
    void the_answer_stays_when_the_product_is_not_sold_any_more() {
        sell("retired");
        Answer first = place("retired", "retired-1");
        shop.post("/products/retired/retire", "").is(200);
        isSame(place("retired", "retired-1"), first);
        place("retired", "retired-2").isProblem(400, "invalid-request");
    }

    @Test
    void the_answer_is_the_first_one_whatever_happened_to_the_order_since() {
        sell("moved");
        Answer first = place("moved", "moved-1");
        String location = first.header("Location");
        shop.post(location + "/notes", object().put("text", "Hello")).is(201);
        shop.post(location + "/cancel", object()).is(200);
        isSame(place("moved", "moved-1"), first);
        assertThat(shop.get(location).text("/status")).isEqualTo("Cancelled");
    }

    @Test
    void a_key_that_was_used_for_another_order_is_refused() {
        sell("other");
        place("other", "other-1").is(201);
        shop.post("/orders", order("other", 4), "Idempotency-Key", "other-1")
                .isProblem(422, "idempotency-key-reused");
    }

    @Test
    void a_key_is_refused_for_another_order_even_when_that_one_is_invalid() {
        sell("invalid");
        place("invalid", "invalid-1").is(201);
        shop.post("/orders", order("invalid", 0), "Idempotency-Key", "invalid-1")
                .isProblem(422, "idempotency-key-reused");
    }

    @Test
    void a_key_of_a_refused_request_can_be_used_again() {
        place("later", "later-1").isProblem(400, "invalid-request");
        sell("later");
        place("later", "later-1").is(201);
    }

    @Test
    void a_repeated_change_is_answered_as_of_its_revision() {
        sell("noted");
        String location = place("noted", "noted-1").header("Location");
        String path = location + "/notes";
        Answer first = shop.post(path, object().put("text", "One"), "Idempotency-Key", "n");
        shop.post(path, object().put("text", "Two")).is(201);
        Answer again = shop.post(path, object().put("text", "One"), "Idempotency-Key", "n");
        assertThat(again.is(201).body()).isEqualTo(first.is(201).body());
        assertThat(again.header("ETag")).isEqualTo("\"2\"");
        assertThat(shop.get(location + "/events").each("revision")).hasSize(3);
        shop.post(path, object().put("text", "Three"), "Idempotency-Key", "n")
                .isProblem(422, "idempotency-key-reused");
    }

    @Test
    void a_repeated_change_is_not_held_against_the_revision_that_it_made() {
        sell("matched");
        String path = place("matched", "matched-1").header("Location") + "/notes";
        String[] headers = {"Idempotency-Key", "m", "If-Match", "\"1\""};
        shop.post(path, object().put("text", "One"), headers).is(201);
        shop.post(path, object().put("text", "One"), headers).is(201);
    }

    @Test
    void one_key_on_two_orders_is_two_changes() {
        sell("two");
        for (String key : List.of("two-1", "two-2")) {
            String path = place("two", key).header("Location") + "/notes";
            shop.post(path, object().put("text", "Both"), "Idempotency-Key", "both").is(201);
        }
    }

    @Test
    void requests_with_one_key_at_the_same_time_are_one_order()
            throws ExecutionException, InterruptedException {
        sell("race");
        List<Future<Answer>> racing = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 24; i++) {
                racing.add(threads.submit(() -> place("race", "race-1")));
            }
        }
        Answer first = place("race", "race-1");
        for (Future<Answer> one : racing) {
            isSame(one.get(), first);
        }
        assertThat(shop.get(first.header("Location") + "/events").each("name"))
                .containsExactly("order-created");
    }
}
