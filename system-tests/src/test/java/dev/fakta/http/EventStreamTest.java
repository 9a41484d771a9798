// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `GET /events`, as another system follows it.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EventStreamTest {

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path folder) {
        shop = Shop.open(folder);
        shop.put("/products/tea", Bodies.product("Tea", 1_000)).is(200);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    /// A client that is connected.
    private static final class Client implements AutoCloseable {
        private final HttpClient http = HttpClient.newHttpClient();
        private final BufferedReader lines;
        private String lastId = "";

        Client(String query, String lastEventId) throws IOException, InterruptedException {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://127.0.0.1:" + shop.port() + "/events" + query))
                            .timeout(Duration.ofSeconds(30))
                            .header("Accept", "text/event-stream");
            if (!lastEventId.isEmpty()) {
                request.header("Last-Event-ID", lastEventId);
            }
            var response = http.send(request.build(), BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            lines =
                    new BufferedReader(
                            new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        List<JsonNode> next(int count) throws IOException {
            List<JsonNode> events = new ArrayList<>();
            while (events.size() < count) {
                String line = lines.readLine();
                if (line.startsWith("id: ")) {
                    lastId = line.substring("id: ".length());
                } else if (line.startsWith("data: ")) {
                    events.add(JsonMapper.shared().readTree(line.substring("data: ".length())));
                }
            }
            return events;
        }

        @Override
        public void close() throws IOException {
            http.shutdownNow();
            lines.close();
        }
    }

    private static String place() {
        return shop.post("/orders", order("tea", 1)).is(201).text("/id");
    }

    @Test
    void each_fact_comes_once_it_is_recorded_as_a_cloud_event() throws Exception {
        try (Client client = new Client("?after=latest&stream=order", "")) {
            String id = place();
            shop.post("/orders/" + id + "/notes", object().put("text", "hello\nworld")).is(201);
            List<JsonNode> events = client.next(2);
            assertThat(events)
                    .extracting(event -> event.path("type").asString())
                    .containsExactly("order-created", "order-note-added");
            JsonNode note = events.getLast();
            assertThat(note.path("specversion").asString()).isEqualTo("1.0");
            assertThat(note.path("subject").asString()).isEqualTo("order/" + id);
            assertThat(note.path("revision").asLong()).isEqualTo(2);
            assertThat(note.path("data").path("text").asString()).isEqualTo("hello\nworld");
        }
    }

    @Test
    void a_client_goes_on_behind_what_it_has_seen() throws Exception {
        String id = place();
        String lastId;
        try (Client client = new Client("?stream=order/" + id, "")) {
            assertThat(client.next(1).getFirst().path("type").asString())
                    .isEqualTo("order-created");
            lastId = client.lastId;
        }
        shop.put("/orders/" + id + "/holds/ADDRESS", object()).is(200);
        try (Client client = new Client("?stream=order/" + id, lastId)) {
            assertThat(client.next(1).getFirst().path("type").asString())
                    .isEqualTo("order-hold-placed");
        }
    }

    @Test
    void what_comes_is_chosen_by_type() throws Exception {
        try (Client client = new Client("?types=product-listed,order-note-added", "")) {
            String id = place();
            shop.post("/orders/" + id + "/notes", object().put("text", "chosen")).is(201);
            assertThat(client.next(2))
                    .extracting(event -> event.path("type").asString())
                    .containsExactly("product-listed", "order-note-added");
        }
    }

    @Test
    void a_wish_with_a_fault_is_refused() {
        assertThat(shop.get("/events?after=yesterday").isProblem(400, "invalid-request").fields())
                .containsExactly("after");
        assertThat(shop.get("/events?since=1").isProblem(400, "invalid-request").fields())
                .containsExactly("since");
        shop.post("/events", object()).is(405);
    }
}
