// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.time.Duration;
import java.util.List;

/// A reader that follows some partitions. Serves one thread at a time; [#close] may come from
/// another and ends a waiting [#next].
public interface LogReader extends AutoCloseable {

    /// The next records, at least one unless the wait ended first; then none. Those of one
    /// partition come in offset order without a gap.
    ///
    /// @param limit the most records to answer; at least 1
    /// @param wait how long to wait for a first record; an interrupt ends the wait
    /// @throws LogException `CLOSED` when the reader or the log is closed
    List<LogRecord> next(int limit, Duration wait);

    /// The offsets up to which this reader has answered.
    Positions positions();

    @Override
    void close();
}
