// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.AppendChecks;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The writer of a partition of a [PostgresLog]. Checks on the caller's thread what needs no
/// database; the log thread does the rest.
final class PostgresWriter implements Writer {

    private static final int KNOWN_STREAMS = 4096;

    private final EventLog log;
    private final CommitQueue queue;
    private final PostgresLogSettings settings;
    private final int partition;
    private final long epoch;
    private final long time;
    private final Map<String, Long> known = new KnownStreams(); // the log thread's
    private long head; // the caller's, as is the stage of its last append
    private CompletableFuture<Long> last;
    private volatile @Nullable LogException failure;

    PostgresWriter(
            EventLog log,
            CommitQueue queue,
            PostgresLogSettings settings,
            Ownership.Claimed claimed) {
        this.log = log;
        this.queue = queue;
        this.settings = settings;
        this.partition = claimed.partition();
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

    /// The revision of the stream's last durable event, if this writer has seen it lately. For the
    /// log thread.
    @Nullable Long lastRevision(String stream) {
        return known.get(stream);
    }

    /// Notes what is durable now. For the log thread.
    void noteDurable(List<NewEvent> events) {
        for (NewEvent event : events) {
            known.put(event.stream(), event.revision());
        }
    }

    @Override
    public CompletionStage<Long> append(List<NewEvent> events) {
        List<NewEvent> given = List.copyOf(events);
        AppendChecks.partition(log, partition, given);
        given.forEach(PostgresWriter::checkText);
        int bytes = Request.Append.bytes(given);
        if (bytes > settings.queueBytes()) {
            throw new IllegalArgumentException(
                    "an append of about %,d bytes is larger than %,d"
                            .formatted(bytes, settings.queueBytes()));
        }
        LogException earlier = failure;
        if (earlier != null) {
            return failInOrder(earlier);
        }
        CompletableFuture<Long> done = new CompletableFuture<>();
        try {
            if (!queue.offer(new Request.Append(this, head + 1, given, bytes, deadline(), done))) {
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

    private static void checkText(NewEvent event) {
        Utf8.checkName("stream", event.stream());
        Utf8.checkName("event", event.name());
        Utf8.checkName("actor", event.metadata().actor());
        Utf8.checkName("trace parent", event.metadata().traceParent());
    }

    private long deadline() {
        return System.nanoTime() + settings.commitLimit().toNanos();
    }

    private CompletionStage<Long> failInOrder(LogException reason) {
        CompletableFuture<Long> failed = new CompletableFuture<>();
        var _ = last.whenComplete((_, _) -> failed.completeExceptionally(reason));
        return failed;
    }

    @Override
    public void putSnapshot(Snapshot snapshot) {
        AppendChecks.partition(log, partition, snapshot.stream());
        if (failure != null) {
            return;
        }
        try {
            boolean _ = queue.offer(new Request.Put(this, snapshot, deadline()));
        } catch (LogException _) {
            // the log is closed: the snapshot is dropped, as the contract says
        }
    }

    /// The streams appended to last, so that most appends need no look into the database.
    private static final class KnownStreams extends LinkedHashMap<String, Long> {
        private static final long serialVersionUID = 1L;

        KnownStreams() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > KNOWN_STREAMS;
        }
    }
}
