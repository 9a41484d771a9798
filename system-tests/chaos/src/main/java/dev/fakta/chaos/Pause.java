// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits, with a limit.
final class Pause {

    private static final Duration STEP = Duration.ofMillis(20);

    private Pause() {}

    /// Ends early when the thread is interrupted.
    static void of(Duration duration) {
        long until = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos();
                left > 0 && !Thread.currentThread().isInterrupted();
                left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /// Looks every 20 ms whether it is so.
    ///
    /// @return `false` when it is not in time
    static boolean until(BooleanSupplier isSo, Duration atMost) {
        long until = System.nanoTime() + atMost.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - until > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            of(STEP);
        }
        return true;
    }
}
