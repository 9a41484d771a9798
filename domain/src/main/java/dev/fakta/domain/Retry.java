// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.time.Duration;

/// How often a step's command is sent while no answer comes, and what happens then. The pause
/// doubles from `first` up to `longest`.
///
/// @param attempts the most attempts, the first included; at least 1
/// @param end what happens when the last one has failed
public record Retry(int attempts, Duration first, Duration longest, End end) {

    private static final int FOR_EVER = Integer.MAX_VALUE;
    private static final int MOST_DOUBLINGS = 30;

    /// What happens when the last attempt has failed.
    public enum End {
        /// The saga is stuck, and an operator retries, skips or compensates.
        STUCK,
        /// The saga is told, by [SagaInput.Unanswered].
        TOLD
    }

    public Retry {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts: at least 1, not " + attempts);
        }
        if (!first.isPositive() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "pauses: longer than nothing, the longest not below the first");
        }
    }

    /// Without end, from a second to a minute apart.
    public static Retry forEver() {
        return times(FOR_EVER);
    }

    /// At most so many attempts, from a second to a minute apart; then the saga is stuck.
    public static Retry times(int attempts) {
        return new Retry(attempts, Duration.ofSeconds(1), Duration.ofMinutes(1), End.STUCK);
    }

    /// The same with other pauses.
    public Retry pausing(Duration from, Duration upTo) {
        return new Retry(attempts, from, upTo, end);
    }

    /// The same, but the saga is told at the end, and decides.
    public Retry thenTold() {
        return new Retry(attempts, first, longest, End.TOLD);
    }

    boolean allowsAfter(int failed) {
        return attempts == FOR_EVER || failed < attempts;
    }

    /// The pause after so many failed attempts.
    public Duration pause(int failed) {
        Duration doubled = first.multipliedBy(1L << Math.clamp(failed - 1L, 0, MOST_DOUBLINGS));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
