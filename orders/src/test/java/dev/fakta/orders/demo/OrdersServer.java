// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A real HTTP server on a free port that keeps the contract as far as the demo uses it: products,
/// stock and orders in memory, shipping and tax zero, answers replayed by idempotency key. It can
/// be made busy and can be told to refuse.
final class OrdersServer implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> refusedKeys = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> busyAnswersLeft = new ConcurrentHashMap<>();
    private final AtomicInteger busyAnswers = new AtomicInteger();
    private final Map<String, JsonNode> put = new ConcurrentHashMap<>(); // by path
    private final Map<String, JsonNode> placed = new ConcurrentHashMap<>(); // by key
    private final AtomicInteger requests = new AtomicInteger();
    private volatile int busyPerKey;
    private volatile String retryAfter = "0";
    private volatile long surcharge;

    OrdersServer() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /// Answers 503 to the first `times` requests with each idempotency key.
    void beBusy(int times, String retryAfterHeader) {
        busyPerKey = times;
        retryAfter = retryAfterHeader;
    }

    void refuse(String key) {
        refusedKeys.add(key);
    }

    /// Adds cents to the items' total of every order, as a server that adds up wrongly would.
    void addToTotals(long cents) {
        surcharge = cents;
    }

    int requests() {
        return requests.get();
    }

    int busyAnswers() {
        return busyAnswers.get();
    }

    /// What was put, by path.
    Map<String, JsonNode> put() {
        return put;
    }

    /// The orders' requests and answers, by idempotency key.
    Map<String, JsonNode> placed() {
        return placed;
    }

    @Override
    public void close() {
        http.stop(0);
        threads.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (isBusy(key)) {
            busyAnswers.incrementAndGet();
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
            answer(exchange, 503, problem("Busy", "the partition's queue is full"));
        } else if (refusedKeys.contains(key)) {
            answer(exchange, 409, problem("Out of stock", "S10_1678 has 3 left"));
        } else if (exchange.getRequestMethod().equals("PUT")) {
            put.put(exchange.getRequestURI().getPath(), body);
            answer(exchange, 200, body);
        } else {
            answer(exchange, 201, placed.computeIfAbsent(key, _ -> order(body)));
        }
    }

    private boolean isBusy(String key) {
        AtomicInteger left =
                busyAnswersLeft.computeIfAbsent(key, _ -> new AtomicInteger(busyPerKey));
        return left.getAndDecrement() > 0;
    }

    private ObjectNode order(JsonNode request) {
        ObjectNode order = JSON.createObjectNode();
        order.put("id", "order-" + (placed.size() + 1));
        order.set("request", request);
        ArrayNode lines = order.putArray("lines");
        long items = surcharge;
        for (JsonNode line : request.path("lines")) {
            lines.add(line);
            items += line.path("quantity").asLong() * line.path("unitPrice").path("minor").asLong();
        }
        String currency = request.path("currency").asString();
        ObjectNode totals = order.putObject("totals");
        totals.putObject("items").put("minor", items).put("currency", currency);
        totals.putObject("grand").put("minor", items).put("currency", currency);
        return order;
    }

    private static ObjectNode problem(String title, String detail) {
        ObjectNode problem = JSON.createObjectNode().put("title", title).put("detail", detail);
        problem.putArray("errors").addObject().put("field", "lines[0]").put("reason", "too many");
        return problem;
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body)
            throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
