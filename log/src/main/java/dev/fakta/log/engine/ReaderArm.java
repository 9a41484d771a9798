// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

import dev.fakta.log.LogException;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One source of a [JoinedReader]: at most one look into it at a time, and the records found there
/// that the caller does not have yet. All methods but [#read] and [#close] are called under the
/// reader's lock.
final class ReaderArm {

    private static final long PAUSE = Duration.ofMillis(500).toNanos();

    private final LogSource source;
    private final LogReader reader; // of the thread that looks
    private final Deque<LogRecord> found = new ArrayDeque<>();
    private @Nullable LogException failure;
    private boolean isLooking;
    private boolean isLate;
    private long notBefore = System.nanoTime();

    ReaderArm(LogSource source, Positions after) {
        this.source = source;
        this.reader = source.reader(LogSources.within(source, after));
    }

    LogSource source() {
        return source;
    }

    /// Begins a look, when none is on its way, all records of the last look are given, and a pause
    /// after a failure is over.
    ///
    /// @return whether a look was begun
    boolean startsLook() {
        if (isLooking || !found.isEmpty() || System.nanoTime() - notBefore < 0) {
            return false;
        }
        isLooking = true;
        isLate = source.isAway();
        return true;
    }

    /// Asks the source, on the thread that looks.
    List<LogRecord> read(int limit) {
        return reader.next(limit, Duration.ZERO);
    }

    /// Ends a look with the records that it found.
    ///
    /// @return whether it found some, and the caller of the reader no longer waits for them
    boolean answered(List<LogRecord> records) {
        boolean isUnexpected = isLate && !records.isEmpty();
        found.addAll(records);
        failure = null;
        isLooking = false;
        isLate = false;
        return isUnexpected;
    }

    /// Ends a look that failed; the next one begins after a pause.
    void failed(LogException reason) {
        failure = reason;
        isLooking = false;
        notBefore = System.nanoTime() + PAUSE;
    }

    /// Whether the caller of the reader waits for a look.
    boolean isAwaited() {
        return isLooking && !isLate;
    }

    /// The look takes too long: the caller of the reader no longer waits for it.
    void giveUpWaiting() {
        isLate = isLooking;
    }

    /// What the last look failed with; null when it was answered.
    @Nullable LogException failure() {
        return failure;
    }

    /// Takes the next record that was found; null when there is none.
    @Nullable LogRecord poll() {
        return found.poll();
    }

    void close() {
        reader.close();
    }
}
