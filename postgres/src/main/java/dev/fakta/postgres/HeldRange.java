// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.engine.PartitionCount;
import java.util.UUID;

/// The range of a log's partitions that a database holds, as its row of `fakta_log` says.
///
/// @param log the id of the log
/// @param partitions how many partitions the whole log has
/// @param first the first partition that the database holds
/// @param last the last partition that the database holds
/// @param isComplete whether all databases of the log were made; before, nothing is written to them
record HeldRange(UUID log, int partitions, int first, int last, boolean isComplete) {

    /// All partitions of a new log in one database.
    static HeldRange whole(int partitions) {
        return new HeldRange(UUID.randomUUID(), partitions, 0, partitions - 1, true);
    }

    /// A range of a log that is being made.
    static HeldRange begun(UUID log, DatabaseRange range) {
        return new HeldRange(
                log, range.database().partitions(), range.first(), range.last(), false);
    }

    /// Fails unless the database holds all partitions of a log of `asked` partitions.
    ///
    /// @throws IllegalArgumentException saying which partitions it holds
    void requireWhole(String place, int asked) {
        requirePartitions(place, asked);
        if (first != 0 || last != partitions - 1) {
            throw new IllegalArgumentException(
                    "%s holds partitions %d to %d of a log of %d: name the databases of all of them"
                            .formatted(place, first, last, partitions));
        }
    }

    /// Fails unless the database holds this range of the log with the id `wanted`.
    ///
    /// @throws IllegalArgumentException saying what it holds
    void require(DatabaseRange range, UUID wanted) {
        requirePartitions(range.place(), range.database().partitions());
        if (first != range.first() || last != range.last()) {
            throw new IllegalArgumentException(
                    "%s holds partitions %d to %d of its log, not %d to %d"
                            .formatted(range.place(), first, last, range.first(), range.last()));
        }
        if (!log.equals(wanted)) {
            throw new IllegalArgumentException(
                    "%s belongs to another log than the databases before it: %s, not %s"
                            .formatted(range.place(), log, wanted));
        }
    }

    private void requirePartitions(String place, int asked) {
        PartitionCount.require("the log in " + place, partitions, asked);
    }
}
