// SPDX-License-Identifier: Apache-2.0
package dev.fakta.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.gateway.Routes;
import dev.fakta.http.ApiCheck;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Gift cards over HTTP.
final class GiftCardsTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final EventLog LOG = MemoryLog.create(4);
    private static Node node;
    private static Gateway gateway;

    @BeforeAll
    static void open(@TempDir Path directory) {
        NodeSettings settings = NodeSettings.embedded(directory);
        node = Node.start(settings, GiftCards.MICROSYSTEM, LOG, InstantSource.system());
        gateway =
                Gateway.start(
                        node, GatewaySettings.onLoopback(0).trusting(), GiftCardsTest::routes);
    }

    /// The slice's routes, and a query that answers a bare list.
    private static void routes(Routes http) {
        GiftCards.routes(http);
        http.get(
                "/balances",
                GiftCards.VIEW,
                query ->
                        query.rows(
                                "select balance from gift_card where id = 'bare'",
                                row -> row.number("balance")));
    }

    @AfterAll
    static void close() {
        CLIENT.close();
        gateway.close();
        node.close();
        LOG.close();
    }

    private static HttpResponse<String> send(
            String method, String path, String body, String token) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .header("Fakta-Token", token)
                        .method(method, BodyPublishers.ofString(body))
                        .build();
        try {
            return ApiCheck.checked(CLIENT, body, CLIENT.send(request, BodyHandlers.ofString()));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(method + " " + path, e);
        }
    }

    private static HttpResponse<String> issue(String id, long amount) {
        return send("PUT", "/gift-cards/" + id, "{\"amount\":" + amount + "}", "");
    }

    private static HttpResponse<String> spend(String id, String order, long amount) {
        String body = "{\"order\":\"" + order + "\",\"amount\":" + amount + "}";
        return send("POST", "/gift-cards/" + id + "/spendings", body, "");
    }

    private static String token(HttpResponse<String> response) {
        return response.headers().firstValue("Fakta-Token").orElse("");
    }

    @Test
    void a_card_is_issued_and_spent() {
        assertThat(issue("one", 5_000).body()).isEqualTo("{\"id\":\"one\",\"balance\":5000}");
        HttpResponse<String> spent = spend("one", "order-1", 2_000);
        assertThat(spent.statusCode()).isEqualTo(200);
        assertThat(spent.headers().firstValue("ETag")).contains("\"2\"");
        assertThat(spent.body()).isEqualTo("{\"id\":\"one\",\"balance\":3000}");
        assertThat(send("POST", "/gift-cards/one/top-ups", "{\"amount\":1}", "").body())
                .isEqualTo("{\"id\":\"one\",\"balance\":3001}");
    }

    @Test
    void a_card_cannot_be_overspent() {
        issue("over", 5_000);
        HttpResponse<String> refused = spend("over", "order-1", 5_001);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body())
                .contains("\"type\":\"/problems/insufficient-balance\"", "Insufficient balance.");
    }

    @Test
    void a_card_that_was_never_issued_is_not_found() {
        assertThat(spend("never", "order-1", 1).statusCode()).isEqualTo(404);
    }

    @Test
    void what_a_command_needs_is_asked_for() {
        issue("asked", 5_000);
        HttpResponse<String> refused = send("POST", "/gift-cards/asked/spendings", "{}", "");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("{\"field\":\"order\",\"reason\":\"is missing\",\"code\":\"MISSING\"}");
    }

    @Test
    void the_list_shows_the_cards_with_more_than_a_balance() {
        issue("z-1", 100);
        issue("z-2", 200);
        issue("z-3", 300);
        String token = token(spend("z-3", "order-1", 250));
        token += "," + token(issue("z-4", 400));
        String list = send("GET", "/gift-cards?above=99&after=z-&limit=2", "", token).body();
        assertThat(list)
                .isEqualTo(
                        "{\"items\":[{\"id\":\"z-1\",\"balance\":100},"
                                + "{\"id\":\"z-2\",\"balance\":200}],\"next\":\"z-2\"}");
        assertThat(send("GET", "/gift-cards?above=99&after=z-2", "", token).body())
                .isEqualTo("{\"items\":[{\"id\":\"z-4\",\"balance\":400}],\"next\":null}");
    }

    @Test
    void a_bare_list_that_comes_too_early_is_answered_as_items() {
        String token = token(issue("bare", 700));
        assertThat(send("GET", "/balances", "", token).body()).isEqualTo("[700]");
        HttpResponse<String> late = send("GET", "/balances", "", "0.1000000000");
        assertThat(late.statusCode()).isEqualTo(503);
        assertThat(late.body()).contains("\"items\":[700]", "/problems/view-behind");
    }
}
