// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import java.util.List;

/// How long something took, many times: how often up to which duration.
///
/// @param upTo durations in seconds, ascending
/// @param counts how often it took longer than the duration before and up to this one; the last,
///   which has no duration beside it, how often it took longer than all of them
/// @param sum all of it together, in seconds
public record Durations(List<Double> upTo, List<Long> counts, double sum) {
    public Durations {
        upTo = List.copyOf(upTo);
        counts = List.copyOf(counts);
        if (counts.size() != upTo.size() + 1) {
            throw new IllegalArgumentException(
                    "counts: one for each duration and one for longer ones");
        }
    }

    /// How often.
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
