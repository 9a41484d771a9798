// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// Clients that begin the headers of a request and do not end them.
final class RequestHeadsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final String HELIDON = "io.helidon.webserver.http1.Http1Connection";
    private static final int SENDERS = 20;

    @TempDir Path directory;
    private final HttpClient client = HttpClient.newHttpClient();
    private final EventLog log = MemoryLog.create(4);
    private Node node;
    private Gateway gateway;

    private void open(Duration within) {
        GatewaySettings settings = GatewaySettings.onLoopback(0).trusting();
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Everything.MICROSYSTEM,
                        log,
                        InstantSource.system());
        gateway =
                Gateway.start(
                        node,
                        settings.withBodies(settings.bodiesMemory(), within),
                        Everything::routes);
    }

    @AfterEach
    void close() {
        client.close();
        gateway.close();
        node.close();
        log.close();
    }

    private Socket sendHalf() throws IOException {
        Socket sender = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        sender.setSoTimeout((int) PATIENCE.toMillis());
        String half = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Name: ";
        sender.getOutputStream().write(half.getBytes(US_ASCII));
        return sender;
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.port() + path);
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
        return client.send(request, BodyHandlers.ofString());
    }

    private void awaitBroken(int count) {
        String line = "fakta_http_heads_broken_total %d.0".formatted(count);
        await().atMost(PATIENCE).until(() -> get("/metrics").body().lines().anyMatch(line::equals));
    }

    @Test
    void headers_that_do_not_come_in_time_are_cut_off() throws Exception {
        open(Duration.ofMillis(200));
        try (Socket sender = sendHalf()) {
            String answer = new String(sender.getInputStream().readAllBytes(), US_ASCII);
            assertThat(answer).doesNotContain("200 OK");
        }
        awaitBroken(1);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    /// A connection that is reset ends without a word to the gateway.
    @Test
    void headers_of_a_connection_that_was_reset_are_counted_when_their_time_is_up()
            throws Exception {
        open(Duration.ofSeconds(2));
        try (Socket sender = sendHalf()) {
            sender.setSoLinger(true, 0);
        }
        awaitBroken(1);
    }

    private String answer(String request) throws IOException {
        try (Socket sender = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            sender.setSoTimeout((int) PATIENCE.toMillis());
            sender.getOutputStream().write(request.getBytes(ISO_8859_1));
            sender.shutdownOutput();
            return new String(sender.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    /// Helidon takes a control character in a method for a failure of its own.
    @ParameterizedTest
    @ValueSource(strings = {"G\0T /health/live HTTP/1.1", "G\u00e4T / HTTP/1.1", "\1 \2 HTTP/1.1"})
    void a_first_line_that_is_none_is_refused_and_fills_no_log_file(String line) throws Exception {
        open(NEVER);
        List<ILoggingEvent> said =
                logged(
                        () -> {
                            assertThat(answer(line + "\r\nHost: localhost\r\n\r\n"))
                                    .startsWith("HTTP/1.1 400 ")
                                    .contains("application/problem+json", "\"status\":400");
                            gateway.close();
                        });
        assertThat(said).isEmpty();
    }

    private interface Step {
        void run() throws Exception;
    }

    /// What Helidon writes into the log meanwhile.
    private static List<ILoggingEvent> logged(Step step) throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(HELIDON);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            step.run();
            return lines.list;
        } finally {
            logger.detachAppender(lines);
        }
    }

    @Test
    void headers_that_end_in_the_middle_are_counted_and_fill_no_log_file() throws Exception {
        open(NEVER);
        List<ILoggingEvent> said =
                logged(
                        () -> {
                            for (int i = 0; i < SENDERS; i++) {
                                sendHalf().close();
                            }
                            awaitBroken(SENDERS);
                            gateway.close(); // waits for all connections
                        });
        assertThat(said).isEmpty();
    }
}
