// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.gateway.webhooks.ReceiverAddresses;
import dev.fakta.gateway.webhooks.WebhookKeys;
import dev.fakta.gateway.webhooks.WebhookSettings;
import dev.fakta.log.EventLog;
import dev.fakta.log.JoinedLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import tools.jackson.databind.JsonNode;

/// A node that delivers webhooks to receivers of this machine, on a clock that a test holds. It may
/// be started again on its log.
final class WebhookServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;
    private static final Microsystems MICROSYSTEMS =
            new Microsystems(List.of(Everything.MICROSYSTEM, Webhooks.SERVED.definition()));
    private static final WebhookSettings SETTINGS =
            WebhookSettings.of(
                    WebhookKeys.ofThisProcess(),
                    ReceiverAddresses.within(ReceiverAddresses.Reach.ANY));

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2100-01-01T00:00:00Z"));
    private final EventLog log =
            JoinedLog.of(List.of(part("everything", 0), part("webhooks", PARTITIONS)));
    private final Path directory;
    private Node node;
    private Gateway gateway;

    WebhookServer(Path directory) {
        this.directory = directory;
        start();
    }

    private static JoinedLog.Part part(String microsystem, int first) {
        Set<String> kinds = MICROSYSTEMS.streams().getOrDefault(microsystem, Set.of());
        return new JoinedLog.Part(microsystem, first, MemoryLog.create(PARTITIONS), kinds);
    }

    private void start() {
        node = Node.start(NodeSettings.embedded(directory), MICROSYSTEMS, log, now::get);
        gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0).trusting(),
                        routes -> {
                            Everything.routes(routes);
                            Webhooks.routes(routes, SETTINGS);
                        });
        eventually().until(() -> node.missing().isEmpty());
    }

    private void stop() {
        gateway.close();
        node.close();
    }

    void restart() {
        stop();
        start();
    }

    static ConditionFactory eventually() {
        return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20));
    }

    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    Instant now() {
        return now.get();
    }

    String heads() {
        return node.heads().token();
    }

    HttpResponse<String> send(String method, String path, String body) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.port() + path);
        return http.send(
                HttpRequest.newBuilder(uri)
                        .timeout(PATIENCE)
                        .method(method, BodyPublishers.ofString(body.replace('\'', '"')))
                        .build(),
                BodyHandlers.ofString());
    }

    JsonNode ok(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = send(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return Json.mapper().readTree(answer.body());
    }

    void refuses(String method, String path, String body, int status, String named)
            throws Exception {
        HttpResponse<String> answer = send(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(named);
    }

    /// @return the path of the subscription
    String subscribe(String url) throws Exception {
        JsonNode made =
                ok("POST", "/webhook-subscriptions", "{'url':'%s','types':[]}".formatted(url));
        return "/webhook-subscriptions/" + made.path("id").asString();
    }

    void fill(String id) throws Exception {
        ok("PUT", "/everything/" + id, "{}");
    }

    List<JsonNode> items(String path) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        ok("GET", path, "").path("items").forEach(all::add);
        return all;
    }

    @Override
    public void close() {
        stop();
        log.close();
        http.close();
    }
}
