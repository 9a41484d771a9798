// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.orders.OrderManagement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/// The facts of logs, as [Rule]s take them.
final class Facts {

    private static final int BATCH = 1_000;
    private static final Duration WAIT = Duration.ofSeconds(30);

    private Facts() {}

    /// All that is in the logs of a server that has ended.
    static void read(Path logs, Consumer<Fact> taker) {
        try (EventLog log =
                LogDirectory.openExisting(
                        logs,
                        OrderManagement.MICROSYSTEMS.streams(),
                        SegmentLogSettings.defaults())) {
            read(log, taker);
        }
    }

    /// All that is in a log now.
    static void read(EventLog log, Consumer<Fact> taker) {
        Positions until = log.heads();
        try (LogReader reader = log.reader(Positions.start(log.partitions()))) {
            while (!reader.positions().covers(until)) {
                for (LogRecord record : reader.next(BATCH, WAIT)) {
                    if (record instanceof EventRecord event) {
                        taker.accept(fact(event.event()));
                    }
                }
            }
        }
    }

    private static Fact fact(NewEvent event) {
        int slash = event.stream().indexOf('/');
        return new Fact(
                event.stream().substring(0, slash),
                event.stream().substring(slash + 1),
                event.metadata().commandId(),
                event.name(),
                JsonMapper.shared().readTree(event.payload()));
    }
}
