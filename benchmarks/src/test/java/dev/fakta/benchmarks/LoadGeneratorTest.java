// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LoadGeneratorTest {

    private static final int MOST_RUNS = 100;
    private static final int CONNECTIONS = 8;

    /// What a dead server is, where the test is not about that.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final byte[] BODY = "x".repeat(40_000).getBytes(StandardCharsets.US_ASCII);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong received = new AtomicLong();
    private final CountDownLatch testEnds = new CountDownLatch(1);
    private HttpServer http = unstarted();

    @BeforeEach
    void start() {
        http.setExecutor(threads);
        http.start();
    }

    @AfterEach
    void stop() {
        testEnds.countDown();
        http.stop(0);
        threads.close();
    }

    @Test
    void every_answer_is_counted_once() {
        serve(exchange -> answer(exchange, 200, BODY.length));

        LoadResult result = runLongEnough();

        assertThat(result.errors()).isEmpty();
        assertThat(result.requests())
                .isBetween(received.get() - CONNECTIONS, received.get()) // the last ones: in flight
                .isGreaterThan(2 * CONNECTIONS);
        assertThat(result.rate()).isEqualTo(result.requests() / result.seconds());
        assertThat(result.p50Micros()).isPositive().isLessThanOrEqualTo(result.p90Micros());
        assertThat(result.p99Micros()).isBetween(result.p90Micros(), result.maxMicros());
        assertThat(result.generatorMicros()).isPositive();
    }

    @Test
    void the_warm_up_is_not_counted() {
        serve(exchange -> answer(exchange, 200, 10));

        LoadResult result =
                runUntil(
                        () -> run("/", Duration.ofMillis(500)),
                        one -> one.requests() > 0 && received.get() > one.requests() + CONNECTIONS);

        assertThat(result.errors()).isEmpty();
    }

    @Test
    void answers_other_than_2xx_are_counted_by_status_and_not_in_the_rate() {
        serve(exchange -> answer(exchange, statusOf(exchange), 10));

        LoadResult result =
                runUntil(() -> run("/{n}", Duration.ZERO), one -> one.errors().size() >= 2);

        assertThat(result.errors()).containsOnlyKeys("404", "503");
        assertThat(result.failures()).isPositive();
        assertThat(result.rate() * result.seconds())
                .isCloseTo((double) (result.requests() - result.failures()), offset(0.5));
    }

    @Test
    void chunked_answers_are_read_to_their_end() {
        serve(exchange -> answer(exchange, 200, 0)); // 0: the JDK's server sends chunks

        LoadResult result = runLongEnough();

        assertThat(result.errors()).isEmpty();
        assertThat(result.requests()).isGreaterThan(2 * CONNECTIONS);
    }

    @Test
    void a_server_that_closes_after_each_answer_gets_new_connections_and_no_error_is_counted() {
        Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
        serve(
                exchange -> {
                    clients.add(exchange.getRemoteAddress());
                    exchange.getResponseHeaders().set("Connection", "close");
                    answer(exchange, 200, 10);
                });

        LoadResult result = runLongEnough();

        assertThat(result.errors()).isEmpty();
        assertThat(result.requests()).isGreaterThan(2 * CONNECTIONS);
        assertThat(clients).hasSizeGreaterThan(2 * CONNECTIONS);
    }

    @Test
    void connections_that_break_without_an_answer_are_counted_and_replaced() throws IOException {
        AtomicInteger accepted = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            converse(server, _ -> accepted.incrementAndGet());

            LoadResult result =
                    runUntil(
                            () -> run(server.getLocalPort(), "/", PATIENCE),
                            _ -> accepted.get() > 2 * CONNECTIONS);

            assertThat(result.errors()).containsOnlyKeys("closed");
            assertThat(result.requests()).isZero();
        }
    }

    @Test
    void answers_that_do_not_come_in_time_are_counted_and_given_up() {
        serve(
                exchange -> {
                    awaitEnd();
                    exchange.close();
                });

        LoadResult result =
                runUntil(
                        () -> run(http.getAddress().getPort(), "/", Duration.ofMillis(100)),
                        one -> one.failures() >= 2 * CONNECTIONS);

        assertThat(result.errors()).containsOnlyKeys("timeout");
    }

    @Test
    void bytes_that_are_no_http_are_counted() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            byte[] greeting = "220 mail ready\r\n".getBytes(StandardCharsets.US_ASCII);
            converse(server, socket -> socket.getOutputStream().write(greeting));

            LoadResult result =
                    runUntil(
                            () -> run(server.getLocalPort(), "/", PATIENCE),
                            one -> one.failures() > 0);

            assertThat(result.errors()).containsOnlyKeys("malformed");
        }
    }

    @Test
    void a_server_that_is_not_there_is_an_error_and_the_run_ends_in_time() throws IOException {
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // not listening
            int port = taken.getLocalPort();

            LoadResult result = runUntil(() -> run(port, "/", PATIENCE), one -> one.failures() > 0);

            assertThat(result.errors()).containsOnlyKeys("connect");
            assertThat(result.requests()).isZero();
        }
    }

    @Test
    void requests_larger_than_a_socket_takes_at_once_arrive_whole() {
        Set<Long> lengths = ConcurrentHashMap.newKeySet();
        serve(
                exchange -> {
                    lengths.add((long) exchange.getRequestBody().readAllBytes().length);
                    answer(exchange, 200, 10);
                });
        String body = "y".repeat(60_000);

        LoadResult result =
                runUntil(
                        () ->
                                LoadGenerator.run(
                                        load(http.getAddress().getPort(), Duration.ZERO, PATIENCE),
                                        RequestTemplate.post("localhost", "/", Map.of(), body)),
                        _ -> !lengths.isEmpty());

        assertThat(result.errors()).isEmpty();
        assertThat(lengths).containsExactly(60_000L);
    }

    @Test
    void at_a_rate_requests_are_sent_whether_others_are_answered_or_not_and_no_more_than_that() {
        AtomicInteger arrived = new AtomicInteger();
        serve(
                exchange -> {
                    if (arrived.getAndIncrement() == 0) {
                        awaitEnd();
                    }
                    answer(exchange, 200, 10);
                });
        int port = http.getAddress().getPort();

        LoadResult result =
                runUntil(
                        () ->
                                LoadGenerator.runAt(
                                        200,
                                        load(port, Duration.ZERO, PATIENCE),
                                        RequestTemplate.get("localhost", "/")),
                        one -> one.requests() > CONNECTIONS);

        assertThat(result.errors()).isEmpty();
        assertThat(result.requests()).isLessThanOrEqualTo((long) (200 * result.seconds()) + 3);
    }

    private static HttpServer unstarted() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(HttpHandler handler) {
        http.createContext(
                "/",
                exchange -> {
                    received.incrementAndGet();
                    handler.handle(exchange);
                });
    }

    /// What a server says once it has read something, before it closes the connection.
    private interface Conversation {
        void with(Socket socket) throws IOException;
    }

    private static void converse(ServerSocket server, Conversation conversation) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (!server.isClosed()) {
                                try (Socket socket = server.accept()) {
                                    socket.getInputStream().read(new byte[1024]);
                                    conversation.with(socket);
                                } catch (IOException _) {
                                    // The client or the test has ended.
                                }
                            }
                        });
    }

    private static int statusOf(HttpExchange exchange) {
        long number = Long.parseLong(exchange.getRequestURI().getPath().substring(1));
        return number % 4 == 0 ? 503 : number % 4 == 1 ? 404 : 200;
    }

    private static void answer(HttpExchange exchange, int status, int length) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, length);
        exchange.getResponseBody().write(BODY, 0, length == 0 ? BODY.length : length);
        exchange.close();
    }

    private void awaitEnd() {
        try {
            testEnds.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private LoadResult run(String path, Duration warmUp) {
        int port = http.getAddress().getPort();
        return LoadGenerator.run(
                load(port, warmUp, PATIENCE), RequestTemplate.get("localhost", path));
    }

    private LoadResult runLongEnough() {
        return runUntil(
                () -> {
                    received.set(0);
                    return run("/", Duration.ZERO);
                },
                one -> one.requests() > 2 * CONNECTIONS || !one.errors().isEmpty());
    }

    /// Runs until one run has as much as a test wants to see: on a busy machine the first may have
    /// nothing.
    private static LoadResult runUntil(Supplier<LoadResult> run, Predicate<LoadResult> isEnough) {
        for (int i = 0; i < MOST_RUNS; i++) {
            LoadResult result = run.get();
            if (isEnough.test(result)) {
                return result;
            }
        }
        throw new AssertionError("%d runs have not had enough".formatted(MOST_RUNS));
    }

    private static LoadResult run(int port, String path, Duration responseLimit) {
        return LoadGenerator.run(
                load(port, Duration.ZERO, responseLimit), RequestTemplate.get("localhost", path));
    }

    private static Load load(int port, Duration warmUp, Duration responseLimit) {
        return new Load(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                CONNECTIONS,
                warmUp,
                Duration.ofMillis(500),
                PATIENCE,
                responseLimit);
    }
}
