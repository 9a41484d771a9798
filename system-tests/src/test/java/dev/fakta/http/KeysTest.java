// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.product;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys that order management gives to programs.
final class KeysTest {

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.openForImports(directory);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static String[] with(Answer issued) {
        return new String[] {"Authorization", "Bearer " + issued.text("/key")};
    }

    @Test
    void a_key_opens_what_its_roles_do_until_it_is_revoked() {
        Answer till = shop.post("/keys", "{\"name\":\"till-7\",\"roles\":[\"STAFF\"]}").is(201);
        String[] key = with(till);

        shop.put("/products/tea", product("Tea", 1_000), key).is(200);
        assertThat(shop.get("/products/tea/events", key).is(200).text("/items/0/actor"))
                .isEqualTo("till-7/" + till.text("/id"));
        shop.get("/metrics", key).isProblem(403, "forbidden");
        shop.get("/keys", key).isProblem(403, "forbidden");

        shop.post("/keys/" + till.text("/id") + "/revoke", "{}").is(200);
        assertThat(shop.get("/keys/" + till.text("/id")).is(200).json().path("revoked").asBoolean())
                .isTrue();
    }

    @Test
    void a_key_for_operators_sees_metrics_and_places_no_order() {
        String[] key =
                with(shop.post("/keys", "{\"name\":\"scraper\",\"roles\":[\"OPERATOR\"]}").is(201));

        shop.get("/metrics", key).is(200);
        shop.get("/orders", key).is(200);
        shop.post("/orders", "{}", key).isProblem(403, "forbidden");
    }

    /// A view that counts in milliseconds could not take such a time, and would park the key.
    @ParameterizedTest
    @ValueSource(strings = {"+999999999-12-31T23:59:59Z", "+292278995-01-01T00:00:00Z"})
    void no_key_ends_in_a_year_that_no_calendar_has(String end) {
        String body = "{\"name\":\"a\",\"roles\":[\"STAFF\"],\"expiresAt\":\"%s\"}".formatted(end);
        Answer answer = Refusals.refused(shop, () -> shop.post("/keys", body)).is(400);
        assertThat(answer.fields()).containsExactly("expiresAt");
        String campaign = "{\"kind\":\"free-shipping\",\"until\":\"%s\"}".formatted(end);
        Refusals.refused(shop, () -> shop.put("/campaigns/x", campaign)).is(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[null]", "[\"STAFF\",null]", "null"})
    void a_key_has_roles(String roles) {
        String body = "{\"name\":\"a\",\"roles\":%s}".formatted(roles);
        Answer answer = Refusals.refused(shop, () -> shop.post("/keys", body)).is(400);
        assertThat(answer.fields()).containsExactly("roles");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"3600", "-1e400", "0.5", "\"3600\"", "\"PT9223372036854775808S\"", "{}"})
    void an_overlap_is_a_duration_as_a_text(String overlap) {
        Answer issued = shop.post("/keys", "{\"name\":\"a\",\"roles\":[\"STAFF\"]}").is(201);
        String path = "/keys/" + issued.text("/id") + "/rotate";
        String body = "{\"keepOldFor\":%s}".formatted(overlap);
        Answer answer = Refusals.refused(shop, () -> shop.post(path, body)).is(400);
        assertThat(answer.fields()).containsExactly("keepOldFor");
    }
}
