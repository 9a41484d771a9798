// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.AppendChecks;
import dev.fakta.log.EventLog;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Snapshot;
import dev.fakta.log.engine.Claimed;
import dev.fakta.log.engine.CommitQueue;
import dev.fakta.log.engine.PipelinedWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The writer of a partition of a [PostgresLog]. Checks on the caller's thread what needs no
/// database; the log thread does the rest.
final class PostgresWriter extends PipelinedWriter<PostgresRequest> {

    private static final int KNOWN_STREAMS = 4096;

    private final EventLog log;
    private final PostgresLogSettings settings;
    private final Map<String, Long> known = new KnownStreams(); // the log thread's

    PostgresWriter(
            EventLog log,
            CommitQueue<PostgresRequest> queue,
            PostgresLogSettings settings,
            Claimed claimed) {
        super(queue, claimed);
        this.log = log;
        this.settings = settings;
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
    protected PostgresRequest appendRequest(
            List<NewEvent> events, long first, CompletableFuture<Long> done) {
        AppendChecks.partition(log, partition(), events);
        events.forEach(PostgresWriter::checkText);
        int bytes = PostgresRequest.Append.bytes(events);
        if (bytes > settings.queueBytes()) {
            throw new IllegalArgumentException(
                    "an append of about %,d bytes is larger than %,d"
                            .formatted(bytes, settings.queueBytes()));
        }
        return new PostgresRequest.Append(this, first, events, bytes, deadline(), done);
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

    @Override
    protected PostgresRequest snapshotRequest(Snapshot snapshot) {
        AppendChecks.partition(log, partition(), snapshot.stream());
        return new PostgresRequest.Put(this, snapshot, deadline());
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
