// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.nio.file.Path;
import java.util.Optional;

/// What [LogVerifier] found.
///
/// @param partitions the log's number of partitions
/// @param frames up to the first fault, as are the other counts
/// @param bytes of frames
/// @param unfinishedBytes what a crash left of a write that nobody was told of; the next opening
///   cuts it
/// @param fault the first one, if there is any
public record VerifyReport(
        int partitions,
        long frames,
        long events,
        long claims,
        long snapshots,
        long streams,
        long bytes,
        long unfinishedBytes,
        Optional<Fault> fault) {

    /// Where the log is not what was written.
    public record Fault(Path file, long at, String what) {
        @Override
        public String toString() {
            return "%s, in %s at byte %d".formatted(what, file, at);
        }
    }

    /// Whether nothing was altered or removed.
    public boolean isSound() {
        return fault.isEmpty();
    }
}
