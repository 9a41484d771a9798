// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.JoinedLog;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ApiKeysTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PARTITIONS = 4;
    private static final String ADMIN = "the administrator's";
    private static final Microsystems MICROSYSTEMS =
            new Microsystems(List.of(Everything.MICROSYSTEM, ApiKeys.SERVED.definition()));

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /// Goes forward only: the tests have one node.
    private static final AtomicReference<Instant> NOW =
            new AtomicReference<>(Instant.parse("2100-01-01T00:00:00Z"));

    private static EventLog log;
    private static Node node;
    private static Gateway gateway;

    private static JoinedLog.Part part(String microsystem, int first) {
        Set<String> kinds = MICROSYSTEMS.streams().getOrDefault(microsystem, Set.of());
        return new JoinedLog.Part(microsystem, first, MemoryLog.create(PARTITIONS), kinds);
    }

    @BeforeAll
    static void open(@TempDir Path directory) {
        log = JoinedLog.of(List.of(part("everything", 0), part("api-keys", PARTITIONS)));
        node = Node.start(NodeSettings.embedded(directory), MICROSYSTEMS, log, NOW::get);
        gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0).authenticating(ApiKeysTest::administrator),
                        http -> {
                            http.forRoles(Set.of(CallerRole.STAFF), Everything::routes);
                            ApiKeys.SERVED.routes().accept(http);
                        });
        Awaitility.await().atMost(PATIENCE).until(() -> node.missing().isEmpty());
    }

    @AfterAll
    static void close() {
        CLIENT.close();
        gateway.close();
        node.close();
        log.close();
    }

    private static void pass(Duration time) {
        NOW.updateAndGet(now -> now.plus(time));
    }

    private static Authenticator.Verdict administrator(
            Authenticator.Credentials credentials, Node ignored) {
        return ADMIN.equals(credentials.bearer())
                ? new Authenticator.Verdict.Known(Caller.named("root", CallerRole.ADMIN))
                : new Authenticator.Verdict.OfAnotherKind();
    }

    private HttpResponse<String> send(
            String method, String path, String key, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .timeout(PATIENCE)
                        .header("Authorization", "Bearer " + key)
                        .method(
                                method,
                                method.equals("GET")
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private JsonNode issued(String body) throws Exception {
        HttpResponse<String> answer = send("POST", "/keys", ADMIN, body);
        assertThat(answer.statusCode()).isEqualTo(201);
        JsonNode shown = Json.mapper().readTree(answer.body());
        assertThat(answer.headers().firstValue("Location"))
                .contains("/keys/" + shown.path("id").asString());
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        return shown;
    }

    private int use(String key) throws Exception {
        return send("PUT", "/everything/one", key, "{}").statusCode();
    }

    private String reason(String key) throws Exception {
        HttpResponse<String> answer = send("PUT", "/everything/one", key, "{}");
        assertThat(answer.statusCode()).isEqualTo(401);
        return Json.mapper().readTree(answer.body()).path("detail").asString();
    }

    /// All that is in the log, as text.
    private String recorded() {
        StringBuilder text = new StringBuilder();
        Positions until = log.heads();
        try (LogReader reader = log.reader(Positions.start(log.partitions()))) {
            while (!reader.positions().covers(until)) {
                for (LogRecord record : reader.next(1_000, PATIENCE)) {
                    if (record instanceof EventRecord event) {
                        text.append(event.event().name()).append(' ');
                        text.append(new String(event.event().payload(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return text.toString();
    }

    @Test
    void a_key_opens_what_its_roles_do_and_is_the_actor() throws Exception {
        JsonNode staff = issued("{\"name\":\"till\",\"roles\":[\"STAFF\"]}");
        JsonNode operator = issued("{\"name\":\"scraper\",\"roles\":[\"OPERATOR\"]}");
        String key = staff.path("key").asString();
        String scraping = operator.path("key").asString();

        assertThat(use(key)).isEqualTo(200);
        assertThat(send("GET", "/everything/one/events", key, "").body())
                .contains("\"actor\":\"till/" + staff.path("id").asString() + "\"");
        assertThat(send("GET", "/metrics", key, "").statusCode()).isEqualTo(403);
        assertThat(send("GET", "/keys", key, "").statusCode()).isEqualTo(403);
        assertThat(send("GET", "/metrics", scraping, "").statusCode()).isEqualTo(200);
        assertThat(use(scraping)).isEqualTo(403);
    }

    @Test
    void a_key_is_shown_once_and_only_its_hash_is_kept() throws Exception {
        JsonNode shown = issued("{\"name\":\"till\",\"roles\":[\"STAFF\"]}");
        String key = shown.path("key").asString();
        String path = "/keys/" + shown.path("id").asString();
        use(key);

        assertThat(send("GET", path, ADMIN, "").body()).contains("till").doesNotContain(key);
        assertThat(send("GET", path + "/events", ADMIN, "").body())
                .contains("api-key-issued", "\"actor\":\"root\"")
                .doesNotContain(key);
        assertThat(recorded()).contains("api-key-issued", "sha256").doesNotContain(key);
    }

    @Test
    void a_request_that_comes_again_issues_no_second_key_and_shows_none() throws Exception {
        String[] retry = {"Idempotency-Key", "k"};
        String body = "{\"name\":\"till\",\"roles\":[\"STAFF\"]}";
        HttpResponse<String> first = send("POST", "/keys", ADMIN, body, retry);
        HttpResponse<String> again = send("POST", "/keys", ADMIN, body, retry);

        assertThat(first.body()).contains("\"key\":\"fakta_");
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(again.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertThat(again.body()).doesNotContain("fakta_");
        assertThat(use(Json.mapper().readTree(first.body()).path("key").asString())).isEqualTo(200);
    }

    @Test
    void a_rotated_key_opens_as_long_as_was_said() throws Exception {
        JsonNode shown = issued("{\"name\":\"till\",\"roles\":[\"STAFF\"]}");
        String path = "/keys/" + shown.path("id").asString() + "/rotate";
        String first = shown.path("key").asString();
        String second = key(send("POST", path, ADMIN, "{\"keepOldFor\":\"PT1H\"}"));

        assertThat(List.of(use(first), use(second))).containsOnly(200);
        pass(Duration.ofHours(1));
        assertThat(reason(first)).isEqualTo("This key is not known.");
        String third = key(send("POST", path, ADMIN, "{}"));
        assertThat(reason(second)).isEqualTo("This key is not known.");
        assertThat(use(third)).isEqualTo(200);
    }

    private static String key(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return Json.mapper().readTree(answer.body()).path("key").asString();
    }

    @Test
    void a_revoked_key_opens_nothing_from_then_on() throws Exception {
        JsonNode shown = issued("{\"name\":\"till\",\"roles\":[\"STAFF\"]}");
        String path = "/keys/" + shown.path("id").asString();
        String key = shown.path("key").asString();
        assertThat(use(key)).isEqualTo(200);

        assertThat(send("POST", path + "/revoke", ADMIN, "{\"reason\":\"lost\"}").statusCode())
                .isEqualTo(200);
        assertThat(reason(key)).isEqualTo("This key was revoked.");
        assertThat(send("POST", path + "/rotate", ADMIN, "{}").statusCode()).isEqualTo(409);
    }

    @Test
    void a_key_ends_when_it_expires() throws Exception {
        String end = NOW.get().plus(Duration.ofHours(1)).toString();
        JsonNode shown =
                issued(
                        "{\"name\":\"till\",\"roles\":[\"STAFF\"],\"expiresAt\":\"%s\"}"
                                .formatted(end));
        String key = shown.path("key").asString();

        assertThat(use(key)).isEqualTo(200);
        pass(Duration.ofHours(1));
        assertThat(reason(key)).isEqualTo("This key has expired.");
    }

    @Test
    void its_last_use_is_known_to_the_hour() throws Exception {
        JsonNode shown = issued("{\"name\":\"till\",\"roles\":[\"STAFF\"]}");
        String id = shown.path("id").asString();
        String key = shown.path("key").asString();
        Instant first = NOW.get();
        use(key);
        awaitUse(id, first);
        pass(Duration.ofMinutes(59));
        use(key);
        pass(Duration.ofMinutes(1));
        use(key);
        awaitUse(id, first.plus(Duration.ofHours(1)));

        String facts = send("GET", "/keys/" + id + "/events", ADMIN, "").body();
        assertThat(facts.split("api-key-used", -1)).hasSize(3);
    }

    /// The list says it, as soon as the view has it.
    private void awaitUse(String id, Instant time) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            JsonNode list =
                                    Json.mapper()
                                            .readTree(
                                                    send("GET", "/keys?limit=200", ADMIN, "")
                                                            .body());
                            assertThat(list.path("items"))
                                    .anySatisfy(
                                            one -> {
                                                assertThat(one.path("id").asString()).isEqualTo(id);
                                                assertThat(one.path("usedAt").asString())
                                                        .isEqualTo(time.toString());
                                            });
                        });
    }

    @Test
    void keys_that_nobody_issued_or_that_were_copied_wrongly_open_nothing() throws Exception {
        String text = issued("{\"name\":\"till\",\"roles\":[\"STAFF\"]}").path("key").asString();
        char other = text.endsWith("0") ? '1' : '0';

        assertThat(reason(AccessKey.fresh("nobody").text())).isEqualTo("This key is not known.");
        assertThat(reason(text.substring(0, text.length() - 1) + other))
                .isEqualTo("This key was copied wrongly: its checksum does not fit.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/keys | {\"roles\":[\"STAFF\"]} | 400 | name",
                "/keys | {\"name\":\"a b\",\"roles\":[\"STAFF\"]} | 400 | name",
                "/keys | {\"name\":\"a\"} | 400 | roles",
                "/keys | {\"name\":\"a\",\"roles\":[]} | 400 | roles",
                "/keys | {\"name\":\"a\",\"roles\":[\"KING\"]} | 400 | roles",
                "/keys | {\"name\":\"a\",\"roles\":[\"STAFF\"],\"expiresAt\":\"2099-12-31T23:59:59Z\"} | 400 | expiresAt",
                "/keys/none/rotate | {} | 404 | none",
                "/keys/NONE/rotate | {} | 404 | NONE",
                "/keys/none/rotate | {\"keepOldFor\":\"P8D\"} | 400 | keepOldFor",
                "/keys/none/revoke | {} | 404 | none"
            })
    void a_wrong_request_is_told_what_is_wrong(String path, String body, int status, String named)
            throws Exception {
        HttpResponse<String> answer = send("POST", path, ADMIN, body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(named);
    }
}
