// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import dev.fakta.runtime.Versioned;
import dev.fakta.runtime.core.CommandWindow;
import dev.fakta.runtime.core.SnapshotCodec;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Makes the snapshots of one partition on a thread of the executor, one after the other, so that
/// neither the partition nor the log waits until a large state is encoded. Of an aggregate only the
/// newest state waits. Any thread.
public final class SnapshotQueue {

    /// So many aggregates wait at most; what is one too many is skipped.
    private static final int MOST = 256;

    private final SnapshotCodec codec;
    private final Executor executor;
    private final Map<String, Wanted> waiting = new LinkedHashMap<>();
    private final Made made;
    private boolean isWorking;

    /// Takes a snapshot that was made.
    @FunctionalInterface
    public interface Made {
        void take(Writer writer, Snapshot snapshot);
    }

    private record Wanted(
            Writer writer, Resident resident, Versioned<Object> state, CommandWindow.Kept kept) {}

    public SnapshotQueue(SnapshotCodec codec, Executor executor, Made made) {
        this.codec = codec;
        this.executor = executor;
        this.made = made;
    }

    /// Wants a snapshot.
    public void add(
            Writer writer, Resident resident, Versioned<Object> state, CommandWindow.Kept kept) {
        synchronized (this) {
            if (waiting.size() >= MOST && !waiting.containsKey(resident.stream)) {
                codec.skipped(
                        resident.aggregate.name(),
                        new IllegalStateException("too many snapshots wait to be made"));
                return;
            }
            waiting.put(resident.stream, new Wanted(writer, resident, state, kept));
            if (isWorking) {
                return;
            }
            isWorking = true;
        }
        try {
            executor.execute(this::work);
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                isWorking = false; // the node ends: nobody wants snapshots any more
                waiting.clear();
            }
        }
    }

    private void work() {
        for (Wanted next = next(); next != null; next = next()) {
            Snapshot snapshot = codec.write(next.resident.aggregate, next.state, next.kept);
            if (snapshot != null) {
                next.resident.snapshotBytes = snapshot.payload().length;
                made.take(next.writer, snapshot);
            }
        }
    }

    private synchronized @Nullable Wanted next() {
        Iterator<Wanted> oldest = waiting.values().iterator();
        if (!oldest.hasNext()) {
            isWorking = false;
            return null;
        }
        Wanted next = oldest.next();
        oldest.remove();
        return next;
    }
}
