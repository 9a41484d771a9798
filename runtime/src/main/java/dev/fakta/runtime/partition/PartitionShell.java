// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.log.LogException;
import dev.fakta.log.Writer;
import dev.fakta.runtime.Versioned;
import dev.fakta.runtime.core.CommandWindow;
import java.util.function.Consumer;

/// What a [Partition] asks of the thread that runs it. None of it blocks.
interface PartitionShell {
    /// Claims the partition, then calls [Partition#claimed] or [Partition#claimFailed].
    void claim();

    boolean surelyAbsent(String stream);

    /// Reads an aggregate, then calls [Partition#loaded] or [Partition#loadFailed].
    void load(Resident resident);

    /// Answers a question by what the log has at this moment, and keeps nothing of it in memory.
    void read(StateCall call);

    /// The partition is this node's by this claim, and its memory holds nothing from before.
    void owns(Writer claim);

    /// Gives an answer that rests on memory alone, when no other node can have taken the partition;
    /// otherwise the other one.
    void whenOwned(Runnable answer, Consumer<LogException> otherwise);

    /// Appends, then calls [Partition#appended] or [Partition#appendFailed].
    void append(Writer writer, Batch batch);

    /// Makes a snapshot, then calls [Partition#snapshotMade]; or makes none.
    void snapshot(
            Writer writer, Resident resident, Versioned<Object> aggregate, CommandWindow.Kept kept);

    /// So many command ids were forgotten that were not ten minutes old.
    void forgot(long commands);

    /// The partition is another node's.
    void ended();
}
