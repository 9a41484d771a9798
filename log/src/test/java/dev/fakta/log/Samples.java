// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/// Events for tests, and what tests ask of logs.
final class Samples {

    private Samples() {}

    static NewEvent event(String stream, long revision, int payloadBytes) {
        UUID id = new UUID(stream.hashCode(), revision);
        Metadata why = new Metadata(id, id, 1, id, id, "tester", "", revision);
        byte[] payload = new byte[payloadBytes];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (revision + i);
        }
        return new NewEvent(stream, revision, "noted", 1, payload, why);
    }

    static long done(CompletionStage<Long> stage) {
        return stage.toCompletableFuture().join();
    }

    static LogException failure(CompletionStage<Long> stage) {
        try {
            throw new AssertionError("completed with " + stage.toCompletableFuture().join());
        } catch (CompletionException e) {
            return assertInstanceOf(LogException.class, e.getCause());
        }
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

    /// All records, checked for gaps.
    static List<LogRecord> readAll(EventLog log) {
        List<LogRecord> records = new ArrayList<>();
        try (LogReader reader = log.reader(Positions.start(log.partitions()))) {
            for (List<LogRecord> next = reader.next(100, Duration.ZERO);
                    !next.isEmpty();
                    next = reader.next(100, Duration.ZERO)) {
                records.addAll(next);
            }
        }
        Map<Integer, Long> offsets = new HashMap<>();
        Map<String, Long> revisions = new HashMap<>();
        for (LogRecord record : records) {
            assertThat(record.offset()).isEqualTo(offsets.merge(record.partition(), 1L, Long::sum));
            if (record instanceof EventRecord(_, _, NewEvent event)) {
                assertThat(event.revision())
                        .isEqualTo(revisions.merge(event.stream(), 1L, Long::sum));
            }
        }
        return records;
    }
}
