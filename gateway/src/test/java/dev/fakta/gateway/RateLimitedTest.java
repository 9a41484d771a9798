// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.gateway.Authenticator.Credentials;
import dev.fakta.gateway.Authenticator.Verdict;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Callers that send more than they may, over HTTP.
class RateLimitedTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path directory;
    private final EventLog log = MemoryLog.create(4);
    private final HttpClient client = HttpClient.newHttpClient();
    private Node node;
    private Gateway gateway;

    @AfterEach
    void close() {
        client.shutdownNow();
        gateway.close();
        node.close();
        log.close();
    }

    /// Takes `Bearer ROLE:NAME` at its word.
    private static Verdict believe(Credentials credentials) {
        String[] parts = String.valueOf(credentials.bearer()).split(":", 2);
        return parts.length < 2
                ? new Verdict.Wrong("These are wrong.")
                : new Verdict.Known(
                        Caller.named(
                                parts[1], CallerRole.valueOf(parts[0].toUpperCase(Locale.ROOT))));
    }

    private void start(String... limits) {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Everything.MICROSYSTEM,
                        log,
                        InstantSource.system());
        GatewaySettings settings =
                GatewaySettings.onLoopback(0).authenticating((sent, _) -> believe(sent));
        for (String limit : limits) {
            settings = settings.withRateLimit(RateLimit.parse(limit));
        }
        gateway = Gateway.start(node, settings, RateLimitedTest::routes);
    }

    private static void routes(Routes http) {
        http.resource("/everything", Everything.AGGREGATE, found -> found.state())
                .allowing(CallerRole.STAFF)
                .get("/at-once", Everything.VIEW, _ -> "")
                .allowing(CallerRole.values())
                .shared();
    }

    private HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + key);
    }

    private HttpResponse<String> get(String path, String key) throws Exception {
        return client.send(request(path, key).build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void a_caller_that_sends_too_much_is_told_when_to_come_back() throws Exception {
        start("customer=2/3600s");

        HttpResponse<String> first = get("/at-once", "customer:carl");
        assertThat(header(first, "RateLimit-Policy")).isEqualTo("\"customer\";q=2;w=3600");
        assertThat(header(first, "RateLimit")).isEqualTo("\"customer\";r=1;t=1800");
        assertThat(get("/at-once", "customer:carl").statusCode()).isEqualTo(200);
        HttpResponse<String> third = get("/at-once", "customer:carl");
        assertThat(third.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(header(third, "Retry-After"))).isBetween(1, 1_800);
        assertThat(header(third, "RateLimit")).startsWith("\"customer\";r=0;t=");
        assertThat(third.body())
                .contains("\"code\":\"RATE_LIMITED\"", "At most 2 requests in 3600 s.");

        assertThat(get("/at-once", "customer:anna").statusCode()).isEqualTo(200);
        HttpResponse<String> staff = get("/at-once", "staff:anna");
        assertThat(header(staff, "RateLimit")).isEmpty();
        assertThat(get("/metrics", "operator:otto").body())
                .contains("fakta_http_rate_limited_total 1.0");
    }

    @Test
    void wrong_credentials_count_by_address_and_hurt_nobody_that_is_known() throws Exception {
        start("anybody=2/3600s");

        assertThat(get("/at-once", "wrong").statusCode()).isEqualTo(401);
        assertThat(get("/metrics", "wrong").statusCode()).isEqualTo(401);
        assertThat(get("/at-once", "wrong").statusCode()).isEqualTo(429);
        assertThat(get("/metrics", "wrong").statusCode()).isEqualTo(429);
        assertThat(get("/at-once", "customer:carl").statusCode()).isEqualTo(200);
        assertThat(get("/health/live", "").statusCode()).isEqualTo(200);
    }
}
