// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/// Decides when a database counts as away. A circuit breaker: while it is open, nobody asks the
/// database but a probe, and the first answer closes it.
///
/// It opens when a connection is refused or lost, and when [#TIMEOUTS] calls in a row have waited
/// in vain. One call that is late says nothing: its pool may have been busy, or its statement slow;
/// after a take-over thousands of reads share a few connections. Any thread.
final class DatabaseBreaker {

    static final int TIMEOUTS = 3;

    private int timeouts;
    private boolean isOpen;

    synchronized boolean isOpen() {
        return isOpen;
    }

    /// The database has answered.
    ///
    /// @return whether this closes the breaker
    synchronized boolean onAnswer() {
        boolean wasOpen = isOpen;
        timeouts = 0;
        isOpen = false;
        return wasOpen;
    }

    /// A call has failed.
    ///
    /// @return whether this opens the breaker
    synchronized boolean onFailure(LogException failure) {
        boolean wasOpen = isOpen;
        if (isConnectionFailure(failure)) {
            isOpen = true;
        } else if (failure.category() == Category.TIMEOUT) {
            timeouts++;
            isOpen |= timeouts >= TIMEOUTS;
        } else {
            timeouts = 0; // it has answered, though with a refusal
        }
        return isOpen && !wasOpen;
    }

    /// Whether no connection could be had, or one was lost. A pool that is merely used up names no
    /// cause.
    private static boolean isConnectionFailure(LogException failure) {
        if (!(failure.getCause() instanceof SQLException e) || Failures.isTimeout(e)) {
            return false;
        }
        boolean isUsedUp = e instanceof SQLTransientConnectionException && e.getCause() == null;
        return !isUsedUp && Failures.isLostConnection(e);
    }
}
