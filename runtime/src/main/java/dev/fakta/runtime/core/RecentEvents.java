// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The newest events of the partitions in this JVM, as objects, so that a view that keeps up need
/// not decode what was encoded a moment ago: half of a view's work. A ring per partition, written
/// by the partition's thread and read by any.
///
/// An object stands for its bytes: events are immutable, and equal to what their own JSON is read
/// as. The memory image rests on the same; [dev.fakta.runtime.partition.Partition] asserts it.
public final class RecentEvents {

    private static final int KEPT = 64;

    private final AtomicReferenceArray<@Nullable Kept>[] rings;

    private record Kept(long offset, Object event) {}

    @SuppressWarnings({"unchecked", "rawtypes"})
    public RecentEvents(int partitions) {
        rings = new AtomicReferenceArray[partitions];
        for (int i = 0; i < partitions; i++) {
            rings[i] = new AtomicReferenceArray<>(KEPT);
        }
    }

    public void put(int partition, long offset, Object event) {
        rings[partition].set((int) (offset % KEPT), new Kept(offset, event));
    }

    public @Nullable Object find(int partition, long offset) {
        Kept kept = rings[partition].get((int) (offset % KEPT));
        return kept != null && kept.offset == offset ? kept.event : null;
    }
}
