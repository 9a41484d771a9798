// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import dev.fakta.log.engine.Growth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/// Follows the logs of several microsystems: looks into each in turn, and waits until one of them
/// says that it has grown. One that has not costs a look at its end.
///
/// One that does not answer is passed over until it does, which no contract forbids, since order is
/// promised within a partition only. A call fails when all of them do, or one is damaged or closed.
final class JoinedReader implements LogReader {

    /// A log in a database may miss that another process has written.
    private static final long LOOK_EVERY = Duration.ofSeconds(1).toNanos();

    private final List<Arm> arms = new ArrayList<>();
    private final Looks looks;
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
    JoinedReader(List<JoinedLog.Part> read, Looks looks, Positions after) {
        this.looks = looks;
        try {
            for (JoinedLog.Part part : read) {
                Positions own = after.within(part.first(), part.end()).shifted(-part.first());
                arms.add(new Arm(part, part.log().reader(own)));
            }
            if (arms.size() > 1) {
                read.forEach(part -> part.log().follow(growth));
            }
        } catch (RuntimeException | Error e) {
            closeAfter(e);
            throw e;
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

    private record Look(Arm arm, List<LogRecord> found) {}

    /// Each log gets its share of the room, and those that have more get what others leave. Another
    /// one is first each time, or a busy one would starve the others.
    private List<LogRecord> take(int limit) {
        List<LogRecord> found = new ArrayList<>();
        List<Arm> waiting = new ArrayList<>(arms);
        Collections.rotate(waiting, -first);
        first = (first + 1) % arms.size();
        LogException failure = null;
        boolean isNobody = true;
        while (!waiting.isEmpty() && found.size() < limit) {
            int room = limit - found.size();
            List<Arm> next = waiting.subList(0, Math.min(room, waiting.size()));
            List<Arm> asked = List.copyOf(next);
            next.clear();
            int share = room / asked.size();
            Looks.Answers<Look> answers =
                    looks.all(asked.stream().map(arm -> look(arm, share)).toList());
            for (Look look : answers.given()) {
                found.addAll(look.found);
                if (look.found.size() >= share) {
                    waiting.add(look.arm);
                }
            }
            isNobody &= answers.given().isEmpty();
            failure = answers.failure() == null ? failure : answers.failure();
        }
        if (failure != null && found.isEmpty() && Looks.isFinal(failure, isNobody)) {
            throw failure;
        }
        return found;
    }

    private static Supplier<Look> look(Arm arm, int share) {
        return () -> new Look(arm, arm.next(share, Duration.ZERO));
    }

    @Override
    public Positions positions() {
        List<Positions> all = new ArrayList<>(arms.size());
        for (Arm arm : arms) {
            all.add(arm.reader.positions().shifted(arm.part.first()));
        }
        return Positions.chained(all);
    }

    private void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
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
