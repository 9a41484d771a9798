// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import java.util.List;

/// A node at one moment.
///
/// @param activePartitions the partitions that this node owns
/// @param partitions all partitions of the log
/// @param commandsWaiting commands in this node that have no answer yet
/// @param views how far each view is behind
/// @param isWell whether every part of the node works
public record NodeStatus(
        int activePartitions,
        int partitions,
        int commandsWaiting,
        List<ViewLag> views,
        boolean isWell) {
    public NodeStatus {
        views = List.copyOf(views);
    }
}
