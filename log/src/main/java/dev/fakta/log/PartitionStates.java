// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

/// What the log knows of each partition: head, epoch of the newest claim, highest time.
@SuppressWarnings("ArrayRecordComponent") // nobody compares by them
record PartitionStates(long[] heads, long[] epochs, long[] times) {

    static PartitionStates none(int partitions) {
        return new PartitionStates(
                new long[partitions], new long[partitions], new long[partitions]);
    }

    PartitionStates copy() {
        return new PartitionStates(heads.clone(), epochs.clone(), times.clone());
    }

    void set(PartitionStates other) {
        System.arraycopy(other.heads, 0, heads, 0, heads.length);
        System.arraycopy(other.epochs, 0, epochs, 0, epochs.length);
        System.arraycopy(other.times, 0, times, 0, times.length);
    }
}
