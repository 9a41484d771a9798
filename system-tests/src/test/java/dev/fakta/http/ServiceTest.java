// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What a server has besides its business: health, metrics, and an answer for what it does not
/// serve.
final class ServiceTest {

    /// A comment, or a name with labels and a value, as in Prometheus' text format 0.0.4.
    private static final Pattern LINE =
            Pattern.compile(
                    "# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .*"
                            + "|[a-zA-Z_:][a-zA-Z0-9_:]*"
                            + "(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\.)*\",?)*})?"
                            + " (NaN|[+-]Inf|-?[0-9.]+(E-?[0-9]+)?)");

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.open(directory);
        shop.put("/products/tea", product("Tea", 100)).is(200);
        shop.post("/orders", order("tea", 1)).is(201);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void a_live_server_says_so() {
        assertThat(shop.get("/health/live").is(200).text("/status")).isEqualTo("UP");
    }

    @Test
    void a_ready_server_tells_its_partitions_and_views() {
        JsonNode ready = shop.get("/health/ready").is(200).json();
        assertThat(ready.path("status").asString()).isEqualTo("UP");
        assertThat(ready.path("partitions").asInt()).isEqualTo(7 * 64);
        assertThat(ready.path("views"))
                .extracting(view -> view.path("view").asString())
                .containsExactlyInAnyOrder(
                        "products",
                        "stock",
                        "payments",
                        "shipments",
                        "campaigns",
                        "orders",
                        "returns",
                        "tasks",
                        "sales",
                        "audit",
                        "api-keys",
                        "webhook-subscriptions");
    }

    @Test
    void metrics_are_in_the_text_format_of_prometheus() {
        Answer metrics = shop.get("/metrics").is(200);
        assertThat(metrics.header("Content-Type")).startsWith("text/plain");
        assertThat(metrics.body().lines()).isNotEmpty().allMatch(LINE.asMatchPredicate());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fakta_view_lag_events{view=\"orders\"}",
                "fakta_view_lag_seconds{view=\"orders\"}",
                "fakta_view_parked_streams{view=\"orders\"}",
                "fakta_view_lag_events{view=\"products\"}",
                "fakta_commands_waiting",
                "fakta_partitions_active",
                "fakta_http_requests_seconds_count{method=\"POST\",path=\"/orders\",status=\"201\"}",
                "fakta_http_defects_total"
            })
    void metrics_have(String name) {
        assertThat(shop.get("/metrics").body().lines())
                .anyMatch(line -> line.startsWith(name + " "));
    }

    @Test
    void a_served_request_is_counted() {
        String counter =
                "fakta_http_requests_seconds_count{method=\"GET\",path=\"/stock\",status=\"200\"} ";
        shop.get("/stock").is(200);
        double before = value(counter);
        shop.get("/stock").is(200);
        assertThat(value(counter)).isEqualTo(before + 1);
    }

