// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.util.Map;

/// A fault that happened. Times in nanoseconds since the history began.
///
/// @param node that it happened to, or -1 for all
/// @param isOldest whether the node was the longest in the cluster, its coordinator
/// @param lifted when the fault was over, or the node was started again
/// @param whole when every node was ready again
/// @param downtimes for how long each partition of the node had no successful answer
/// @param remark what was out of the ordinary
record Strike(
        Fault fault,
        int node,
        boolean isOldest,
        long from,
        long lifted,
        long whole,
        Map<Integer, Long> downtimes,
        String remark) {

    Strike {
        downtimes = Map.copyOf(downtimes);
    }

    String where() {
        return node < 0
                ? "the database"
                : ClusterUnderTest.name(node) + (isOldest ? " (the oldest)" : "");
    }

    /// The longest of its partitions.
    long worst() {
        return downtimes.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }
}
