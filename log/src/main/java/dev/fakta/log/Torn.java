// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

/// The bytes that a crash left of an unfinished write. The write was never acknowledged, so
/// recovery cuts them.
///
/// @param bytes how many bytes there are, up to the last one that is not zero
record Torn(Segment segment, int at, long bytes) {}
