// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

/// The fact that a node took the partition.
public record ClaimRecord(int partition, long offset, long epoch, String node, long time)
        implements LogRecord {}
