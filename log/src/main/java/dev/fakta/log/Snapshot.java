// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

/// An aggregate's state, written down.
///
/// @param revision the revision of the last event that the state has folded
/// @param payload at most [NewEvent#LARGEST_PAYLOAD] bytes
@SuppressWarnings("ArrayRecordComponent") // bytes as they are stored; nobody compares by them
public record Snapshot(String stream, long revision, byte[] payload) {

    public Snapshot {
        NewEvent.checkLength("stream", stream);
        if (revision < 1) {
            throw new IllegalArgumentException("revisions count from 1: " + revision);
        }
        if (payload.length > NewEvent.LARGEST_PAYLOAD) {
            throw new IllegalArgumentException(
                    "a payload of %,d bytes is larger than %,d"
                            .formatted(payload.length, NewEvent.LARGEST_PAYLOAD));
        }
    }
}
