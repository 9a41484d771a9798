// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.order;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fakta.log.Positions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies that are no order, or no JSON, or no text at all. A row says what it is, the field that
/// the answer names if there is one, and the bytes.
final class BadBodyTest {

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

    static Stream<Arguments> bodies() {
        String valid = order("tea", 2).toString();
        return Stream.of(
                arguments("nothing", "customerId", bytes("")),
                arguments("an empty object", "lines", bytes("{}")),
                arguments("null", "", bytes("null")),
                arguments("a list", "", bytes("[]")),
                arguments("a text", "", bytes("\"order\"")),
                arguments("an empty text", "", bytes("\"\"")),
                arguments("a number", "", bytes("1")),
                arguments("no JSON", "", bytes("order two teas")),
                arguments(
                        "half an object",
                        "shipping.address",
                        bytes(valid.substring(0, valid.length() / 2))),
                arguments("two objects", "", bytes(valid + valid)),
                arguments(
                        "a comma too many",
                        "payment.token",
                        bytes(valid.replace("\"tok_ok\"", "\"t\","))),
                arguments("a comment", "", bytes("/* */" + valid)),
                arguments("single quotes", "", bytes(valid.replace('"', '\''))),
                arguments(
                        "NaN",
                        "lines[0].quantity",
                        bytes(valid.replace("\"quantity\":2", "\"quantity\":NaN"))),
                arguments(
                        "a field twice",
                        "customerId",
                        bytes(valid.replaceFirst("\\{", "{\"customerId\":\"eve\","))),
                arguments(
                        "a field twice further down",
                        "lines[0].sku",
                        bytes(valid.replace("\"sku\"", "\"sku\":\"jam\",\"sku\""))),
                arguments(
                        "invalid UTF-8", "", valid.replace("ada", "ad\u00e4").getBytes(ISO_8859_1)),
                arguments("half characters", "", bytes(valid, "ada", 0xED, 0xA0, 0x80)),
                arguments("overlong UTF-8", "", bytes(valid, "ada", 0xC0, 0x80)),
                arguments(
                        "an unescaped line break",
                        "customerId",
                        bytes(valid.replace("ada", "a\nb"))),
                arguments("lists, 100000 deep", "", bytes("[".repeat(100_000))),
                arguments("objects, 100000 deep", "", bytes("{\"a\":".repeat(100_000))),
                arguments(
                        "a deep list in a field",
                        "lines[0]",
                        bytes("{\"lines\":" + "[".repeat(100_000))),
                arguments(
                        "a number of 100000 digits",
                        "",
                        bytes(valid.replace("quantity\":2", "quantity\":" + "9".repeat(100_000)))),
                arguments(
                        "an exponent of nine digits",
                        "lines[0].quantity",
                        bytes(valid.replace("quantity\":2", "quantity\":1e999999999"))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /// The text with raw bytes in place of a part of it.
    private static byte[] bytes(String text, String part, int... raw) {
        StringBuilder latin = new StringBuilder();
        for (int one : raw) {
            latin.append((char) one);
        }
        return text.replaceFirst(part, latin.toString()).getBytes(ISO_8859_1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void an_order_cannot_be(String what, String field, byte[] body) {
        Answer answer =
                Refusals.refused(shop, () -> post("/orders", BodyPublishers.ofByteArray(body)));
        assertThat(answer.is(400).fields()).as(answer.body()).contains(field);
    }

    private static Answer post(String path, BodyPublisher body, String... headers) {
        return shop.send("POST", path, body, headers);
    }

    @Test
    void a_body_of_ten_megabytes_is_too_large_with_and_without_its_length() {
        byte[] body = bytes("{\"customerId\":\"" + "x".repeat(10_000_000) + "\"}");
        Refusals.refused(shop, () -> post("/orders", BodyPublishers.ofByteArray(body))).is(413);
        BodyPublisher chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
        Refusals.refused(shop, () -> post("/orders", chunked)).is(413);
        shop.post("/orders", order("tea", 1)).is(201);
    }

    /// As `field code`.
    private static List<String> faults(Answer answer) {
        List<String> faults = new ArrayList<>();
        answer.json()
                .path("errors")
                .forEach(
                        error -> {
                            assertThat(error.path("reason").asString()).isNotBlank();
                            faults.add(
                                    error.path("field").asString()
                                            + " "
                                            + error.path("code").asString());
                        });
        return faults;
    }

    @Test
    void all_fields_that_cannot_be_read_are_named_at_once() {
        String body =
                """
                {"customerId": 5, "colour": "red", "currency": "USD",
                 "lines": [{"sku": "tea", "quantity": "two"}, {"sku": "tea", "quantity": 1, "size": 1},
                           {"sku": "tea", "quantity": 1, "unitPrice": {"minor": 1.5}}],
                 "shipping": {"method": "pickup", "address": []}, "payment": "cash"}
                """;
        Answer answer = Refusals.refused(shop, () -> shop.post("/orders", body)).is(400);
        assertThat(faults(answer.isProblem(400, "unreadable-request")))
                .containsExactlyInAnyOrder(
                        "customerId UNREADABLE",
                        "colour UNKNOWN_FIELD",
                        "lines[0].quantity UNREADABLE",
                        "lines[1].size UNKNOWN_FIELD",
                        "lines[2].unitPrice.minor UNREADABLE",
                        "shipping.address UNREADABLE",
                        "payment UNREADABLE");
        assertThat(answer.text("/detail")).isEqualTo("7 fields are at fault.");
        assertThat(answer.text("/code")).isEqualTo("UNREADABLE_REQUEST");
    }

    @Test
    void what_is_missing_is_named_beside_what_cannot_be_read() {
        String body =
                """
                {"name": "X", "prices": [{"minor": 1.5}, null, {"currency": "EUR"}, 7]}
                """;
        Answer answer = Refusals.refused(shop, () -> shop.put("/products/x", body)).is(400);
        assertThat(faults(answer))
                .containsExactlyInAnyOrder(
                        "prices[0].minor UNREADABLE",
                        "prices[0].currency MISSING",
                        "prices[2].minor MISSING",
                        "prices[3] UNREADABLE");
    }

    @Test
    void what_is_read_and_not_allowed_has_a_code_too() {
        var body = order("unknown", 0).put("email", "nobody");
        Answer answer = Refusals.refused(shop, () -> shop.post("/orders", body)).is(400);
        assertThat(faults(answer.isProblem(400, "invalid-request")))
                .contains("lines[0].quantity INVALID", "email INVALID");
    }

    @Test
    void no_more_faults_are_named_than_somebody_reads() {
        StringBuilder lines = new StringBuilder("{\"lines\":[5");
        for (int i = 0; i < 10_000; i++) {
            lines.append(",{\"").append("x".repeat(50)).append("\":1}");
        }
        Answer answer =
                Refusals.refused(shop, () -> shop.post("/orders", lines.append("]}").toString()));
        assertThat(faults(answer.is(400))).hasSize(50);
    }

    @Test
    void a_body_in_another_charset_is_refused() {
        byte[] body = order("tea", 1).toString().getBytes(UTF_16);
        Refusals.refused(shop, () -> post("/orders", BodyPublishers.ofByteArray(body))).is(400);
    }

    /// To Helidon each of these is another exception, of which a client is not told that it is its
    /// own.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\n{}\r\n0\r\n\r\n",
                "2;a=b\r\n{}\r\n0\r\n\r\n",
                "2\n{}\n0\n\n",
                "\r\n\r\n",
                "-1\r\n{}\r\n0\r\n\r\n",
                "ffffffffffffffffff\r\n{}",
                "2\r\n{}xx0\r\n\r\n",
                "2\r\n{}\r\n"
            })
    void chunks_that_are_none_are_refused_and_end_the_connection(String chunks) throws IOException {
        String head =
                "POST /orders HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
        Positions before = shop.heads();
        try (Socket sender = new Socket(InetAddress.getLoopbackAddress(), shop.port())) {
            sender.getOutputStream().write((head + chunks).getBytes(ISO_8859_1));
            sender.shutdownOutput();
            String answers = new String(sender.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answers)
                    .startsWith("HTTP/1.1 400 ")
                    .contains("application/problem+json")
                    .containsOnlyOnce("HTTP/1.1");
        }
        assertThat(shop.recordedSince(before)).isEmpty();
    }
}
