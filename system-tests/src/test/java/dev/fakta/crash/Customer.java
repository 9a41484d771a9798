// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Places orders, each under a key of its own, and remembers which were acknowledged.
final class Customer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PRODUCT =
            """
            {"name":"Green tea","prices":[{"minor":450,"currency":"EUR"}]}""";

    private final String name;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();

    /// What was acknowledged, by idempotency key.
    final Map<String, Order> acknowledged = new ConcurrentHashMap<>();

    /// What was said instead, by idempotency key.
    final Map<String, String> refusals = new ConcurrentHashMap<>();

    /// Keys whose outcome nobody knows.
    final Queue<String> unknown = new ConcurrentLinkedQueue<>();

    /// An acknowledged order.
    record Order(String id, long grandMinor) {
        static Order of(JsonNode body) {
            return new Order(
                    body.path("id").asString(),
                    body.path("totals").path("grand").path("minor").asLong());
        }
    }

    Customer() {
        this("C");
    }

    /// @param name in each order three times, as the name and two lines of the address
    Customer(String name) {
        this.name = name;
    }

    void listProduct(URI base) throws Exception {
        HttpResponse<String> answer = send(base, "PUT", "/products/tea", "product", PRODUCT);
        if (answer.statusCode() != 200) {
            throw new IOException(answer.body());
        }
    }

    /// Places orders until told to stop or until the server is gone.
    void placeUntil(AtomicBoolean isOver, URI base, String name) {
        for (int i = 0; !isOver.get(); i++) {
            String key = name + "-" + i;
            try {
                if (place(base, key) != 201) {
                    unknown.add(key);
                }
            } catch (
                    Exception
                            _) { // the server was killed: whether the order is there is to be seen
                unknown.add(key);
                return;
            }
        }
    }

    /// Places the order of this key; answers the status.
    int place(URI base, String key) throws Exception {
        int quantity = 1 + Math.floorMod(key.hashCode(), 50);
        HttpResponse<String> answer = send(base, "POST", "/orders", key, order(quantity));
        if (answer.statusCode() == 201) {
            Order order = Order.of(JsonMapper.shared().readTree(answer.body()));
            Order before = acknowledged.put(key, order);
            if (before != null && !before.equals(order)) {
                throw new AssertionError(key + " was " + before + " and is now " + order);
            }
        } else {
            refusals.put(key, answer.body());
        }
        return answer.statusCode();
    }

    private String order(int quantity) {
        return """
                {"customerId":"c1","email":"c1@example.com","currency":"EUR",
                 "lines":[{"sku":"tea","quantity":%d}],
                 "shipping":{"method":"standard","address":{"name":"%s","line1":"%s","line2":"%s",
                             "city":"Berlin","postalCode":"10115","country":"DE"}},
                 "payment":{"method":"card","token":"tok_ok"}}"""
                .formatted(quantity, name, name, name);
    }

    JsonNode get(URI base, String path) throws Exception {
        HttpResponse<String> answer =
                client.send(
                        HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).build(),
                        BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JsonMapper.shared().readTree(answer.body());
    }

    private HttpResponse<String> send(URI base, String method, String path, String key, String body)
            throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .timeout(PATIENCE)
                        .method(method, BodyPublishers.ofString(body))
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
