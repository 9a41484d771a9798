// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import java.time.Duration;

/// How hard and how long the demo tries.
///
/// @param concurrency requests in flight at once
/// @param attempts how often a request is sent that is answered 429 or 503 or not at all
/// @param longestWait the longest pause between two attempts, whatever `Retry-After` asks for
/// @param total the time for everything; what is not done by then fails
record DemoLimits(int concurrency, int attempts, Duration longestWait, Duration total) {

    static final DemoLimits USUAL =
            new DemoLimits(16, 8, Duration.ofSeconds(10), Duration.ofMinutes(5));

    DemoLimits {
        if (concurrency < 1 || attempts < 1) {
            throw new IllegalArgumentException("concurrency and attempts must be at least 1");
        }
        if (longestWait.isNegative() || !total.isPositive()) {
            throw new IllegalArgumentException("waits must not be negative, nor the total time 0");
        }
    }
}
