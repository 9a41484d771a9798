// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Snapshot;
import dev.fakta.log.engine.Request;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A request to the log thread of a [PostgresLog].
sealed interface PostgresRequest extends Request {

    /// The [System#nanoTime] from which on the log thread fails the request with `TIMEOUT`.
    long deadline();

    /// Whether a request may go into the commit that has begun with `taken`: claims of different
    /// partitions go together, and so do appends and snapshots.
    static boolean fits(List<PostgresRequest> taken, PostgresRequest next) {
        if (next instanceof Claim claim) {
            return taken.stream()
                    .allMatch(
                            other ->
                                    other instanceof Claim earlier
                                            && earlier.partition() != claim.partition());
        }
        return !(taken.getFirst() instanceof Claim);
    }

    /// An append.
    ///
    /// @param offset the offset of its first event
    record Append(
            PostgresWriter writer,
            long offset,
            List<NewEvent> events,
            int bytes,
            long deadline,
            CompletableFuture<Long> done)
            implements PostgresRequest {

        /// What a row takes besides its payload.
        private static final int ROW = 256;

        static int bytes(List<NewEvent> events) {
            long sum = 0;
            for (NewEvent event : events) {
                sum += ROW + event.payload().length;
            }
            return (int) Math.min(sum, Integer.MAX_VALUE);
        }

        /// The offset of its last event.
        long end() {
            return offset + events.size() - 1;
        }

        @Override
        public void fail(LogException failure) {
            writer.failWith(failure);
            done.completeExceptionally(failure);
        }
    }

    record Claim(int partition, String node, long deadline, CompletableFuture<PostgresWriter> done)
            implements PostgresRequest {
        @Override
        public int bytes() {
            return 0;
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
    record Put(PostgresWriter writer, Snapshot snapshot, long deadline) implements PostgresRequest {
        @Override
        public int bytes() {
            return snapshot.payload().length;
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
