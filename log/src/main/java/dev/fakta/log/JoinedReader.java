// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Follows the logs of several microsystems: looks into each in turn, and waits until one of them
/// says that it has grown. One that has not costs a look at its end.
///
/// One that does not answer is passed over until it does, which no contract forbids, since order is
/// promised within a partition only. A call fails when all of them do, or one is damaged or closed.
final class JoinedReader implements LogReader {

    /// A log in a database may miss that another process has written.
    private static final long LOOK_EVERY = Duration.ofSeconds(1).toNanos();

    private final List<Arm> arms = new ArrayList<>();
    private final Growth growth = new Growth();
    private volatile boolean done;
    private int first;

    private record Arm(JoinedLog.Part part, LogReader reader) {

        List<LogRecord> next(int limit, Duration wait) {
            List<LogRecord> found = reader.next(limit, wait);
            return part.first() == 0 ? found : found.stream().map(part::renumbered).toList();
        }
    }

    /// @param read the logs of the partitions that `after` names
    JoinedReader(List<JoinedLog.Part> read, Positions after) {
        for (JoinedLog.Part part : read) {
            Positions own = after.within(part.first(), part.end()).shifted(-part.first());
            arms.add(new Arm(part, part.log().reader(own)));
        }
        if (arms.size() > 1) {
            read.forEach(part -> part.log().follow(growth));
        }
    }

    @Override
    public List<LogRecord> next(int limit, Duration wait) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1: " + limit);
        }
        return arms.size() == 1
                ? arms.getFirst().next(limit, wait)
                : nextOfAll(limit, wait.toNanos());
    }

    private List<LogRecord> nextOfAll(int limit, long wait) {
        long start = System.nanoTime();
        try {
            while (true) {
                if (done) {
                    throw new LogException(Category.CLOSED, "the reader is closed");
                }
                long seen = growth.version();
                List<LogRecord> found = take(limit);
                long left = wait - (System.nanoTime() - start);
                if (!found.isEmpty() || left <= 0) {
                    return found;
                }
                growth.await(seen, Math.min(left, LOOK_EVERY));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /// Another log is first each time, or a busy one would starve the others.
    private List<LogRecord> take(int limit) {
        List<LogRecord> found = new ArrayList<>();
        LogException failure = null;
        int failed = 0;
        for (int i = 0; i < arms.size() && found.size() < limit; i++) {
            try {
                Arm arm = arms.get((first + i) % arms.size());
                found.addAll(arm.next(limit - found.size(), Duration.ZERO));
            } catch (LogException e) {
                failure = failure == null || isAway(failure) ? e : failure;
                failed++;
            }
        }
        first = (first + 1) % arms.size();
        if (failure != null && found.isEmpty() && (failed == arms.size() || !isAway(failure))) {
            throw failure;
        }
        return found;
    }

    /// Whether a log may answer later.
    static boolean isAway(LogException failure) {
        return failure.category() == Category.UNAVAILABLE || failure.category() == Category.TIMEOUT;
    }

    @Override
    public Positions positions() {
        List<Positions> all = new ArrayList<>(arms.size());
        for (Arm arm : arms) {
            all.add(arm.reader.positions().shifted(arm.part.first()));
        }
        return Positions.chained(all);
    }

    @Override
    public void close() {
        done = true;
        for (Arm arm : arms) {
            arm.part.log().unfollow(growth);
            arm.reader.close();
        }
        growth.run();
    }
}
