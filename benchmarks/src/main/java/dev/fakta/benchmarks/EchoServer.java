// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import tools.jackson.databind.json.JsonMapper;

/// The least that a JSON service on Helidon does: parses an order request into records and writes
/// it back. Nothing in the gateway can be faster, so its figures are measured against this. Runs
/// until its input ends, that is no longer than the JVM that started it.
final class EchoServer {

    private static final JsonMapper JSON = JsonMapper.shared();

    private EchoServer() {}

    record Order(
            String customerId,
            String email,
            String currency,
            List<Line> lines,
            Shipping shipping,
            Payment payment) {}

    record Line(String sku, int quantity) {}

    record Shipping(String method, Address address) {}

    record Address(String name, String line1, String city, String postalCode, String country) {}

    record Payment(String method, String token) {}

    public static void main(String[] args) throws IOException {
        Logger.getLogger("").setLevel(Level.WARNING); // Helidon's greetings
        WebServer server =
                WebServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .routing(routing -> routing.post("/echo", EchoServer::echo))
                        .build()
                        .start();
        System.out.println(
                "ready http://127.0.0.1:"
                        + server.port()
                        + " pid="
                        + ProcessHandle.current().pid());
        System.in.transferTo(OutputStream.nullOutputStream());
        server.stop();
    }

    private static void echo(ServerRequest request, ServerResponse response) {
        Order order = JSON.readValue(request.content().as(byte[].class), Order.class);
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.send(JSON.writeValueAsBytes(order));
    }
}
