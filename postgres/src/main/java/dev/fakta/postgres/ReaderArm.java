// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a [RangedReader] has of one database: at most one look at a time, and what it has found.
/// All but [#read] under the reader's lock.
final class ReaderArm {

    private static final long PAUSE = Duration.ofMillis(500).toNanos();

    private final LogDatabase database;
    private final Positions after;
    private final Deque<LogRecord> found = new ArrayDeque<>();
    private @Nullable LogReader reader; // of the thread that looks
    private @Nullable LogException failure;
    private boolean isLooking;
    private boolean isLate;
    private long notBefore = System.nanoTime();

    /// @param after positions of this database only
    ReaderArm(LogDatabase database, Positions after) {
        this.database = database;
        this.after = after;
    }

    LogDatabase database() {
        return database;
    }

    /// Whether there is time and need for a look; it is on its way then.
    boolean startsLook() {
        if (isLooking || !found.isEmpty() || System.nanoTime() - notBefore < 0) {
            return false;
        }
        isLooking = true;
        isLate = database.isAway();
        return true;
    }

    /// Asks the database. On the thread that looks.
    List<LogRecord> read(int limit) {
        return database.call(
                log -> {
                    LogReader open = reader;
                    if (open == null) {
                        open = log.reader(after);
                        reader = open;
                    }
                    return open.next(limit, Duration.ZERO);
                });
    }

    /// Ends a look.
    ///
    /// @return whether nobody waited for what it found
    boolean answered(List<LogRecord> records) {
        boolean isUnexpected = isLate && !records.isEmpty();
        found.addAll(records);
        failure = null;
        isLooking = false;
        isLate = false;
        return isUnexpected;
    }

    /// Ends a look.
    void failed(LogException reason) {
        failure = reason;
        isLooking = false;
        notBefore = System.nanoTime() + PAUSE;
    }

    /// Whether its answer is worth waiting for.
    boolean isAwaited() {
        return isLooking && !isLate;
    }

    /// It takes too long: nobody waits for this look any more.
    void giveUpWaiting() {
        isLate = isLooking;
    }

    @Nullable LogException failure() {
        return failure;
    }

    /// The next record that was found.
    @Nullable LogRecord poll() {
        return found.poll();
    }
}
