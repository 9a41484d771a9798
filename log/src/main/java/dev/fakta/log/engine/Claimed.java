// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

/// A claim that is durable: what its writer starts from.
///
/// @param offset the offset of the claim in its partition
/// @param time the claim's hybrid time, later than that of every record before it
public record Claimed(int partition, long epoch, long offset, long time) {}
