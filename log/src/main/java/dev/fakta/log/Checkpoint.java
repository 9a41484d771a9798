// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

/// The state behind some frame, without the streams: they are in the [StreamIndex].
///
/// @param sequence the sequence number of the frame
/// @param end the location behind the frame
/// @param hash the hash of the frame
/// @param mark the location of the last frame with a mark, or 0
@SuppressWarnings("ArrayRecordComponent") // nobody compares by them, nobody changes them
record Checkpoint(long sequence, long end, byte[] hash, long mark, PartitionStates partitions) {

    static Checkpoint none(int partitions) {
        return new Checkpoint(
                0, Location.NONE, Frame.noHash(), Location.NONE, PartitionStates.none(partitions));
    }
}
