// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.log.EventLog;
import dev.fakta.log.HybridTime;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.log.Writer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Appends events to all partitions in turn, a batch each, with some appends underway at any time.
/// One stream per partition grows.
final class LogFiller {

    static final int PAYLOAD_BYTES = 300;
    private static final int BATCH = 50;
    private static final int UNDERWAY = 256;

    private final List<Writer> writers = new ArrayList<>();
    private final List<String> streams = new ArrayList<>();
    private final long[] revisions;
    private final Semaphore free = new Semaphore(UNDERWAY);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final byte[] payload = new byte[PAYLOAD_BYTES];
    private final HybridTime clock = new HybridTime(InstantSource.system(), 0);
    private long commands;

    LogFiller(EventLog log) {
        revisions = new long[log.partitions()];
        for (int partition = 0; partition < log.partitions(); partition++) {
            writers.add(log.claim(partition, "benchmark"));
            streams.add(streamIn(log, partition));
        }
    }

    /// A stream that nobody has written to, in this partition.
    private static String streamIn(EventLog log, int partition) {
        for (int i = 0; ; i++) {
            String stream = "counter/" + UUID.randomUUID() + "-" + i;
            if (log.partitionOf(stream) == partition) {
                return stream;
            }
        }
    }

    /// Appends, and waits until all is durable.
    void append(int events) throws InterruptedException {
        for (int done = 0; done < events; done += BATCH) {
            int partition = done / BATCH % writers.size();
            if (!free.tryAcquire(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no append completes");
            }
            writers.get(partition)
                    .append(batch(partition))
                    .whenComplete(
                            (_, failed) -> {
                                if (failed != null) {
                                    failure.set(failed);
                                }
                                free.release();
                            });
        }
        if (!free.tryAcquire(UNDERWAY, 30, TimeUnit.SECONDS) || failure.get() != null) {
            throw new IllegalStateException("appends failed", failure.get());
        }
        free.release(UNDERWAY);
    }

    private List<NewEvent> batch(int partition) {
        List<NewEvent> batch = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            UUID id = new UUID(partition, ++commands);
            Metadata metadata = new Metadata(id, id, 0, id, id, "", "", clock.next(0));
            batch.add(
                    new NewEvent(
                            streams.get(partition),
                            ++revisions[partition],
                            "counter-incremented",
                            1,
                            payload,
                            metadata));
        }
        return batch;
    }

    /// Fills a log, says so, and waits to be killed.
    public static void main(String[] args) throws InterruptedException, IOException {
        EventLog log = SegmentLog.open(Path.of(args[0]), SegmentLogSettings.defaults());
        new LogFiller(log).append(Integer.parseInt(args[1]));
        System.out.println("filled");
        System.in.read();
    }
}
