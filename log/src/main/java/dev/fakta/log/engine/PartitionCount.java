// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

/// The number of partitions of a log, which is fixed when the log is created: a stream's partition
/// depends on it, and tokens and checkpoints name partitions.
public final class PartitionCount {

    /// The largest number of partitions that a log can have.
    public static final int MOST = 4096;

    private PartitionCount() {}

    /// Checks that a log is opened with the number of partitions that it was created with.
    ///
    /// @param log which log it is, in words for an operator
    /// @throws IllegalArgumentException when it is another number
    public static void require(String log, int created, int asked) {
        if (created != asked) {
            throw new IllegalArgumentException(
                    "%s has %d partitions, not %d: their number is fixed when a log is created"
                            .formatted(log, created, asked));
        }
    }
}
