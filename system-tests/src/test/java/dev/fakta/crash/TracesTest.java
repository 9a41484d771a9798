// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.fakta.orders.Main;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// One trace for an order's whole life, at a collector.
final class TracesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String UNSAMPLED_TRACE = "4bf92f3577b34da6a3ce929d0e0e4737";

    @TempDir Path data;

    private static HttpResponse<String> send(
            HttpClient client, URI server, String method, String path, String trace, String body)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.resolve(path))
                        .header("Content-Type", "application/json")
                        .timeout(PATIENCE)
                        .method(method, BodyPublishers.ofString(body));
        if (!trace.isEmpty()) {
            request.header("traceparent", trace);
        }
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
        return answer;
    }

    private static String order(HttpClient client, URI server, String trace) throws Exception {
        return send(
                        client,
                        server,
                        "POST",
                        "/orders",
                        trace,
                        """
                        {"customerId":"c1","email":"c1@example.com","currency":"EUR",
                         "lines":[{"sku":"tea","quantity":2}],
                         "shipping":{"method":"standard","address":{"name":"C","line1":"Main 1",
                                     "city":"Berlin","postalCode":"10115","country":"DE"}},
                         "payment":{"method":"card","token":"tok_ok"}}""")
                .headers()
                .firstValue("Location")
                .orElseThrow();
    }

    private static void awaitConfirmed(HttpClient client, URI server, String order) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(send(client, server, "GET", order, "", "").body())
                                        .contains("\"status\":\"Confirmed\""));
    }

    private static List<Span> roots(List<Span> spans) {
        Set<ByteString> ids = spans.stream().map(Span::getSpanId).collect(Collectors.toSet());
        return spans.stream().filter(span -> !ids.contains(span.getParentSpanId())).toList();
    }

    private static Set<String> names(List<Span> spans) {
        return spans.stream().map(Span::getName).collect(Collectors.toSet());
    }

    @Test
    void one_trace_goes_from_the_request_to_the_provider_and_into_the_views() throws Exception {
        try (TraceCollector collector = new TraceCollector();
                HttpClient client = HttpClient.newHttpClient();
                ServerProcess server =
                        ServerProcess.start(
                                List.of(
                                        "-DFAKTA_LOG=json",
                                        Main.class.getName(),
                                        "run",
                                        "--trusted"),
                                data,
                                "--otlp",
                                collector.uri().toString(),
                                "--trace-share",
                                "0")) {
            URI uri = server.uri();
            send(
                    client,
                    uri,
                    "PUT",
                    "/products/tea",
                    "",
                    "{\"name\":\"Tea\",\"prices\":[{\"minor\":450,\"currency\":\"EUR\"}]}");
            send(client, uri, "PUT", "/stock/tea", "", "{\"onHand\":9}");
            String unsampled = order(client, uri, "00-" + UNSAMPLED_TRACE + "-" + CALLER + "-00");
            String sampled = order(client, uri, "00-" + TRACE + "-" + CALLER + "-01");
            awaitConfirmed(client, uri, unsampled);
            awaitConfirmed(client, uri, sampled);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(names(collector.of(TRACE)))
                                            .contains(
                                                    "POST /orders",
                                                    "place-order",
                                                    "CreateOrder",
                                                    "append",
                                                    "courier stock-courier",
                                                    "courier money-courier",
                                                    "POST /authorizations",
                                                    "view orders"));
            await("a parent is sent when it has ended, which is after its children")
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(names(roots(collector.of(TRACE))))
                                            .containsExactly("POST /orders"));
            assertThat(server.stop()).isZero();
            assertThat(server.messages())
                    .isNotEmpty()
                    .allSatisfy(
                            line ->
                                    assertThat(JsonMapper.shared().readTree(line).propertyNames())
                                            .contains(
                                                    "timestamp",
                                                    "level",
                                                    "loggerName",
                                                    "formattedMessage"));
            assertThat(collector.spans()).as("no other trace").hasSameSizeAs(collector.of(TRACE));
        }
    }
}
