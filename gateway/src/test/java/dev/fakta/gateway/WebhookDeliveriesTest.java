// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What became of messages, as administrators see it.
class WebhookDeliveriesTest {

    @TempDir private Path directory;
    private WebhookServer server;
    private WebhookReceiver receiver;

    @BeforeEach
    void open() throws IOException {
        server = new WebhookServer(directory);
        receiver = new WebhookReceiver();
    }

    @AfterEach
    void close() {
        server.close();
        receiver.close();
    }

    private List<JsonNode> awaitDeliveries(String path, int count) throws Exception {
        WebhookServer.eventually()
                .untilAsserted(() -> assertThat(server.items(path)).hasSize(count));
        return server.items(path);
    }

    private static String text(JsonNode delivery, String field) {
        return delivery.path(field).asString();
    }

    @Test
    void what_was_taken_and_what_waits_is_listed_newest_first() throws Exception {
        String deliveries = server.subscribe(receiver.url()) + "/deliveries";
        assertThat(server.items(deliveries)).isEmpty();
        receiver.answering(message -> message.subject().endsWith("/bad") ? 503 : 202);
        server.fill("bad");
        JsonNode waits = awaitDeliveries(deliveries, 1).getFirst();
        server.pass(Duration.ofSeconds(1));
        server.fill("good");
        List<JsonNode> both = awaitDeliveries(deliveries, 2);

        assertThat(text(waits, "id")).isEqualTo(receiver.seen().getFirst().id());
        assertThat(text(waits, "stream")).isEqualTo("everything/bad");
        assertThat(text(waits, "type")).isEqualTo("everything-filled");
        assertThat(text(waits, "state")).isEqualTo("WAITING");
        assertThat(waits.path("status").asInt()).isEqualTo(503);
        assertThat(text(waits, "reason")).isEqualTo("the receiver answers 503");
        assertThat(Instant.parse(text(waits, "nextAt")))
                .isAfter(Instant.parse(text(waits, "firstSentAt")));
        JsonNode taken = both.getFirst();
        assertThat(text(taken, "stream")).isEqualTo("everything/good");
        assertThat(text(taken, "state")).isEqualTo("TAKEN");
        assertThat(taken.path("status").asInt()).isEqualTo(202);
        assertThat(taken.path("attempts").asInt()).isEqualTo(1);
        assertThat(taken.path("nextAt").isNull() && taken.path("reason").isNull()).isTrue();
        assertThat(Instant.parse(text(taken, "firstSentAt"))).isEqualTo(server.now());
        assertThat(server.items(deliveries + "?state=WAITING")).containsExactly(both.get(1));
        assertThat(server.items(deliveries + "?state=TAKEN")).containsExactly(taken);
        assertThat(server.items(deliveries + "?state=GIVEN_UP")).isEmpty();
    }

    @Test
    void a_message_that_is_taken_in_the_end_is_listed_once() throws Exception {
        String deliveries = server.subscribe(receiver.url()) + "/deliveries";
        receiver.answering(_ -> 500);
        server.fill("one");
        awaitDeliveries(deliveries + "?state=WAITING", 1);
        receiver.answering(_ -> 204);
        server.pass(Duration.ofSeconds(2));
        JsonNode taken = awaitDeliveries(deliveries + "?state=TAKEN", 1).getFirst();

        assertThat(server.items(deliveries)).containsExactly(taken);
        assertThat(taken.path("attempts").asInt()).isEqualTo(2);
        assertThat(taken.path("status").asInt()).isEqualTo(204);
    }

