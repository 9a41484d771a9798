// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What pages have browsers send to a server that trusts whoever reaches it. By sockets, since no
/// client sends these headers as it is told to.
class ForeignRequestsTest {

    private static final EventLog LOG = MemoryLog.create(4);
    private static Node node;
    private static Gateway trusting;
    private static Gateway asking;

    @BeforeAll
    static void open(@TempDir Path directory) {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Everything.MICROSYSTEM,
                        LOG,
                        InstantSource.system());
        trusting =
                Gateway.start(node, GatewaySettings.onLoopback(0).trusting(), Everything::routes);
        asking =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0)
                                .authenticating(
                                        (_, _) ->
                                                new Authenticator.Verdict.Known(
                                                        Caller.named("a", CallerRole.STAFF))),
                        http -> http.forRoles(Set.of(CallerRole.STAFF), Everything::routes));
    }

    @AfterAll
    static void close() {
        trusting.close();
        asking.close();
        node.close();
        LOG.close();
    }

    /// @param headers with `;` between them
    private static String answer(Gateway gateway, String method, String headers)
            throws IOException {
        String port = Integer.toString(gateway.port());
        String request =
                method
                        + " /everything/one HTTP/1.1\r\n"
                        + headers.replace("PORT", port).replaceAll(" *; *", "\r\n")
                        + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String status(Gateway gateway, String method, String headers)
            throws IOException {
        return answer(gateway, method, headers).split(" ")[1];
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        // this machine's names
        "PUT, Host: localhost, 200",
        "PUT, Host: LOCALHOST:PORT, 200",
        "PUT, Host: 127.0.0.1:PORT, 200",
        "PUT, Host: 127.1.2.3, 200",
        "PUT, Host: [::1]:PORT, 200",
        // names that somebody has made to point here
        "PUT, Host: rebound.example:PORT, 403",
        "GET, Host: rebound.example, 403",
        "PUT, Host: localhost.rebound.example, 403",
        "PUT, Host: 127.0.0.1.rebound.example:PORT, 403",
        "PUT, Host: 10.0.0.7, 403",
        // what browsers say of the page that sends it
        "PUT, Host: localhost; Sec-Fetch-Site: same-origin, 200",
        "PUT, Host: localhost; Sec-Fetch-Site: none, 200",
        "PUT, Host: localhost; Sec-Fetch-Site: cross-site, 403",
        "GET, Host: localhost; Sec-Fetch-Site: cross-site, 403",
        "PUT, Host: localhost; Sec-Fetch-Site: same-site, 403",
        "PUT, Host: localhost; Sec-Fetch-Site: unheard-of, 403",
        // browsers that say less
        "PUT, Host: localhost:PORT; Origin: http://localhost:PORT, 200",
        "PUT, Host: localhost:PORT; Origin: http://localhost:1, 403",
        "PUT, Host: localhost:PORT; Origin: https://evil.example, 403",
        "PUT, Host: localhost:PORT; Origin: null, 403",
        "PUT, Host: localhost:PORT; Origin: http://[, 403"
    })
    void a_server_that_trusts_its_callers_takes_nothing_from_other_sites(
            String method, String headers, String status) throws Exception {
        assertThat(status(trusting, method, headers)).isEqualTo(status);
    }

    @Test
    void a_page_of_the_same_site_may_look() throws Exception {
        status(trusting, "PUT", "Host: localhost");
        assertThat(status(trusting, "GET", "Host: localhost; Sec-Fetch-Site: same-site"))
                .isEqualTo("200");
    }

    @Test
    void what_is_refused_says_why_and_is_not_carried_out() throws Exception {
        String before = answer(trusting, "GET", "Host: localhost");
        assertThat(answer(trusting, "PUT", "Host: rebound.example"))
                .contains("\"code\":\"FOREIGN_REQUEST\"", "served as localhost only");
        assertThat(answer(trusting, "PUT", "Host: localhost; Sec-Fetch-Site: cross-site"))
                .contains("A page of another site has sent this.");
        assertThat(etag(answer(trusting, "GET", "Host: localhost"))).isEqualTo(etag(before));
    }

    private static String etag(String answer) {
        return answer.lines().filter(line -> line.startsWith("ETag")).findFirst().orElse("");
    }

    /// Keys are in no browser, so that a page cannot make it send them. What a browser says comes
    /// from another site, and changes something, is refused all the same.
    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "PUT, Host: shop.example, 200",
        "PUT, Host: shop.example; Origin: https://elsewhere.example, 200",
        "PUT, Host: shop.example; Sec-Fetch-Site: same-origin, 200",
        "PUT, Host: shop.example; Sec-Fetch-Site: same-site, 200",
        "GET, Host: shop.example; Sec-Fetch-Site: cross-site, 200",
        "PUT, Host: shop.example; Sec-Fetch-Site: cross-site, 403",
        "PUT, Host: shop.example; Sec-Fetch-Site: cross-site; Origin: https://shop.example, 403"
    })
    void a_server_that_asks_for_keys_may_have_any_name(String method, String headers, String status)
            throws Exception {
        status(asking, "PUT", "Host: localhost");
        assertThat(status(asking, method, headers)).isEqualTo(status);
    }
}
