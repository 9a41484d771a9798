// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The writer of a partition of a [SegmentLog]. Encodes on the caller's thread, so that the log
/// thread only copies.
final class SegmentWriter implements Writer {

    private final SegmentLog log;
    private final CommitQueue queue;
    private final int largestAppend;
    private final int partition;
    private final long epoch;
    private final long time;
    private long head; // the caller's, as is the stage of its last append
    private CompletableFuture<Long> last;
    private volatile @Nullable LogException failure;

    SegmentWriter(
            SegmentLog log,
            CommitQueue queue,
            int largestAppend,
            int partition,
            Request.Claimed claimed) {
        this.log = log;
        this.queue = queue;
        this.largestAppend = largestAppend;
        this.partition = partition;
        this.epoch = claimed.epoch();
        this.time = claimed.time();
        this.head = claimed.offset();
        this.last = CompletableFuture.completedFuture(head);
    }

    @Override
    public int partition() {
        return partition;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public long time() {
        return time;
    }

    @Override
    public long head() {
        return head;
    }

    /// Why every append from now on fails; null while none does.
    @Nullable LogException failure() {
        return failure;
    }

    /// The first failure counts.
    synchronized void failWith(LogException reason) {
        if (failure == null) {
            failure = reason;
        }
    }

    @Override
    public CompletionStage<Long> append(List<NewEvent> events) {
        List<NewEvent> given = List.copyOf(events);
        byte[] entry = EventBytes.entry(log, partition, given);
        failWhenTooLarge(entry);
        LogException earlier = failure;
        if (earlier != null) {
            return failInOrder(earlier);
        }
        CompletableFuture<Long> done = new CompletableFuture<>();
        try {
            if (!queue.offer(new Request.Append(this, given, entry, done))) {
                throw new LogException(Category.UNAVAILABLE, "too much waits to be appended");
            }
        } catch (LogException e) {
            failWith(e);
            return failInOrder(e);
        }
        head += given.size();
        last = done;
        return done;
    }

    private void failWhenTooLarge(byte[] entry) {
        if (entry.length > largestAppend) {
            throw new IllegalArgumentException(
                    "an append of %,d bytes is larger than %,d"
                            .formatted(entry.length, largestAppend));
        }
    }

    private CompletionStage<Long> failInOrder(LogException reason) {
        CompletableFuture<Long> failed = new CompletableFuture<>();
        var _ = last.whenComplete((_, _) -> failed.completeExceptionally(reason));
        return failed;
    }

    @Override
    public void putSnapshot(Snapshot snapshot) {
        byte[] name = snapshot.stream().getBytes(StandardCharsets.UTF_8);
        AppendChecks.partition(log, partition, snapshot.stream());
        byte[] entry = Entry.snapshot(partition, name, StreamHash.of(name), snapshot);
        failWhenTooLarge(entry);
        try {
            boolean _ = queue.offer(new Request.Put(this, snapshot, entry));
        } catch (LogException _) {
            // the log is closed: the snapshot is dropped, as the contract says
        }
    }
}
