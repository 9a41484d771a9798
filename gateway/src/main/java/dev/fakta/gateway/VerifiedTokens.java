// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// Whose tokens were found good: a signature costs up to a millisecond, and a client sends the same
/// token with every request. Has their hashes, not the tokens, and forgets the one that was asked
/// for the longest ago when there are too many. Safe for use by several threads.
final class VerifiedTokens {

    static final int MOST = 10_000;

    /// A key that its issuer has withdrawn opens for as long at most.
    static final Duration LONGEST = Duration.ofMinutes(5);

    private record Verified(Caller caller, Instant until) {}

    private final LinkedHashMap<String, Verified> byHash = new LinkedHashMap<>(16, 0.75f, true);

    /// Whose token it is; `null` when it has to be verified.
    synchronized @Nullable Caller find(String token, Instant now) {
        Verified found = byHash.get(hash(token));
        return found != null && now.isBefore(found.until) ? found.caller : null;
    }

    /// @param expiresAt when the token itself ends
    synchronized void add(String token, Caller caller, Instant expiresAt, Instant now) {
        Instant most = now.plus(LONGEST);
        Instant until = expiresAt.isBefore(most) ? expiresAt : most;
        byHash.put(hash(token), new Verified(caller, until));
        if (byHash.size() > MOST) {
            byHash.remove(byHash.sequencedKeySet().getFirst());
        }
    }

    private static String hash(String token) {
        return HexFormat.of().formatHex(AccessKey.sha256(token));
    }
}
