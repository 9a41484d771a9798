// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.EventRecord;
import dev.fakta.log.Positions;
import dev.fakta.log.Snapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is read of the log besides following it.
final class Reads {

    private static final int PAGE = 500;

    private static final String HEADS =
            """
            select p.no, (select e."offset" from event e where e.partition_no = p.no
                          order by e."offset" desc limit 1)
            from generate_series(0, ? - 1) as p (no)
            """;
    private static final String STREAM =
            """
            select %s from (
              select *, coalesce(sum(coalesce(octet_length(payload), octet_length(payload_bytes)))
                over (order by revision rows between unbounded preceding and 1 preceding), 0)
                  as before
              from (select * from event where stream = ? and revision >= ?
                    order by revision limit ?) page) sized
            where before < ? order by revision
            """
                    .formatted(Records.COLUMNS);
    private static final String SNAPSHOT =
            "select revision, payload from snapshot where stream = ?";

    private final Database database;
    private final int partitions;

    Reads(Database database, int partitions) {
        this.database = database;
        this.partitions = partitions;
    }

    Positions heads() {
        return database.read(
                open -> {
                    long[] heads = new long[partitions];
                    try (PreparedStatement statement = open.prepareStatement(HEADS)) {
                        statement.setInt(1, partitions);
                        try (ResultSet row = statement.executeQuery()) {
                            while (row.next()) {
                                heads[row.getInt(1)] = row.getLong(2); // 0 for none
                            }
                        }
                    }
                    return Positions.ofAll(heads);
                });
    }

    /// Page by page, so that no single query takes long.
    List<EventRecord> stream(String stream, long fromRevision, int limit) {
        List<EventRecord> found = new ArrayList<>();
        long from = Math.max(1, fromRevision);
        while (found.size() < limit) {
            long next = from + found.size();
            int most = Math.min(PAGE, limit - found.size());
            List<EventRecord> page = database.read(open -> page(open, stream, next, most));
            for (EventRecord record : page) {
                long expected = from + found.size();
                if (record.event().revision() != expected) {
                    throw Records.gap(
                            "stream '" + stream + "'", expected, record.event().revision());
                }
                found.add(record);
            }
            if (isLast(page, most)) {
                break;
            }
        }
        return List.copyOf(found);
    }

    /// A page that is neither full of rows nor of bytes ends the stream.
    private static boolean isLast(List<EventRecord> page, int most) {
        long bytes = 0;
        for (EventRecord record : page) {
            bytes += record.event().payload().length;
        }
        return page.size() < most && bytes < Records.MOST_BYTES;
    }

    private static List<EventRecord> page(Connection open, String stream, long from, int most)
            throws SQLException {
        try (PreparedStatement statement = open.prepareStatement(STREAM)) {
            statement.setString(1, stream);
            statement.setLong(2, from);
            statement.setInt(3, most);
            statement.setLong(4, Records.MOST_BYTES);
            List<EventRecord> page = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    page.add((EventRecord) Records.of(row));
                }
            }
            return page;
        }
    }

    Optional<Snapshot> latestSnapshot(String stream) {
        return database.read(
                open -> {
                    try (PreparedStatement statement = open.prepareStatement(SNAPSHOT)) {
                        statement.setString(1, stream);
                        try (ResultSet row = statement.executeQuery()) {
                            return row.next()
                                    ? Optional.of(
                                            new Snapshot(stream, row.getLong(1), row.getBytes(2)))
                                    : Optional.empty();
                        }
                    }
                });
    }
}
