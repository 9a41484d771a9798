// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.gateway.webhooks.ReceiverAddresses;
import dev.fakta.gateway.webhooks.WebhookKeys;
import dev.fakta.gateway.webhooks.WebhookSettings;
import dev.fakta.log.EventLog;
import dev.fakta.log.JoinedLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.ClusterSettings;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Role;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Subscriptions in a cluster on one log: each is delivered by one node, and taken over.
@Order(1)
class WebhookTakeOverTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int PARTITIONS = 16;
    private static final int SUBSCRIPTIONS = 12;
    private static final Microsystems MICROSYSTEMS =
            new Microsystems(List.of(Everything.MICROSYSTEM, Webhooks.SERVED.definition()));
    private static final WebhookSettings SETTINGS =
            WebhookSettings.of(
                    WebhookKeys.ofThisProcess(),
                    ReceiverAddresses.within(ReceiverAddresses.Reach.ANY));

    @TempDir private Path directory;
    private final EventLog log =
            JoinedLog.of(List.of(part("everything", 0), part("webhooks", PARTITIONS)));
    private final List<WebhookReceiver> receivers = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Gateway> gateways = new ArrayList<>();
    private final int seed = LocalPorts.free();

    private static JoinedLog.Part part(String microsystem, int first) {
        Set<String> kinds = MICROSYSTEMS.streams().getOrDefault(microsystem, Set.of());
        return new JoinedLog.Part(microsystem, first, MemoryLog.create(PARTITIONS), kinds);
    }

    private void start(int count) throws Exception {
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            receivers.add(new WebhookReceiver());
        }
        for (int i = 0; i < count; i++) {
            ClusterSettings cluster =
                    ClusterSettings.of(
                            "127.0.0.1",
                            i == 0 ? seed : 0,
                            List.of("127.0.0.1:" + seed),
                            EnumSet.allOf(Role.class));
            Node node =
                    Node.start(
                            NodeSettings.embedded(directory.resolve("node-" + i))
                                    .inCluster("node-" + i, cluster),
                            MICROSYSTEMS,
                            log,
                            InstantSource.system());
            nodes.add(node);
            gateways.add(
                    Gateway.start(
                            node,
                            GatewaySettings.onLoopback(0).trusting(),
                            http -> {
                                Everything.routes(http);
                                Webhooks.routes(http, SETTINGS);
                            }));
        }
        await().atMost(SOON).until(() -> nodes.stream().allMatch(one -> one.missing().isEmpty()));
        nameSubscriptions();
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            var command =
                    new WebhookSubscription.Command.Subscribe(
                            receivers.get(i).url(),
                            WebhookSubscription.Wanted.ALL,
                            nodes.getFirst().heads().token());
            accepted(
                    nodes.getFirst()
                            .await(
                                    nodes.getFirst()
                                            .send(
                                                    WebhookSubscription.AGGREGATE,
                                                    ids.get(i),
                                                    command,
                                                    Cause.fresh())));
        }
    }

    /// Each node has as many: which partitions are whose follows from their ports.
    private void nameSubscriptions() {
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            Node host = nodes.get(i % nodes.size());
            ids.add(
                    IntStream.iterate(0, n -> n + 1)
                            .mapToObj(n -> "s" + n)
                            .filter(id -> host.hosts(WebhookSubscription.AGGREGATE, id))
                            .filter(id -> !ids.contains(id))
                            .findFirst()
                            .orElseThrow());
        }
    }

    private static void accepted(Reply<?> reply) {
        assertThat(reply).isInstanceOf(Reply.Accepted.class);
    }

    private void fill(int first, int end) {
        Node node = nodes.getLast();
        for (int i = first; i < end; i++) {
            var command =
                    new Everything.Command.Fill(
                            null, null, null, null, null, null, null, null, null, null, null, null);
            accepted(node.await(node.send(Everything.AGGREGATE, "m" + i, command, Cause.fresh())));
        }
    }

    private void awaitAll(int count) {
        List<String> subjects =
                IntStream.range(0, count).mapToObj(i -> "everything/m" + i).toList();
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(receivers)
                                        .allSatisfy(
                                                one ->
                                                        assertThat(one.seen())
                                                                .extracting(
                                                                        WebhookReceiver.Message
                                                                                ::subject)
                                                                .containsAll(subjects)));
    }

    @AfterEach
    void close() {
        gateways.forEach(Gateway::close);
        nodes.reversed().forEach(Node::close);
        receivers.forEach(WebhookReceiver::close);
        log.close();
    }

    @Test
    void each_subscription_is_delivered_by_one_node_and_both_have_some() throws Exception {
        start(2);
        fill(0, 50);
        awaitAll(50);

        assertThat(nodes)
                .allSatisfy(
                        node ->
                                assertThat(ids)
                                        .anyMatch(
                                                id ->
                                                        node.hosts(
                                                                WebhookSubscription.AGGREGATE,
                                                                id)));
        assertThat(receivers).allSatisfy(one -> assertThat(one.seen()).hasSize(50));
    }

    @Test
    void the_node_that_delivers_knows_the_deliveries_and_the_other_one_says_which_it_is()
            throws Exception {
        start(2);
        fill(0, 1);
        awaitAll(1);
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            String id = ids.get(i);
            int here = nodes.getFirst().hosts(WebhookSubscription.AGGREGATE, id) ? 0 : 1;
            await().atMost(SOON)
                    .untilAsserted(
                            () ->
                                    assertThat(deliveries(here, id, "").body())
                                            .contains("everything/m0", "TAKEN"));
            HttpResponse<String> elsewhere = deliveries(1 - here, id, "");
            assertThat(elsewhere.statusCode()).isEqualTo(503);
            assertThat(elsewhere.body()).contains("DELIVERED_ELSEWHERE", "127.0.0.1:");
            assertThat(elsewhere.body().contains("127.0.0.1:" + seed)).isEqualTo(here == 0);
            assertThat(deliveries(here, id, "?state=GIVEN_UP").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void what_is_to_be_sent_again_is_by_the_node_that_takes_over() throws Exception {
        start(2);
        fill(0, 3);
        awaitAll(3);
        receivers.forEach(one -> one.answering(_ -> 500));
        var again =
                new WebhookSubscription.Command.AskResend(
                        "", nodes.getFirst().heads().token(), List.of());
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            Node node = nodes.getFirst();
            accepted(
                    node.await(
                            node.send(
                                    WebhookSubscription.AGGREGATE,
                                    ids.get(i),
                                    again,
                                    Cause.fresh())));
        }
        gateways.removeFirst().close();
        nodes.removeFirst().close();
        List<Integer> before = receivers.stream().map(one -> one.seen().size()).toList();
        receivers.forEach(one -> one.answering(_ -> 204));
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            String id = ids.get(i);
            await().atMost(SOON)
                    .until(
                            () ->
                                    nodes.getFirst()
                                            .state(WebhookSubscription.AGGREGATE, id)
                                            .state()
                                            .resends()
                                            .isEmpty());
            List<WebhookReceiver.Message> all = receivers.get(i).seen();
            assertThat(all.subList(before.get(i), all.size()))
                    .extracting(WebhookReceiver.Message::subject)
                    .contains("everything/m0", "everything/m1", "everything/m2");
        }
    }

    private HttpResponse<String> deliveries(int node, String id, String query) throws Exception {
        String path = "/webhook-subscriptions/%s/deliveries%s".formatted(id, query);
        URI uri = URI.create("http://127.0.0.1:" + gateways.get(node).port() + path);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }

    /// Where the gateway is left open its deliverers cannot record any more how far they have got,
    /// as those of a node that was cut off.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_a_node_leaves_behind_is_delivered_by_another_one(boolean isClean) throws Exception {
        start(2);
        fill(0, 50);
        if (isClean) {
            gateways.removeFirst().close();
        }
        nodes.removeFirst().close();
        fill(50, 100);
        awaitAll(100);
    }
}
