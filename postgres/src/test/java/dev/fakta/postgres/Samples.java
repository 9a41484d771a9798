// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// Events for tests, and what tests ask of logs and databases.
final class Samples {

    private static final int PATIENCE_SECONDS = 30;

    private Samples() {}

    static NewEvent event(String stream, long revision) {
        return event(stream, revision, "{\"of\":\"%s\"}".formatted(stream));
    }

    static NewEvent event(String stream, long revision, String payload) {
        return event(stream, revision, payload.getBytes(StandardCharsets.UTF_8));
    }

    static NewEvent event(String stream, long revision, byte[] payload) {
        UUID id = UUID.randomUUID();
        Metadata why = new Metadata(id, id, 1, id, id, "tester", "", revision);
        return new NewEvent(stream, revision, "noted", 1, payload, why);
    }

    /// The number-th stream of a partition.
    static String stream(EventLog log, int partition, int number) {
        for (int i = 0; ; i++) {
            String name = "s" + number + "." + i;
            if (log.partitionOf(name) == partition) {
                return name;
            }
        }
    }

    static long done(CompletionStage<Long> stage) {
        return stage.toCompletableFuture().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    static LogException failure(CompletionStage<Long> stage) {
        try {
            throw new AssertionError("completed with " + done(stage));
        } catch (CompletionException e) {
            return assertInstanceOf(LogException.class, e.getCause());
        }
    }

    /// Four partitions, two in each database.
    static RangedLogSettings inTwo(String low, String high) {
        return RangedLogSettings.parse(List.of("0-1=" + low, "2-3=" + high), 4);
    }

    /// All records, checked for gaps and doubles.
    static List<LogRecord> readAll(EventLog log) {
        List<LogRecord> records = new ArrayList<>();
        try (LogReader reader = log.reader(Positions.start(log.partitions()))) {
            for (List<LogRecord> next = reader.next(100, Duration.ZERO);
                    !next.isEmpty();
                    next = reader.next(100, Duration.ZERO)) {
                records.addAll(next);
            }
        }
        assertGapFree(records);
        return records;
    }

    static void assertGapFree(List<LogRecord> records) {
        Map<Integer, Long> offsets = new HashMap<>();
        Map<String, Long> revisions = new HashMap<>();
        for (LogRecord record : records) {
            assertThat(record.offset()).isEqualTo(offsets.merge(record.partition(), 1L, Long::sum));
            if (record instanceof EventRecord(_, _, NewEvent event)) {
                assertThat(event.revision())
                        .isEqualTo(revisions.merge(event.stream(), 1L, Long::sum));
            }
        }
    }

    /// The first column of the first row, past the log.
    static String ask(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? String.valueOf(row.getString(1)) : "";
            }
        }
    }
}
