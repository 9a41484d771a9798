// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A moment on the JVM's monotonic clock by which everything has to be done.
final class Deadline {

    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    boolean isOver() {
        return left().isZero();
    }

    /// Waits for the given time, but not past the deadline.
    void pause(Duration time) throws InterruptedException {
        Duration shorter = time.compareTo(left()) < 0 ? time : left();
        TimeUnit.NANOSECONDS.sleep(shorter.toNanos());
    }
}
