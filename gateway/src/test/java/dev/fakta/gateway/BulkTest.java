// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
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
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Many requests at once, one a line.
@Order(1)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BulkTest {

    private static final String LINES = "application/x-ndjson";
    private static final String ENDED = "0\r\n\r\n";

    private final EventLog log = MemoryLog.create(2);
    private final HttpClient client = HttpClient.newHttpClient();
    @TempDir Path directory;
    private Node node;
    private Gateway gateway;

    @BeforeEach
    void start() {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Wish.MICROSYSTEM,
                        log,
                        InstantSource.system());
        open(settings -> settings);
    }

    private void open(UnaryOperator<GatewaySettings> changing) {
        GatewaySettings settings =
                GatewaySettings.onLoopback(0)
                        .authenticating((credentials, _) -> believe(credentials.bearer()));
        gateway = Gateway.start(node, changing.apply(settings), BulkTest::routes);
    }

    private void reopen(UnaryOperator<GatewaySettings> changing) {
        gateway.close();
        open(changing);
    }

    private static Authenticator.Verdict believe(String name) {
        return new Authenticator.Verdict.Known(
                name.equals("admin")
                        ? Caller.named(name, CallerRole.ADMIN)
                        : Caller.named(name, CallerRole.CUSTOMER));
    }

    private static void routes(Routes http) {
        http.owned(Wish.AGGREGATE, Wish::owner)
                .resource("/wishes", Wish.AGGREGATE, found -> found.state())
                .allowing(CallerRole.CUSTOMER)
                .create("/wishes", Wish.MAKE)
                .bulk()
                .naming("owner", Wish.Wanted.class, Wish.Wanted::owner)
                .allowing(CallerRole.CUSTOMER)
                .put("/wishes/{id}", Wish.Command.Change.class, Wish.AGGREGATE)
                .resource("/comments", Wish.COMMENT, found -> found.state())
                .create("/wishes/{id}/comments", Wish.SAY)
                .within(Wish.AGGREGATE);
    }

    @AfterEach
    void close() {
        client.close();
        gateway.close();
        node.close();
        log.close();
    }

    private HttpResponse<String> post(String path, byte[] body, String... headers)
            throws Exception {
        return postAs("kim", path, body, headers);
    }

    private HttpResponse<String> postAs(String caller, String path, byte[] body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .header("Authorization", "Bearer " + caller)
                        .expectContinue(true)
                        .POST(BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private List<JsonNode> send(String body, String... headers) throws Exception {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Content-Type";
        all[1] = LINES;
        HttpResponse<String> answer = post("/wishes", body.getBytes(UTF_8), all);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains(LINES);
        return answer.body().lines().map(line -> Json.mapper().readTree(line)).toList();
    }

    private String get(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .header("Authorization", "Bearer admin")
                        .build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    private static String wish(String text) {
        return "{\"owner\":\"kim\",\"text\":\"" + text + "\"}";
    }

    private static List<Integer> each(List<JsonNode> answers, String field) {
        return answers.stream().map(one -> one.path(field).asInt()).toList();
    }

    @Test
    void each_line_is_answered_by_a_line_in_their_order() throws Exception {
        String body =
                IntStream.rangeClosed(1, 100)
                        .mapToObj(i -> wish("wish " + i) + "\n")
                        .reduce("", String::concat);
        List<JsonNode> answers = send(body);
        assertThat(each(answers, "line"))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 100).boxed().toList());
        assertThat(each(answers, "status")).containsOnly(201);
        for (JsonNode answer : answers) {
            assertThat(answer.path("location").asString())
                    .isEqualTo("/wishes/" + answer.path("id").asString());
            assertThat(answer.path("token").asString()).isNotEmpty();
            assertThat(get(answer.path("location").asString()))
                    .contains("\"wish " + answer.path("line").asInt() + "\"");
        }
        assertThat(get("/metrics")).contains("fakta_http_bulk_lines_total 100.0");
    }

    @Test
    void what_is_wrong_with_one_line_is_nothing_to_the_others() throws Exception {
        String body =
                String.join(
                        "\r\n",
                        wish("one"),
                        "",
                        "{not JSON",
                        "{\"owner\":1,\"else\":2}",
                        " \t",
                        "{\"owner\":\"carl\",\"text\":\"his\"}",
                        "{\"text\":\"" + "x".repeat(2 << 20) + "\"}",
                        wish("last"));
        List<JsonNode> answers = send(body);
        assertThat(each(answers, "line")).containsExactly(1, 3, 4, 6, 7, 8);
        assertThat(each(answers, "status")).containsExactly(201, 400, 400, 403, 413, 201);
        JsonNode problem = answers.get(2).path("problem");
        assertThat(problem.path("code").asString()).isEqualTo("UNREADABLE_REQUEST");
        assertThat(problem.path("errors").size()).isEqualTo(2);
        assertThat(answers.get(2).has("id")).isFalse();
        assertThat(get("/metrics")).contains("fakta_http_body_bytes 0.0");
    }

    @Test
    void a_body_may_be_longer_than_one_for_a_single_request() throws Exception {
        String tooLong = "\"" + "x".repeat(2 << 20) + "\"\n";
        List<JsonNode> answers = send(tooLong.repeat(12) + wish("small"));
        assertThat(each(answers, "status")).hasSize(13).endsWith(413, 413, 201);
    }

    @Test
    void who_sends_the_same_file_again_repeats_nothing() throws Exception {
        String body = wish("one") + "\n\n" + wish("three") + "\nnone\n" + wish("five");
        List<JsonNode> first = send(body, "Idempotency-Key", "file");
        List<JsonNode> again = send(body, "Idempotency-Key", "file");
        assertThat(each(again, "status")).containsExactly(201, 201, 400, 201);
        for (int i = 0; i < first.size(); i++) {
            assertThat(first.get(i).has("replayed")).isFalse();
            assertThat(again.get(i).path("replayed").asBoolean()).isEqualTo(i != 2);
            assertThat(again.get(i).path("id")).isEqualTo(first.get(i).path("id"));
            assertThat(again.get(i).path("token")).isEqualTo(first.get(i).path("token"));
        }
        List<JsonNode> rest =
                send(wish("five"), "Idempotency-Key", "file", "Fakta-First-Line", "5");
        assertThat(rest.getFirst()).isEqualTo(again.getLast());
        HttpResponse<String> single =
                post("/wishes", wish("three").getBytes(UTF_8), "Idempotency-Key", "file/3");
        assertThat(single.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(single.headers().firstValue("Location"))
                .contains(first.get(1).path("location").asString());
        List<JsonNode> other = send(wish("another"), "Idempotency-Key", "file");
        assertThat(each(other, "status")).containsExactly(422);
    }

    @Test
    void every_line_counts_against_the_rate_limit_of_its_sender() throws Exception {
        reopen(
                settings ->
                        settings.withRateLimit(
                                new RateLimit(CallerRole.CUSTOMER, 4, Duration.ofHours(1))));
        List<JsonNode> answers = send((wish("one") + "\n").repeat(5));
        assertThat(each(answers, "status")).containsOnly(201, 429);
        assertThat(each(answers, "status").stream().filter(one -> one == 201)).hasSize(3);
        JsonNode refused =
                answers.stream().filter(one -> one.path("status").asInt() == 429).findFirst().get();
        assertThat(refused.path("retryAfter").asInt()).isPositive();
        assertThat(refused.at("/problem/code").asString()).isEqualTo("RATE_LIMITED");
    }

    @Test
    void what_is_wrong_with_the_request_is_a_problem() throws Exception {
        byte[] body = wish("one").getBytes(UTF_8);
        assertThat(post("/wishes", body, "Content-Type", LINES, "Accept", "application/json"))
                .returns(406, HttpResponse::statusCode);
        assertThat(post("/wishes", body, "Content-Type", LINES, "Fakta-First-Line", "0"))
                .returns(400, HttpResponse::statusCode);
        assertThat(post("/wishes", body, "Content-Type", LINES, "Idempotency-Key", " "))
                .returns(400, HttpResponse::statusCode);
        assertThat(post("/wishes", body, "Content-Type", LINES, "Content-Encoding", "gzip"))
                .returns(400, HttpResponse::statusCode);
        assertThat(post("/wishes/x/comments", body, "Content-Type", LINES))
                .returns(403, HttpResponse::statusCode);
        assertThat(postAs("admin", "/wishes/x/comments", body, "Content-Type", LINES))
                .returns(415, HttpResponse::statusCode);
        assertThat(send("")).isEmpty();
        assertThat(send("\n\n")).isEmpty();
    }

    @Test
    void a_body_may_be_packed() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write((wish("one") + "\n").repeat(3).getBytes(UTF_8));
        }
        HttpResponse<String> answer =
                post(
                        "/wishes",
                        packed.toByteArray(),
                        "Content-Type",
                        LINES,
                        "Content-Encoding",
                        "gzip");
        assertThat(answer.body().lines()).hasSize(3).allMatch(line -> line.contains("201"));
    }

    @Test
    void only_what_creates_is_done_in_bulk() {
        assertThatThrownBy(
                        () ->
                                Gateway.start(
                                        node,
                                        GatewaySettings.onLoopback(0),
                                        http ->
                                                http.post("/wishes/{id}/change", Wish.CHANGE)
                                                        .bulk()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/wishes/{id}/change");
    }

    @Test
    void the_document_says_which_lines_take_many() throws Exception {
        JsonNode paths = Json.mapper().readTree(get("/openapi.json")).path("paths");
        assertThat(paths.at("/~1wishes/post/x-bulk/contentType").asString()).isEqualTo(LINES);
        assertThat(paths.at("/~1wishes~1{id}~1comments/post").has("x-bulk")).isFalse();
    }

    /// A client that sends a body of chunks when it is told to.
    private final class Sender implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader answer;

        Sender() throws IOException {
            socket = new Socket();
            socket.setReceiveBufferSize(16 << 10);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
            answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            write(
                    "POST /wishes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer kim\r\n"
                            + "Content-Type: application/x-ndjson\r\nIdempotency-Key: sender\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n");
        }

        void write(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(US_ASCII));
        }

        void send(String text) throws IOException {
            write(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
        }

        String awaitLine(String part) throws IOException {
            String line = answer.readLine();
            while (line != null && !line.contains(part)) {
                line = answer.readLine();
            }
            return String.valueOf(line);
        }

        /// All that comes until the connection ends.
        String rest() {
            StringBuilder all = new StringBuilder();
            try {
                for (int c = answer.read(); c >= 0; c = answer.read()) {
                    all.append((char) c);
                }
            } catch (IOException _) {
                return all.toString(); // reset
            }
            return all.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void a_line_is_answered_before_the_next_one_comes() throws Exception {
        try (Sender sender = new Sender()) {
            for (int line = 1; line <= 3; line++) {
                sender.send(wish("one") + "\n");
                assertThat(sender.awaitLine("\"line\":" + line)).contains("\"status\":201");
            }
            sender.write(ENDED);
            sender.socket.shutdownOutput();
            assertThat(sender.rest()).endsWith(ENDED);
        }
    }

    @Test
    void half_a_line_is_not_carried_out_and_the_answer_has_no_end() throws Exception {
        try (Sender sender = new Sender()) {
            sender.send(wish("one") + "\n" + wish("half"));
            assertThat(sender.awaitLine("\"line\":1")).contains("\"status\":201");
            sender.socket.shutdownOutput();
            assertThat(sender.rest()).doesNotEndWith(ENDED).doesNotContain("\"line\":2");
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/metrics").contains("fakta_http_bulks 0.0"));
        List<JsonNode> again = send(wish("one") + "\n" + wish("half"), "Idempotency-Key", "sender");
        assertThat(again.get(0).path("replayed").asBoolean()).isTrue();
        assertThat(again.get(1).has("replayed")).isFalse();
    }

    @Test
    void one_whose_next_line_does_not_come_is_cut_off() throws Exception {
        reopen(settings -> settings.withBodies(64 << 20, Duration.ofMillis(500)));
        try (Sender sender = new Sender()) {
            sender.send(wish("one") + "\n");
            assertThat(sender.awaitLine("\"line\":1")).contains("\"status\":201");
            assertThat(sender.rest()).doesNotEndWith(ENDED);
        }
        assertThat(get("/metrics")).contains("fakta_http_bodies_slow_total 1.0");
    }

    @Test
    void one_that_does_not_read_is_cut_off_and_keeps_no_place() throws Exception {
        try (Sender sender = new Sender()) {
            String faulty = "none\n".repeat(1_000);
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 1_000_000; i++) {
                                    sender.send(faulty);
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> get("/metrics").contains("fakta_http_bulks 0.0"));
    }
}