    @Test
    void the_list_has_pages() throws Exception {
        String deliveries = server.subscribe(receiver.url()) + "/deliveries";
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            server.fill("m" + i);
            awaitDeliveries(deliveries, i + 1);
            server.pass(Duration.ofMillis(10));
            expected.addFirst("everything/m" + i);
        }
        List<String> seen = new ArrayList<>();
        String after = "";
        while (after != null) {
            JsonNode page = server.ok("GET", deliveries + "?limit=2" + after, "");
            page.path("items").forEach(one -> seen.add(text(one, "stream")));
            JsonNode next = page.path("next");
            after = next.isNull() ? null : "&after=" + next.asString();
        }
        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void what_was_given_up_is_listed_after_a_restart_too() throws Exception {
        String path = server.subscribe(receiver.url());
        giveUp("bad");
        String givenUp = path + "/deliveries?state=GIVEN_UP";
        JsonNode one = awaitDeliveries(givenUp, 1).getFirst();
        assertThat(text(one, "id")).isEqualTo(receiver.seen().getFirst().id());
        assertThat(text(one, "stream")).isEqualTo("everything/bad");
        assertThat(text(one, "type")).isEqualTo("everything-filled");
        assertThat(text(one, "reason")).isEqualTo("the receiver answers 500");
        assertThat(one.path("attempts").asInt()).isGreaterThan(1);
        assertThat(Instant.parse(text(one, "firstSentAt"))).isBefore(server.now());
        assertThat(server.items(path + "/deliveries?state=WAITING")).isEmpty();
        assertThat(server.items(path + "/deliveries")).contains(one);

        server.restart();
        assertThat(awaitDeliveries(givenUp, 1)).containsExactly(one);
    }

    /// Has the first event of this id given up, while another one is taken.
    private void giveUp(String id) throws Exception {
        receiver.answering(message -> message.subject().endsWith("/" + id) ? 500 : 204);
        server.fill(id);
        WebhookServer.eventually().until(() -> !receiver.seen().isEmpty());
        server.pass(Duration.ofSeconds(2));
        server.fill("good");
        WebhookServer.eventually()
                .until(
                        () ->
                                receiver.seen().stream()
                                        .anyMatch(one -> one.subject().endsWith("/good")));
        WebhookServer.eventually()
                .until(
                        () -> {
                            server.pass(Duration.ofMinutes(30));
                            return receiver.seen().size() > 2
                                    && server.items("/webhook-subscriptions").size() == 1
                                    && isGivenUp();
                        });
    }

    private boolean isGivenUp() throws Exception {
        String id = text(server.items("/webhook-subscriptions").getFirst(), "id");
        return server.ok("GET", "/webhook-subscriptions/" + id, "").path("givenUp").asInt() == 1;
    }

    @Test
    void a_wrong_request_is_told_what_is_wrong() throws Exception {
        String deliveries = server.subscribe(receiver.url()) + "/deliveries";
        server.refuses("GET", deliveries + "?state=LOST", "", 400, "state");
        server.refuses("GET", deliveries + "?after=x", "", 400, "after");
        server.refuses("GET", deliveries + "?other=x", "", 400, "other");
        server.refuses("GET", "/webhook-subscriptions/none/deliveries", "", 404, "none");
    }

    @Test
    void many_that_were_taken_hide_none_that_waits() {
        WebhookDeliveryLog log = new WebhookDeliveryLog();
        log.put(delivery(0, WebhookDelivery.State.WAITING));
        IntStream.range(1, 2_000).forEach(i -> log.put(delivery(i, WebhookDelivery.State.TAKEN)));

        assertThat(log.all()).hasSize(WebhookDeliveryLog.MOST + 1);
        assertThat(log.all())
                .contains(
                        delivery(0, WebhookDelivery.State.WAITING),
                        delivery(1_999, WebhookDelivery.State.TAKEN));
    }

    @Test
    void the_log_is_bounded_in_its_characters_too() {
        WebhookDeliveryLog log = new WebhookDeliveryLog();
        String stream = "everything/" + "x".repeat(1_000);
        for (int i = 0; i < 400; i++) {
            log.put(
                    new WebhookDelivery(
                            "m" + i,
                            "1." + i,
                            stream,
                            "t",
                            WebhookDelivery.State.TAKEN,
                            Instant.EPOCH,
                            1,
                            204,
                            null,
                            null,
                            null));
        }
        assertThat(log.all()).hasSizeBetween(50, 130);
    }

    private static WebhookDelivery delivery(int number, WebhookDelivery.State state) {
        return new WebhookDelivery(
                "m" + number, "1.1", "s", "t", state, Instant.EPOCH, 1, null, null, null, null);
    }
}
