// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The system's clock, which a test may hold and put forward. It never goes back.
final class HeldClock implements InstantSource {

    private Duration ahead = Duration.ZERO;
    private @Nullable Instant held;

    @Override
    public synchronized Instant instant() {
        return held == null ? InstantSource.system().instant().plus(ahead) : held;
    }

    /// From now on it stands still.
    synchronized void hold() {
        held = instant();
    }

    synchronized void advance(Duration time) {
        ahead = ahead.plus(time);
        held = held == null ? null : held.plus(time);
    }

    /// From now on it goes as the system's does, and not behind what it has shown.
    synchronized void run() {
        held = null;
    }
}
