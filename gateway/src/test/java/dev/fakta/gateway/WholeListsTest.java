// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Lists that are answered whole: as lines of JSON, and as tables.
@Order(1)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class WholeListsTest {

    private static final String LINES = "application/x-ndjson";
    private static final String TABLE = "text/csv";
    private static final int ROWS = 450;
    private static final String LONG = "x".repeat(10_000);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final EventLog LOG = MemoryLog.create(2);
    private static final AtomicInteger READ = new AtomicInteger();
    private static Node node;
    private static Gateway gateway;

    private record Price(long minor, String currency) {}

    private record Row(
            long number,
            @Nullable String text,
            Price price,
            @Nullable Price before,
            List<String> of) {
        static Row of(long number) {
            return new Row(
                    number,
                    "row " + number,
                    new Price(number, "EUR"),
                    null,
                    List.of("a", "b,\"c\""));
        }
    }

    private record Wide(String text) {}

    private static Page<Row> rows(Query query) {
        return numbered(query, ROWS);
    }

    private static Page<Row> numbered(Query query, int most) {
        int limit = query.limit();
        long after = query.number("after", 0, 0, most);
        String only = query.text("text");
        long every = query.number("every", 1, 1, most);
        List<String> asked = query.rows("select 'asked' as asked", row -> row.text("asked"));
        assertThat(asked).hasSize(1);
        List<Row> found =
                IntStream.rangeClosed((int) after + 1, most)
                        .filter(number -> number % every == 0)
                        .mapToObj(Row::of)
                        .filter(row -> only == null || only.equals(row.text()))
                        .limit(limit + 1L)
                        .toList();
        return Page.of(found, limit, row -> Long.toString(row.number()));
    }

    private static Page<Row> failing(Query query) {
        if ("200".equals(query.text("after"))) {
            throw new IllegalStateException("the query is broken");
        }
        return numbered(query, ROWS);
    }

    private static Page<Row> stuck(Query query) {
        query.limit();
        Page<Row> page = new Page<>(List.of(Row.of(1)), "again");
        query.text("after");
        return query.rows("select 'asked' as asked", _ -> page).getFirst();
    }

    private static Page<Wide> endless(Query query) {
        int limit = query.limit();
        query.text("after");
        query.rows("select 'asked' as asked", row -> row.text("asked"));
        int read = READ.incrementAndGet();
        return new Page<>(Stream.generate(() -> new Wide(LONG)).limit(limit).toList(), "p" + read);
    }

    private static Page<String> mine(Query query) {
        String only = query.onlyCustomer();
        String after = query.text("after");
        String name = only == null ? "everybody" : only;
        return query.rows(
                        "select 'asked' as asked",
                        _ ->
                                after == null
                                        ? new Page<>(List.of(name + " one"), "two")
                                        : new Page<>(List.of(name + " " + after), null))
                .getFirst();
    }

    private static Page<String> careless(Query query) {
        return new Page<>(query.rows("select 'row' as id", row -> row.text("id")), null);
    }

    private static void routes(Routes http) {
        CallerRole[] all = {CallerRole.STAFF, CallerRole.CUSTOMER};
        http.get("/rows", Wish.VIEW, WholeListsTest::rows)
                .shared()
                .allowing(all)
                .get("/failing", Wish.VIEW, WholeListsTest::failing)
                .get("/stuck", Wish.VIEW, WholeListsTest::stuck)
                .get("/endless", Wish.VIEW, WholeListsTest::endless)
                .get("/mine", Wish.VIEW, WholeListsTest::mine)
                .allowing(all)
                .get("/careless", Wish.VIEW, WholeListsTest::careless)
                .allowing(all)
                .get("/bare", Wish.VIEW, query -> query.rows("select 1 as id", _ -> 1));
    }

    private static Authenticator.Verdict believe(Authenticator.Credentials credentials) {
        String key = String.valueOf(credentials.header("Authorization"));
        return new Authenticator.Verdict.Known(
                key.equals("Bearer admin")
                        ? Caller.named("admin", CallerRole.ADMIN)
                        : Caller.named("kim", CallerRole.CUSTOMER));
    }

    @BeforeAll
    static void open(@TempDir Path directory) {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Wish.MICROSYSTEM,
                        LOG,
                        InstantSource.system());
        gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0)
                                .authenticating((credentials, _) -> believe(credentials)),
                        WholeListsTest::routes);
    }

    @AfterAll
    static void close() {
        CLIENT.close();
        gateway.close();
        node.close();
        LOG.close();
    }

    private static HttpRequest.Builder request(String path, String accept) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .header("Authorization", "Bearer admin")
                .header("Accept", accept);
    }

    private static HttpResponse<String> get(String path, String accept) throws Exception {
        return CLIENT.send(request(path, accept).build(), BodyHandlers.ofString());
    }

    private static String type(String path, String accept) throws Exception {
        HttpResponse<String> answer = get(path, accept);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("Content-Type").orElse("").split(";", -1)[0];
    }

    private static double metric(String name) throws Exception {
        return get("/metrics", "*/*")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void lines_are_the_items_of_all_pages() throws Exception {
        HttpResponse<String> all = get("/rows", LINES);
        assertThat(all.statusCode()).isEqualTo(200);
        assertThat(all.headers().firstValue("Content-Type")).contains(LINES);
        assertThat(all.headers().allValues("Vary")).contains("Accept", "Accept-Encoding");
        List<String> lines = all.body().lines().toList();
        assertThat(lines).hasSize(ROWS);
        assertThat(all.body()).endsWith("}\n");
        JsonNode page = Json.mapper().readTree(get("/rows", "application/json").body());
        assertThat(lines.subList(0, page.path("items").size()))
                .containsExactlyElementsOf(
                        page.path("items").valueStream().map(JsonNode::toString).toList());
        assertThat(lines.getLast()).startsWith("{\"number\":" + ROWS);
    }

    @Test
    void a_list_begins_behind_its_cursor_and_ends_with_its_limit() throws Exception {
        assertThat(get("/rows?after=440", LINES).body().lines()).hasSize(ROWS - 440);
        assertThat(get("/rows?after=440&limit=3", LINES).body().lines())
                .hasSize(3)
                .first()
                .asString()
                .startsWith("{\"number\":441");
        assertThat(get("/rows?text=row+7", LINES).body().lines()).hasSize(1);
        assertThat(get("/rows?every=2", LINES).body().lines()).hasSize(ROWS / 2);
        assertThat(get("/rows?text=none", LINES).body()).isEmpty();
        assertThat(get("/rows?text=none", TABLE).body().lines()).hasSize(1);
    }

    @Test
    void a_table_has_a_column_for_each_component() throws Exception {
        HttpResponse<String> all = get("/rows", TABLE);
        assertThat(all.headers().firstValue("Content-Type"))
                .contains("text/csv; charset=utf-8; header=present");
        String[] lines = all.body().split("\r\n", -1);
        assertThat(lines).hasSize(ROWS + 2);
        assertThat(lines[0])
                .isEqualTo(
                        "number,text,price.minor,price.currency,before.minor,before.currency,of");
        assertThat(lines[1]).isEqualTo("1,row 1,1,EUR,,,\"[\"\"a\"\",\"\"b,\\\"\"c\\\"\"\"\"]\"");
        assertThat(lines[ROWS + 1]).isEmpty();
    }

    @Test
    void faults_are_answered_before_the_first_row() throws Exception {
        for (String form : List.of(LINES, TABLE)) {
            HttpResponse<String> refused = get("/rows?limit=201&else=1", form);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.headers().firstValue("Content-Type"))
                    .contains("application/problem+json");
            assertThat(refused.body()).contains("\"limit\"", "\"else\"");
        }
    }

    @Test
    void a_client_gets_the_form_that_it_likes_best() throws Exception {
        assertThat(type("/rows", "*/*")).isEqualTo("application/json");
        assertThat(type("/rows", "text/csv;q=0.5, application/x-ndjson")).isEqualTo(LINES);
        assertThat(type("/rows", "text/*")).isEqualTo(TABLE);
        assertThat(type("/rows", "application/json;q=0, application/*")).isEqualTo(LINES);
        assertThat(type("/rows", "*/*, text/csv")).isEqualTo(TABLE);
        assertThat(type("/rows", "application/json, text/csv")).isEqualTo("application/json");
        HttpResponse<String> none = get("/rows", "text/html");
        assertThat(none.statusCode()).isEqualTo(406);
        assertThat(none.body()).contains("application/json, application/x-ndjson, text/csv");
        assertThat(get("/bare", LINES).statusCode()).as("no list of pages").isEqualTo(406);
    }

    @Test
    void head_has_the_headers_alone() throws Exception {
        HttpResponse<String> head =
                CLIENT.send(
                        request("/rows", LINES).method("HEAD", BodyPublishers.noBody()).build(),
                        BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Type")).contains(LINES);
        assertThat(head.headers().firstValue("Content-Length")).isEmpty();
        assertThat(head.body()).isEmpty();
        assertThat(type("/rows", LINES)).as("on the same connection").isEqualTo(LINES);
    }

    @Test
    void a_list_is_packed_for_who_takes_that() throws Exception {
        HttpResponse<byte[]> packed =
                CLIENT.send(
                        request("/rows", LINES).header("Accept-Encoding", "gzip").build(),
                        BodyHandlers.ofByteArray());
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(get("/rows", LINES).body());
        }
    }

    @Test
    void one_that_fails_before_its_end_is_not_taken_for_whole() throws Exception {
        for (String path : List.of("/failing", "/stuck")) {
            for (String form : List.of(LINES, TABLE)) {
                assertThatThrownBy(() -> get(path, form)).isInstanceOf(IOException.class);
            }
        }
        try (Socket socket = connect("/failing", LINES, 64 << 10)) {
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(all).contains("200 OK", "{\"number\":200").doesNotEndWith("0\r\n\r\n");
        }
        assertThat(metric("fakta_http_lists")).isZero();
    }

    @Test
    void a_customer_gets_its_own_on_every_page() throws Exception {
        HttpRequest own =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/mine"))
                        .header("Accept", LINES)
                        .build();
        assertThat(CLIENT.send(own, BodyHandlers.ofString()).body())
                .isEqualTo("\"kim one\"\n\"kim two\"\n");
        assertThat(get("/mine", TABLE).body())
                .isEqualTo("value\r\neverybody one\r\neverybody two\r\n");
        HttpRequest careless =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + gateway.port() + "/careless"))
                        .header("Accept", LINES)
                        .build();
        assertThat(CLIENT.send(careless, BodyHandlers.ofString()).statusCode()).isEqualTo(500);
    }

    @Test
    void the_document_has_the_forms() throws Exception {
        JsonNode document = Json.mapper().readTree(get("/openapi.json", "*/*").body());
        JsonNode rows = document.at("/paths/~1rows/get/responses/200/content");
        assertThat(rows.propertyNames()).containsExactly("application/json", LINES, TABLE);
        assertThat(document.at("/paths/~1bare/get/responses/200/content").propertyNames())
                .containsExactly("application/json");
    }

    private static Socket connect(String path, String accept, int buffer) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(buffer);
        socket.connect(new InetSocketAddress("127.0.0.1", gateway.port()));
        String asked =
                "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer admin\r\nAccept: %s\r\n\r\n"
                        .formatted(path, accept);
        socket.getOutputStream().write(asked.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void one_that_goes_away_ends_the_reading_and_one_that_does_not_read_is_cut_off()
            throws Exception {
        int before = READ.get();
        try (Socket socket = connect("/endless", LINES, 16 << 10)) {
            assertThat(socket.getInputStream().readNBytes(4_000_000)).hasSize(4_000_000);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> metric("fakta_http_lists") == 0);
        assertThat(READ.get()).isGreaterThan(before + 1);
        assertThat(metric("fakta_http_lists_cut_total")).isZero();
        int then = READ.get();
        try (Socket _ = connect("/endless", LINES, 16 << 10)) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> metric("fakta_http_lists_cut_total") == 1);
            assertThat(metric("fakta_http_lists")).isZero();
            assertThat(READ.get() - then).as("pages of 2 MB each").isLessThan(20);
        }
    }
}
