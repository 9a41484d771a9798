// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How the gateway serves. All problems are reported at once.
///
/// @param host the address to bind to
/// @param port 0 takes a free one
/// @param https what it encrypts with; `null` when it does not
/// @param origins of web pages that may use it from a browser, beside its own, such as
///   `https://shop.example`
/// @param longestBody the largest request body, in bytes; a larger one is answered with 413
/// @param bodiesMemory how much memory the bodies of all requests under way may take beyond their
///   first 16 KiB, in bytes; requests above it are answered with 503
/// @param bodyWithin how long a body may take to arrive before its connection is cut
/// @param trusted who sends a request without credentials; `null` when such a request may use no
///   more than is open to anybody. Only on a loopback address
/// @param authenticators find out who sends a request with credentials, the first one first
/// @param rateLimits how many requests callers may send, by role; none by default
/// @param longestBacklog how long what follows from a request may have to wait for sagas, couriers
///   and alarm clocks; a route that says so is answered with 503 while it is longer
/// @param tokenWait how long a query waits for its view to pass the caller's token
/// @param notice how long a gateway that stops goes on serving while it says that it is not ready
///   and closes each connection after its answer, so that load balancers take others; nothing by
///   default
/// @param drain how long requests under way may take when the gateway stops
public record GatewaySettings(
        String host,
        int port,
        @Nullable HttpsFiles https,
        List<String> origins,
        int longestBody,
        long bodiesMemory,
        Duration bodyWithin,
        @Nullable Caller trusted,
        List<Authenticator> authenticators,
        List<RateLimit> rateLimits,
        Duration longestBacklog,
        Duration tokenWait,
        Duration notice,
        Duration drain) {

    public GatewaySettings {
        origins = List.copyOf(origins);
        authenticators = List.copyOf(authenticators);
        rateLimits = List.copyOf(rateLimits);
        List<String> problems = new ArrayList<>();
        if (host.isBlank()) {
            problems.add("host: an address or a name");
        }
        if (port < 0 || port > 65_535) {
            problems.add("port: 0 to 65535");
        }
        for (String origin : origins) {
            if (!Cors.isOrigin(origin)) {
                problems.add("origin: such as https://shop.example, not " + origin);
            }
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
        if (!longestBacklog.isPositive()) {
            problems.add("longest-backlog: longer than nothing");
        }
        if (trusted != null && !isLoopback(host)) {
            problems.add("trusted: only on a loopback address, not " + host);
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("settings: " + String.join("; ", problems));
        }
    }

    /// On loopback, a megabyte a body within 30 s, a sixteenth of the JVM's memory for all bodies.
    /// Nobody is known, so that only what is open to anybody can be used: see [#trusting()] and
    /// [#authenticating].
    public static GatewaySettings onLoopback(int port) {
        return new GatewaySettings(
                "127.0.0.1",
                port,
                null,
                List.of(),
                1 << 20,
                Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 16),
                Duration.ofSeconds(30),
                null,
                List.of(),
                List.of(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                Duration.ZERO,
                Duration.ofSeconds(10));
    }

    /// Whether only this machine reaches the address.
    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }

    /// The same on another address.
    public GatewaySettings withHost(String address) {
        return with(draft -> draft.host = address);
    }

    /// The same by HTTPS.
    public GatewaySettings withHttps(HttpsFiles files) {
        return with(draft -> draft.https = files);
    }

    /// The same for web pages of these origins too, which browsers keep away otherwise.
    ///
    /// @param pages such as `https://shop.example`
    public GatewaySettings withOrigins(List<String> pages) {
        return with(draft -> draft.origins = pages);
    }

    /// The same with other bounds on the bodies of requests.
    ///
    /// @param memory of all of them, in bytes
    /// @param within how long one may take to arrive
    public GatewaySettings withBodies(long memory, Duration within) {
        return with(
                draft -> {
                    draft.bodiesMemory = memory;
                    draft.bodyWithin = within;
                });
    }

    /// The same for callers that need no credentials and may do everything. Only on a loopback
    /// address: whoever reaches the port is one of them.
    public GatewaySettings trusting() {
        return trusting(Caller.trusted());
    }

    /// The same, where a request without credentials counts as this caller's. Only on a loopback
    /// address.
    public GatewaySettings trusting(Caller caller) {
        return with(draft -> draft.trusted = caller);
    }

    /// The same with one more way to find out who sends a request.
    public GatewaySettings authenticating(Authenticator authenticator) {
        return with(draft -> draft.authenticators = and(authenticators, authenticator));
    }

    /// The same with one more limit on the requests of callers; a role's last one holds.
    public GatewaySettings withRateLimit(RateLimit limit) {
        return with(draft -> draft.rateLimits = and(rateLimits, limit));
    }

    /// The same with another limit on what is underway.
    ///
    /// @param wait as [#longestBacklog]
    public GatewaySettings withLongestBacklog(Duration wait) {
        return with(draft -> draft.longestBacklog = wait);
    }

    /// The same with a notice before it stops.
    public GatewaySettings withNotice(Duration time) {
        return with(draft -> draft.notice = time);
    }

    private static <T> List<T> and(List<T> list, T last) {
        return Stream.concat(list.stream(), Stream.of(last)).toList();
    }

    private GatewaySettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /// Settings that are being changed.
    private static final class Draft {
        private String host;
        private final int port;
        private @Nullable HttpsFiles https;
        private List<String> origins;
        private final int longestBody;
        private long bodiesMemory;
        private Duration bodyWithin;
        private @Nullable Caller trusted;
        private List<Authenticator> authenticators;
        private List<RateLimit> rateLimits;
        private Duration longestBacklog;
        private final Duration tokenWait;
        private Duration notice;
        private final Duration drain;

        Draft(GatewaySettings settings) {
            host = settings.host;
            port = settings.port;
            https = settings.https;
            origins = settings.origins;
            longestBody = settings.longestBody;
            bodiesMemory = settings.bodiesMemory;
            bodyWithin = settings.bodyWithin;
            trusted = settings.trusted;
            authenticators = settings.authenticators;
            rateLimits = settings.rateLimits;
            longestBacklog = settings.longestBacklog;
            tokenWait = settings.tokenWait;
            notice = settings.notice;
            drain = settings.drain;
        }

        GatewaySettings settings() {
            return new GatewaySettings(
                    host,
                    port,
                    https,
                    origins,
                    longestBody,
                    bodiesMemory,
                    bodyWithin,
                    trusted,
                    authenticators,
                    rateLimits,
                    longestBacklog,
                    tokenWait,
                    notice,
                    drain);
        }
    }
}
