// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What browsers are told about pages of other origins, and what such a page may send.
class CorsTest {

    private static final String SHOP = "https://shop.example";
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final EventLog LOG = MemoryLog.create(4);
    private static Node node;
    private static Gateway closed;
    private static Gateway listing;
    private static Gateway trusting;

    @BeforeAll
    static void open(@TempDir Path directory) {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Everything.MICROSYSTEM,
                        LOG,
                        InstantSource.system());
        List<String> origins = List.of(SHOP, "http://localhost:3000");
        GatewaySettings settings = GatewaySettings.onLoopback(0);
        closed = Gateway.start(node, settings.authenticating(known()), Everything::routes);
        listing =
                Gateway.start(
                        node,
                        settings.authenticating(known()).withOrigins(origins),
                        Everything::routes);
        trusting =
                Gateway.start(node, settings.trusting().withOrigins(origins), Everything::routes);
    }

    private static Authenticator known() {
        return (_, _) -> new Authenticator.Verdict.Known(Caller.named("a", CallerRole.ADMIN));
    }

    @AfterAll
    static void close() {
        closed.close();
        listing.close();
        trusting.close();
        CLIENT.close();
        node.close();
        LOG.close();
    }

    private static HttpResponse<String> send(
            Gateway gateway, String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .header("Accept", "*/*")
                        .method(
                                method,
                                method.equals("PUT")
                                        ? BodyPublishers.ofString("{}")
                                        : BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        if (method.equals("PUT")) {
            request.header("Content-Type", "application/json");
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static List<String> allowed(HttpResponse<?> answer) {
        return answer.headers().allValues("Access-Control-Allow-Origin");
    }

    private static HttpResponse<String> preflight(Gateway gateway, String path, String origin)
            throws Exception {
        return send(
                gateway,
                "OPTIONS",
                path,
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "PUT",
                "Access-Control-Request-Headers",
                "authorization,content-type",
                "Sec-Fetch-Site",
                "cross-site");
    }

    @Test
    void without_a_list_browsers_are_told_nothing() throws Exception {
        HttpResponse<String> answer = preflight(closed, "/everything/one", SHOP);
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().map().keySet())
                .noneMatch(name -> name.startsWith("access-control"));
        assertThat(allowed(send(closed, "GET", "/health/live", "Origin", SHOP))).isEmpty();
    }

    @Test
    void a_page_of_the_list_is_told_what_it_may_send() throws Exception {
        HttpResponse<String> answer = preflight(listing, "/everything/one", SHOP);

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(allowed(answer)).containsExactly(SHOP);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Methods").orElseThrow())
                .isEqualTo(answer.headers().firstValue("Allow").orElseThrow())
                .contains("GET", "PUT", "HEAD");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
                .contains("Authorization", "If-Match", "Idempotency-Key", "Fakta-Token");
        assertThat(answer.headers().firstValue("Access-Control-Max-Age")).contains("600");
        assertThat(answer.headers().allValues("Vary")).contains("Origin");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/everything/one", "/everything/no;thing", "/nothing", "/misspelled"})
    void a_page_of_the_list_may_read_every_answer(String path) throws Exception {
        HttpResponse<String> answer = send(listing, "GET", path, "Origin", SHOP);
        assertThat(allowed(answer)).containsExactly(SHOP);
        assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
                .contains("ETag", "Location", "Fakta-Token", "Retry-After");
    }

    @Test
    void what_an_answer_depends_on_is_named_whole() throws Exception {
        send(listing, "PUT", "/everything/events");
        assertThat(
                        send(listing, "GET", "/everything/events/events", "Origin", SHOP)
                                .headers()
                                .allValues("Vary"))
                .containsExactlyInAnyOrder("Origin", "Accept-Encoding");
        assertThat(send(listing, "GET", "/health/live").headers().allValues("Vary"))
                .containsExactly("Origin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example.evil.example",
                "http://shop.example",
                "https://shop.example:8443",
                "HTTPS://SHOP.EXAMPLE",
                "null",
                "*"
            })
    void another_page_is_told_nothing_and_changes_nothing(String origin) throws Exception {
        assertThat(preflight(listing, "/everything/one", origin).headers().map().keySet())
                .noneMatch(name -> name.startsWith("access-control"));
        for (Gateway gateway : List.of(closed, listing, trusting)) {
            HttpResponse<String> refused =
                    send(
                            gateway,
                            "PUT",
                            "/everything/one",
                            "Origin",
                            origin,
                            "Sec-Fetch-Site",
                            "cross-site");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("FOREIGN_REQUEST");
            assertThat(allowed(refused)).isEmpty();
        }
    }

    @Test
    void a_page_of_the_list_may_send_to_a_server_that_trusts_its_callers_too() throws Exception {
        for (Gateway gateway : List.of(listing, trusting)) {
            for (String site : List.of("cross-site", "same-site")) {
                assertThat(
                                send(
                                                gateway,
                                                "PUT",
                                                "/everything/one",
                                                "Origin",
                                                "http://localhost:3000",
                                                "Sec-Fetch-Site",
                                                site)
                                        .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "null",
                "shop.example",
                "https://shop.example/",
                "https://Shop.example",
                "https://shop.example:443",
                "http://shop.example:80",
                "https://*.example",
                "ftp://shop.example",
                "https://a.example,https://b.example"
            })
    void what_no_browser_says_is_no_origin(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GatewaySettings.onLoopback(0).withOrigins(List.of(text)))
                .withMessageContaining("origin: such as https://shop.example, not " + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://shop.example", "http://localhost:3000", "https://[::1]:8443"})
    void what_browsers_say_is_one(String text) {
        assertThat(Cors.isOrigin(text)).isTrue();
    }
}
