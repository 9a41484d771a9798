// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The writer of a partition of a log with a log thread. Each append becomes a request in the log's
/// [CommitQueue] without waiting for the appends before it: checks and encoding are done on the
/// caller's thread, and the log thread does the rest. An append that is refused here fails behind
/// the appends that are on their way.
///
/// @param <R> the kinds of requests of the log
public abstract class PipelinedWriter<R extends Request> implements Writer {

    private final CommitQueue<R> queue;
    private final Claimed claimed;
    private long head; // the caller's, as is the stage of its last append
    private CompletableFuture<Long> last;
    private volatile @Nullable LogException failure;

    protected PipelinedWriter(CommitQueue<R> queue, Claimed claimed) {
        this.queue = queue;
        this.claimed = claimed;
        this.head = claimed.offset();
        this.last = CompletableFuture.completedFuture(head);
    }

    @Override
    public final int partition() {
        return claimed.partition();
    }

    @Override
    public final long epoch() {
        return claimed.epoch();
    }

    @Override
    public final long time() {
        return claimed.time();
    }

    @Override
    public final long head() {
        return head;
    }

    @Override
    public final boolean isFenced() {
        LogException reason = failure;
        return reason != null && reason.category() == Category.FENCED;
    }

    /// Why every append from now on fails; null while none does.
    public final @Nullable LogException failure() {
        return failure;
    }

    /// Lets every append from now on fail. The first failure counts, later ones change nothing.
    public final synchronized void failWith(LogException reason) {
        if (failure == null) {
            failure = reason;
        }
    }

    @Override
    public final CompletionStage<Long> append(List<NewEvent> events) {
        List<NewEvent> given = List.copyOf(events);
        CompletableFuture<Long> done = new CompletableFuture<>();
        R request = appendRequest(given, head + 1, done);
        LogException earlier = failure;
        if (earlier != null) {
            return failInOrder(done, earlier);
        }
        try {
            if (!queue.offer(request)) {
                throw new LogException(Category.UNAVAILABLE, "too much waits to be appended");
            }
        } catch (LogException e) {
            failWith(e);
            return failInOrder(done, e);
        }
        head += given.size();
        last = done;
        return done;
    }

    private CompletionStage<Long> failInOrder(CompletableFuture<Long> done, LogException reason) {
        var _ = last.whenComplete((_, _) -> done.completeExceptionally(reason));
        return done;
    }

    @Override
    public final void putSnapshot(Snapshot snapshot) {
        R request = snapshotRequest(snapshot);
        if (failure != null) {
            return;
        }
        try {
            boolean _ = queue.offer(request);
        } catch (LogException _) {
            // the log is closed: the snapshot is dropped, as the contract says
        }
    }

    /// Checks an append and makes a request of it.
    ///
    /// @param first the offset of the first event
    /// @param done what the log thread completes with the offset of the last event
    /// @throws IllegalArgumentException as [#append]
    protected abstract R appendRequest(
            List<NewEvent> events, long first, CompletableFuture<Long> done);

    /// Checks a snapshot and makes a request of it.
    ///
    /// @throws IllegalArgumentException when the stream belongs to another partition, or the
    ///   snapshot is too large
    protected abstract R snapshotRequest(Snapshot snapshot);
}
