// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.gateway.webhooks.ReceiverAddresses;
import dev.fakta.gateway.webhooks.WebhookKeys;
import dev.fakta.gateway.webhooks.WebhookSettings;
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
import java.io.IOException;
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
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Subscriptions, and what real receivers get, on a clock that the test holds.
@Order(1)
class WebhooksTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;
    private static final Microsystems MICROSYSTEMS =
            new Microsystems(List.of(Everything.MICROSYSTEM, Webhooks.SERVED.definition()));
    private static final WebhookSettings SETTINGS =
            WebhookSettings.of(
                    WebhookKeys.ofThisProcess(),
                    ReceiverAddresses.within(ReceiverAddresses.Reach.ANY));

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2100-01-01T00:00:00Z"));

    @TempDir private Path directory;
    private EventLog log;
    private WebhookReceiver receiver;
    private WebhookReceiver other;
    private Node node;
    private Gateway gateway;

    private static JoinedLog.Part part(String microsystem, int first) {
        Set<String> kinds = MICROSYSTEMS.streams().getOrDefault(microsystem, Set.of());
        return new JoinedLog.Part(microsystem, first, MemoryLog.create(PARTITIONS), kinds);
    }

    @BeforeEach
    void open() throws IOException {
        log = JoinedLog.of(List.of(part("everything", 0), part("webhooks", PARTITIONS)));
        receiver = new WebhookReceiver();
        other = new WebhookReceiver();
        start();
    }

    private void start() {
        node = Node.start(NodeSettings.embedded(directory), MICROSYSTEMS, log, now::get);
        gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0).trusting(),
                        routes -> {
                            Everything.routes(routes);
                            Webhooks.routes(routes, SETTINGS);
                        });
        eventually().until(() -> node.missing().isEmpty());
    }

    private void stop() {
        gateway.close();
        node.close();
    }

    @AfterEach
    void close() {
        stop();
        log.close();
        receiver.close();
        other.close();
        http.close();
    }

    private static ConditionFactory eventually() {
        return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20));
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .timeout(PATIENCE)
                        .method(
                                method,
                                method.equals("GET")
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private JsonNode ok(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = send(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return Json.mapper().readTree(answer.body());
    }

    private JsonNode subscribe(String url) throws Exception {
        return ok("POST", "/webhook-subscriptions", "{\"url\":\"%s\"}".formatted(url));
    }

    private static String path(JsonNode subscription) {
        return "/webhook-subscriptions/" + subscription.path("id").asString();
    }

    private void fill(String id) throws Exception {
        ok("PUT", "/everything/" + id, "{}");
    }

    private JsonNode shown(JsonNode subscription) throws Exception {
        return ok("GET", path(subscription), "");
    }

    private void awaitStatus(JsonNode subscription, String status) {
        eventually()
                .untilAsserted(
                        () ->
                                assertThat(shown(subscription).path("status").asString())
                                        .isEqualTo(status));
    }

    private static List<String> subjects(WebhookReceiver of) {
        return of.seen().stream().map(WebhookReceiver.Message::subject).toList();
    }

    /// Of the messages that came behind so many.
    private static List<String> subjects(WebhookReceiver of, int before) {
        List<String> all = subjects(of);
        return all.subList(before, all.size());
    }

    private static void awaitSubjects(WebhookReceiver of, String... ids) {
        String[] subjects =
                List.of(ids).stream().map(id -> "everything/" + id).toArray(String[]::new);
        eventually().untilAsserted(() -> assertThat(subjects(of)).contains(subjects));
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
    void an_event_is_posted_as_a_cloud_event_that_the_secret_has_signed() throws Exception {
        fill("before");
        JsonNode made = subscribe(receiver.url());
        fill("one");
        awaitSubjects(receiver, "one");

        WebhookReceiver.Message message = receiver.seen().getFirst();
        assertThat(message.isSignedBy(made.path("secret").asString(), now.get())).isTrue();
        assertThat(message.id()).isEqualTo(message.json().path("id").asString());
        assertThat(message.json().path("type").asString()).isEqualTo("everything-filled");
        assertThat(subjects(receiver)).doesNotContain("everything/before");
    }

    @Test
    void the_secret_is_shown_once_and_is_in_no_fact_and_no_message() throws Exception {
        HttpResponse<String> first =
                send(
                        "POST",
                        "/webhook-subscriptions",
                        "{\"url\":\"%s\"}".formatted(receiver.url()),
                        "Idempotency-Key",
                        "k");
        HttpResponse<String> again =
                send(
                        "POST",
                        "/webhook-subscriptions",
                        "{\"url\":\"%s\"}".formatted(receiver.url()),
                        "Idempotency-Key",
                        "k");
        JsonNode made = Json.mapper().readTree(first.body());
        String secret = made.path("secret").asString();
        fill("one");
        awaitSubjects(receiver, "one");

        assertThat(secret).startsWith("whsec_");
        assertThat(first.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(again.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"))
                .contains(path(made));
        assertThat(again.body() + shown(made) + recorded() + receiver.seen().getFirst().text())
                .contains("webhook-subscribed")
                .doesNotContain("whsec_")
                .doesNotContain(secret.substring(6));
    }

    @Test
    void both_secrets_sign_as_long_as_was_said() throws Exception {
        JsonNode made = subscribe(receiver.url());
        String before = made.path("secret").asString();
        String after =
                ok("POST", path(made) + "/rotate", "{\"keepOldFor\":\"PT1H\"}")
                        .path("secret")
                        .asString();
        fill("one");
        awaitSubjects(receiver, "one");
        pass(Duration.ofHours(1));
        fill("two");
        awaitSubjects(receiver, "two");

        WebhookReceiver.Message one = receiver.seen().getFirst();
        WebhookReceiver.Message two = receiver.seen().getLast();
        Instant sent = now.get().minus(Duration.ofHours(1));
        assertThat(one.isSignedBy(before, sent)).isTrue();
        assertThat(one.isSignedBy(after, sent)).isTrue();
        assertThat(two.isSignedBy(before, now.get())).isFalse();
        assertThat(two.isSignedBy(after, now.get())).isTrue();
    }

    @Test
    void a_message_that_is_not_taken_comes_again_and_holds_up_its_stream_only() throws Exception {
        subscribe(receiver.url());
        receiver.answering(message -> message.subject().endsWith("/bad") ? 500 : 204);
        fill("bad");
        eventually().until(() -> !receiver.seen().isEmpty());
        fill("bad");
        fill("good");
        awaitSubjects(receiver, "good");
        assertThat(receiver.seen()).hasSize(2);

        receiver.answering(_ -> 204);
        pass(Duration.ofSeconds(2));
        eventually().until(() -> receiver.seen().size() == 4);
        List<WebhookReceiver.Message> bad =
                receiver.seen().stream().filter(one -> one.subject().endsWith("/bad")).toList();
        assertThat(bad)
                .extracting(one -> one.json().path("revision").asInt())
                .containsExactly(1, 1, 2);
        assertThat(bad.get(1).id()).isEqualTo(bad.get(0).id());
    }

    @Test
    void a_message_that_alone_is_never_taken_is_given_up_as_a_fact() throws Exception {
        JsonNode made = subscribe(receiver.url());
        receiver.answering(message -> message.subject().endsWith("/bad") ? 500 : 204);
        fill("bad");
        eventually().until(() -> !receiver.seen().isEmpty());
        pass(Duration.ofSeconds(2));
        fill("good");
        awaitSubjects(receiver, "good");
        eventually()
                .untilAsserted(
                        () -> {
                            pass(Duration.ofMinutes(30));
                            assertThat(shown(made).path("givenUp").asInt()).isEqualTo(1);
                        });
        assertThat(shown(made).path("status").asString()).isEqualTo("ACTIVE");
        assertThat(send("GET", path(made) + "/events", "").body())
                .contains("webhook-message-given-up", "the receiver answers 500");
    }

    @Test
    void a_receiver_that_is_gone_for_good_is_sent_nothing_more() throws Exception {
        JsonNode made = subscribe(receiver.url());
        receiver.answering(_ -> 410);
        fill("one");
        awaitStatus(made, "DISABLED");
        int seen = receiver.seen().size();
        fill("two");
        receiver.answering(_ -> 204);
        eventually()
                .untilAsserted(
                        () ->
                                assertThat(send("GET", "/metrics", "").body())
                                        .contains("fakta_webhooks_disabled 1.0"));
        assertThat(receiver.seen()).hasSize(seen);
        assertThat(shown(made).path("because").asString()).isEqualTo("GONE");

        ok("POST", path(made) + "/resume", "{}");
        eventually()
                .untilAsserted(
                        () ->
                                assertThat(subjects(receiver, seen))
                                        .contains("everything/one", "everything/two"));
    }

    @Test
    void a_dead_receiver_is_disabled_in_the_end_and_loses_nothing_and_costs_others_nothing()
            throws Exception {
        JsonNode dead = subscribe(other.url());
        subscribe(receiver.url());
        other.answering(_ -> 500);
        List<String> ids = IntStream.range(0, 200).mapToObj(i -> "m" + i).toList();
        for (String id : ids) {
            fill(id);
        }
        awaitSubjects(receiver, ids.toArray(String[]::new));
        eventually()
                .untilAsserted(
                        () -> assertThat(shown(dead).path("failingSince").isNull()).isFalse());
        eventually()
                .untilAsserted(
                        () -> {
                            pass(Duration.ofHours(12));
                            assertThat(shown(dead).path("status").asString()).isEqualTo("DISABLED");
                        });
        assertThat(other.seen()).as("of 200 messages").hasSizeLessThan(100);

        int before = other.seen().size();
        other.answering(_ -> 204);
        ok("POST", path(dead) + "/resume", "{}");
        eventually()
                .untilAsserted(
                        () ->
                                assertThat(subjects(other, before))
                                        .containsAll(
                                                ids.stream()
                                                        .map(id -> "everything/" + id)
                                                        .toList()));
    }

    @Test
    void a_node_that_is_started_again_goes_on_where_it_was() throws Exception {
        JsonNode made = subscribe(receiver.url());
        fill("one");
        awaitSubjects(receiver, "one");
        receiver.answering(_ -> 500);
        fill("two");
        awaitSubjects(receiver, "two");
        stop();
        receiver.answering(_ -> 204);
        int before = receiver.seen().size();
        start();
        fill("three");
        awaitSubjects(receiver, "three");

        eventually()
                .untilAsserted(
                        () ->
                                assertThat(subjects(receiver, before))
                                        .contains("everything/two", "everything/three")
                                        .doesNotContain("everything/one"));
        pass(Duration.ofSeconds(2));
        eventually()
                .untilAsserted(
                        () -> assertThat(shown(made).path("delivered").asInt()).isEqualTo(3));
    }

    @Test
    void a_subscription_that_waits_is_sent_what_happened_meanwhile_when_it_goes_on()
            throws Exception {
        JsonNode made = subscribe(receiver.url());
        ok("POST", path(made) + "/pause", "{}");
        fill("one");
        assertThat(receiver.seen()).isEmpty();
        ok("PUT", path(made), "{\"url\":\"%s\"}".formatted(other.url()));
        ok("POST", path(made) + "/resume", "{}");

        awaitSubjects(other, "one");
        assertThat(receiver.seen()).isEmpty();
        ok("DELETE", path(made), "");
        fill("two");
        eventually()
                .untilAsserted(
                        () ->
                                assertThat(ok("GET", "/webhook-subscriptions", "").path("items"))
                                        .isEmpty());
        assertThat(subjects(other)).doesNotContain("everything/two");
        assertThat(send("POST", path(made) + "/resume", "{}").statusCode()).isEqualTo(409);
    }

    @Test
    void what_is_not_wanted_is_not_sent() throws Exception {
        String filter = "{\"url\":\"%s\",\"types\":[\"%s\"],\"streams\":[\"%s\"]}";
        subscribe(receiver.url());
        ok(
                "POST",
                "/webhook-subscriptions",
                filter.formatted(other.url(), "everything-filled", "everything/a"));
        fill("b");
        fill("a");
        awaitSubjects(receiver, "a", "b");
        awaitSubjects(other, "a");

        assertThat(subjects(other)).containsExactly("everything/a");
        assertThat(subjects(receiver)).allMatch(one -> one.startsWith("everything/"));
    }

    @Test
    void events_of_before_are_sent_when_they_are_asked_for() throws Exception {
        fill("before");
        ok(
                "POST",
                "/webhook-subscriptions",
                "{\"url\":\"%s\",\"after\":\"\"}".formatted(receiver.url()));

        awaitSubjects(receiver, "before");
    }

    @Test
    void a_wrong_request_is_told_what_is_wrong() throws Exception {
        String all = "/webhook-subscriptions";
        refuses("POST", all, "{}", 400, "url");
        refuses("POST", all, "{'url':'ftp://a.example'}", 400, "url");
        refuses("POST", all, "{'url':'http://a.example','types':['A b']}", 400, "types");
        refuses("POST", all, "{'url':'http://a.example','streams':[null]}", 400, "streams");
        refuses("POST", all, "{'url':'http://a.example','after':'x'}", 400, "after");
        refuses("POST", all, "{'url':'http://a.example','after':'0.99999'}", 400, "after");
        refuses("PUT", all + "/none", "{'url':'http://a.example'}", 404, "none");
        refuses("POST", all + "/none/rotate", "{}", 404, "none");
        refuses("POST", all + "/none/pause", "{}", 404, "none");
        refuses("DELETE", all + "/none", "{}", 404, "none");
        JsonNode made = subscribe(receiver.url());
        refuses("POST", path(made) + "/rotate", "{'keepOldFor':'P8D'}", 400, "keepOldFor");
    }

    private void refuses(String method, String path, String body, int status, String named)
            throws Exception {
        HttpResponse<String> answer = send(method, path, body.replace('\'', '"'));

        assertThat(answer.statusCode()).as(body).isEqualTo(status);
        assertThat(answer.body()).contains(named);
    }
}
