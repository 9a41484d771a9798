// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fakta.gateway.Authenticator.Credentials;
import dev.fakta.gateway.Authenticator.Verdict;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final EventLog LOG = MemoryLog.create(4);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static Node node;
    private static Gateway gateway;

    /// Takes `Bearer ROLE:NAME` at its word.
    private static Verdict believe(Credentials credentials) {
        String text = credentials.bearer();
        if (text == null || text.indexOf(':') < 0) {
            return new Verdict.OfAnotherKind();
        }
        String role = text.substring(0, text.indexOf(':'));
        String name = text.substring(text.indexOf(':') + 1);
        return role.equals("expired")
                ? new Verdict.Wrong("It has expired.")
                : new Verdict.Known(
                        Caller.named(name, CallerRole.valueOf(role.toUpperCase(Locale.ROOT))));
    }

    /// An application's own: by a header that is no `Authorization`.
    private static Verdict byHeader(Credentials credentials) {
        return "let me in".equals(credentials.header("Password"))
                ? new Verdict.Known(Caller.named("friend", CallerRole.STAFF))
                : new Verdict.OfAnotherKind();
    }

    private static void routes(Routes http) {
        http.resource("/everything", Everything.AGGREGATE, found -> found.state())
                .allowing(CallerRole.STAFF)
                .put("/everything/{id}", Everything.Command.Fill.class, Everything.AGGREGATE)
                .allowing(CallerRole.STAFF, CallerRole.CUSTOMER)
                .shared()
                .get("/unsaid", Everything.VIEW, _ -> "")
                .get("/open", Everything.VIEW, query -> query.caller().name())
                .open()
                .forRoles(
                        Set.of(CallerRole.IMPORTER),
                        lines ->
                                lines.get("/whose", Everything.VIEW, _ -> "")
                                        .get("/everybody", Everything.VIEW, _ -> "")
                                        .open())
                .authenticating((credentials, _) -> byHeader(credentials));
    }

    @BeforeAll
    static void open(@TempDir Path directory) {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Everything.MICROSYSTEM,
                        LOG,
                        InstantSource.system());
        gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0)
                                .authenticating((credentials, _) -> believe(credentials)),
                        CallersTest::routes);
    }

    @AfterAll
    static void close() {
        CLIENT.close();
        gateway.close();
        node.close();
        LOG.close();
    }

    /// @param key empty for none
    private static HttpResponse<String> send(String method, String path, String key, String... more)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .timeout(PATIENCE)
                        .method(
                                method,
                                method.equals("PUT")
                                        ? BodyPublishers.ofString("{}")
                                        : BodyPublishers.noBody());
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        if (more.length > 0) {
            request.headers(more);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    @ParameterizedTest(name = "{0} {1} by {2}: {3}")
    @CsvSource({
        // a line that says nothing is for administrators
        "GET, /unsaid, '', 401",
        "GET, /unsaid, staff:anna, 403",
        "GET, /unsaid, admin:root, 200",
        // a line that names roles, and a resource's two routes
        "GET, /everything/none, '', 401",
        "HEAD, /everything/none, '', 401",
        "GET, /everything/none, customer:carl, 403",
        "GET, /everything/none, staff:anna, 404",
        "GET, /everything/none, admin:root, 404",
        "GET, /everything/none/events, customer:carl, 403",
        "GET, /everything/none/events, staff:anna, 404",
        "PUT, /everything/one, customer:carl, 200",
        "PUT, /everything/one, importer:ivan, 403",
        // lines together
        "GET, /whose, importer:ivan, 200",
        "GET, /whose, staff:anna, 403",
        "GET, /everybody, '', 200",
        // what every gateway serves
        "GET, /health/live, '', 200",
        "GET, /health/ready, '', 200",
        "GET, /metrics, '', 401",
        "GET, /metrics, staff:anna, 403",
        "GET, /metrics, operator:otto, 200",
        "HEAD, /events, '', 401",
        "HEAD, /events, staff:anna, 403",
        "HEAD, /events, operator:otto, 200",
        // credentials that are wrong, or of no kind that is known
        "GET, /everything/none, expired:anna, 401",
        "GET, /everything/none, unheard-of, 401",
        "GET, /open, expired:anna, 200"
    })
    void a_route_is_for_those_that_it_names(String method, String path, String key, int status)
            throws Exception {
        assertThat(send(method, path, key).statusCode()).isEqualTo(status);
    }

    @Test
    void who_says_nothing_is_told_how_to_say_it() throws Exception {
        HttpResponse<String> answer = send("GET", "/everything/one", "");

        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer realm=\"fakta\"");
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        assertThat(answer.body())
                .contains("\"code\":\"UNAUTHENTICATED\"", "Authorization: Bearer KEY");
    }

    @Test
    void who_may_not_is_told_who_may() throws Exception {
        HttpResponse<String> answer = send("PUT", "/everything/one", "importer:ivan");

        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(answer.body())
                .contains("\"code\":\"FORBIDDEN\"", "It is for: customer, staff, admin.");
    }

    @Test
    void wrong_credentials_are_not_repeated_in_the_answer() throws Exception {
        assertThat(send("GET", "/everything/one", "expired:sesame").body())
                .contains("It has expired.")
                .doesNotContain("sesame");
        assertThat(send("GET", "/everything/one", "sesame").body())
                .contains("These credentials are not known.")
                .doesNotContain("sesame");
    }

    @Test
    void an_application_has_authenticators_of_its_own() throws Exception {
        assertThat(send("GET", "/everything/none", "", "Password", "let me in").statusCode())
                .isEqualTo(404);
        assertThat(send("GET", "/everything/none", "", "Password", "please").statusCode())
                .isEqualTo(401);
    }

    @Nested
    class A_caller {

        @Test
        void is_the_actor_of_the_facts_that_it_causes() throws Exception {
            send("PUT", "/everything/actor", "staff:anna");
            send("PUT", "/everything/actor", "customer:carl");

            assertThat(send("GET", "/everything/actor/events", "staff:anna").body())
                    .containsSubsequence("\"actor\":\"anna\"", "\"actor\":\"carl\"");
        }

        @Test
        void has_idempotency_keys_of_its_own() throws Exception {
            String[] key = {"Idempotency-Key", "k1"};
            send("PUT", "/everything/keys", "staff:anna", key);
            HttpResponse<String> again = send("PUT", "/everything/keys", "staff:anna", key);
            HttpResponse<String> others = send("PUT", "/everything/keys", "customer:carl", key);

            assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
            assertThat(again.headers().firstValue("ETag")).contains("\"1\"");
            assertThat(others.headers().firstValue("Idempotency-Replayed")).isEmpty();
            assertThat(others.headers().firstValue("ETag")).contains("\"2\"");
        }

        @Test
        void is_known_to_the_handlers_of_queries() throws Exception {
            assertThat(send("GET", "/open", "staff:anna").body()).isEqualTo("\"anna\"");
            assertThat(send("GET", "/open", "").body()).isEqualTo("\"\"");
        }

        @Test
        void has_a_name_that_can_be_an_actor() {
            assertThatIllegalArgumentException().isThrownBy(() -> Caller.named("a\nb"));
            assertThatIllegalArgumentException().isThrownBy(() -> Caller.named("ä".repeat(128)));
            assertThat(Caller.named("ä".repeat(127)).name()).hasSize(127);
        }
    }

    @Test
    void callers_are_trusted_on_loopback_only() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GatewaySettings.onLoopback(0).trusting().withHost("0.0.0.0"))
                .withMessage("settings: trusted: only on a loopback address, not 0.0.0.0");
    }

    @Test
    void whom_a_line_is_for_is_said_behind_the_line() {
        assertThatIllegalStateException().isThrownBy(() -> new Routes().open());
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> new Routes().forRoles(Set.of(), _ -> {}).allowing(CallerRole.STAFF));
    }
}
