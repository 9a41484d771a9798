// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

/// What a crash left of an unfinished write: never acknowledged, so it is cut.
///
/// @param bytes up to the last one that is not zero
record Torn(Segment segment, int at, long bytes) {}
