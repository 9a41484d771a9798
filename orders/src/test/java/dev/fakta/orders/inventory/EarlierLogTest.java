// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log of a version that reserved step by step holds events that no stock item reads any more.
class EarlierLogTest {

    record Reserve(long quantity) {}

    record StockReserved(String order, int line, long quantity, Instant expiresAt) {}

    record Reserved(long units) {}

    private static final Microsystem EARLIER =
            Microsystem.named("inventory")
                    .with(
                            Aggregate.named("stock-item")
                                    .taking(Reserve.class)
                                    .startingAs(new Reserved(0))
                                    .<StockReserved>deciding((_, _) -> Decision.accept())
                                    .evolving((Reserved state, StockReserved _) -> state)
                                    .event("stock-reserved", StockReserved.class));

    @TempDir Path directory;

    private void start(Microsystem program) {
        SegmentLogSettings settings = SegmentLogSettings.defaults().withPartitions(1);
        try (SegmentLog log = SegmentLog.open(directory.resolve("log"), settings)) {
            Node.start(
                            NodeSettings.embedded(directory.resolve("views")),
                            program,
                            log,
                            InstantSource.system())
                    .close();
        }
    }

    @Test
    void a_start_on_it_is_refused_with_the_event_and_the_microsystem() {
        start(EARLIER);
        assertThatIllegalStateException()
                .isThrownBy(() -> start(InventoryMicrosystem.DEFINITION))
                .withMessageStartingWith("this program cannot read what is in the log: ")
                .withMessageContaining("events stock-reserved of stock-item")
                .withMessageContaining("Microsystem.named(\"inventory\")");
    }
}
