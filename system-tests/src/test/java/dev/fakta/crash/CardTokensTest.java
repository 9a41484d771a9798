// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.orders.Main;
import dev.fakta.servers.QuickStart;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The tokens of cards, as far as they get: to the provider, and into nothing that the process
/// writes or says.
@Order(1)
final class CardTokensTest {

    private static final String MARK = "tok_";
    private static final String DECLINED = "tok_declined";
    private static final String SECOND = "tok_second_4217";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path data;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /// Everything that was answered, read or found.
    private final List<String> seen = new ArrayList<>();

    @AfterEach
    void close() {
        client.shutdownNow();
    }

    private HttpResponse<String> send(URI base, String method, String path, String body)
            throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", path + body.hashCode())
                        .timeout(PATIENCE)
                        .method(method, BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        seen.add(answer.body());
        return answer;
    }

    private String get(URI base, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        seen.add(answer.body());
        return answer.body();
    }

    private static String order(String payment) {
        return """
                {"customerId":"c1","email":"c1@example.com","currency":"EUR",
                 "lines":[{"sku":"tea","quantity":2}],
                 "shipping":{"method":"standard","address":{"name":"C","line1":"Main 1",
                             "city":"Berlin","postalCode":"10115","country":"DE"}},
                 "payment":%s}"""
                .formatted(payment);
    }

    private static String card(String token) {
        return "{\"method\":\"card\",\"token\":\"%s\"}".formatted(token);
    }

    private void awaitText(URI base, String path, String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(get(base, path)).contains(text));
    }

    /// What a follower of the stream reads until this event comes.
    private void follow(URI base, String query, String until) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/events?" + query)).build();
        HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
        StringBuilder read = new StringBuilder();
        try (InputStream body = answer.body()) {
            byte[] piece = new byte[8_192];
            while (read.indexOf(until) < 0) {
                int length = body.read(piece);
                assertThat(length).as("%s", read).isPositive();
                read.append(new String(piece, 0, length, StandardCharsets.UTF_8));
            }
        }
        seen.add(read.toString());
    }

    private String log(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QuickStart.options());
        command.addAll(List.of(Main.class.getName(), "log"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", data.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", List.of(arguments), out).isZero();
        seen.add(out);
        return out;
    }

    private void readFiles() throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.startsWith(data.resolve("sandbox"))) { // which is the provider
                    seen.add(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    private String placed(URI base) throws Exception {
        assertThat(
                        send(
                                        base,
                                        "PUT",
                                        "/products/tea",
                                        """
                                        {"name":"Tea","prices":[{"minor":450,"currency":"EUR"}]}""")
                                .statusCode())
                .isEqualTo(200);
        assertThat(send(base, "PUT", "/stock/tea", "{\"onHand\":9}").statusCode()).isEqualTo(200);
        HttpResponse<String> first = send(base, "POST", "/orders", order(card(DECLINED)));
        assertThat(first.statusCode()).isEqualTo(201);
        String again = send(base, "POST", "/orders", order(card(DECLINED))).body();
        String id = JsonMapper.shared().readTree(first.body()).path("id").asString();
        assertThat(JsonMapper.shared().readTree(again).path("id").asString()).isEqualTo(id);
        return id;
    }

    private void refuses(URI base, String id) throws Exception {
        for (String payment :
                List.of(
                        card("tok_" + "1".repeat(200)),
                        card("tok_\\u0007"),
                        "{\"method\":\"card\",\"token\":[\"tok_1\"]}",
                        "{\"method\":\"card\",\"token\":{\"tok_1\":1}}",
                        "{\"method\":\"tok\",\"token\":\"tok_1\",\"x\":\"tok_1\"}",
                        "{\"method\":\"card\",\"token\":\"tok_1\"")) {
            assertThat(send(base, "POST", "/orders", order(payment)).statusCode()).isEqualTo(400);
        }
        for (String payment :
                List.of(card("tok_" + "1".repeat(200)), "{\"token\":[\"tok_1\"]}", card(""))) {
            int status = send(base, "POST", "/orders/" + id + "/pay", payment).statusCode();
            assertThat(status).as(payment).isBetween(400, 422);
        }
    }

    private void lookAround(URI base, String id) throws Exception {
        for (String path :
                List.of(
                        "/orders",
                        "/orders/" + id,
                        "/orders/" + id + "?revision=1",
                        "/orders/" + id + "/events",
                        "/payments/" + id,
                        "/payments/" + id + "/events",
                        "/payment-operations",
                        "/tasks",
                        "/sagas",
                        "/metrics")) {
            get(base, path);
        }
        follow(base, "after=", "order-confirmed");
        follow(base, "after=&stream=payment", "payment-declined");
    }

    @Test
    void a_token_reaches_the_provider_and_stands_in_nothing_else() throws Exception {
        String id;
        try (ServerProcess server = ServerProcess.start(data)) {
            URI base = server.uri();
            id = placed(base);
            awaitText(base, "/orders/" + id, "\"payment\":\"Declined\"");
            refuses(base, id);
            String paying = "/orders/" + id + "/pay";
            assertThat(send(base, "POST", paying, card(SECOND)).statusCode()).isEqualTo(200);
            awaitText(base, "/orders/" + id, "\"status\":\"Confirmed\"");
            lookAround(base, id);
            assertThat(server.stop()).isZero();
            seen.addAll(server.output());
            seen.addAll(server.messages());
        }
        assertThat(log("export")).contains("sealed-1:").contains("order-card-given");
        assertThat(log("show", "order/" + id)).contains("sealed-1:");
        log("tail");
        readFiles();
        assertThat(seen).noneMatch(text -> text.contains(MARK));
        assertThat(Files.readString(data.resolve("sandbox").resolve("ledger.jsonl")))
                .contains(DECLINED)
                .contains(SECOND)
                .doesNotContain("sealed-1:");
        assertThat(Files.getPosixFilePermissions(data.resolve("token-key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
}
