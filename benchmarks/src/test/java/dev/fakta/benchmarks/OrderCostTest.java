// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.benchmarks.OrderLifeShop.Kind;
import dev.fakta.log.Positions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What one order may record. Counts do not depend on the machine: whoever makes an order dearer
/// finds it here, and lowers the bounds when one gets cheaper.
class OrderCostTest {

    private static final double MOST_EVENTS = 20.1;
    private static final double MOST_COMMANDS = 17.1;

    /// Few, so that no order is the first one of its stock items, which costs more.
    private static final int PRODUCTS = 12;

    @Test
    void an_order_of_three_lines_records_no_more_than_it_did(@TempDir Path data) throws Exception {
        try (OrderLifeShop shop = OrderLifeShop.ofLines(data, PRODUCTS, OrderCostBenchmark.LINES)) {
            var _ = shop.placeAsManyAsEnd(4, Duration.ofSeconds(2));
            shop.awaitIdle();
            Positions start = shop.heads();
            double before = shop.confirmed();
            var _ = shop.placeAsManyAsEnd(4, Duration.ofSeconds(3));
            shop.awaitIdle();
            Map<String, Kind> kinds = shop.recordedSince(start);
            double orders = shop.confirmed() - before;
            assertThat(orders).isGreaterThan(10);
            assertThat(kinds.values().stream().mapToLong(Kind::events).sum() / orders)
                    .as("events of an order: %s", kinds)
                    .isLessThan(MOST_EVENTS);
            assertThat(kinds.values().stream().mapToLong(Kind::commands).sum() / orders)
                    .as("commands of an order: %s", kinds)
                    .isLessThan(MOST_COMMANDS);
        }
    }
}
