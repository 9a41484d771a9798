// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.views.ViewLag;
import java.util.List;

/// A node at one moment.
///
/// @param activePartitions the partitions that this node owns
/// @param passivePartitions the partitions that it keeps a warm copy of
/// @param partitions all partitions of the log
/// @param commandsWaiting commands in this node that have no answer yet
/// @param views how far each view is behind
/// @param comparedImages how many aggregates have been compared with their active copy
/// @param differingImages how many of them differed: not one, or there is a defect
/// @param sagas how many instances have not ended, of the sagas that this node can tell of
/// @param nodes how many nodes of its cluster it knows, itself included
/// @param isWell whether every part of the node works, and it is a member of its cluster
/// @param isReady whether the node has taken its share of the partitions, and found all others in
///   place on other nodes, since it was started
public record NodeStatus(
        int activePartitions,
        int passivePartitions,
        int partitions,
        int commandsWaiting,
        List<ViewLag> views,
        long comparedImages,
        long differingImages,
        List<SagaCounts> sagas,
        int nodes,
        boolean isWell,
        boolean isReady) {
    public NodeStatus {
        views = List.copyOf(views);
        sagas = List.copyOf(sagas);
    }
}
