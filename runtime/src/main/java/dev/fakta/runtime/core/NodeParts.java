// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.View;
import dev.fakta.log.EventLog;
import dev.fakta.log.JoinedLog;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Role;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// What the parts of a node share.
///
/// @param clocks is told of hybrid times that other nodes and the log have
/// @param blocking runs what waits for a disk or a network: a virtual thread each
public record NodeParts(
        NodeSettings settings,
        EventLog log,
        EventCodec codec,
        RecentEvents recent,
        InstantSource clock,
        ClockWatch clocks,
        Executor blocking,
        List<Aggregate<?, ?, ?>> aggregates,
        Microsystems microsystems) {

    /// The microsystem that a partition is of; the first one where they share a log.
    public String microsystem(int partition) {
        return log instanceof JoinedLog joined
                ? joined.part(partition).microsystem()
                : microsystems.name();
    }

    /// Whether a view that each node has for itself is to run on this one.
    public boolean hasHere(View view) {
        return settings.cluster().has(Role.VIEW)
                && microsystems.here().contains(microsystems.owner(view).name());
    }

    /// The kind of aggregate of this name, if this program knows it.
    @SuppressWarnings("unchecked")
    public @Nullable Aggregate<Object, Object, Object> aggregate(String name) {
        for (Aggregate<?, ?, ?> aggregate : aggregates) {
            if (aggregate.name().equals(name)) {
                return (Aggregate<Object, Object, Object>) aggregate;
            }
        }
        return null;
    }
}
