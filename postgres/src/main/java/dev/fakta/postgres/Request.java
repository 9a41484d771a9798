// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Snapshot;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// What waits for the log thread.
sealed interface Request {

    /// How much of the queue and of a commit it takes, about.
    int bytes();

    /// The [System#nanoTime] from which on it is too late to begin with it.
    long deadline();

    /// Answers it with a failure.
    void fail(LogException failure);

    /// An append.
    ///
    /// @param offset of its first event
    record Append(
            PostgresWriter writer,
            long offset,
            List<NewEvent> events,
            int bytes,
            long deadline,
            CompletableFuture<Long> done)
            implements Request {

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
            implements Request {
        @Override
        public int bytes() {
            return 0;
        }

        @Override
        public void fail(LogException failure) {
            done.completeExceptionally(failure);
        }
    }

    /// A snapshot to store.
    record Put(PostgresWriter writer, Snapshot snapshot, long deadline) implements Request {
        @Override
        public int bytes() {
            return snapshot.payload().length;
        }

        @Override
        public void fail(LogException failure) {
            // a snapshot is an aid: it is dropped
        }
    }
}
