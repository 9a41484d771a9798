// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Paging through a list gives each row once, in the order that was asked for, however many rows
/// have the same place but for their ids.
class PagesTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final int ORDERS = 24;

    @TempDir static Path directory;
    private static EventLog log;
    private static Node node;
    private static Gateway gateway;
    private static String seen = "";

    @BeforeAll
    static void open() throws Exception {
        log =
                LogDirectory.open(
                        directory.resolve("log"),
                        OrderManagement.MICROSYSTEMS.streams(),
                        SegmentLogSettings.defaults());
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        OrderManagement.MICROSYSTEMS,
                        log,
                        InstantSource.system());
        gateway =
                Gateway.start(
                        node, GatewaySettings.onLoopback(0).trusting(), OrderManagement::routes);
        for (String sku : List.of("tea", "cup")) {
            send(
                    "PUT",
                    "/products/" + sku,
                    "{'name':'A','prices':[{'minor':1000,'currency':'EUR'}]}");
            send("PUT", "/stock/" + sku, "{'onHand':1000}");
        }
        for (int number = 0; number < ORDERS; number++) {
            HttpResponse<String> placed = send("POST", "/orders", order(number));
            assertThat(placed.statusCode()).as(placed.body()).isEqualTo(201);
            String path = placed.headers().firstValue("Location").orElseThrow();
            if (number % 3 == 0) {
                send("PUT", path + "/holds/MANUAL", "{}");
            }
            send("POST", path + "/cancel", "{}");
        }
        // A list that goes on changing cannot be compared with itself.
        while (all("/orders?status=CANCELLED&fulfilment=NOTHING", 200).size() < ORDERS) {
            Thread.onSpinWait();
        }
    }

    /// Three orders of a time, and four totals in all.
    private static String order(int number) {
        return ("{'customerId':'c%d','email':'eva@example.org','currency':'EUR',"
                        + "'placedAt':'2026-01-%02dT00:00:00Z',"
                        + "'lines':[{'sku':'%s','quantity':%d}],"
                        + "'shipping':{'method':'standard','address':{'name':'Eva',"
                        + "'line1':'Way 1','city':'Bonn','postalCode':'53111','country':'DE'}},"
                        + "'payment':{'method':'invoice'}}")
                .formatted(
                        number % 2,
                        1 + number / 3,
                        number % 4 == 0 ? "tea" : "cup",
                        1 + number % 4);
    }

    @AfterAll
    static void close() {
        gateway.close();
        node.close();
        log.close();
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.port() + path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body.replace('\'', '"')));
        if (!seen.isEmpty()) {
            request.header("Fakta-Token", seen);
        }
        HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
        seen = answer.headers().firstValue("Fakta-Token").orElse(seen);
        return answer;
    }

    private static JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = send("GET", path, "");
        while (answer.statusCode() == 503) { // the view is behind the token
            answer = send("GET", path, "");
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static List<JsonNode> all(String list, int limit) throws Exception {
        List<JsonNode> items = new ArrayList<>();
        String after = "";
        while (true) {
            JsonNode page = get(list + "&limit=" + limit + after);
            page.path("items").forEach(items::add);
            assertThat(page.path("items").size()).isLessThanOrEqualTo(limit);
            if (page.path("next").isNull()) {
                return items;
            }
            after = "&after=" + URLEncoder.encode(page.path("next").asString(), UTF_8);
        }
    }

    private static List<String> ids(List<JsonNode> items) {
        return items.stream().map(item -> item.path("id").asString()).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=2026-01-01T00:00:00Z",
                "customer=c1",
                "status=CANCELLED",
                "payment=NONE",
                "fulfilment=NOTHING",
                "returns=NONE",
                "hold=MANUAL",
                "hold=MANUAL&sku=cup",
                "sku=tea",
                "q=eva@",
                "from=2026-01-02T00:00:00Z&until=2026-01-05T00:00:00Z"
            })
    void each_order_comes_once_with_each_sort(String filter) throws Exception {
        String list = "/orders?" + filter + "&";
        List<String> expected = ids(all(list + "sort=placedAt", 200));
        for (String sort : List.of("placedAt", "-placedAt", "grand", "-grand")) {
            for (int limit : List.of(1, 2, 5)) {
                List<JsonNode> items = all(list + "sort=" + sort, limit);
                assertThat(ids(items))
                        .as("%s by %s, %d a page", filter, sort, limit)
                        .doesNotHaveDuplicates()
                        .containsExactlyInAnyOrderElementsOf(expected);
                Comparator<JsonNode> order =
                        sort.endsWith("grand")
                                ? Comparator.comparingLong(
                                        item -> item.path("grand").path("minor").asLong())
                                : Comparator.comparing(item -> item.path("placedAt").asString());
                assertThat(items)
                        .isSortedAccordingTo(sort.startsWith("-") ? order.reversed() : order);
            }
        }
        assertThat(ids(all(list + "sort=-placedAt", 3)))
                .isEqualTo(ids(all("/orders?" + filter, 3)));
    }

    @Test
    void what_is_held_is_found_by_its_hold() throws Exception {
        assertThat(all("/orders?hold=MANUAL", 200)).hasSize(ORDERS / 3);
        assertThat(all("/orders?hold=ADDRESS", 200)).isEmpty();
    }

    @Test
    void a_cursor_belongs_to_its_order() throws Exception {
        String next = get("/orders?sort=grand&limit=1").path("next").asString();
        String after = "&after=" + URLEncoder.encode(next, UTF_8);
        assertThat(send("GET", "/orders?limit=1" + after, "").statusCode()).isEqualTo(400);
        assertThat(send("GET", "/orders?sort=-grand&limit=1" + after, "").statusCode())
                .isEqualTo(400);
        assertThat(send("GET", "/orders?sort=grand&limit=1" + after, "").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/orders?sort=email",
                "/orders?sort=",
                "/orders?payment=BOGUS",
                "/orders?fulfilment=BOGUS",
                "/orders?returns=BOGUS",
                "/orders?hold=BOGUS",
                "/payments?status=BOGUS",
                "/payments?method=BOGUS",
                "/payments?sort=BOGUS",
                "/payments?bogus=1",
                "/shipments?sort=status",
                "/returns?sort=BOGUS",
                "/tasks?sort=BOGUS"
            })
    void what_a_list_does_not_know_is_400(String path) throws Exception {
        assertThat(send("GET", path, "").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/payments?status=PARTIALLY_CAPTURED&method=card&order=o&sort=total",
                "/payments?sort=-total",
                "/payments?sort=requestedAt&after=requestedAt:5.x",
                "/payment-operations?sort=askedAt",
                "/shipments?sort=plannedAt",
                "/shipments?tracking=T&sort=plannedAt",
                "/returns?sort=requestedAt",
                "/tasks?sort=since"
            })
    void a_list_is_answered_as_it_is_asked_for(String path) throws Exception {
        assertThat(get(path).path("next").isNull()).isTrue();
    }
}
