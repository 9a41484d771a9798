// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.engine.Claimed;
import dev.fakta.log.engine.Request;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A request to the log thread of a [SegmentLog].
@SuppressWarnings("ArrayRecordComponent") // nobody compares requests
sealed interface SegmentRequest extends Request {

    /// An append.
    ///
    /// @param entry the events as an [Entry], without offsets and back pointers yet
    record Append(
            SegmentWriter writer, List<NewEvent> events, byte[] entry, CompletableFuture<Long> done)
            implements SegmentRequest {
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

    record Claim(int partition, String node, CompletableFuture<Claimed> done)
            implements SegmentRequest {
        private static final int MOST_BYTES = Entry.HEADER + 8 + NewEvent.LONGEST_NAME + 8;

        @Override
        public int bytes() {
            return MOST_BYTES;
        }

        @Override
        public boolean isClaim() {
            return true;
        }

        @Override
        public void fail(LogException failure) {
            done.completeExceptionally(failure);
        }
    }

    /// A snapshot to store.
    ///
    /// @param entry the snapshot as an [Entry], without its back pointer yet
    record Put(SegmentWriter writer, Snapshot snapshot, byte[] entry) implements SegmentRequest {
        @Override
        public int bytes() {
            return entry.length;
        }

        @Override
        public boolean isSnapshot() {
            return true;
        }

        @Override
        public void fail(LogException failure) {
            // a snapshot is an aid: it is dropped
        }
    }
}
