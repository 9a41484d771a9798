// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import dev.fakta.domain.Retry;
import java.time.Duration;

/// How patiently a provider is asked.
///
/// @param firstLook how long after a lost answer it is asked what became of the key
/// @param retry how often it is asked while no answer comes; then the operation waits for an
///   operator
public record Pace(Duration firstLook, Retry retry) {

    private static final int ATTEMPTS = 20;

    public Pace {
        if (!firstLook.isPositive()) {
            throw new IllegalArgumentException("first-look: longer than nothing");
        }
    }

    /// A first look after ten seconds; then at most every two minutes, for half an hour in all.
    public static Pace calm() {
        return new Pace(
                Duration.ofSeconds(10),
                Retry.times(ATTEMPTS).pausing(Duration.ofSeconds(2), Duration.ofMinutes(2)));
    }
}
