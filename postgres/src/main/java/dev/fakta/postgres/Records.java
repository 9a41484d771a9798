// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.ClaimRecord;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/// Rows of the table `event`, read.
final class Records {

    /// What [#of] reads, in this order.
    static final String COLUMNS =
            """
            partition_no, "offset", epoch, node, stream, revision, name, schema_version, payload,
            payload_bytes, event_id, command_id, command_hash, correlation_id, causation_id, actor,
            trace_parent, hybrid_time
            """;

    /// How many bytes of payload are asked for at once, about.
    static final long MOST_BYTES = 16L << 20;

    private Records() {}

    static LogRecord of(ResultSet row) throws SQLException {
        int partition = row.getInt(1);
        long offset = row.getLong(2);
        String node = row.getString(4);
        if (node != null) {
            return new ClaimRecord(partition, offset, row.getLong(3), node, row.getLong(18));
        }
        return new EventRecord(partition, offset, event(row));
    }

    private static NewEvent event(ResultSet row) throws SQLException {
        byte[] payload = row.getBytes(9);
        if (payload == null) {
            payload = row.getBytes(10);
        }
        Metadata why =
                new Metadata(
                        row.getObject(11, UUID.class),
                        row.getObject(12, UUID.class),
                        row.getLong(13),
                        row.getObject(14, UUID.class),
                        row.getObject(15, UUID.class),
                        row.getString(16),
                        row.getString(17),
                        row.getLong(18));
        return new NewEvent(
                row.getString(5), row.getLong(6), row.getString(7), row.getInt(8), payload, why);
    }

    /// How many bytes the payloads of these records have together.
    static long bytes(List<LogRecord> records) {
        long sum = 0;
        for (LogRecord record : records) {
            if (record instanceof EventRecord event) {
                sum += event.event().payload().length;
            }
        }
        return sum;
    }

    /// What a read fails with that meets a gap, which only a change of the tables by hand makes.
    static LogException gap(String what, long expected, long found) {
        return new LogException(
                Category.CORRUPT, "%s: %d is followed by %d".formatted(what, expected - 1, found));
    }
}
