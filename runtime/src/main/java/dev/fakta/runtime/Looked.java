// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

/// Nodes that are found by a lookup which is at hand.
///
/// @param atLeast how many nodes there must be before a cluster is founded
record Looked(Lookup lookup, int atLeast) implements Discovery {}
