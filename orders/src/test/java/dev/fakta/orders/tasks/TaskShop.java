// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.orders.OrderManagement;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Role;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Order management over HTTP, with a clock that a test sets forward.
final class TaskShop implements AutoCloseable {

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> InstantSource.system().instant().plus(ahead.get());
    private final HttpClient client = HttpClient.newHttpClient();
    private final EventLog log;
    private final Node node;
    private final Gateway gateway;

    private TaskShop(Path directory, Set<Role> roles) {
        log =
                LogDirectory.open(
                        directory.resolve("log"),
                        OrderManagement.MICROSYSTEMS.streams(),
                        SegmentLogSettings.defaults());
        node =
                Node.start(
                        NodeSettings.embedded(directory).withRoles(roles),
                        OrderManagement.MICROSYSTEMS,
                        log,
                        clock);
        gateway =
                Gateway.start(
                        node, GatewaySettings.onLoopback(0).trusting(), OrderManagement::routes);
    }

    static TaskShop open(Path directory, Set<Role> roles) {
        TaskShop shop = new TaskShop(directory, roles);
        String price = "{\"name\":\"Tea\",\"prices\":[{\"minor\":1000,\"currency\":\"USD\"}]}";
        assertThat(shop.send("PUT", "/products/tea", price).statusCode()).isEqualTo(200);
        assertThat(shop.send("PUT", "/stock/tea", "{\"onHand\":100}").statusCode()).isEqualTo(200);
        return shop;
    }

    Node node() {
        return node;
    }

    void advance(Duration by) {
        ahead.updateAndGet(by::plus);
    }

    Instant now() {
        return clock.instant();
    }

    HttpResponse<String> send(String method, String path, String body) {
        URI uri = URI.create("http://127.0.0.1:" + gateway.port() + path);
        try {
            return client.send(
                    HttpRequest.newBuilder(uri)
                            .method(method, BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(path, e);
        }
    }

    HttpResponse<String> post(String path, String body) {
        return send("POST", path, body);
    }

    JsonNode get(String path) {
        HttpResponse<String> answer = send("GET", path, "");
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }

    String metrics() {
        return send("GET", "/metrics", "").body();
    }

    /// An order of one tea.
    ///
    /// @return its id
    String place(String method) {
        HttpResponse<String> placed =
                post(
                        "/orders",
                        """
                        {"customerId":"ada","email":"ada@example.org","currency":"USD",
                        "lines":[{"sku":"tea","quantity":1}],
                        "shipping":{"method":"pickup","address":{"name":"Ada","line1":"1 Way",
                        "city":"Portland","postalCode":"97201","country":"US"}},
                        "payment":{"method":"%s","token":"tok_ok"}}"""
                                .formatted(method));
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(201);
        return JsonMapper.shared().readTree(placed.body()).path("id").asString();
    }

    /// Tells an aggregate what no route does. It has to take it.
    @SafeVarargs
    final <C> void tell(Aggregate<C, ?, ?> aggregate, String id, C... commands) {
        for (C command : commands) {
            Reply<?> reply = node.await(node.send(aggregate, id, command, Cause.fresh()));
            assertThat(reply).as("%s", command).isInstanceOf(Reply.Accepted.class);
        }
    }

    @Override
    public void close() {
        client.close();
        gateway.close();
        node.close();
        log.close();
    }
}
