// SPDX-License-Identifier: Apache-2.0
package dev.fakta.example;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fakta.domain.Processor;
import dev.fakta.domain.View;
import dev.fakta.example.GiftCard.Command.Issue;
import dev.fakta.example.GiftCard.Command.Spend;
import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.gateway.Routes;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Routes that cannot be served are refused when the gateway starts, all at once.
final class BadRoutesTest {

    private static final EventLog LOG = MemoryLog.create(4);
    private static Node node;

    record Flagged(boolean urgent) {}

    private static final Processor<Flagged, GiftCard.Command> ABSENT =
            Processor.named("absent")
                    .taking(Flagged.class)
                    .sendingTo(GiftCard.AGGREGATE)
                    .processing((_, _) -> new Processor.Outcome.Send<>(new Issue(1)));

    @BeforeAll
    static void open(@TempDir Path directory) {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        GiftCards.MICROSYSTEM,
                        LOG,
                        InstantSource.system());
    }

    @AfterAll
    static void close() {
        node.close();
        LOG.close();
    }

    private static void refused(Consumer<Routes> routes, String... problems) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Gateway.start(
                                        node,
                                        GatewaySettings.onLoopback(0).trusting(),
                                        http -> {
                                            GiftCards.routes(http);
                                            routes.accept(http);
                                        }))
                .withMessageStartingWith("routes: ")
                .withMessageContainingAll(problems);
    }

    @Test
    void a_path_without_its_id_or_with_parameters_of_no_use_is_named() {
        refused(
                http ->
                        http.put("/cards", Issue.class, GiftCard.AGGREGATE)
                                .put("/cards/{card_id}", Issue.class, GiftCard.AGGREGATE)
                                .put("/cards/{id}/{colour}", Issue.class, GiftCard.AGGREGATE)
                                .put("cards/{id}/x", Issue.class, GiftCard.AGGREGATE),
                "PUT /cards has no {id}",
                "PUT /cards/{card_id} has a parameter that is not letters only",
                "PUT /cards/{id}/{colour} has {colour}, which is no component of Issue",
                "PUT cards/{id}/x does not begin with /");
    }

    @Test
    void a_route_that_is_there_twice_is_named() {
        refused(
                http ->
                        http.post("/gift-cards/{id}/spendings", Spend.class, GiftCard.AGGREGATE)
                                .put("/gift-cards/{card}", Issue.class, GiftCard.AGGREGATE)
                                .get("/metrics", GiftCards.VIEW, _ -> ""),
                "POST /gift-cards/{id}/spendings is listed twice",
                "PUT /gift-cards/{card} is the same as PUT /gift-cards/{id}",
                "GET /metrics is served by every gateway itself");
    }

    @Test
    void what_is_in_no_microsystem_is_named() {
        View other = View.named("others").table("create table other (id text primary key)");
        refused(
                http ->
                        http.put("/wallets/{id}", Wallet.Command.Fill.class, Wallet.AGGREGATE)
                                .create("/flagged/{urgent}", ABSENT)
                                .get("/others", other, _ -> ""),
                "PUT /wallets/{id} is for aggregate wallet, which is in no microsystem",
                "POST /flagged/{urgent} is for processor absent, which is in no microsystem",
                "POST /flagged/{urgent} has {urgent}, and a path has no boolean",
                "GET /others asks view others version 1, which is in no microsystem");
    }

    @Test
    void an_aggregate_that_no_route_is_the_resource_of_is_named() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Gateway.start(
                                        node,
                                        GatewaySettings.onLoopback(0).trusting(),
                                        http ->
                                                http.put(
                                                        "/cards/{id}",
                                                        Issue.class,
                                                        GiftCard.AGGREGATE)))
                .withMessageContaining("gift-card, which no route is the resource of");
    }

    @Test
    void a_port_that_is_taken_is_named() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatIllegalStateException()
                    .isThrownBy(
                            () ->
                                    Gateway.start(
                                            node,
                                            GatewaySettings.onLoopback(port).trusting(),
                                            GiftCards::routes))
                    .withMessageContaining("cannot listen on 127.0.0.1:" + port);
        }
    }

    @Test
    void the_example_itself_can_be_served() {
        Gateway.start(node, GatewaySettings.onLoopback(0).trusting(), GiftCards::routes).close();
    }
}
