// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.Positions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Messages that somebody asks for again.
@Order(1)
class WebhookResendsTest {

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

    private void awaitSeen(int count) {
        WebhookServer.eventually().untilAsserted(() -> assertThat(receiver.seen()).hasSize(count));
    }

    private static List<String> of(List<WebhookReceiver.Message> messages) {
        return messages.stream()
                .map(
                        one ->
                                one.subject().substring("everything/".length())
                                        + one.json().path("revision").asInt())
                .toList();
    }

    private List<String> seen(int from) {
        List<WebhookReceiver.Message> all = receiver.seen();
        return of(all.subList(from, all.size()));
    }

    private void awaitEnded(String path, int resends) throws Exception {
        WebhookServer.eventually()
                .untilAsserted(
                        () -> {
                            assertThat(server.ok("GET", path, "").path("resends")).isEmpty();
                            assertThat(facts(path, "webhook-resend-ended")).hasSize(resends);
                        });
    }

    /// The facts of a subscription with this name, each as it is listed.
    private List<String> facts(String path, String type) throws Exception {
        return Arrays.stream(
                        server.send("GET", path + "/events", "").body().split("(?=\\{\"[a-z]+\":)"))
                .filter(one -> one.contains("\"" + type + "\""))
                .toList();
    }

    /// Has `bad1` given up while others are taken.
    private String giveUp() throws Exception {
        String path = server.subscribe(receiver.url());
        receiver.answering(message -> message.subject().endsWith("/bad") ? 500 : 204);
        server.fill("bad");
        WebhookServer.eventually().until(() -> !receiver.seen().isEmpty());
        server.pass(Duration.ofSeconds(2));
        server.fill("good");
        WebhookServer.eventually().until(() -> of(receiver.seen()).contains("good1"));
        WebhookServer.eventually()
                .until(
                        () -> {
                            server.pass(Duration.ofMinutes(30));
                            return server.items(path + "/deliveries?state=GIVEN_UP").size() == 1;
                        });
        return path;
    }

    @Test
    void a_message_that_was_given_up_is_sent_again_with_its_id_and_once() throws Exception {
        String path = giveUp();
        String id = receiver.seen().getFirst().id();
        String position = server.ok("GET", path, "").path("position").asString();
        receiver.answering(_ -> 204);
        int before = receiver.seen().size();
        JsonNode asked = server.ok("POST", path + "/resend", "{'messages':['%s']}".formatted(id));
        assertThat(asked.path("resends")).hasSize(1);
        awaitEnded(path, 1);
        server.fill("bad");
        awaitSeen(before + 2);

        assertThat(seen(before)).containsExactly("bad1", "bad2");
        assertThat(receiver.seen().get(before).id()).isEqualTo(id);
        Positions now = Positions.parse(server.ok("GET", path, "").path("position").asString());
        assertThat(now.covers(Positions.parse(position))).isTrue();
        List<JsonNode> taken = server.items(path + "/deliveries?state=TAKEN");
        assertThat(taken)
                .anySatisfy(
                        one -> {
                            assertThat(one.path("id").asString()).isEqualTo(id);
                            assertThat(one.path("resend").asInt()).isEqualTo(1);
                        });
    }

    @Test
    void a_resend_is_not_carried_out_again_after_a_restart() throws Exception {
        String path = giveUp();
        String id = receiver.seen().getFirst().id();
        receiver.answering(_ -> 204);
        server.ok("POST", path + "/resend", "{'messages':['%s']}".formatted(id));
        awaitEnded(path, 1);
        server.pass(Duration.ofSeconds(5));
        server.fill("other");
        WebhookServer.eventually().until(() -> of(receiver.seen()).contains("other1"));
        int before = receiver.seen().size();
        server.restart();
        server.fill("last");
        WebhookServer.eventually().until(() -> of(receiver.seen()).contains("last1"));

        assertThat(seen(before)).doesNotContain("bad1");
        assertThat(facts(path, "webhook-resend-asked")).hasSize(1);
    }

    @Test
    void a_resend_that_a_node_leaves_behind_is_carried_out_after_its_restart() throws Exception {
        String path = giveUp();
        String id = receiver.seen().getFirst().id();
        int before = receiver.seen().size();
        server.ok("POST", path + "/resend", "{'messages':['%s']}".formatted(id));
        awaitSeen(before + 1); // in vain
        server.restart();
        receiver.answering(_ -> 204);
        awaitEnded(path, 1);

        assertThat(seen(before + 1)).contains("bad1");
    }

