// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.engine.Claimed;
import dev.fakta.log.engine.CommitQueue;
import dev.fakta.log.engine.PipelinedWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The writer of a partition of a [SegmentLog]. Encodes on the caller's thread, so that the log
/// thread only copies.
final class SegmentWriter extends PipelinedWriter<SegmentRequest> {

    private final SegmentLog log;
    private final int largestAppend;

    /// @param largestAppend how many bytes an append may take, encoded
    SegmentWriter(
            SegmentLog log, CommitQueue<SegmentRequest> queue, int largestAppend, Claimed claimed) {
        super(queue, claimed);
        this.log = log;
        this.largestAppend = largestAppend;
    }

    @Override
    protected SegmentRequest appendRequest(
            List<NewEvent> events, long first, CompletableFuture<Long> done) {
        byte[] entry = EventBytes.entry(log, partition(), events);
        failWhenTooLarge(entry);
        return new SegmentRequest.Append(this, events, entry, done);
    }

    private void failWhenTooLarge(byte[] entry) {
        if (entry.length > largestAppend) {
            throw new IllegalArgumentException(
                    "an append of %,d bytes is larger than %,d"
                            .formatted(entry.length, largestAppend));
        }
    }

    @Override
    protected SegmentRequest snapshotRequest(Snapshot snapshot) {
        byte[] name = snapshot.stream().getBytes(StandardCharsets.UTF_8);
        AppendChecks.partition(log, partition(), snapshot.stream());
        byte[] entry = Entry.snapshot(partition(), name, StreamHash.of(name), snapshot);
        failWhenTooLarge(entry);
        return new SegmentRequest.Put(this, snapshot, entry);
    }
}
