// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.engine.PartitionCount;
import java.util.UUID;

/// What a database says that it holds, in its row of `fakta_log`.
///
/// @param log which log it is a part of
/// @param partitions how many that log has
/// @param first the first one that is here
/// @param last the last one that is here
/// @param isComplete whether all databases of the log were made; before, none of them is written to
record Holding(UUID log, int partitions, int first, int last, boolean isComplete) {

    /// A new log in one database.
    static Holding whole(int partitions) {
        return new Holding(UUID.randomUUID(), partitions, 0, partitions - 1, true);
    }

    /// A range of a log that is being made.
    static Holding begun(UUID log, DatabaseRange range) {
        return new Holding(log, range.database().partitions(), range.first(), range.last(), false);
    }

    /// @throws IllegalArgumentException when it is another number, or not all of them
    void requireWhole(String place, int asked) {
        requirePartitions(place, asked);
        if (first != 0 || last != partitions - 1) {
            throw new IllegalArgumentException(
                    "%s holds partitions %d to %d of a log of %d: name the databases of all of them"
                            .formatted(place, first, last, partitions));
        }
    }

    /// @throws IllegalArgumentException when it is another range or log than asked for
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