    private static double value(String counter) {
        List<String> found =
                shop.get("/metrics").body().lines().filter(l -> l.startsWith(counter)).toList();
        assertThat(found).hasSize(1);
        return Double.parseDouble(found.getFirst().substring(counter.length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nowhere", "/orders/x/y/z", "/order", "/orders/", "/health"})
    void nothing_is_served_at(String path) {
        shop.get(path).isProblem(404, "unknown");
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /orders, 'GET, HEAD, POST, OPTIONS'",
        "PUT, /orders, 'GET, HEAD, POST, OPTIONS'",
        "PATCH, /orders/abc, 'GET, HEAD, OPTIONS'",
        "DELETE, /products/tea, 'GET, HEAD, PUT, OPTIONS'",
        "GET, /orders/abc/cancel, 'POST, OPTIONS'",
        "POST, /orders/abc/events, 'GET, HEAD, OPTIONS'",
        "POST, /health/live, 'GET, HEAD, OPTIONS'",
        "DELETE, /health/ready, 'GET, HEAD, OPTIONS'",
        "PUT, /metrics, 'GET, HEAD, OPTIONS'",
        "POST, /events, 'GET, HEAD, OPTIONS'"
    })
    void a_method_that_does_not_fit_is_told_what_does(String method, String path, String allowed) {
        Answer answer = shop.send(method, path, BodyPublishers.noBody());
        answer.isProblem(405, "method-not-allowed");
        assertThat(answer.header("Allow").split(", "))
                .containsExactlyInAnyOrder(allowed.split(", "));
    }

    @ParameterizedTest
    @CsvSource({
        "/stock, 'GET, HEAD, OPTIONS'",
        "/orders, 'GET, HEAD, POST, OPTIONS'",
        "/orders/abc/cancel, 'POST, OPTIONS'",
        "/orders/abc/notes, 'GET, HEAD, POST, OPTIONS'",
        "/orders/abc/holds/MANUAL, 'PUT, DELETE, OPTIONS'",
        "/metrics, 'GET, HEAD, OPTIONS'"
    })
    void who_asks_is_told_the_methods(String path, String allowed) {
        Answer answer = shop.send("OPTIONS", path, BodyPublishers.noBody()).is(204);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("Allow").split(", "))
                .containsExactlyInAnyOrder(allowed.split(", "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/products/tea",
                "/products/tea?revision=1",
                "/products/tea/events",
                "/products",
                "/products/none",
                "/products?limit=x",
                "/health/live"
            })
    void a_head_is_that_of_the_same_get(String path) {
        Answer whole = shop.get(path);
        Answer head = shop.send("HEAD", path, BodyPublishers.noBody()).is(whole.status());
        assertThat(head.body()).isEmpty();
        for (String name : List.of("Content-Type", "Content-Length", "ETag", "Vary")) {
            assertThat(head.header(name)).as(name).isEqualTo(whole.header(name));
        }
    }

    /// Else the client would take the body for the beginning of the next answer.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/products/tea",
                "/products",
                "/metrics",
                "/events",
                "/nowhere",
                "/products/a;b",
                "/orders/abc/cancel"
            })
    void nothing_follows_a_head_but_the_next_answer(String path) throws IOException {
        String head = "HEAD %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path);
        String next = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", shop.port())) {
            socket.getOutputStream().write((head + next).getBytes(UTF_8));
            StringBuilder read = new StringBuilder();
            for (int one = 0; one >= 0 && !read.toString().endsWith("UP\"}"); ) {
                one = socket.getInputStream().read();
                read.append((char) one);
            }
            String first = read.substring(0, read.indexOf("\r\n\r\n") + 4);
            assertThat(read.substring(first.length())).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/products/tea", "/nowhere", "/products/a;b"})
    void the_connection_ends_with_the_answer_when_the_client_says_so(String path)
            throws IOException {
        String all = untilTheEnd(path);
        int length = Integer.parseInt(all.split("Content-Length: ", 2)[1].split("\r", 2)[0]);
        String body = all.substring(all.indexOf("\r\n\r\n") + 4);
        assertThat(body.getBytes(UTF_8)).hasSize(length);
    }

    private static String untilTheEnd(String path) throws IOException {
        String get =
                "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".formatted(path);
        try (Socket socket = new Socket("127.0.0.1", shop.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(get.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    /// Clients keep what stands behind it to themselves.
    @Test
    void a_path_with_a_fragment_is_refused() throws IOException {
        assertThat(untilTheEnd("/products/tea#x"))
                .startsWith("HTTP/1.1 400 ")
                .contains("has a '#'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/ready", "/metrics", "/events"})
    void there_is_a_head_of(String path) {
        Answer head = shop.send("HEAD", path, BodyPublishers.noBody()).is(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Type")).isNotEmpty();
        shop.get("/health/live").is(200);
    }

    @Test
    void a_method_that_does_not_fit_is_refused_without_a_body_when_only_the_head_is_asked_for() {
        Answer answer = shop.send("HEAD", "/orders/abc/cancel", BodyPublishers.noBody());
        assertThat(answer.is(405).body()).isEmpty();
        shop.get("/health/live").is(200);
    }
}
