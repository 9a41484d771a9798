// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The forms that bodies may come in, and that answers can be had in.
final class FormsTest {

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.open(directory);
        for (int i = 0; i < 30; i++) {
            shop.put("/products/p" + i, product("Tea for " + i, 500)).is(200);
        }
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("memory takes everything", e);
        }
        return packed.toByteArray();
    }

    private static byte[] bytes(JsonNode body) {
        return body.toString().getBytes(UTF_8);
    }

    private static Answer put(String sku, byte[] body, String... headers) {
        return shop.send("PUT", "/products/" + sku, BodyPublishers.ofByteArray(body), headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "identity, gzip"})
    void a_packed_body_is_unpacked(String encoding) {
        byte[] body = gzip(bytes(product("Grün", 7)));
        Answer answer = put("packed", body, "Content-Encoding", encoding).is(200);
        assertThat(answer.text("/name")).isEqualTo("Grün");
    }

    @Test
    void a_packed_body_may_come_in_chunks() {
        byte[] body = gzip(bytes(product("Chunks", 7)));
        var chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
        shop.send("PUT", "/products/chunks", chunked, "Content-Encoding", "gzip").is(200);
    }

    @Test
    void an_identity_body_is_read_as_it_is() {
        put("as-it-is", bytes(product("X", 1)), "Content-Encoding", "identity").is(200);
    }

    @Test
    void a_body_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() {
        byte[] bomb = gzip(new byte[100 << 20]);
        assertThat(bomb).hasSizeLessThan(1 << 20);
        put("bomb", bomb, "Content-Encoding", "gzip").isProblem(413, "body-too-large");
        shop.get("/health/live").is(200);
    }

    @Test
    void a_body_that_is_not_all_of_its_gzip_is_refused() {
        byte[] whole = gzip(bytes(product("X", 1)));
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        byte[] wrongSum = whole.clone();
        wrongSum[whole.length - 6] ^= 1;
        for (byte[] body : new byte[][] {half, wrongSum, {}, bytes(product("X", 1))}) {
            if (body.length > 0) {
                put("half", body, "Content-Encoding", "gzip").isProblem(400, "unreadable-request");
            }
        }
        shop.get("/products/half").is(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "deflate", "zstd", "gzip, br", "gzip, gzip", "*"})
    void a_body_in_another_encoding_is_refused_and_told_which_are_read(String encoding) {
        Answer answer = put("other", bytes(product("X", 1)), "Content-Encoding", encoding);
        answer.isProblem(415, "wrong-media-type");
        assertThat(answer.header("Accept-Encoding")).isEqualTo("gzip, identity");
        assertThat(answer.header("Accept")).isEqualTo("application/json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | 200",
                "Application/JSON | 200",
                "application/json;charset=utf-8 | 200",
                "application/json ; charset=\"UTF-8\" | 200",
                "application/json; charset=iso-8859-1 | 415",
                "application/json; x=y; charset=utf-16 | 415",
                "application/json+x | 415",
                "application/jsonp | 415",
                "text/json | 415",
                "application/x-www-form-urlencoded | 415",
                "json | 415"
            })
    void a_body_is_json_in_utf_8(String type, int status) {
        put("typed", bytes(product("X", 1)), "Content-Type", type).is(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | 200",
                "*/* | 200",
                "application/* | 200",
                "text/html, application/xhtml+xml, */*;q=0.1 | 200",
                "application/json;charset=utf-8 | 200",
                "text/html | 406",
                "application/xml | 406",
                "application/json;q=0 | 406",
                "application/json;q=0, */* | 406",
                "*/*;q=0 | 406"
            })
    void an_answer_is_json_or_there_is_none(String accept, int status) {
        for (String path : new String[] {"/products/p1", "/products/p1/events"}) {
            Answer answer = shop.get(path, "Accept", accept).is(status);
            if (status == 406) {
                answer.isProblem(406, "not-acceptable");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/* | application/json",
                "*/*, text/csv;q=0.9 | application/json",
                "application/json;q=0, */* | application/x-ndjson",
                "text/csv, application/x-ndjson;q=0.9 | text/csv"
            })
    void a_list_has_other_forms_too(String accept, String type) {
        assertThat(shop.get("/products", "Accept", accept).is(200).header("Content-Type"))
                .startsWith(type);
        shop.get("/products", "Accept", "text/html").isProblem(406, "not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "a/b/c;", "application/json;q=x"})
    void an_accept_that_cannot_be_read_is_no_defect(String accept) {
        assertThat(shop.get("/products/p1", "Accept", accept).status()).isIn(400, 406);
    }

    @Test
    void a_change_whose_answer_would_not_be_taken_is_not_made() {
        put("unmade", bytes(product("X", 1)), "Accept", "text/html").is(406);
        shop.get("/products/unmade").is(404);
    }

    private static HttpResponse<byte[]> list(String... headers) {
        return shop.exchange("GET", "/products?limit=30", BodyPublishers.noBody(), headers);
    }

    private static String encoding(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Encoding").orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br, GZIP;q=0.5", "*", "deflate, *;q=0.1"})
    void a_long_list_is_packed_for_who_takes_that(String accepted) throws IOException {
        HttpResponse<byte[]> packed = list("Accept-Encoding", accepted);
        assertThat(encoding(packed)).isEqualTo("gzip");
        assertThat(packed.headers().allValues("Vary")).contains("Accept-Encoding");
        byte[] plain = list().body();
        assertThat(packed.body()).hasSizeLessThan(plain.length / 2);
        try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(unpacked.readAllBytes()).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "br", "gzip;q=0", "gzip;q=0.000, *", "*;q=0"})
    void a_list_is_plain_for_who_does_not(String accepted) {
        assertThat(encoding(list("Accept-Encoding", accepted))).isEmpty();
    }

    @Test
    void what_is_short_and_what_has_a_tag_is_never_packed() {
        HttpResponse<byte[]> empty =
                shop.exchange(
                        "GET",
                        "/products?limit=1",
                        BodyPublishers.noBody(),
                        "Accept-Encoding",
                        "gzip");
        assertThat(encoding(empty)).isEmpty();
        Answer order = shop.post("/orders", order("p1", 1), "Accept-Encoding", "gzip").is(201);
        assertThat(order.header("Content-Encoding")).isEmpty();
        assertThat(order.header("ETag")).isEqualTo("\"1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"return=minimal", "respond-async, RETURN = \"minimal\"; x=y"})
    void who_prefers_so_hears_only_that_it_was_done(String prefer) {
        Answer created = shop.post("/orders", order("p1", 1), "Prefer", prefer).is(201);
        assertThat(created.body()).isEmpty();
        assertThat(created.header("Preference-Applied")).isEqualTo("return=minimal");
        assertThat(created.header("ETag")).isEqualTo("\"1\"");
        assertThat(created.header("Fakta-Token")).isNotEmpty();
        String order = created.header("Location");
        shop.get(order).is(200);
        Answer noted =
                shop.post(order + "/notes", object().put("text", "Hello"), "Prefer", prefer)
                        .is(201);
        assertThat(noted.body()).isEmpty();
        assertThat(noted.header("ETag")).isEqualTo("\"2\"");
        assertThat(noted.header("Fakta-Token")).isNotEmpty();
        assertThat(noted.header("Preference-Applied")).isEqualTo("return=minimal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"return=representation, return=minimal", "minimal", "return", ""})
    void who_prefers_something_else_gets_the_whole_answer(String prefer) {
        Answer created = shop.post("/orders", order("p1", 1), "Prefer", prefer).is(201);
        assertThat(created.text("/id")).isNotEmpty();
        assertThat(created.header("Preference-Applied")).isEmpty();
    }

    @Test
    void a_refusal_is_told_whatever_is_preferred() {
        Answer refused = shop.post("/orders", object(), "Prefer", "return=minimal");
        refused.isProblem(400, "invalid-request");
    }
}
