// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import dev.fakta.chaos.History.Call;
import dev.fakta.chaos.History.Kind;
import dev.fakta.chaos.History.Outcome;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How long there was no successful answer.
final class Downtime {

    private static final int BUCKET_MILLIS = 250;
    private static final int WIDEST_BAR = 60;

    private Downtime() {}

    /// The longest time between two acknowledged notes, or between one and either limit. The pause
    /// that the client makes between two is in it.
    static long of(Collection<Call> calls, long from, long until) {
        long[] ends =
                calls.stream()
                        .filter(call -> call.kind() == Kind.NOTE && call.outcome() == Outcome.OK)
                        .mapToLong(Call::end)
                        .filter(end -> end > from && end < until)
                        .sorted()
                        .toArray();
        long longest = 0;
        long last = from;
        for (long end : ends) {
            longest = Math.max(longest, end - last);
            last = end;
        }
        return Math.max(longest, until - last);
    }

    /// A line with median, 99th percentile and maximum.
    static String summary(Collection<Long> nanos) {
        if (nanos.isEmpty()) {
            return "none measured";
        }
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "%d measured: median %.2f s, p99 %.2f s, longest %.2f s",
                sorted.length,
                percentile(sorted, 50) / 1e9,
                percentile(sorted, 99) / 1e9,
                sorted[sorted.length - 1] / 1e9);
    }

    /// Of sorted values, the one that so many percent do not exceed.
    static long percentile(long[] sorted, int percent) {
        int rank = Math.ceilDiv(percent * sorted.length, 100);
        return sorted[Math.max(0, rank - 1)];
    }

    /// Bars of text, one line for each quarter of a second.
    static String histogram(Collection<Long> nanos) {
        if (nanos.isEmpty()) {
            return "";
        }
        List<Integer> buckets =
                nanos.stream().map(n -> (int) (n / 1_000_000 / BUCKET_MILLIS)).toList();
        int[] counts = new int[buckets.stream().mapToInt(Integer::intValue).max().orElse(0) + 1];
        buckets.forEach(bucket -> counts[bucket]++);
        int most = Arrays.stream(counts).max().orElse(1);
        return IntStream.range(0, counts.length)
                .mapToObj(bucket -> bar(bucket, counts[bucket], most))
                .collect(Collectors.joining("\n"));
    }

    private static String bar(int bucket, int count, int most) {
        return String.format(
                        Locale.ROOT,
                        "%5.2f-%5.2f s %5d %s",
                        bucket * BUCKET_MILLIS / 1e3,
                        (bucket + 1) * BUCKET_MILLIS / 1e3,
                        count,
                        "#".repeat(Math.ceilDiv(count * WIDEST_BAR, most)))
                .stripTrailing();
    }
}
