// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every answer tells browsers and caches, also those that the server gives before any route.
class SecureHeadersTest {

    private static final EventLog LOG = MemoryLog.create(4);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String FOR_DATA =
            "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'";
    private static Node node;
    private static Gateway gateway;

    @BeforeAll
    static void open(@TempDir Path directory) throws Exception {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Everything.MICROSYSTEM,
                        LOG,
                        InstantSource.system());
        gateway = Gateway.start(node, GatewaySettings.onLoopback(0).trusting(), Everything::routes);
        assertThat(answer("PUT /everything/one HTTP/1.1", "Content-Length: 2", "{}"))
                .startsWith("HTTP/1.1 200");
    }

    @AfterAll
    static void close() {
        gateway.close();
        node.close();
        LOG.close();
    }

    private static String answer(String firstLine, String header, String body) throws Exception {
        String request =
                firstLine
                        + "\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + header
                        + "\r\n\r\n"
                        + body;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "GET /everything/one HTTP/1.1, 200, 'private, no-cache'",
        "HEAD /everything/one HTTP/1.1, 200, 'private, no-cache'",
        "GET /everything/one/events HTTP/1.1, 200, no-store",
        "GET /everything/none HTTP/1.1, 404, no-store",
        "GET /nothing HTTP/1.1, 404, no-store",
        "PATCH /everything/one HTTP/1.1, 405, no-store",
        "OPTIONS /everything/one HTTP/1.1, 204, no-store",
        "GET /misspelled HTTP/1.1, 500, no-store",
        "GET /health/live HTTP/1.1, 200, no-store",
        "GET /health/ready HTTP/1.1, 200, no-store",
        "GET /metrics HTTP/1.1, 200, no-store",
        "HEAD /events HTTP/1.1, 200, no-store",
        "GET /openapi.json HTTP/1.1, 200, no-cache",
        "GET /everything/a;b HTTP/1.1, 400, no-store",
        // no routes are asked
        "GET /everything/%zz HTTP/1.1, 400, no-store",
        "G\0T / HTTP/1.1, 400, no-store"
    })
    void every_answer_has_them(String firstLine, String status, String kept) throws Exception {
        String answer = answer(firstLine, "X: y", "");
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .contains("X-Content-Type-Options: nosniff\r\n")
                .contains("Referrer-Policy: no-referrer\r\n")
                .contains(FOR_DATA + "\r\n")
                .contains("Cache-Control: " + kept + "\r\n")
                .doesNotContain("Strict-Transport-Security");
    }

    @Test
    void a_head_that_is_too_large_is_answered_with_them() throws Exception {
        assertThat(answer("GET / HTTP/1.1", "X: " + "y".repeat(20_000), ""))
                .startsWith("HTTP/1.1 4")
                .contains(FOR_DATA + "\r\n", "Cache-Control: no-store\r\n");
    }

    @Test
    void who_has_the_newest_may_keep_it() throws Exception {
        assertThat(answer("GET /everything/one HTTP/1.1", "If-None-Match: \"1\"", ""))
                .startsWith("HTTP/1.1 304")
                .contains("Cache-Control: private, no-cache\r\n", "ETag: \"1\"\r\n");
    }

    @Test
    void the_page_for_people_says_what_it_needs() throws Exception {
        assertThat(answer("GET /docs HTTP/1.1", "X: y", ""))
                .contains("script-src 'self'", "X-Content-Type-Options: nosniff\r\n")
                .contains("Referrer-Policy: no-referrer\r\n", "Cache-Control: max-age=3600\r\n")
                .doesNotContain(FOR_DATA);
    }
}
