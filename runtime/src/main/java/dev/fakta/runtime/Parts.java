// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import dev.fakta.log.EventLog;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// What the parts of a node share.
///
/// @param blocking runs what waits for a disk or a network: a virtual thread each
/// @param microsystems how many there are: each has its own share of memory
record Parts(
        NodeSettings settings,
        EventLog log,
        EventCodec codec,
        RecentEvents recent,
        InstantSource clock,
        Executor blocking,
        List<Aggregate<?, ?, ?>> aggregates,
        int microsystems) {

    /// An image of the size that is due to one partition.
    Image newImage() {
        return new Image(
                Math.max(1, settings.aggregatesInMemory() * microsystems / log.partitions()));
    }

    /// The kind of aggregate of this name, if this program knows it.
    @SuppressWarnings("unchecked")
    @Nullable Aggregate<Object, Object, Object> aggregate(String name) {
        for (Aggregate<?, ?, ?> aggregate : aggregates) {
            if (aggregate.name().equals(name)) {
                return (Aggregate<Object, Object, Object>) aggregate;
            }
        }
        return null;
    }
}