    @Test
    void what_is_sent_again_in_vain_holds_up_no_event_of_its_stream() throws Exception {
        String path = giveUp();
        String id = receiver.seen().getFirst().id();
        receiver.answering(message -> message.json().path("revision").asInt() == 1 ? 500 : 204);
        int before = receiver.seen().size();
        server.ok("POST", path + "/resend", "{'messages':['%s']}".formatted(id));
        awaitSeen(before + 1);
        server.fill("bad");
        server.fill("bad");
        awaitSeen(before + 3);

        assertThat(seen(before)).containsExactly("bad1", "bad2", "bad3");
        WebhookServer.eventually()
                .until(
                        () -> {
                            server.pass(Duration.ofMinutes(30));
                            server.fill("bad");
                            return server.ok("GET", path, "").path("resends").isEmpty();
                        });
        assertThat(server.send("GET", path + "/events", "").body()).contains("\"notTaken\":1");
        assertThat(server.items(path + "/deliveries?state=GIVEN_UP")).hasSize(1);
    }

    @Test
    void a_range_is_sent_again_in_the_order_of_its_streams_and_no_more_than_it() throws Exception {
        String path = server.subscribe(receiver.url());
        server.fill("a");
        awaitSeen(1);
        String after = server.heads();
        for (int i = 0; i < 20; i++) {
            server.fill("a");
            server.fill("b");
        }
        awaitSeen(41);
        String before = server.heads();
        server.fill("c");
        awaitSeen(42);
        server.ok(
                "POST", path + "/resend", "{'after':'%s','before':'%s'}".formatted(after, before));
        awaitEnded(path, 1);

        List<String> again = seen(42);
        assertThat(again).hasSize(40);
        assertThat(again.stream().filter(one -> one.startsWith("a")).toList())
                .isEqualTo(IntStream.range(2, 22).mapToObj(i -> "a" + i).toList());
        assertThat(again.stream().filter(one -> one.startsWith("b")).toList())
                .isEqualTo(IntStream.range(1, 21).mapToObj(i -> "b" + i).toList());
        assertThat(ids(0, 42)).containsAll(ids(42, 82));
    }

    private List<String> ids(int from, int end) {
        return receiver.seen().subList(from, end).stream()
                .map(WebhookReceiver.Message::id)
                .toList();
    }

    @Test
    void what_is_asked_for_while_it_waits_is_sent_when_it_goes_on_and_so_many_may_wait()
            throws Exception {
        String path = server.subscribe(receiver.url());
        server.fill("a");
        WebhookServer.eventually()
                .until(() -> server.items(path + "/deliveries?state=TAKEN").size() == 1);
        String again = "{'messages':['%s']}".formatted(receiver.seen().getFirst().id());
        server.ok("POST", path + "/pause", "{}");
        for (int i = 0; i < 10; i++) {
            server.ok("POST", path + "/resend", again);
        }
        server.refuses("POST", path + "/resend", again, 409, "RESENDS_WAITING");
        assertThat(receiver.seen()).hasSize(1);
        server.ok("POST", path + "/resume", "{}");
        awaitEnded(path, 10);

        assertThat(receiver.seen()).hasSizeGreaterThanOrEqualTo(11);
        assertThat(receiver.seen().stream().map(WebhookReceiver.Message::id).distinct()).hasSize(1);
    }

    @Test
    void a_wrong_request_is_told_what_is_wrong() throws Exception {
        String resend = server.subscribe(receiver.url()) + "/resend";
        String many =
                IntStream.range(0, 101)
                        .mapToObj(i -> "'" + i + "'")
                        .collect(Collectors.joining(","));
        server.refuses("POST", resend, "{}", 400, "after");
        server.refuses("POST", resend, "{'messages':[]}", 400, "messages");
        server.refuses("POST", resend, "{'messages':[%s]}".formatted(many), 400, "messages");
        server.refuses("POST", resend, "{'messages':['none']}", 400, "none");
        server.refuses("POST", resend, "{'messages':[null]}", 400, "messages");
        server.refuses("POST", resend, "{'messages':['x'],'after':''}", 400, "without");
        server.refuses("POST", resend, "{'after':'x'}", 400, "after");
        server.refuses("POST", resend, "{'after':'','before':'0.99999'}", 400, "before");
        String heads = server.heads();
        server.refuses(
                "POST",
                resend,
                "{'after':'%s','before':'%s'}".formatted(heads, heads),
                400,
                "nothing");
        server.refuses("POST", "/webhook-subscriptions/none/resend", "{'after':''}", 404, "none");
    }
}
