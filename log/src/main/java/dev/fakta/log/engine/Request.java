// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

import dev.fakta.log.LogException;

/// A request to the log thread, which waits in a [CommitQueue]. Each log has its own kinds.
public interface Request {

    /// How many bytes the request takes of the queue and of a commit, about.
    int bytes();

    /// Whether the request claims a partition. A full queue takes a claim all the same, because a
    /// thread waits for it.
    default boolean isClaim() {
        return false;
    }

    /// Whether the request stores a snapshot, for which nobody waits.
    default boolean isSnapshot() {
        return false;
    }

    /// Answers the request with a failure.
    void fail(LogException failure);
}
