// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `GET /events` while a part of the log is away, as one of several databases may be.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class HeldBackStreamTest {

    private record Note(String text) {
        private record Write(String text) {}

        private record Written(String text) {}

        private static final Aggregate<Write, Written, Note> AGGREGATE =
                Aggregate.named("note")
                        .taking(Write.class)
                        .startingAs(new Note(""))
                        .deciding((Note _, Write write) -> Decision.accept(new Written(write.text)))
                        .evolving((Note _, Written written) -> new Note(written.text))
                        .event("note-written", Written.class);
    }

    private final AtomicBoolean isAway = new AtomicBoolean();
    private final EventLog log = withoutSecondPartitionWhile(isAway, MemoryLog.create(2));
    private final HttpClient http = HttpClient.newHttpClient();
    private Node node;
    private Gateway gateway;

    private static EventLog withoutSecondPartitionWhile(AtomicBoolean isAway, EventLog log) {
        return (EventLog)
                Proxy.newProxyInstance(
                        EventLog.class.getClassLoader(),
                        new Class<?>[] {EventLog.class},
                        (_, method, arguments) -> {
                            Object answer;
                            try {
                                answer = method.invoke(log, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                            return method.getName().equals("heads") && isAway.get()
                                    ? ((Positions) answer).within(0, 1)
                                    : answer;
                        });
    }

    @BeforeEach
    void open(@TempDir Path directory) {
        Microsystem notes = Microsystem.named("notes").with(Note.AGGREGATE);
        node = Node.start(NodeSettings.embedded(directory), notes, log, InstantSource.system());
        gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0).trusting(),
                        routes ->
                                routes.resource("/notes", Note.AGGREGATE, found -> found.state())
                                        .put("/notes/{id}", Note.Write.class, Note.AGGREGATE));
    }

    @AfterEach
    void close() {
        http.close();
        gateway.close();
        node.close();
        log.close();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + gateway.port() + path);
    }

    /// The id of a note in a partition.
    private String id(int partition) {
        for (int i = 0; ; i++) {
            if (log.partitionOf("note/n" + i) == partition) {
                return "n" + i;
            }
        }
    }

    private void write(int partition, String text) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(uri("/notes/" + id(partition)))
                        .PUT(BodyPublishers.ofString("{\"text\":\"" + text + "\"}"))
                        .build();
        assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    }

    private final class Client implements AutoCloseable {
        private final BufferedReader lines;
        private String lastId = "";

        Client(String after) throws Exception {
            HttpRequest request = HttpRequest.newBuilder(uri("/events?after=" + after)).build();
            HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            lines =
                    new BufferedReader(
                            new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        /// The first line that comes and has one of these words.
        String next(String... words) throws IOException {
            while (true) {
                String line = lines.readLine();
                assertThat(line).as("the stream goes on").isNotNull();
                if (line.startsWith("id: ")) {
                    lastId = line.substring("id: ".length());
                }
                for (String word : words) {
                    if (line.contains(word)) {
                        return line;
                    }
                }
            }
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    @Test
    void it_says_that_events_are_held_back_and_when_they_come_again() throws Exception {
        try (Client client = new Client("latest")) {
            isAway.set(true);
            write(1, "cause");
            write(0, "effect");
            assertThat(client.next("held back", "cause", "effect")).contains("held back");
            isAway.set(false);
            assertThat(client.next("answers again", "cause", "effect")).doesNotContain("held back");
            client.next("effect");
        }
    }

    @Test
    void a_client_that_comes_again_meanwhile_is_told_so_and_gets_the_rest() throws Exception {
        write(1, "first");
        String last;
        try (Client client = new Client("")) {
            client.next("first");
            last = client.lastId;
        }
        isAway.set(true);
        write(0, "second");
        try (Client again = new Client(last)) {
            assertThat(again.next("held back", "first", "second")).contains("held back");
            isAway.set(false);
            assertThat(again.next("first", "second")).contains("second");
        }
    }

    /// A position that lacks the part which is away would lead to all of its history.
    @Test
    void where_the_log_ends_is_not_told_while_a_part_is_away() throws Exception {
        write(0, "old");
        write(1, "old");
        isAway.set(true);
        HttpResponse<InputStream> answer =
                http.send(
                        HttpRequest.newBuilder(uri("/events?after=latest")).build(),
                        BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body())
                .asString(StandardCharsets.UTF_8)
                .contains("/problems/unavailable");
        isAway.set(false);
        try (Client client = new Client("latest")) {
            write(1, "new");
            assertThat(client.next("old", "new")).contains("new");
        }
    }
}
