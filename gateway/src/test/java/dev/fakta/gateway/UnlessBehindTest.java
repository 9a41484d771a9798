// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Courier;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Positions;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a gateway does with new work while more is underway than can be finished in time.
class UnlessBehindTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LOTS = 1_000_000;

    /// A letter, and whether it is delivered.
    record Letter(String text, boolean isDelivered) {

        sealed interface Command {
            record Write(String text) implements Command {}

            record Deliver() implements Command {}
        }

        sealed interface Event {
            record LetterWritten(String text) implements Event {}

            record LetterDelivered() implements Event {}
        }

        static final Aggregate<Command, Event, Letter> AGGREGATE =
                Aggregate.named("letter")
                        .taking(Command.class)
                        .startingAs(new Letter("", false))
                        .deciding(Letter::decide)
                        .evolving(Letter::evolve)
                        .event("letter-written", Event.LetterWritten.class)
                        .event("letter-delivered", Event.LetterDelivered.class);

        private Decision<Event> decide(Command command) {
            return Decision.accept(
                    switch (command) {
                        case Command.Write(var written) -> new Event.LetterWritten(written);
                        case Command.Deliver() -> new Event.LetterDelivered();
                    });
        }

        private Letter evolve(Event event) {
            return switch (event) {
                case Event.LetterWritten(var written) -> new Letter(written, false);
                case Event.LetterDelivered() -> new Letter(text, true);
            };
        }

        static final Processor<Command.Write, Command> WRITE =
                Processor.named("write-letter")
                        .taking(Command.Write.class)
                        .sendingTo(AGGREGATE)
                        .processing((write, _) -> new Outcome.Send<>(write));
    }

    record Delivery() {}

    /// Each delivery takes one.
    private final Semaphore deliveries = new Semaphore(0);

    private final Processor<Delivery, Letter.Command> delivering =
            Processor.named("deliver-letter")
                    .taking(Delivery.class)
                    .sendingTo(Letter.AGGREGATE)
                    .processing(
                            (_, _) -> {
                                deliveries.acquireUninterruptibly();
                                return new Outcome.Send<>(new Letter.Command.Deliver());
                            });

    @TempDir Path directory;
    private final EventLog log = MemoryLog.create(4);
    private final HttpClient client = HttpClient.newHttpClient();
    private Node node;
    private Gateway gateway;

    /// With one delivery at a time.
    @BeforeEach
    void start() {
        node =
                Node.start(
                        NodeSettings.embedded(directory).withProcessorsAtOnce(4),
                        Microsystem.named("letters")
                                .with(Letter.AGGREGATE)
                                .with(Letter.WRITE)
                                .with(
                                        Courier.named("postman")
                                                .carrying(delivering, new Delivery())
                                                .on(
                                                        Letter.Event.LetterWritten.class,
                                                        (_, at) -> at.id())),
                        log,
                        InstantSource.system());
        gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0)
                                .trusting()
                                .withLongestBacklog(Duration.ofMillis(500)),
                        http ->
                                http.resource("/letters", Letter.AGGREGATE, found -> found.state())
                                        .create("/letters", Letter.WRITE)
                                        .unlessBehind()
                                        .bulk()
                                        .put(
                                                "/letters/{id}",
                                                Letter.Command.Write.class,
                                                Letter.AGGREGATE));
    }

    @AfterEach
    void close() {
        deliveries.release(LOTS);
        client.shutdownNow();
        gateway.close();
        node.close();
        log.close();
    }

    private HttpRequest request(String method, String path, String type) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .timeout(PATIENCE)
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString("{\"text\":\"Dear\"}"))
                .build();
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        return client.send(request(method, path, "application/json"), BodyHandlers.ofString());
    }

    private int write() throws Exception {
        return send("POST", "/letters").statusCode();
    }

    private Positions written() {
        return log.heads();
    }

    @Test
    void new_work_is_refused_before_it_is_recorded_until_the_backlog_is_gone() throws Exception {
        assertThat(write()).isEqualTo(201);
        assertThat(write()).isEqualTo(201);
        await().atMost(PATIENCE).until(() -> write() == 503);
        Positions before = written();
        HttpResponse<String> refused = send("POST", "/letters");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("\"code\":\"BACKLOG\"", "/problems/backlog");
        assertThat(refused.headers().firstValue("Location")).isEmpty();
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow()).isPositive();
        assertThat(written()).isEqualTo(before);
        assertThat(send("PUT", "/letters/mine").statusCode()).isEqualTo(200);
        assertThat(metrics())
                .containsPattern("fakta_backlog_seconds 0\\.[5-9]|fakta_backlog_seconds [1-9]")
                .containsPattern("fakta_http_backlog_refused_total [2-9]");
        deliveries.release(LOTS);
        await().atMost(PATIENCE).until(() -> write() == 201);
    }

    @Test
    void one_of_many_requests_in_a_body_waits_until_the_backlog_is_gone() throws Exception {
        assertThat(write()).isEqualTo(201);
        assertThat(write()).isEqualTo(201);
        await().atMost(PATIENCE).until(() -> write() == 503);
        CompletableFuture<HttpResponse<String>> many =
                client.sendAsync(
                        request("POST", "/letters", "application/x-ndjson"),
                        BodyHandlers.ofString());
        await().atMost(PATIENCE).until(() -> metrics().contains("fakta_http_bulks 1.0"));
        deliveries.release(LOTS);
        assertThat(many.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).body())
                .contains("\"status\":201");
    }

    private String metrics() throws Exception {
        return client.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:" + gateway.port() + "/metrics"))
                                .timeout(PATIENCE)
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
