// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests under a condition, as RFC 9110, section 13, has them. Each test has a product at
/// revision 2.
final class ConditionsTest {

    private static final AtomicLong NUMBERS = new AtomicLong(1_000);
    private static Shop shop;
    private String path = "";

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.open(directory);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @BeforeEach
    void list() {
        path = "/products/p" + NUMBERS.incrementAndGet();
        shop.put(path, product("Tea", 1)).is(200);
        assertThat(change().is(200).header("ETag")).isEqualTo("\"2\"");
    }

    private Answer change(String... headers) {
        return shop.put(path, product("Tea", NUMBERS.incrementAndGet()), headers);
    }

    @ParameterizedTest(name = "If-Match: {0}")
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "'\"2\"', 200",
                "'\"1\", \"2\"', 200",
                "',\"7\",, \"2\" ,', 200",
                "'\"some-other\", W/\"1\", \"2\"', 200",
                "'*', 200",
                "'2', 200",
                "'\"1\"', 412",
                "'\"1\", \"3\"', 412",
                "'W/\"2\"', 412",
                "'\"02\"', 412",
                "'\"2-gzip\"', 412",
                "'\"\"', 412"
            })
    void a_change_is_made_when_a_tag_matches_strongly(String tags, int status) {
        Answer answer = change("If-Match", tags).is(status);
        if (status == 412) {
            assertThat(answer.isProblem(412, "revision-moved").number("/revision")).isEqualTo(2);
            assertThat(answer.text("/code")).isEqualTo("REVISION_MOVED");
        }
    }

    @Test
    void several_header_lines_are_one_list() {
        change("If-Match", "\"1\"", "If-Match", "\"2\"").is(200);
    }

    @Test
    void what_does_not_exist_matches_nothing() {
        for (String tags : new String[] {"*", "\"1\"", "\"1\", \"2\""}) {
            Answer answer = shop.put("/products/none", product("X", 1), "If-Match", tags);
            assertThat(answer.isProblem(412, "revision-moved").number("/revision")).isZero();
        }
        shop.get("/products/none").is(404);
    }

    @ParameterizedTest(name = "If-None-Match: {0}")
    @CsvSource(
            quoteCharacter = '\'',
            value = {"'*', 412", "'\"2\"', 412", "'W/\"2\"', 412", "'\"1\"', 200"})
    void a_change_is_not_made_when_a_tag_matches_weakly(String tags, int status) {
        change("If-None-Match", tags).is(status);
    }

    @Test
    void a_product_can_be_listed_only_if_it_is_new() {
        String fresh = path + "-new";
        shop.put(fresh, product("New", 1), "If-None-Match", "*").is(200);
        Answer second = shop.put(fresh, product("Newer", 2), "If-None-Match", "*");
        assertThat(second.isProblem(412, "revision-moved").number("/revision")).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "If-Match, '\"2\"'",
        "If-Match, '\"2\", \"9\"'",
        "If-Match, *",
        "If-None-Match, '\"1\"'"
    })
    void a_repeated_change_has_its_first_answer_though_the_revision_is_another_now(
            String name, String tags) {
        String[] headers = {name, tags, "Idempotency-Key", path};
        var body = product("Tea", 7);
        assertThat(shop.put(path, body, headers).is(200).header("ETag")).isEqualTo("\"3\"");
        assertThat(shop.put(path, body, headers).is(200).header("ETag")).isEqualTo("\"3\"");
    }

    @Test
    void a_step_of_an_order_is_made_under_a_condition() {
        String location = shop.post("/orders", order(sku(), 1)).is(201).header("Location");
        var note = object().put("text", "Hello");
        shop.post(location + "/notes", note, "If-Match", "\"5\", \"1\"").is(201);
        shop.post(location + "/notes", note, "If-Match", "\"5\", \"1\"").is(412);
        var address = object();
        address.set("address", order(sku(), 1).at("/shipping/address"));
        shop.put(location + "/address", address, "If-Match", "\"1\"").is(412);
    }

    private String sku() {
        return path.substring("/products/".length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "\"2\"", "W/\"2\"", "\"1\", \"2\""})
    void what_a_reader_has_already_is_not_sent_again(String tags) {
        Answer answer = shop.get(path, "If-None-Match", tags).is(304);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("ETag")).isEqualTo("\"2\"");
    }

    @Test
    void what_a_reader_does_not_have_is_sent() {
        shop.get(path, "If-None-Match", "\"1\"").is(200);
        shop.get(path + "?revision=1", "If-None-Match", "\"2\"").is(200);
        shop.get(path + "?revision=1", "If-None-Match", "\"1\"").is(304);
        shop.get(path, "If-Match", "\"2\"").is(200);
        assertThat(shop.get(path, "If-Match", "\"1\"").is(412).number("/revision")).isEqualTo(2);
    }
}
