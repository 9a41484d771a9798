// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./fakta run --demo`, as a newcomer starts it.
@Order(1)
final class DemoTest {

    /// Longer than the demo takes to say what it could not do: five minutes for the placing and ten
    /// for what becomes of the orders.
    private static final Duration PATIENCE = Duration.ofMinutes(16);

    @TempDir Path data;

    @Test
    void the_demo_places_its_orders_once_to_the_cent_also_after_a_kill_and_a_second_run()
            throws Exception {
        try (Customer customer = new Customer()) {
            try (ServerProcess server = ServerProcess.start(data, "--demo")) {
                awaitOrders(customer, server, 50);
                server.kill();
            }
            for (int run = 1; run <= 2; run++) {
                try (ServerProcess server = ServerProcess.start(data, "--demo")) {
                    awaitReport(customer, server);
                    assertThat(server.stop()).isZero();
                    assertThat(String.join("\n", server.output()))
                            .contains("330 orders with 3,000 lines")
                            .contains("items 11,281,065.00 USD")
                            .contains("equal to the data set's own sum to the cent")
                            .contains("11150")
                            .contains(
                                    "as the data set records: 6 Cancelled, 3 Disputed,"
                                            + " 6 In Process, 4 On Hold, 4 Resolved, 307 Shipped")
                            .doesNotContain("  not: ");
                }
            }
        }
        Map<String, Long> orders = new DataDirectory(data).check();
        assertThat(orders).hasSize(330);
    }

    private static void awaitOrders(Customer customer, ServerProcess server, int count) {
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () ->
                                customer.get(server.uri(), "/orders?limit=200").path("items").size()
                                        >= count);
    }

    /// The report comes when the last answer is there; the last line says what became of them.
    private static void awaitReport(Customer customer, ServerProcess server) {
        awaitOrders(customer, server, 200);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () ->
                                server.printed().stream()
                                        .anyMatch(line -> line.startsWith("as the data")));
    }
}
