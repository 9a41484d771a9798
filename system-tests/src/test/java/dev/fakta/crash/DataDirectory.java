// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.View;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.LogVerifier;
import dev.fakta.log.Positions;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.orders.OrderManagement;
import dev.fakta.orders.order.OrdersView;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The files that a killed process left behind, looked at without it.
record DataDirectory(Path path) {

    private static final Duration NO_WAIT = Duration.ZERO;

    /// Checks that each log is whole (frames, hashes, and offsets and revisions without a gap), and
    /// that the view's rows are what the log's events up to the view's checkpoint add up to.
    ///
    /// @return the total of each order in the log, by id
    Map<String, Long> check() throws Exception {
        Map<String, Long> all = new HashMap<>();
        Path logs = path.resolve("log");
        try (EventLog log =
                        LogDirectory.openExisting(
                                logs,
                                OrderManagement.MICROSYSTEMS.streams(),
                                SegmentLogSettings.defaults());
                Connection view =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + path.resolve(file(OrdersView.DEFINITION)));
                Statement statement = view.createStatement()) {
            Positions checkpoint = checkpoint(statement);
            assertThat(log.heads().covers(checkpoint)).isTrue();
            Map<String, Long> upToCheckpoint = new HashMap<>();
            Positions read = Positions.start(log.partitions());
            try (LogReader reader = log.reader(read)) {
                while (!reader.positions().covers(log.heads())) {
                    for (LogRecord record : reader.next(1_000, NO_WAIT)) {
                        assertThat(record.offset()).isEqualTo(read.offset(record.partition()) + 1);
                        read = read.with(record.partition(), record.offset());
                        if (record instanceof EventRecord event
                                && event.event().name().equals("order-created")) {
                            String id = event.event().stream().substring("order/".length());
                            assertThat(all.put(id, grand(event))).as("%s twice", id).isNull();
                            if (checkpoint.offset(record.partition()) >= record.offset()) {
                                upToCheckpoint.put(id, grand(event));
                            }
                        }
                    }
                }
            }
            assertThat(rows(statement)).isEqualTo(upToCheckpoint);
        }
        for (String microsystem : LogDirectory.microsystems(logs)) {
            assertThat(LogVerifier.verify(logs.resolve(microsystem)).fault()).isEmpty();
        }
        return all;
    }

    private static String file(View view) {
        return "views/%s-%d.db".formatted(view.name(), view.version());
    }

    private static long grand(EventRecord event) {
        JsonNode created = JsonMapper.shared().readTree(event.event().payload());
        return created.path("totals").path("grand").path("minor").asLong();
    }

    private static Positions checkpoint(Statement statement) throws Exception {
        try (ResultSet row = statement.executeQuery("select positions from fakta_view")) {
            return row.next() ? Positions.parse(row.getString(1)) : Positions.NONE;
        }
    }

    private static Map<String, Long> rows(Statement statement) throws Exception {
        Map<String, Long> rows = new HashMap<>();
        try (ResultSet row = statement.executeQuery("select id, grand_minor from order_row")) {
            while (row.next()) {
                rows.put(row.getString(1), row.getLong(2));
            }
        }
        return rows;
    }
}
