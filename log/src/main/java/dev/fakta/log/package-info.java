// SPDX-License-Identifier: Apache-2.0

/// The append-only event log: its contract ([EventLog]) and its implementations.
///
/// A log has a fixed number of partitions. A partition has one [Writer] at a time, which numbers
/// its records 1, 2, 3 … (the offset); a stream is the events of one aggregate, all in one
/// partition, numbered 1, 2, 3 … too (the revision). There is no update and no delete.
///
/// Calls block; virtual threads are welcome. Only [Writer#append] answers with a stage, because
/// many appends share one disk flush.
@NullMarked
package dev.fakta.log;

import org.jspecify.annotations.NullMarked;
