// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

/// What stands at one offset of a partition.
public sealed interface LogRecord permits EventRecord, ClaimRecord {
    int partition();

    /// The place in the partition; the first record's is 1.
    long offset();

    /// The hybrid logical time, see [HybridTime].
    long time();
}
