// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

/// Counts of latencies in buckets whose width grows with the value: 128 buckets for each power of
/// two, so a percentile is at most 0.8 % above the true one (Gil Tene's HdrHistogram uses the same
/// layout). Recording costs one addition and allocates nothing. For one thread.
final class LatencyHistogram {

    private static final int BITS = 7;
    private static final int BUCKETS = 1 << BITS;

    private final long[] counts = new long[(Long.SIZE - BITS) * BUCKETS];
    private long count;
    private long max;

    void record(long nanos) {
        long value = Math.max(0, nanos);
        counts[bucket(value)]++;
        count++;
        max = Math.max(max, value);
    }

    long count() {
        return count;
    }

    /// The largest value, exactly; 0 when nothing was recorded.
    long max() {
        return max;
    }

    /// The upper end of the bucket in which the given share of the values lies at or below, but
    /// never more than the largest value; 0 when nothing was recorded.
    ///
    /// @param share between 0 and 1: 0.99 for the 99th percentile
    long percentile(double share) {
        if (share < 0 || share > 1) {
            throw new IllegalArgumentException("share must be between 0 and 1: " + share);
        }
        long rank = Math.max(1, (long) Math.ceil(share * count));
        long seen = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            seen += counts[bucket];
            if (seen >= rank) {
                return Math.min(max, upperEnd(bucket));
            }
        }
        return max;
    }

    /// Values below 128 have a bucket each; above, the highest eight bits choose it.
    private static int bucket(long value) {
        if (value < BUCKETS) {
            return (int) value;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - BITS;
        return shift * BUCKETS + (int) (value >>> shift);
    }

    private static long upperEnd(int bucket) {
        if (bucket < BUCKETS) {
            return bucket;
        }
        int shift = bucket / BUCKETS - 1;
        int top = BUCKETS + bucket % BUCKETS;
        return ((top + 1L) << shift) - 1;
    }
}
