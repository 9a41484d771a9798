// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.campaign;
import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static dev.fakta.http.Refusals.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// Bad headers, ids and parameters, and bad bodies of everything but orders.
final class BadRequestTest {

    private static final int LONGEST_LINE = 4_000;
    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.open(directory);
        Refusals.prepare(shop);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static Answer refused(Supplier<Answer> request) {
        return Refusals.refused(shop, request);
    }

    private static Answer post(String path, BodyPublisher body, String... headers) {
        return shop.send("POST", path, body, headers);
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                arguments(400, "If-Match", "one"),
                arguments(412, "If-Match", "\"one\""),
                arguments(412, "If-Match", "W/\"1\""),
                arguments(412, "If-Match", "\"2\", \"3\""),
                arguments(400, "If-Match", "\"1\" \"2\""),
                arguments(400, "If-Match", "*, \"1\""),
                arguments(400, "If-Match", ","),
                arguments(400, "If-None-Match", "one"),
                arguments(412, "If-None-Match", "\"1\""),
                arguments(412, "If-None-Match", "W/\"1\""),
                arguments(412, "If-None-Match", "*"),
                arguments(400, "If-Match", "-1"),
                arguments(400, "If-Match", "\""),
                arguments(400, "If-Match", "9".repeat(1_000)),
                arguments(412, "If-Match", "\"2\""),
                arguments(400, "Fakta-Token", "one"),
                arguments(400, "Fakta-Token", "1"),
                arguments(400, "Fakta-Token", "1.-1"),
                arguments(400, "Fakta-Token", "-1.1"),
                arguments(400, "Fakta-Token", "1.1,"),
                arguments(400, "Fakta-Token", "448.1"),
                arguments(400, "Fakta-Token", "2147483647.1"),
                arguments(400, "Fakta-Token", "1.99999999999999999999"),
                arguments(400, "Fakta-Token", "1.1,".repeat(1_200) + "1.1"),
                arguments(400, "Idempotency-Key", ""),
                arguments(400, "Idempotency-Key", "   "),
                arguments(400, "Idempotency-Key", "k".repeat(256)),
                arguments(400, "Accept", "/"),
                arguments(400, "Accept", "application/json;a=\""),
                arguments(400, "Accept", "application/json;q=x"),
                arguments(406, "Accept", "text/html"),
                arguments(406, "Accept", "application/json;q=0, */*"),
                arguments(415, "Content-Type", "text/plain"),
                arguments(415, "Content-Type", "application/json; charset=iso-8859-1"),
                arguments(415, "Content-Type", "application/json;charset=\"utf-16\""),
                arguments(415, "Content-Encoding", "br"),
                arguments(415, "Content-Encoding", "gzip, gzip"),
                arguments(400, "Content-Encoding", "gzip"),
                arguments(415, "Content-Type", "application/xml"),
                arguments(415, "Content-Type", "application/jsonp"),
                arguments(415, "Content-Type", "application/x-www-form-urlencoded"));
    }

    @ParameterizedTest(name = "{1}: {2}")
    @MethodSource("headers")
    void a_note_is_refused_with(int status, String name, String value) {
        String path = shop.post("/orders", order("tea", 1)).header("Location") + "/notes";
        BodyPublisher note = BodyPublishers.ofString(object().put("text", "Hello").toString());
        Answer answer = refused(() -> post(path, note, name, value)).is(status);
        if (status == 400 && !name.equals("Content-Encoding")) { // which is about the body
            assertThat(answer.fields()).containsExactly(name);
        }
    }

    @ParameterizedTest(name = "{2}: {3}")
    @MethodSource("headers")
    void no_order_is_placed_with(int status, String name, String value) {
        if (!name.startsWith("If-")) { // which a new order has no use for
            refused(() -> shop.post("/orders", order("tea", 1), name, value)).is(status);
        }
    }

    @Test
    void a_bad_token_is_refused_by_a_list() {
        for (String token : new String[] {"one", "448.1", "1.1.1", "1.1,,2.2"}) {
            assertThat(refused(() -> shop.get("/orders", "Fakta-Token", token)).fields())
                    .containsExactly("Fakta-Token");
        }
    }

    @Test
    void a_bad_trace_is_ignored() {
        for (String trace :
                new String[] {
                    "00-" + "-".repeat(32) + "-00f067aa0ba902b7-01",
                    "00-" + "g".repeat(32) + "-00f067aa0ba902b7-01",
                    "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01",
                    "x".repeat(55),
                    "x".repeat(5_000)
                }) {
            shop.post("/orders", order("tea", 1), "traceparent", trace).is(201);
        }
    }

    static Stream<Arguments> ids() {
        return Stream.of(
                arguments("a slash", "a%2Fb"),
                arguments("a zero byte", "a%00b"),
                arguments("two dots", "%2e%2e"),
                arguments("a blank", "a%20b"),
                arguments("only a blank", "%20"),
                arguments("a line break", "a%0D%0Ab"),
                arguments("umlauts", "%C3%A4"),
                arguments("an emoji", "%F0%9F%99%82"),
                arguments("half a character", "%ED%A0%80"),
                arguments("invalid UTF-8", "%FF%FE"),
                arguments("a quote", "%27%20or%201=1--"),
                arguments("a parameter of the path", "tea;v=1"),
                arguments("an empty parameter of the path", "tea;"),
                arguments("a plus", "a+b"),
                arguments("an encoded percent", "a%2525"),
                arguments("101 characters", "x".repeat(101)),
                arguments("10000 characters", "x".repeat(10_000)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ids")
    void no_id_is(String what, String id) {
        refused(() -> shop.get("/orders/" + id));
        if (id.length() > LONGEST_LINE) {
            return; // the server ends such a connection before a body is through
        }
        refused(() -> shop.get("/orders/" + id + "/events"));
        refused(() -> shop.get("/orders/" + id + "?revision=1"));
        refused(() -> shop.post("/orders/" + id + "/notes", object().put("text", "Hello")));
        refused(() -> shop.put("/products/" + id, product("Tea", 1)));
        refused(() -> shop.put("/stock/" + id, object().put("onHand", 1)));
        refused(() -> shop.put("/campaigns/" + id, campaign("free-shipping", "ID")));
        shop.get("/health/live").is(200);
    }

    /// `/products/tea` is there, and has one event.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/products/tea%2Fevents",
                "/products%2ftea",
                "/products/tea;/events",
                "/products;v=1/tea",
                "/products/tea/./events",
                "/products/x/../tea",
                "/products/tea/.",
                "//products/tea",
                "/products//tea",
                "/health/live;v=1"
            })
    void a_path_that_would_be_read_as_another_is_refused(String path) {
        assertThat(refused(() -> shop.get(path)).is(400).fields()).containsExactly("path");
    }

    @Test
    void an_encoded_letter_is_that_letter() {
        assertThat(shop.get("/products/%74e%61").is(200).text("/sku")).isEqualTo("tea");
    }

    /// 64 characters, as in the lines of an order.
    @ParameterizedTest
    @ValueSource(strings = {"/products/", "/stock/"})
    void a_sku_has_no_more_characters_than_orders_take(String path) {
        String longest = "x".repeat(64);
        ObjectNode body = path.equals("/stock/") ? object().put("onHand", 9) : product("X", 1);
        shop.put(path + longest, body).is(200);
        Answer tooLong = refused(() -> shop.put(path + longest + "x", body)).is(400);
        assertThat(tooLong.fields()).containsExactly("sku");
    }

    static Stream<Arguments> queries() {
        return Stream.of(
                arguments("/orders?limit=0", "limit"),
                arguments("/orders?limit=201", "limit"),
                arguments("/orders?limit=-1", "limit"),
                arguments("/orders?limit=9223372036854775808", "limit"),
                arguments("/orders?limit=ten", "limit"),
                arguments("/orders?limit=%2B1", "limit"),
                arguments("/orders?limit=01", "limit"),
                arguments("/orders?limit=", "limit"),
                arguments("/orders?from=yesterday", "from"),
                arguments("/orders?from=%2B1000000000-12-31T23:59:59Z", "from"),
                arguments("/orders?until=-1000000000-01-01T00:00:00Z", "until"),
                arguments("/orders?until=2020-13-01T00:00:00Z", "until"),
                arguments("/orders?after=one", "after"),
                arguments("/orders?after=9999999999999999999.x", "after"),
                arguments("/orders?colour=red", "colour"),
                arguments("/orders?limit=1&limit=2", "limit"),
                arguments("/orders?limit=1&limit", "limit"),
                arguments("/orders?limit=1&%6cimit", "limit"),
                arguments("/orders?q=" + "x".repeat(1_001), "q"),
                arguments("/orders?customer=" + "x".repeat(1_001), "customer"),
                arguments("/products?limit=x", "limit"),
                arguments("/stock?limit=x", "limit"),
                arguments("/campaigns?limit=x", "limit"),
                arguments("/campaigns?%00=1", "\0"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("queries")
    void a_list_refuses(String path, String field) {
        assertThat(refused(() -> shop.get(path)).is(400).fields()).contains(field);
    }

    /// A field that was put into the query by mistake is not silence.
    @ParameterizedTest
    @ValueSource(strings = {"?reason=FRAUD", "?revision=1", "?a&b=1", "?=1", "?text=a&text=b"})
    void what_changes_something_takes_nothing_from_the_query(String query) {
        String location = shop.post("/orders", order("tea", 1)).header("Location");
        ObjectNode note = object().put("text", "Hello");
        refused(() -> shop.post(location + "/notes" + query, note)).is(400);
        refused(() -> shop.post(location + "/cancel" + query, "")).is(400);
        refused(() -> shop.delete(location + "/holds/MANUAL" + query)).is(400);
        refused(() -> shop.put("/products/tea" + query, product("Tea", 1))).is(400);
        refused(() -> shop.post("/orders" + query, order("tea", 1))).is(400);
        refused(() -> shop.post("/orders/price" + query, order("tea", 1))).is(400);
        assertThat(refused(() -> shop.post("/orders?colour=red", order("tea", 1))).fields())
                .containsExactly("colour");
    }

    @Test
    void events_have_no_other_parameter_than_after() {
        shop.get("/products/tea/events?after=0").is(200);
        assertThat(refused(() -> shop.get("/products/tea/events?limit=1")).is(400).fields())
                .containsExactly("limit");
    }

    static Stream<Arguments> other() {
        return Stream.of(
                arguments("PUT", "/products/x", "{}", 400),
                arguments("PUT", "/products/x", "{\"name\":\"\"}", 400),
                arguments("PUT", "/products/x", "{\"name\":5}", 400),
                arguments("PUT", "/products/x", "{\"name\":\"\\ud800\"}", 400),
                arguments("PUT", "/products/x", "{\"name\":\"x\",\"prices\":[null]}", 400),
                arguments("PUT", "/products/x", "{\"name\":\"x\",\"prices\":[{}]}", 400),
                arguments("PUT", "/products/x", "{\"name\":\"x\",\"prices\":[5]}", 400),
                arguments("PUT", "/products/x", prices("{\"minor\":1}"), 400),
                arguments("PUT", "/products/x", prices("{\"currency\":\"EUR\"}"), 400),
                arguments("PUT", "/products/x", prices("{\"minor\":1,\"currency\":\"E\"}"), 400),
                arguments("PUT", "/products/x", prices("{\"minor\":1,\"currency\":1}"), 400),
                arguments(
                        "PUT", "/products/x", prices("{\"minor\":1e30,\"currency\":\"EUR\"}"), 400),
                arguments("PUT", "/products/x", prices("{\"minor\":-1,\"currency\":\"EUR\"}"), 400),
                arguments("PUT", "/products/x", "{\"name\":\"x\",\"weightGrams\":-1}", 400),
                arguments("PUT", "/products/x", "{\"name\":\"x\",\"weightGrams\":1.5}", 400),
                arguments("PUT", "/products/x", "{\"name\":\"x\",\"active\":\"yes\"}", 400),
                arguments("PUT", "/products/x", "{\"name\":\"x\",\"active\":1}", 400),
                arguments("POST", "/products/tea/change-price", "{}", 400),
                arguments("POST", "/products/tea/retire", "{\"now\":true}", 400),
                arguments("PUT", "/stock/x", "{}", 400),
                arguments("PUT", "/stock/x", "{\"onHand\":-1}", 400),
                arguments("PUT", "/stock/x", "{\"onHand\":9223372036854775808}", 400),
                arguments("PUT", "/stock/x", "{\"onHand\":1,\"sku\":\"y\"}", 400),
                arguments("PUT", "/stock/x", stockAt("a@b"), 400),
                arguments("PUT", "/stock/x", stockAt("a/b"), 400),
                arguments("PUT", "/stock/x", stockAt("\\u0000"), 400),
                arguments("PUT", "/stock/x", stockAt("\\ud800"), 400),
                arguments("PUT", "/stock/x", stockAt(LONG), 400),
                arguments("PUT", "/campaigns/x", "{}", 400),
                arguments("PUT", "/campaigns/x", "{\"kind\":\"lottery\"}", 400),
                arguments("PUT", "/campaigns/x", percentage("101"), 400),
                arguments("PUT", "/campaigns/x", percentage("1.00001"), 400),
                arguments("PUT", "/campaigns/x", percentage("1e999999999"), 400),
                arguments("PUT", "/campaigns/x", percentage("1e-999999999"), 400),
                arguments("PUT", "/campaigns/x", percentage("\"10\""), 400),
                arguments("PUT", "/campaigns/x", percentage("10,\"from\":\"x\""), 400),
                arguments("PUT", "/campaigns/x", percentage("10,\"from\":1e18"), 400),
                arguments("PUT", "/campaigns/x", percentage("10,\"from\":1e999999999"), 400),
                arguments("PUT", "/campaigns/x", percentage("10,\"until\":99999999999999"), 400),
                arguments("PUT", "/campaigns/x", percentage("10,\"codes\":[\"a b\"]"), 400),
                arguments("PUT", "/campaigns/x", percentage("10,\"codes\":[null]"), 400),
                arguments("PUT", "/campaigns/x", percentage("10,\"codes\":[[]]"), 400),
                arguments("PUT", "/campaigns/x", percentage("10,\"maxUses\":0"), 400),
                arguments("POST", "/campaigns/x/codes", "{\"codes\":[\"NEW\"]}", 404),
                arguments("POST", "/campaigns/x/pause", "", 404),
                arguments("POST", "/orders/x/notes", "{\"text\":\"x\"}", 404));
    }

    private static String prices(String price) {
        return "{\"name\":\"x\",\"prices\":[" + price + "]}";
    }

    private static String stockAt(String location) {
        return "{\"onHand\":1,\"location\":\"" + location + "\"}";
    }

    private static String percentage(String percent) {
        return "{\"kind\":\"percentage\",\"percent\":" + percent + "}";
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("other")
    void other_commands_are_refused_too(String method, String path, String body, int status) {
        refused(() -> shop.send(method, path, BodyPublishers.ofString(body))).is(status);
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                arguments("POST", "/notes", "{}", 400),
                arguments("POST", "/notes", "{\"text\":\" \"}", 400),
                arguments("POST", "/notes", "{\"text\":\"" + "x".repeat(2_001) + "\"}", 400),
                arguments("POST", "/notes", "{\"text\":\"\\ud800\"}", 400),
                arguments("POST", "/notes", "{\"text\":null,\"more\":1}", 400),
                arguments("PUT", "/holds/BAD_MOOD", "{}", 400),
                arguments("PUT", "/holds/MANUAL", "{\"kind\":\"ADDRESS\"}", 400),
                arguments("DELETE", "/holds/BAD_MOOD", "", 400),
                arguments("DELETE", "/holds/MANUAL", "{\"kind\":\"ADDRESS\"}", 400),
                arguments("POST", "/cancel", "{\"reason\":5}", 400));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("changes")
    void changes_of_an_order_are_refused(String method, String path, String body, int status) {
        String location = shop.post("/orders", order("tea", 1)).header("Location");
        refused(() -> shop.send(method, location + path, BodyPublishers.ofString(body))).is(status);
    }
}
