// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.EventRecord;
import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The records that this log has committed last, so that views in this process need not read them
/// back from the database. Bounded in bytes; the oldest records are forgotten first.
///
/// The records of each partition have no gap and end with the last one that this log has committed.
/// Another process may have written more since ([#others]). Safe for use by many threads.
final class RecentRecords {

    private static final int ROW = 256; // what a record takes besides its payload, about

    private final long mostBytes;
    private final Map<Integer, Run> runs = new HashMap<>();
    private final Deque<Run> oldest = new ArrayDeque<>(); // a run once for each of its records
    private long bytes;
    private long others;

    RecentRecords(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /// The newest records of a partition; empty once all are forgotten.
    private static final class Run {
        final ArrayDeque<EventRecord> records = new ArrayDeque<>();
        long last;

        /// The offset of the oldest record here; when there is none, of the record that comes next.
        long first() {
            return last + 1 - records.size();
        }
    }

    /// What a look found.
    ///
    /// @param records in offset order for each partition
    /// @param isBehind whether the reader misses records that are no longer here
    record Found(List<LogRecord> records, boolean isBehind) {}

    /// Notes a commit of this log.
    synchronized void add(int partition, long offset, List<NewEvent> events) {
        Run run = runs.computeIfAbsent(partition, _ -> new Run());
        if (offset != run.last + 1) {
            forgetAll(run);
        }
        long next = offset;
        for (NewEvent event : events) {
            run.records.add(new EventRecord(partition, next++, event));
            oldest.add(run);
            bytes += bytes(event);
        }
        run.last = next - 1;
        while (bytes > mostBytes) {
            bytes -= bytes(oldest.remove().records.remove().event());
        }
    }

    /// Notes that this log has committed records up to the offset `last` that are not kept here,
    /// such as a claim.
    synchronized void forget(int partition, long last) {
        Run run = runs.computeIfAbsent(partition, _ -> new Run());
        forgetAll(run);
        run.last = last;
    }

    private void forgetAll(Run run) {
        run.records.forEach(record -> bytes -= bytes(record.event()));
        run.records.clear();
        oldest.removeIf(other -> other == run);
    }

    private static long bytes(NewEvent event) {
        return (long) ROW + event.payload().length;
    }

    /// Notes that another process may have written, so that a look at the database is needed.
    synchronized void distrust() {
        others++;
    }

    /// How often another process may have written.
    synchronized long others() {
        return others;
    }

    /// The records that follow on these positions.
    ///
    /// @param turns the partitions, in the order in which they are to be served
    synchronized Found after(Positions positions, int[] turns, int limit) {
        List<LogRecord> found = new ArrayList<>();
        boolean isBehind = false;
        for (int partition : turns) {
            Run run = runs.get(partition);
            long after = positions.offset(partition);
            if (run == null || run.last <= after) {
                continue;
            }
            if (after + 1 < run.first()) {
                isBehind = true;
                continue;
            }
            run.records.stream()
                    .skip(after + 1 - run.first())
                    .limit(limit - found.size())
                    .forEach(found::add);
        }
        return new Found(found, isBehind);
    }
}
