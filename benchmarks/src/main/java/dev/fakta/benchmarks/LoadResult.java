// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a load run measured, warm-up excluded.
///
/// Latencies are those of answers 2xx, from the first byte written to the last byte read. The loop
/// is closed: a slow answer delays the next request of its connection, so the percentiles describe
/// what these clients saw and not what independent arrivals would have seen.
///
/// @param requests all answers, whatever their status
/// @param errors answers other than 2xx by status (`503`), and requests without an answer:
///   `connect`, `closed`, `timeout`, `malformed`
/// @param rate answers 2xx per second
/// @param generatorMicros CPU time that the generator's thread spent on one request
public record LoadResult(
        long requests,
        SortedMap<String, Long> errors,
        double seconds,
        double rate,
        double p50Micros,
        double p90Micros,
        double p99Micros,
        double maxMicros,
        double generatorMicros) {

    public LoadResult {
        errors = Collections.unmodifiableSortedMap(new TreeMap<>(errors));
    }

    /// Everything that was no answer 2xx.
    public long failures() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }
}
