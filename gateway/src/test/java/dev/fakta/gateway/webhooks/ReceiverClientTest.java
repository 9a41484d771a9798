// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.gateway.webhooks.ReceiverAddresses.Reach;
import dev.fakta.gateway.webhooks.ReceiverClient.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A receiver says what a test has it say, right or wrong.
class ReceiverClientTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);
    private static final String OK = "HTTP/1.1 204 No Content\r\n\r\n";

    private final List<AutoCloseable> open = new ArrayList<>();
    private final LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger lookups = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    /// What a receiver does with one connection.
    private interface Talk {
        void with(BufferedReader in, OutputStream out) throws IOException;
    }

    /// Answers each request of a connection with this.
    private Talk saying(String answer) {
        return (in, out) -> {
            while (take(in)) {
                out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
        };
    }

    private boolean take(BufferedReader in) throws IOException {
        StringBuilder head = new StringBuilder();
        String line = in.readLine();
        while (line != null && !line.isEmpty()) {
            head.append(line).append('\n');
            line = in.readLine();
        }
        if (line != null) {
            requests.add(head.append((char) in.read()).append((char) in.read()).toString());
        }
        return line != null;
    }

    private ReceiverClient client(Duration within, Talk talk) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open.add(server);
        Thread.ofVirtual().start(() -> accept(server, talk));
        ReceiverAddresses addresses =
                new ReceiverAddresses(
                        Reach.ANY,
                        _ -> {
                            lookups.incrementAndGet();
                            return new InetAddress[] {InetAddress.getLoopbackAddress()};
                        });
        URI url = URI.create("http://receiver.example:%d/a?b=c".formatted(server.getLocalPort()));
        ReceiverClient client = new ReceiverClient(url, addresses, within);
        open.add(client);
        return client;
    }

    private void accept(ServerSocket server, Talk talk) {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> talk(socket, talk));
            }
        } catch (IOException _) {
            // the test is over
        }
    }

    private static void talk(Socket socket, Talk talk) {
        try (socket) {
            talk.with(
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1)),
                    socket.getOutputStream());
        } catch (IOException _) {
            // the client is gone
        }
    }

    private static Answer post(ReceiverClient client) {
        return client.post(Map.of("webhook-id", "m"), BODY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OK,
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 202\r\ncontent-length: 0\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n"
            })
    void messages_that_are_taken_share_a_connection_and_its_look_up(String answer)
            throws Exception {
        ReceiverClient client = client(PATIENCE, saying(answer));

        for (int i = 0; i < 3; i++) {
            assertThat(post(client))
                    .isInstanceOfSatisfying(
                            Answer.Status.class, one -> assertThat(one.isTaken()).isTrue());
        }
        assertThat(connections).hasValue(1);
        assertThat(lookups).hasValue(1);
        assertThat(requests)
                .hasSize(3)
                .allMatch(one -> one.startsWith("POST /a?b=c HTTP/1.1\nHost: receiver.example:"))
                .allMatch(one -> one.contains("\nwebhook-id: m\nContent-Length: 2\n{}"));
    }

    @Test
    void a_redirect_is_not_followed() throws Exception {
        ReceiverClient client =
                client(
                        PATIENCE,
                        saying("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"));

        assertThat(post(client)).isEqualTo(new Answer.Status(302, null));
        assertThat(requests).hasSize(1);
    }

    @Test
    void a_pause_that_is_asked_for_is_told_and_a_senseless_one_is_not() throws Exception {
        String busy = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: %s\r\n\r\n";

        assertThat(post(client(PATIENCE, saying(busy.formatted("7")))))
                .isEqualTo(new Answer.Status(503, Duration.ofSeconds(7)));
        assertThat(post(client(PATIENCE, saying(busy.formatted("999999999")))))
                .isEqualTo(new Answer.Status(503, Duration.ofHours(24)));
        assertThat(post(client(PATIENCE, saying(busy.formatted("-5")))))
                .isEqualTo(new Answer.Status(503, null));
    }

    @Test
    void a_connection_that_the_receiver_closes_costs_no_message() throws Exception {
        ReceiverClient client =
                client(
                        PATIENCE,
                        (in, out) -> {
                            take(in);
                            out.write(OK.getBytes(StandardCharsets.ISO_8859_1));
                        });

        for (int i = 0; i < 3; i++) {
            assertThat(post(client)).isEqualTo(new Answer.Status(204, null));
        }
        assertThat(connections).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.6\r\n",
                "HTTP/1.1 2OO OK\r\n\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"
            })
    void what_is_no_answer_is_none(String answer) throws Exception {
        assertThat(post(client(PATIENCE, saying(answer)))).isInstanceOf(Answer.Lost.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\n"})
    void an_endless_answer_is_cut_off(String beginning) throws Exception {
        String more = beginning.endsWith("\n") ? "A: b\r\n" : "a";
        ReceiverClient client =
                client(
                        PATIENCE,
                        (in, out) -> {
                            take(in);
                            out.write(beginning.getBytes(StandardCharsets.ISO_8859_1));
                            while (true) {
                                out.write(more.getBytes(StandardCharsets.ISO_8859_1));
                            }
                        });

        assertThat(post(client)).isInstanceOf(Answer.Lost.class);
    }

    @Test
    void of_a_long_body_nothing_is_read() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n";
        ReceiverClient client = client(PATIENCE, saying(answer));

        assertThat(post(client)).isEqualTo(new Answer.Status(200, null));
        assertThat(post(client)).isEqualTo(new Answer.Status(200, null));
        assertThat(connections).hasValue(2);
    }

    @Test
    void an_attempt_ends_in_time_when_the_receiver_says_nothing() throws Exception {
        ReceiverClient client =
                client(
                        Duration.ofMillis(100),
                        (in, _) -> {
                            while (take(in)) {
                                // takes it, and says nothing
                            }
                        });

        assertThat(post(client)).isEqualTo(new Answer.Lost("no answer in time"));
    }

    @Test
    void nobody_there_and_a_refused_address_are_told() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        URI url = URI.create("http://127.0.0.1:" + port);
        try (ReceiverClient any =
                        new ReceiverClient(url, ReceiverAddresses.within(Reach.ANY), PATIENCE);
                ReceiverClient strict =
                        new ReceiverClient(url, ReceiverAddresses.within(Reach.PUBLIC), PATIENCE)) {
            assertThat(post(any)).isEqualTo(new Answer.Lost("no connection"));
            assertThat(post(strict))
                    .isEqualTo(new Answer.Lost("the host has an address that is not public"));
        }
    }
}
