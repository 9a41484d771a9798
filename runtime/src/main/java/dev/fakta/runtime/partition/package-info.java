// SPDX-License-Identifier: Apache-2.0

/// The partitions that a node hosts, and no API.
///
/// A command comes to a [LocalPartitions], which gives it to the [PartitionCell] of its partition:
/// one thread at a time works there. The [Partition] decides on the aggregates in its [Image], and
/// answers when the log has the events. [PassiveCopies] fold the same events on another node.
@NullMarked
package dev.fakta.runtime.partition;

import org.jspecify.annotations.NullMarked;
