// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

/// An aggregate's state, written down.
///
/// @param revision of the last event that the state has folded
/// @param payload at most [NewEvent#LARGEST_PAYLOAD] bytes
@SuppressWarnings("ArrayRecordComponent") // bytes as they are stored; nobody compares by them
public record Snapshot(String stream, long revision, byte[] payload) {}
