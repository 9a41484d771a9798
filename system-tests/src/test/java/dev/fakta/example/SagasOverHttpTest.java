// SPDX-License-Identifier: Apache-2.0
package dev.fakta.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Retry;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.http.ApiCheck;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Versioned;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What operators see of sagas and do about them, over HTTP.
final class SagasOverHttpTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final EventLog LOG = MemoryLog.create(4);
    private static Node node;
    private static Gateway gateway;

    record Ring(String door) {}

    record Rung(String door) {}

    /// A bell whose owner can be away: then ringing it fails.
    private static final Aggregate<Ring, Rung, List<String>> BELL =
            Aggregate.named("bell")
                    .taking(Ring.class)
                    .startingAs(List.<String>of())
                    .deciding(SagasOverHttpTest::ring)
                    .evolving((List<String> _, Rung rung) -> List.of(rung.door()))
                    .event("bell-rung", Rung.class);

    private static Decision<Rung> ring(List<String> before, Ring ring) {
        if (ring.door().startsWith("away")) {
            throw new IllegalStateException("nobody at home");
        }
        return before.isEmpty() ? Decision.accept(new Rung(ring.door())) : Decision.accept();
    }

    private static final Saga<Object, List<String>> ANSWERING =
            Saga.named("answering")
                    .startingAs(List.<String>of())
                    .<Object>reacting((_, input, _) -> answer(input))
                    .evolving((List<String> state, Object _) -> state)
                    .on(Rung.class, (rung, _) -> rung.door())
                    .step(
                            Step.<List<String>>named("ring-back")
                                    .doing(
                                            (_, door) ->
                                                    Send.to(BELL, "back-" + door, new Ring(door)))
                                    .retrying(Retry.times(1)));

    private static Reaction<Object> answer(SagaInput input) {
        return switch (input) {
            case SagaInput.Happened(Rung(var door), _) when door.startsWith("odd") ->
                    throw new IllegalStateException("an odd door");
            case SagaInput.Happened(Rung(var door), var at) when !at.id().startsWith("back-") ->
                    Reaction.nothing().run("ring-back", door.replaceFirst("^ask-", ""));
            case SagaInput.Done _ -> Reaction.nothing().complete();
            default -> Reaction.nothing();
        };
    }

    @BeforeAll
    static void open(@TempDir Path directory) {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Microsystem.named("bells").with(BELL).with(ANSWERING),
                        LOG,
                        InstantSource.system());
        gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0).trusting(),
                        http ->
                                http.resource("/bells", BELL, Versioned::state)
                                        .put("/bells/{id}", Ring.class, BELL));
    }

    @AfterAll
    static void close() {
        CLIENT.close();
        gateway.close();
        node.close();
        LOG.close();
    }

    private static HttpResponse<String> send(String method, String path, String body) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .method(method, BodyPublishers.ofString(body))
                        .build();
        try {
            return ApiCheck.checked(CLIENT, body, CLIENT.send(request, BodyHandlers.ofString()));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(method + " " + path, e);
        }
    }

    private static String get(String path) {
        return send("GET", path, "").body();
    }

    private static HttpResponse<String> act(String id, String act) {
        return send(
                "POST",
                "/sagas/answering/" + id + "/" + act,
                "{\"actor\":\"anna\",\"reason\":\"came home\"}");
    }

    private static void ringAt(String door) {
        String body = "{\"door\":\"" + door + "\"}";
        assertThat(send("PUT", "/bells/" + door, body).statusCode()).isEqualTo(200);
    }

    private static void awaitListed(String state, String id) {
        await().atMost(SOON)
                .until(() -> get("/sagas?state=" + state).contains("\"id\":\"" + id + "\""));
    }

    @Test
    void a_parked_saga_is_listed_shown_and_skipped_and_the_act_is_a_fact() {
        ringAt("odd-1");
        awaitListed("parked", "odd-1");
        assertThat(get("/sagas/answering/odd-1"))
                .contains("\"status\":\"PARKED\"", "an odd door", "\"name\":\"saga-parked\"");
        assertThat(act("odd-1", "skip").body()).contains("\"status\":\"LIVE\"");
        assertThat(get("/sagas/answering/odd-1"))
                .contains("\"name\":\"saga-skipped\"", "\"actor\":\"anna\"", "came home");
        HttpResponse<String> again = act("odd-1", "skip");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("/problems/nothing-to-skip");
        assertThat(act("odd-1", "compensate").statusCode()).isEqualTo(200);
    }

    @Test
    void what_operators_ask_wrongly_is_said() {
        assertThat(send("GET", "/sagas/none/x", "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/sagas/answering/never", "").statusCode()).isEqualTo(404);
        assertThat(act("never", "retry").statusCode()).isEqualTo(404);
        assertThat(get("/sagas?state=odd")).contains("live, stuck or parked");
        assertThat(get("/sagas?limit=0&x=1"))
                .contains("a whole number from 1 to 200", "there is no such parameter");
        assertThat(send("GET", "/sagas?saga=none", "").statusCode()).isEqualTo(404);
        ringAt("odd-2");
        awaitListed("parked", "odd-2");
        assertThat(send("POST", "/sagas/answering/odd-2/skip", "{\"actor\":\"\",\"reason\":\"r\"}"))
                .extracting(HttpResponse::statusCode)
                .isEqualTo(400);
    }

    @Test
    void a_long_list_comes_page_by_page() {
        List<String> doors = List.of("odd-p1", "odd-p2", "odd-p3");
        doors.forEach(SagasOverHttpTest::ringAt);
        doors.forEach(door -> awaitListed("parked", door));
        String page = get("/sagas?saga=answering&limit=1&after=answering/odd-p1");
        assertThat(page)
                .contains("odd-p2", "\"next\":\"answering/odd-p2\"")
                .doesNotContain("odd-p3");
    }

    @Test
    void metrics_tell_how_many_are_parked() {
        ringAt("odd-m");
        awaitListed("parked", "odd-m");
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(get("/metrics"))
                                        .containsPattern(
                                                "fakta_sagas_parked\\{saga=\"answering\"} [1-9]"));
    }

    @Test
    void a_step_that_fails_is_stuck_and_listed_with_its_reason() {
        ringAt("ask-away-1");
        awaitListed("stuck", "ask-away-1");
        assertThat(get("/sagas?state=stuck")).contains("DEFECT: the aggregate fails");
        assertThat(act("ask-away-1", "retry").body()).contains("\"status\":\"LIVE\"");
        await().atMost(SOON)
                .until(
                        () ->
                                get("/sagas/answering/ask-away-1").split("saga-stuck", -1).length
                                        == 3);
        assertThat(act("ask-away-1", "skip").statusCode()).isEqualTo(200);
        await().atMost(SOON)
                .until(
                        () ->
                                get("/sagas/answering/ask-away-1")
                                        .contains("\"status\":\"COMPLETED\""));
    }
}
