// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fakta.gateway.webhooks.WebhookSecret;
import dev.fakta.gateway.webhooks.WebhookSignature;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Somebody who takes messages, and answers each as a test says.
final class WebhookReceiver implements AutoCloseable {

    private final HttpServer server;
    private final List<Message> seen = new CopyOnWriteArrayList<>();
    private volatile Function<Message, Integer> answer = _ -> 204;

    /// A message that came, taken or not.
    record Message(String id, WebhookSignature signature, byte[] body) {

        JsonNode json() {
            return Json.mapper().readTree(body);
        }

        boolean isSignedBy(String secret, Instant now) {
            return signature.isOf(
                    body, List.of(WebhookSecret.parse(secret)), now, Duration.ofMinutes(5));
        }

        String subject() {
            return json().path("subject").asString();
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    WebhookReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getRequestHeaders();
            String id = headers.getFirst(WebhookSignature.ID);
            Message message =
                    new Message(
                            id,
                            new WebhookSignature(
                                    id,
                                    headers.getFirst(WebhookSignature.TIMESTAMP),
                                    headers.getFirst(WebhookSignature.SIGNATURES)),
                            exchange.getRequestBody().readAllBytes());
            seen.add(message);
            exchange.sendResponseHeaders(answer.apply(message), -1);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    void answering(Function<Message, Integer> with) {
        answer = with;
    }

    List<Message> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
