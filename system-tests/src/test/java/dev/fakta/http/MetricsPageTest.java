// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The metrics of a node under load. `dev.fakta.prometheus` compares them with their page.
final class MetricsPageTest {

    private static final Pattern TYPE = Pattern.compile("# TYPE (fakta_\\S+) ");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.open(directory);
        shop.put("/products/tea", product("Tea", 100)).is(200);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static String scrape() {
        return shop.get("/metrics").is(200).body();
    }

    private static double value(String metric) {
        return scrape().lines()
                .filter(line -> line.startsWith(metric + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + metric));
    }

    @Test
    void each_metric_says_what_it_is() {
        String scrape = scrape();
        List<String> metrics = TYPE.matcher(scrape).results().map(found -> found.group(1)).toList();
        assertThat(metrics)
                .isNotEmpty()
                .allSatisfy(
                        metric ->
                                assertThat(scrape)
                                        .containsPattern("# HELP " + metric + " [a-z].{10,}"));
    }

    @Test
    void orders_move_the_figures_of_the_log() {
        double events = value("fakta_events_appended_total");
        double appends = value("fakta_append_duration_seconds_count");
        double time = value("fakta_append_duration_seconds_sum");
        for (int i = 0; i < 5; i++) {
            shop.post("/orders", order("tea", 1)).is(201);
        }
        assertThat(value("fakta_events_appended_total")).isEqualTo(events + 5);
        assertThat(value("fakta_append_duration_seconds_count")).isEqualTo(appends + 5);
        assertThat(value("fakta_append_duration_seconds_bucket{le=\"+Inf\"}"))
                .isEqualTo(value("fakta_append_duration_seconds_count"));
        assertThat(value("fakta_append_duration_seconds_sum")).isGreaterThan(time);
        assertThat(value("fakta_partitions_active")).isEqualTo(7 * 64);
        assertThat(value("fakta_commands_waiting")).isZero();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(value("fakta_view_lag_events{view=\"orders\"}")).isZero());
    }

    @Test
    void a_request_under_way_is_in_flight_until_it_is_answered() throws IOException {
        assertThat(value("fakta_http_requests_in_flight")).isZero();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), shop.port())) {
            String head =
                    "POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 2\r\n\r\n{";
            client.getOutputStream().write(head.getBytes(US_ASCII));
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(value("fakta_http_requests_in_flight")).isEqualTo(1));
            client.getOutputStream().write('}');
            assertThat(client.getInputStream().read()).isEqualTo('H');
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(value("fakta_http_requests_in_flight")).isZero());
    }
}
