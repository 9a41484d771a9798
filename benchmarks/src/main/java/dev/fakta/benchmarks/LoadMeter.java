// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Counts what happens to the requests of one load run, from [#start] on; what happens before that
/// is warm-up and is forgotten. For the generator's thread only, whose CPU time it measures.
final class LoadMeter {

    /// Why a request got no answer.
    enum Failure {
        CONNECT,
        CLOSED,
        TIMEOUT,
        MALFORMED
    }

    private static final int STATUSES = 1_000;
    private static final double MICRO = 1_000;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final LatencyHistogram latencies = new LatencyHistogram();
    private final long[] answers = new long[STATUSES];
    private final Map<Failure, Long> failures = new EnumMap<>(Failure.class);
    private boolean isStarted;
    private long startNanos;
    private long startCpuNanos;

    void start(long nanos) {
        isStarted = true;
        startNanos = nanos;
        startCpuNanos = threads.getCurrentThreadCpuTime();
    }

    boolean isStarted() {
        return isStarted;
    }

    void answered(int status, long nanos) {
        if (isStarted) {
            answers[status]++;
            if (isSuccess(status)) {
                latencies.record(nanos);
            }
        }
    }

    void failed(Failure failure) {
        if (isStarted) {
            failures.merge(failure, 1L, Long::sum);
        }
    }

    LoadResult result(long nanos) {
        double seconds = (nanos - startNanos) / 1e9;
        long cpuNanos = threads.getCurrentThreadCpuTime() - startCpuNanos;
        long requests = 0;
        for (long count : answers) {
            requests += count;
        }
        return new LoadResult(
                requests,
                errors(),
                seconds,
                latencies.count() / seconds,
                latencies.percentile(0.5) / MICRO,
                latencies.percentile(0.9) / MICRO,
                latencies.percentile(0.99) / MICRO,
                latencies.max() / MICRO,
                requests == 0 ? 0 : cpuNanos / MICRO / requests);
    }

    private SortedMap<String, Long> errors() {
        SortedMap<String, Long> errors = new TreeMap<>();
        for (int status = 0; status < STATUSES; status++) {
            if (answers[status] > 0 && !isSuccess(status)) {
                errors.put(Integer.toString(status), answers[status]);
            }
        }
        failures.forEach(
                (failure, count) -> errors.put(failure.name().toLowerCase(Locale.ROOT), count));
        return errors;
    }

    private static boolean isSuccess(int status) {
        return status >= 200 && status <= 299;
    }
}
