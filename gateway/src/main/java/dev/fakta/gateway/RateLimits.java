// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Keeps each caller to so many requests in so long, and says in every answer how many are left
/// (draft-ietf-httpapi-ratelimit-headers-11).
///
/// By the generic cell rate algorithm: of a caller nothing is kept but the time at which all its
/// requests will have come back. A request moves it on by the limit's time for one request, and is
/// refused when it would then be further ahead than the limit's whole time. Refused requests move
/// nothing: who goes on asking is not kept out for longer.
///
/// At most [#MOST_CALLERS] are known at a time. Those whose requests have all come back are
/// forgotten then, which changes nothing for them; when nobody can be, the others that come count
/// as one caller.
///
/// A caller with several roles has the most generous limit of them, and none when a role has none.
/// Each node counts for itself: behind a cluster of three gateways a caller may have three times as
/// much.
final class RateLimits {

    private static final int MOST_CALLERS = 1 << 16;
    private static final long SECOND = 1_000_000_000;
    private static final int NETWORK_BYTES = 8;
    private static final String OTHERS = "";
    private static final HeaderName POLICY = HeaderNames.create("RateLimit-Policy");
    private static final HeaderName LEFT = HeaderNames.create("RateLimit");

    private final Map<@Nullable CallerRole, RateLimit> limits = new HashMap<>();
    private final LongAdder refused = new LongAdder();
    private final LongSupplier nanos;
    private final int mostCallers;
    private final Map<String, Long> callers = new ConcurrentHashMap<>();
    private volatile long nextSweep;

    /// @param limits of a role twice: the last one holds
    RateLimits(List<RateLimit> limits) {
        this(limits, System::nanoTime, MOST_CALLERS);
    }

    /// @param nanos a time that only differences are taken of
    RateLimits(List<RateLimit> limits, LongSupplier nanos, int mostCallers) {
        limits.forEach(limit -> this.limits.put(limit.role(), limit));
        this.nanos = nanos;
        this.mostCallers = mostCallers;
        this.nextSweep = nanos.getAsLong();
    }

    /// What a caller has after a request.
    ///
    /// @param left requests that it may send at once
    /// @param allBack in how many seconds it may send all of them
    /// @param retryAfter in how many seconds the next one is taken; 0 when this one was
    record Quota(RateLimit limit, long left, long allBack, int retryAfter) {
        String policy() {
            return "\"%s\";q=%d;w=%d"
                    .formatted(limit.name(), limit.requests(), limit.time().toSeconds());
        }

        String state() {
            return "\"%s\";r=%d;t=%d".formatted(limit.name(), left, allBack);
        }
    }

    /// Counts a request, and says in the answer's headers what its caller has left.
    ///
    /// @throws ProblemException 429 when it is one too many
    void take(ServerRequest request, ServerResponse response, Caller caller) {
        RateLimit limit = limit(caller);
        if (limit != null) {
            Quota quota = take(limit, who(request, caller));
            response.header(POLICY, quota.policy()).header(LEFT, quota.state());
            refuse(quota);
        }
    }

    /// Counts what a request has beside its first, without headers.
    ///
    /// @throws ProblemException 429 when it is one too many
    void takeMore(ServerRequest request, Caller caller) {
        RateLimit limit = limit(caller);
        if (limit != null) {
            refuse(take(limit, who(request, caller)));
        }
    }

    private static String who(ServerRequest request, Caller caller) {
        return caller.name().isEmpty() ? address(request) : caller.name();
    }

    private static void refuse(Quota quota) {
        if (quota.retryAfter() > 0) {
            throw new ProblemException(Problem.rateLimited(quota.limit(), quota.retryAfter()));
        }
    }

    @Nullable RateLimit limit(Caller caller) {
        if (limits.isEmpty() || caller.roles().isEmpty()) {
            return limits.get(null);
        }
        return limits.keySet().containsAll(caller.roles())
                ? caller.roles().stream()
                        .map(limits::get)
                        .min(Comparator.comparingLong(RateLimit::interval))
                        .orElseThrow()
                : null;
    }

    /// @param who the caller, among those that have this limit
    Quota take(RateLimit limit, String who) {
        long now = nanos.getAsLong();
        long interval = limit.interval();
        long whole = interval * limit.requests();
        long[] before = new long[1];
        long after =
                callers.compute(
                        known(limit.name() + '\n' + who, now),
                        (_, back) -> {
                            before[0] = back == null || back - now < 0 ? now : back;
                            boolean isOneTooMany = before[0] + interval - now > whole;
                            return isOneTooMany ? before[0] : before[0] + interval;
                        });
        boolean isRefused = after == before[0];
        if (isRefused) {
            refused.increment();
        }
        return new Quota(
                limit,
                (whole - (after - now)) / interval,
                seconds(after - now),
                isRefused ? Math.max(1, (int) seconds(after + interval - now - whole)) : 0);
    }

    private String known(String who, long now) {
        if (callers.size() < mostCallers || callers.containsKey(who)) {
            return who;
        }
        if (now - nextSweep >= 0) {
            nextSweep = now + SECOND;
            callers.values().removeIf(back -> back - now <= 0);
        }
        return callers.size() < mostCallers ? who : OTHERS;
    }

    private static long seconds(long duration) {
        return Math.ceilDiv(duration, SECOND);
    }

    /// How many requests were refused.
    long refused() {
        return refused.sum();
    }

    /// Whoever has one address of IPv6 has its whole network, of 64 bits.
    private static String address(ServerRequest request) {
        return request.remotePeer().address() instanceof InetSocketAddress peer
                ? network(peer.getAddress())
                : OTHERS;
    }

    static String network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of()
                .formatHex(
                        address instanceof Inet6Address
                                ? Arrays.copyOf(bytes, NETWORK_BYTES)
                                : bytes);
    }
}
