// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.Node;
import java.time.Duration;

/// Work that a node with a gateway does again and again beside its requests, as looking for what
/// nobody looks after. Every such node does it, so that doing it twice has to be harmless.
///
/// @param name of the thread, and of the chore in `fakta_chores_failed_total`
/// @param every the pause between the end of a run and the next one; the first run comes after a
///   minute, or sooner when the pause is shorter
public record Chore(String name, Duration every, Work work) {

    public Chore {
        if (name.isBlank() || !every.isPositive()) {
            throw new IllegalArgumentException("a chore has a name, and a pause above nothing");
        }
    }

    /// One run of a chore.
    @FunctionalInterface
    public interface Work {
        /// Does some of it and comes to an end: what is left is for the next run. A failure ends
        /// the run and is counted.
        ///
        /// @throws InterruptedException when the node stops
        void run(Node node) throws InterruptedException;

        /// Ends what runs have begun and left running. Once, when the gateway stops and no run
        /// comes any more; the node is still there.
        default void end() {}
    }
}
