// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.demo.Progress.Display;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class DemoLoadTest {

    private static final DemoLimits LIMITS =
            new DemoLimits(16, 4, Duration.ofMillis(20), Duration.ofSeconds(60));

    private final OrdersServer server = new OrdersServer();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void every_product_and_order_is_sent_and_the_sum_is_equal_to_the_cent() {
        DemoReport report = DemoLoad.run(server.base(), print());

        assertThat(report.failures()).isEmpty();
        assertThat(report.orders()).isEqualTo(330);
        assertThat(report.lines()).isEqualTo(3_000);
        assertThat(report.orphans()).singleElement().asString().contains("11150");
        assertThat(report.sums()).singleElement().extracting("lineMinor").isEqualTo(1_128_106_500L);
        assertThat(report.isEqualToDataSet()).isTrue();
        assertThat(report.exitStatus()).isZero();
        assertThat(server.requests()).isEqualTo(110 + 110 + 330);
        assertThat(text())
                .contains(
                        "330 orders with 3,000 lines", "items 11,281,065.00 USD", "/orders?from=");
    }

    @Test
    void running_it_again_changes_nothing_and_reports_the_same() {
        DemoReport first = load(LIMITS);
        Map<String, JsonNode> placed = Map.copyOf(server.placed());

        DemoReport second = load(LIMITS);

        assertThat(server.placed()).isEqualTo(placed).containsKey("steel-wheels-10100");
        assertThat(second.sums()).isEqualTo(first.sums());
        assertThat(second.invitations()).isEqualTo(first.invitations());
    }

    @Test
    void an_order_carries_price_date_address_and_payment() {
        load(LIMITS);

        JsonNode request = placed("steel-wheels-10101").path("request");
        assertThat(request.path("customerId").asString()).isEqualTo("128");
        assertThat(request.path("email").asString()).isEqualTo("customer-128@example.com");
        assertThat(request.path("placedAt").asString()).isEqualTo("2003-01-09T00:00:00Z");
        assertThat(request.at("/shipping/method").asString()).isEqualTo("standard");
        assertThat(request.at("/shipping/address/country").asString()).isEqualTo("DE");
        assertThat(request.at("/payment/token").asString()).isEqualTo("tok_ok");
        assertThat(request.at("/lines/0/unitPrice/currency").asString()).isEqualTo("USD");
    }

    @Test
    void a_product_carries_its_retail_price_its_line_and_its_stock() {
        load(LIMITS);

        assertThat(server.put().get("/products/S10_1678"))
                .hasToString(
                        """
                        {"name":"1969 Harley Davidson Ultimate Chopper",\
                        "prices":[{"minor":9600,"currency":"USD"}],"taxCategory":"standard",\
                        "weightGrams":1000,"categories":["Motorcycles"]}""");
        assertThat(server.put().get("/stock/S10_1678"))
                .hasToString("{\"location\":\"main\",\"onHand\":8959}");
    }

    @Test
    void a_busy_server_is_asked_again_and_every_order_is_placed_once() {
        server.beBusy(2, "0");

        DemoReport report = load(LIMITS);

        assertThat(report.exitStatus()).isZero();
        assertThat(server.busyAnswers()).isEqualTo(2 * 550);
        assertThat(server.placed()).hasSize(330);
    }

    @Test
    void a_retry_after_beyond_the_limit_is_cut_to_the_limit() {
        server.beBusy(1, "3600");

        assertThat(load(LIMITS).exitStatus()).isZero();
    }

    @Test
    void a_server_that_stays_busy_is_given_up_with_its_reason() {
        server.beBusy(Integer.MAX_VALUE, "0");

        DemoReport report = load(LIMITS);

        assertThat(report.exitStatus()).isOne();
        assertThat(report.orders()).isZero();
        assertThat(report.failures())
                .hasSize(220)
                .first()
                .asString()
                .startsWith("product S10_1678: 503 Busy; the partition's queue is full")
                .endsWith("(4 attempts)");
    }

    @Test
    void a_refused_order_is_reported_with_its_problem_and_the_others_are_placed() {
        server.refuse("steel-wheels-10103");

        DemoReport report = load(LIMITS);

        assertThat(report.orders()).isEqualTo(329);
        assertThat(report.failures())
                .containsExactly(
                        "order 10103: 409 Out of stock; S10_1678 has 3 left; lines[0] too many");
        assertThat(report.isEqualToDataSet()).isFalse();
        assertThat(report.exitStatus()).isOne();
        assertThat(text()).contains("failed: order 10103", "NOT equal");
    }

    @Test
    void no_order_is_sent_when_a_product_is_refused() {
        server.refuse("steel-wheels-product-S10_1678");

        DemoReport report = load(LIMITS);

        assertThat(report.failures()).singleElement().asString().startsWith("product S10_1678");
        assertThat(server.placed()).isEmpty();
    }

    @Test
    void totals_that_do_not_add_up_are_not_called_equal() {
        server.addToTotals(1);

        assertThat(load(LIMITS).isEqualToDataSet()).isFalse();
        assertThat(text()).contains("NOT equal to the data set's own sum, 11,281,065.00 USD");
    }

    @Test
    void when_the_time_is_over_the_rest_fails_and_says_so() {
        server.beBusy(Integer.MAX_VALUE, "1");

        DemoReport report =
                load(new DemoLimits(16, 100, Duration.ofSeconds(1), Duration.ofMillis(300)));

        assertThat(report.duration()).isLessThan(Duration.ofSeconds(10));
        assertThat(report.failures()).allMatch(f -> f.endsWith("(the time was over)"));
    }

    @Test
    void a_server_that_is_not_there_is_a_reported_failure() {
        URI nowhere = server.base();
        server.close();

        DemoReport report =
                DemoLoad.run(
                        nowhere,
                        SteelWheels.read(),
                        new DemoLimits(16, 1, Duration.ZERO, Duration.ofSeconds(60)),
                        Display.LINES,
                        print());

        assertThat(report.failures()).hasSize(220).allMatch(f -> f.contains("no answer"));
        assertThat(report.invitations()).isEmpty();
        assertThat(text()).contains("failed: 210 more");
    }

    @Test
    void progress_is_a_line_every_hundred_or_one_line_that_overwrites_itself() {
        load(LIMITS);
        assertThat(text())
                .contains("products 100 of 110\n", "products 110 of 110\n", "orders 300 of 330\n")
                .doesNotContain("\r", "orders 150 of 330");

        printed.reset();
        DemoLoad.run(server.base(), SteelWheels.read(), LIMITS, Display.TERMINAL, print());
        assertThat(text()).contains("\rorders 150 of 330\r", "\rorders 330 of 330\n");
    }

    private DemoReport load(DemoLimits limits) {
        return DemoLoad.run(server.base(), SteelWheels.read(), limits, Display.LINES, print());
    }

    private JsonNode placed(String key) {
        return Objects.requireNonNull(server.placed().get(key), () -> key + " was not sent");
    }

    private PrintStream print() {
        return new PrintStream(printed, true, StandardCharsets.UTF_8);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
