// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A filter with a value that nothing can have is refused, and not answered with an empty list.
class FiltersTest {

    @TempDir static Path directory;
    private static EventLog log;
    private static Node node;
    private static Gateway gateway;

    @BeforeAll
    static void open() {
        log =
                LogDirectory.open(
                        directory.resolve("log"),
                        OrderManagement.MICROSYSTEMS.streams(),
                        SegmentLogSettings.defaults());
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        OrderManagement.MICROSYSTEMS,
                        log,
                        InstantSource.system());
        gateway =
                Gateway.start(
                        node, GatewaySettings.onLoopback(0).trusting(), OrderManagement::routes);
    }

    @AfterAll
    static void close() {
        gateway.close();
        node.close();
        log.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + gateway.port() + path);
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/shipments?status=BOGUS, status, PARTIALLY_LOST",
        "/shipments?status=dispatchd, status, DISPATCHED",
        "/shipments?status=dispatched, status, DISPATCHED",
        "/sales?by=month, by, campaign",
        "/sales?from=yesterday, from, 2026-11-22",
        "/sales?until=2026-02-30, until, 2026-11-22"
    })
    void a_value_that_nothing_can_have_is_refused_with_what_is_possible(
            String path, String field, String possible) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"" + field + "\"").contains(possible);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/shipments?status=PARTIALLY_LOST",
                "/shipments?tracking=T1",
                "/shipments?tracking=T1&order=o1&status=LOST&after=5.x",
                "/sales?by=day&from=2026-01-01&until=2026-02-01",
                "/sales?by=sku&sku=tea",
                "/sales?by=campaign"
            })
    void a_value_that_something_can_have_is_looked_for(String path) throws Exception {
        assertThat(get(path).body()).startsWith("{\"items\":[]");
    }

    @Test
    void a_list_without_filters_is_answered() throws Exception {
        assertThat(get("/sales").statusCode()).isEqualTo(200);
    }
}
