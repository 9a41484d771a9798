// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole service over HTTP, on a real PostgreSQL.
final class MainTest {

    private static final String ORDER =
            """
            {"customerId":"128","email":"c@example.com","currency":"EUR",\
            "lines":[{"sku":"tea","quantity":3},{"sku":"pot","quantity":1}],\
            "shipping":{"method":"standard","address":{"name":"C","line1":"Main 1",\
            "city":"Berlin","postalCode":"10115","country":"DE"}},\
            "payment":{"method":"card","token":"tok_ok"}}""";

    private static EmbeddedPostgres postgres;
    private static ConfigurableApplicationContext service;
    private static HttpClient client;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        postgres = EmbeddedPostgres.start();
        service = Main.start(new Options(0, postgres.getJdbcUrl("postgres", "postgres")));
        client = HttpClient.newHttpClient();
        put("tea", 450);
        put("pot", 2000);
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        service.close();
        postgres.close();
    }

    @Test
    void an_order_is_priced_and_can_be_read_again() throws Exception {
        HttpResponse<String> placed = send("POST", "/orders", ORDER);
        assertThat(placed.statusCode()).isEqualTo(201);
        JsonNode order = JsonMapper.shared().readTree(placed.body());
        assertThat(order.at("/totals/items/minor").asLong()).isEqualTo(3350);
        assertThat(order.at("/totals/tax/minor").asLong()).isEqualTo(730);
        assertThat(order.at("/totals/grand/minor").asLong()).isEqualTo(4570);
        assertThat(order.at("/lines/1/unitPrice/currency").asString()).isEqualTo("EUR");

        String location = placed.headers().firstValue("Location").orElseThrow();
        assertThat(location).isEqualTo("/orders/" + order.path("id").asString());
        HttpResponse<String> read = send("GET", location, "");
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(JsonMapper.shared().readTree(read.body())).isEqualTo(order);
    }

    @Test
    void a_product_that_is_put_again_has_its_new_price() throws Exception {
        put("cup", 100);
        put("cup", 300);
        HttpResponse<String> placed = send("POST", "/orders", ORDER.replace("pot", "cup"));
        assertThat(JsonMapper.shared().readTree(placed.body()).at("/totals/items/minor").asLong())
                .isEqualTo(1650);
    }

    @Test
    void more_clients_than_connections_are_all_answered() throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> calls =
                    Collections.nCopies(200, () -> send("POST", "/orders", ORDER).statusCode());
            assertThat(clients.invokeAll(calls))
                    .allSatisfy(answer -> assertThat(answer.get()).isEqualTo(201));
        }
    }

    @Test
    void what_cannot_be_ordered_is_refused() throws Exception {
        assertThat(send("POST", "/orders", ORDER.replace("pot", "pan")).statusCode())
                .isEqualTo(409);
        assertThat(send("POST", "/orders", ORDER.replace("EUR", "USD")).statusCode())
                .isEqualTo(409);
        assertThat(send("POST", "/orders", ORDER.replace(":3}", ":0}")).statusCode())
                .isEqualTo(400);
        assertThat(send("POST", "/orders", "{").statusCode()).isEqualTo(400);
        assertThat(send("GET", "/orders/0199d0a0-0000-7000-8000-000000000000", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_command_line_that_lacks_something_is_refused() {
        assertThatThrownBy(() -> Options.parse("--port", "0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("usage: --port P --jdbc-url URL");
        assertThat(Options.parse("--port", "0", "--jdbc-url", "u")).isEqualTo(new Options(0, "u"));
    }

    private static void put(String sku, int minor) throws IOException, InterruptedException {
        String body =
                "{\"name\":\"%s\",\"prices\":[{\"minor\":%d,\"currency\":\"EUR\"}]}"
                        .formatted(sku, minor);
        assertThat(send("PUT", "/products/" + sku, body).statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        URI service = URI.create("http://127.0.0.1:" + Main.port(MainTest.service));
        return client.send(
                HttpRequest.newBuilder(service.resolve(path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
