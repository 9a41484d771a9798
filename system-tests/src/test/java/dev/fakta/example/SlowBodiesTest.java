// SPDX-License-Identifier: Apache-2.0
package dev.fakta.example;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that send large bodies and do not end them: they have their share of the memory and no
/// more, and go when their time is up.
final class SlowBodiesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final int BODY = 1 << 20;
    private static final int BUDGET = 4 * BODY;
    private static final int SENDERS = 300;

    @TempDir Path directory;
    private final HttpClient client = HttpClient.newHttpClient();
    private final EventLog log = MemoryLog.create(4);
    private final List<Socket> senders = new ArrayList<>();
    private Node node;
    private Gateway gateway;

    private void open(Duration bodyWithin) {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        GiftCards.MICROSYSTEM,
                        log,
                        InstantSource.system());
        gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0).trusting().withBodies(BUDGET, bodyWithin),
                        GiftCards::routes);
    }

    @AfterEach
    void close() throws IOException {
        for (Socket sender : senders) {
            sender.close();
        }
        client.close();
        gateway.close();
        node.close();
        log.close();
    }

    /// Sends all of a body but its last byte.
    private Socket sendAlmost(int bytes, String framing) throws IOException {
        Socket sender = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        senders.add(sender);
        String head =
                "PUT /gift-cards/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%s\r\n\r\n"
                        .formatted(framing);
        byte[] spaces = new byte[bytes - 1];
        Arrays.fill(spaces, (byte) ' ');
        sender.getOutputStream().write(head.getBytes(US_ASCII));
        try {
            sender.getOutputStream().write(spaces);
        } catch (IOException _) {
            // refused before it has sent all
        }
        return sender;
    }

    private Socket sendAlmost(int bytes) throws IOException {
        return sendAlmost(bytes, "Content-Length: " + bytes);
    }

    private static String statusLine(Socket sender) throws IOException {
        sender.setSoTimeout((int) PATIENCE.toMillis());
        String line =
                new BufferedReader(new InputStreamReader(sender.getInputStream(), US_ASCII))
                        .readLine();
        return line == null ? "" : line;
    }

    private int status(String method, String path, String body) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.port() + path);
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .timeout(PATIENCE)
                        .method(method, BodyPublishers.ofString(body))
                        .build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }

    private long metric(String name) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.port() + "/metrics");
        String all =
                client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        return all.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void many_large_bodies_share_a_budget_and_small_requests_go_on() throws Exception {
        open(NEVER);
        for (int i = 0; i < SENDERS; i++) {
            sendAlmost(BODY);
        }
        await().atMost(PATIENCE).until(() -> metric("fakta_http_bodies_refused_total") > 0);
        assertThat(metric("fakta_http_body_bytes")).isLessThanOrEqualTo(BUDGET);
        for (int i = 0; i < 20; i++) {
            assertThat(status("GET", "/health/ready", "")).isEqualTo(200);
            assertThat(status("PUT", "/gift-cards/small-" + i, "{\"amount\":5}")).isEqualTo(200);
        }
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(metric("fakta_http_bodies_refused_total"))
                                        .isGreaterThanOrEqualTo(SENDERS - 2 * BUDGET / BODY));
        for (Socket sender : senders) {
            sender.close();
        }
        await().atMost(PATIENCE).until(() -> metric("fakta_http_body_bytes") == 0);
        assertThat(status("PUT", "/gift-cards/large", " ".repeat(BODY - 20) + "{\"amount\":5}"))
                .isEqualTo(200);
    }

    @Test
    void a_length_that_is_only_announced_takes_no_memory() throws Exception {
        open(NEVER);
        for (int i = 0; i < 50; i++) {
            sendAlmost(10, "Content-Length: " + BODY);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(status("PUT", "/gift-cards/small-" + i, "{\"amount\":5}")).isEqualTo(200);
        }
        assertThat(metric("fakta_http_body_bytes")).isZero();
    }

    @Test
    void a_body_that_does_not_come_in_time_is_cut_off() throws Exception {
        open(Duration.ofMillis(200));
        Socket sender = sendAlmost(100);
        assertThat(statusLine(sender)).isIn("", "HTTP/1.1 408 Request Timeout");
        assertThat(metric("fakta_http_bodies_slow_total")).isEqualTo(1);
        assertThat(status("PUT", "/gift-cards/next", "{\"amount\":5}")).isEqualTo(200);
    }

    private String untilTheEnd(Socket sender) throws IOException {
        sender.setSoTimeout((int) PATIENCE.toMillis());
        return new String(sender.getInputStream().readAllBytes(), US_ASCII);
    }

    @Test
    void the_rest_of_a_refused_body_that_does_not_come_in_time_is_cut_off() throws Exception {
        open(Duration.ofMillis(200));
        Socket sender = sendAlmost(10, "Content-Length: " + 2 * BODY);
        assertThat(untilTheEnd(sender)).startsWith("HTTP/1.1 413");
        assertThat(metric("fakta_http_bodies_slow_total")).isEqualTo(1);
        assertThat(status("PUT", "/gift-cards/next", "{\"amount\":5}")).isEqualTo(200);
    }

    @Test
    void a_body_that_nobody_wants_and_that_does_not_come_in_time_is_cut_off() throws Exception {
        open(Duration.ofMillis(200));
        Socket sender = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        senders.add(sender);
        String head = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n";
        sender.getOutputStream().write(head.getBytes(US_ASCII));
        assertThat(untilTheEnd(sender)).startsWith("HTTP/1.1 200");
    }
}
