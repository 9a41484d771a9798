// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/// What waits for the log thread.
@SuppressWarnings("ArrayRecordComponent") // nobody compares requests
sealed interface Request {

    /// How much of the queue and of a frame it takes.
    int bytes();

    /// Answers it with a failure.
    void fail(LogException failure);

    /// An append.
    ///
    /// @param entry the events as an [Entry], without offsets and back pointers yet
    record Append(
            SegmentWriter writer, List<NewEvent> events, byte[] entry, CompletableFuture<Long> done)
            implements Request {
        @Override
        public int bytes() {
            return entry.length;
        }

        @Override
        public void fail(LogException failure) {
            writer.failWith(failure);
            done.completeExceptionally(failure);
        }
    }

    record Claim(int partition, String node, CompletableFuture<Claimed> done) implements Request {
        private static final int MOST_BYTES = Entry.HEADER + 8 + NewEvent.LONGEST_NAME + 8;

        @Override
        public int bytes() {
            return MOST_BYTES;
        }

        @Override
        public void fail(LogException failure) {
            done.completeExceptionally(failure);
        }
    }

    /// What a claim is answered with.
    record Claimed(long epoch, long offset, long time) {}

    /// A snapshot to store.
    ///
    /// @param entry the snapshot as an [Entry], without its back pointer yet
    record Put(SegmentWriter writer, Snapshot snapshot, byte[] entry) implements Request {
        @Override
        public int bytes() {
            return entry.length;
        }

        @Override
        public void fail(LogException failure) {
            // a snapshot is an aid: it is dropped
        }
    }
}
