// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// How the gateway serves. All problems are reported at once.
///
/// @param host the address to bind to
/// @param port 0 takes a free one
/// @param longestBody the largest request body, in bytes; a larger one is answered with 413
/// @param bodiesMemory how much memory the bodies of all requests under way may take beyond their
///   first 16 KiB, in bytes; requests above it are answered with 503
/// @param bodyWithin how long a body may take to arrive before its connection is cut
/// @param granted permissions of a caller without credentials
/// @param tokenWait how long a query waits for its view to pass the caller's token
/// @param notice how long a gateway that stops goes on serving while it says that it is not ready
///   and closes each connection after its answer, so that load balancers take others; nothing by
///   default
/// @param drain how long requests under way may take when the gateway stops
public record GatewaySettings(
        String host,
        int port,
        int longestBody,
        long bodiesMemory,
        Duration bodyWithin,
        Set<String> granted,
        Duration tokenWait,
        Duration notice,
        Duration drain) {

    public GatewaySettings {
        granted = Set.copyOf(granted);
        List<String> problems = new ArrayList<>();
        if (host.isBlank()) {
            problems.add("host: an address or a name");
        }
        if (port < 0 || port > 65_535) {
            problems.add("port: 0 to 65535");
        }
        if (longestBody < 1) {
            problems.add("longest-body: at least 1 byte");
        }
        if (bodiesMemory < longestBody) {
            problems.add("bodies-memory: at least longest-body");
        }
        if (!bodyWithin.isPositive()) {
            problems.add("body-within: longer than nothing");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("settings: " + String.join("; ", problems));
        }
    }

    /// On loopback, a megabyte a body within 30 s, a sixteenth of the JVM's memory for all bodies,
    /// no permissions.
    public static GatewaySettings onLoopback(int port) {
        return new GatewaySettings(
                "127.0.0.1",
                port,
                1 << 20,
                Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 16),
                Duration.ofSeconds(30),
                Set.of(),
                Duration.ofSeconds(3),
                Duration.ZERO,
                Duration.ofSeconds(10));
    }

    /// The same on another address.
    public GatewaySettings withHost(String address) {
        return new GatewaySettings(
                address,
                port,
                longestBody,
                bodiesMemory,
                bodyWithin,
                granted,
                tokenWait,
                notice,
                drain);
    }

    /// The same with other bounds on the bodies of requests.
    ///
    /// @param memory of all of them, in bytes
    /// @param within how long one may take to arrive
    public GatewaySettings withBodies(long memory, Duration within) {
        return new GatewaySettings(
                host, port, longestBody, memory, within, granted, tokenWait, notice, drain);
    }

    /// The same with permissions for callers without credentials.
    public GatewaySettings granting(Set<String> permissions) {
        return new GatewaySettings(
                host,
                port,
                longestBody,
                bodiesMemory,
                bodyWithin,
                permissions,
                tokenWait,
                notice,
                drain);
    }

    /// The same with a notice before it stops.
    public GatewaySettings withNotice(Duration time) {
        return new GatewaySettings(
                host, port, longestBody, bodiesMemory, bodyWithin, granted, tokenWait, time, drain);
    }
}
