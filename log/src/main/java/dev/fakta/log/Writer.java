// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.util.List;
import java.util.concurrent.CompletionStage;

/// The single writer of a partition, from its claim until the next one. One thread at a time calls
/// it; stages complete on a thread of the log, which must not be kept busy.
public interface Writer {

    int partition();

    /// The epoch of the claim: one higher than the epoch of the partition's claim before.
    long epoch();

    /// The hybrid time of the claim, see [HybridTime]: later than that of every record before it.
    long time();

    /// The offset of the last event given to this writer, durable or not; before the first append,
    /// the offset of the claim.
    long head();

    /// Whether a later claim of the partition is known here. Waits for nothing. Another process may
    /// have made one that is not known yet, see [EventLog#stillOwners].
    boolean isFenced();

    /// Appends events: all or nothing, at the offsets that follow [#head]. Each event's revision
    /// must be one more than its stream's last one, or the append fails `CONFLICT`. Appends may be
    /// given without waiting for earlier ones, and complete in their order. An empty list completes
    /// with [#head].
    ///
    /// @return completes with the offset of the last event, when all of them are durable; fails
    ///   with a [LogException]. After one failure, later ones fail with its category
    /// @throws IllegalArgumentException when a stream belongs to another partition, see
    ///   [EventLog#partitionOf], or the append is larger than the log can take; nothing is appended
    ///   then, and the writer goes on
    CompletionStage<Long> append(List<NewEvent> events);

    /// Stores a snapshot, for reading a long stream quickly. A snapshot may be lost in a crash: it
    /// is an aid, not a fact. The log drops a snapshot that is ahead of its stream, that cannot be
    /// stored, or whose writer is fenced.
    void putSnapshot(Snapshot snapshot);
}
