// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.net.InetSocketAddress;
import java.time.Duration;

/// How much load, on what, for how long.
///
/// @param connections each has one request in flight at any time (a closed loop)
/// @param warmUp time at the start that is not counted
/// @param time time that is counted
/// @param connectLimit a connection that takes longer counts as failed
/// @param responseLimit an answer that takes longer counts as failed; its connection is replaced
public record Load(
        InetSocketAddress target,
        int connections,
        Duration warmUp,
        Duration time,
        Duration connectLimit,
        Duration responseLimit) {

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration RESPONSE = Duration.ofSeconds(10);

    public Load {
        if (target.isUnresolved()) {
            throw new IllegalArgumentException("unknown host: " + target.getHostString());
        }
        if (connections < 1) {
            throw new IllegalArgumentException("connections must be at least 1: " + connections);
        }
        if (warmUp.isNegative() || !time.isPositive()) {
            throw new IllegalArgumentException("the time must be positive: " + time);
        }
        if (!connectLimit.isPositive() || !responseLimit.isPositive()) {
            throw new IllegalArgumentException("the time limits must be positive");
        }
    }

    /// A load with the usual limits: 3 s to connect, 10 s to answer.
    public static Load of(
            InetSocketAddress target, int connections, Duration warmUp, Duration time) {
        return new Load(target, connections, warmUp, time, CONNECT, RESPONSE);
    }
}
