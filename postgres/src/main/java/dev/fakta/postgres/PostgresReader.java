// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import dev.fakta.log.engine.Growth;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Follows some partitions of a [PostgresLog], all of them in one query. Records that this log has
/// written itself are taken from [RecentRecords]; the database is asked only when another process
/// may have written, or when the reader is further behind.
final class PostgresReader implements LogReader {

    /*
     * The query finds the head of each partition, deals out the limit, one partition after the other,
     * and reads exactly those records; so it sorts no row in vain, and has no partition's records cut
     * out in the middle. Which partition comes first changes from query to query, or a busy one
     * would starve the others. All is one snapshot of the database.
     */
    private static final String NEXT =
            """
            with asked as materialized (
              select a.no, a.after, a.turn, greatest(0, least(?, coalesce(
                (select e."offset" from event e where e.partition_no = a.no
                 order by e."offset" desc limit 1), 0) - a.after)) as there
              from unnest(?::int[], ?::bigint[]) with ordinality as a (no, after, turn)
            ), shares as (
              select no, after, turn, least(there, ? - earlier) as share
              from (select *, (sum(there) over (order by turn) - there)::bigint as earlier
                    from asked where there > 0) dealt
              where earlier < ?
            ), found as (
              select e.*, s.turn,
                sum(e.bytes) over (order by s.turn, e."offset" rows unbounded preceding) - e.bytes
                  as before
              from shares s cross join lateral (
                select *, coalesce(octet_length(payload), octet_length(payload_bytes), 0) as bytes
                from event
                where partition_no = s.no and "offset" > s.after and "offset" <= s.after + s.share
              ) e
            )
            select %s from found where before < ? order by turn, "offset"
            """
                    .formatted(Records.COLUMNS);

    private static final long MOST_ROWS = 10_000;

    private final Database database;
    private final RecentRecords recent;
    private final Growth growth;
    private final long poll;
    private volatile Positions positions;
    private int first;
    private boolean isCaughtUp; // with the database, when it was asked last
    private long lookedAt;
    private long othersSeen = -1;
    private volatile boolean done;

    /// @param poll how long to wait for a signal before looking
    PostgresReader(
            Database database,
            RecentRecords recent,
            Growth growth,
            Duration poll,
            Positions after) {
        this.database = database;
        this.recent = recent;
        this.growth = growth;
        this.poll = poll.toNanos();
        this.positions = after;
    }

    @Override
    public List<LogRecord> next(int limit, Duration wait) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1: " + limit);
        }
        long start = System.nanoTime();
        while (true) {
            long seen = growth.version();
            List<LogRecord> found = lookUnlessInterrupted(limit);
            long left = wait.toNanos() - (System.nanoTime() - start);
            if (!found.isEmpty() || left <= 0 || Thread.currentThread().isInterrupted()) {
                return found;
            }
            try {
                growth.await(seen, Math.min(left, poll));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return List.of();
            }
        }
    }

    /// An interrupt of a virtual thread breaks the connection that it reads from: that ends the
    /// wait, and is no failure.
    private List<LogRecord> lookUnlessInterrupted(int limit) {
        try {
            return look(limit);
        } catch (LogException e) {
            if (e.category() != Category.CLOSED && Thread.currentThread().isInterrupted()) {
                return List.of();
            }
            throw e;
        }
    }

    private List<LogRecord> look(int limit) {
        failWhenDone();
        int[] partitions = positions.partitions();
        if (partitions.length == 0) {
            return List.of();
        }
        int[] turns = new int[partitions.length];
        for (int i = 0; i < turns.length; i++) {
            turns[i] = partitions[Math.floorMod(first + i, turns.length)];
        }
        List<LogRecord> found = found(turns, (int) Math.min(limit, MOST_ROWS));
        failWhenDone();
        positions = reached(found);
        first++;
        return found;
    }

    private List<LogRecord> found(int[] turns, int limit) {
        long others = recent.others();
        long now = System.nanoTime();
        if (isCaughtUp && others == othersSeen && now - lookedAt < poll) {
            RecentRecords.Found found = recent.after(positions, turns, limit);
            if (!found.isBehind()) {
                return found.records();
            }
        }
        List<LogRecord> found = database.read(open -> look(open, turns, limit));
        isCaughtUp = found.size() < limit && Records.bytes(found) < Records.MOST_BYTES;
        lookedAt = now;
        othersSeen = others;
        return found;
    }

    private List<LogRecord> look(Connection connection, int[] turns, long limit)
            throws SQLException {
        long[] offsets = new long[turns.length];
        for (int i = 0; i < turns.length; i++) {
            offsets[i] = positions.offset(turns[i]);
        }
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setLong(1, limit);
            statement.setObject(2, turns);
            statement.setObject(3, offsets);
            statement.setLong(4, limit);
            statement.setLong(5, limit);
            statement.setLong(6, Records.MOST_BYTES);
            List<LogRecord> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(Records.of(row));
                }
            }
            return found;
        }
    }

    /// The positions behind the records, which must follow on the present ones without a gap.
    private Positions reached(List<LogRecord> records) {
        Positions reached = positions;
        for (int i = 0; i < records.size(); i++) {
            LogRecord record = records.get(i);
            boolean isFirst = i == 0 || records.get(i - 1).partition() != record.partition();
            long before =
                    isFirst ? positions.offset(record.partition()) : records.get(i - 1).offset();
            if (record.offset() != before + 1) {
                throw Records.gap("partition " + record.partition(), before + 1, record.offset());
            }
            boolean isLast =
                    i == records.size() - 1 || records.get(i + 1).partition() != record.partition();
            if (isLast) {
                reached = reached.with(record.partition(), record.offset());
            }
        }
        return reached;
    }

    private void failWhenDone() {
        if (done) {
            throw new LogException(Category.CLOSED, "the reader is closed");
        }
    }

    @Override
    public Positions positions() {
        return positions;
    }

    @Override
    public void close() {
        done = true;
        growth.run();
    }
}
