// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The whole service over HTTP, on a real PostgreSQL.
final class MainTest {

    private static final String ORDER =
            """
            {"customerId":"128","email":"c@example.com","currency":"EUR",\
            "lines":[{"sku":"tea","quantity":3},{"sku":"pot","quantity":1}],\
            "shipping":{"method":"standard","address":{"name":"C","line1":"Main 1",\
            "city":"Berlin","postalCode":"10115","country":"DE"}},\
            "payment":{"method":"card","token":"tok_ok"}}""";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static EmbeddedPostgres postgres;
    private static OrderService service;
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        service = OrderService.start(options());
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
        JsonNode order = JSON.readTree(placed.body());
        assertThat(order.at("/totals/items/minor").asLong()).isEqualTo(3350);
        assertThat(order.at("/totals/tax/minor").asLong()).isEqualTo(730);
        assertThat(order.at("/totals/grand/minor").asLong()).isEqualTo(4570);
        assertThat(order.at("/lines/1/unitPrice/currency").asText()).isEqualTo("EUR");

        String location = placed.headers().firstValue("Location").orElseThrow();
        assertThat(location).isEqualTo("/orders/" + order.path("id").asText());
        HttpResponse<String> read = send("GET", location, "");
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(read.body())).isEqualTo(order);
    }

    @Test
    void an_order_is_recovered_from_the_journal() throws Exception {
        HttpResponse<String> placed = send("POST", "/orders", ORDER);
        String location = placed.headers().firstValue("Location").orElseThrow();
        try (OrderService another = OrderService.start(options())) {
            HttpResponse<String> read = send(another, "GET", location, "");
            assertThat(JSON.readTree(read.body())).isEqualTo(JSON.readTree(placed.body()));
        }
    }

    @Test
    void a_product_that_is_put_again_has_its_new_price() throws Exception {
        put("cup", 100);
        put("cup", 300);
        HttpResponse<String> placed = send("POST", "/orders", ORDER.replace("pot", "cup"));
        assertThat(JSON.readTree(placed.body()).at("/totals/items/minor").asLong()).isEqualTo(1650);
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

    private static Options options() {
        return new Options(0, postgres.getJdbcUrl("postgres", "postgres"));
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return send(service, method, path, body);
    }

    private static HttpResponse<String> send(
            OrderService to, String method, String path, String body)
            throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + to.port());
        return client.send(
                HttpRequest.newBuilder(address.resolve(path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
