// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;
import dev.fakta.log.Positions;
import java.util.Set;

/// The writing side of one view: its rows, checkpoint and parked events, in one transaction at a
/// time. One thread; [#close] may come from another.
///
/// A statement may fail where it is run or, at the latest, in [#apart] or [#commit].
public sealed interface ViewWriter extends View.Sql, AutoCloseable permits ViewFile, ViewSchema {

    /// The positions that were committed last.
    Positions checkpoint();

    /// The streams that have a parked event.
    Set<String> parkedStreams();

    void park(int partition, long offset, String stream, String event, String reason);

    /// Runs one event's handler so that its rows can be taken back alone.
    void apart(Runnable handler);

    /// Commits the rows and this checkpoint.
    ///
    /// @throws ViewFencedException when another runner has taken the view; nothing is committed
    void commit(Positions applied);

    /// Asks whether the view is still this runner's, when it has nothing to commit.
    ///
    /// @throws ViewFencedException when another runner has taken the view
    void confirm();

    void rollback();

    /// Closes this one and opens the view once more, after a failure that leaves it in doubt what
    /// was committed: [#checkpoint] says it.
    ///
    /// @throws ViewFencedException when another runner has taken the view
    ViewWriter reopen();

    @Override
    void close();
}
