// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import java.util.ArrayList;
import java.util.List;

/// What every answer tells browsers and caches to leave undone. A route may say otherwise, as the
/// page at `/docs` does, which has scripts.
final class SecureHeaders {

    /// An answer may be kept by who got it, and be used when the gateway says that it is the newest
    /// still, which the `ETag` beside it is for.
    static final Header ASK_AGAIN =
            HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "private, no-cache");

    /// The same of what is anybody's.
    static final Header ASK_AGAIN_FOR_ALL =
            HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-cache");

    private static final List<Header> ALWAYS =
            List.of(
                    HeaderValues.createCached("X-Content-Type-Options", "nosniff"),
                    HeaderValues.createCached("Referrer-Policy", "no-referrer"),
                    HeaderValues.createCached(
                            "Content-Security-Policy",
                            "default-src 'none'; frame-ancestors 'none'"),
                    HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store"));

    /// For a year. What is below the name in other names is not for this server to say.
    private static final Header ENCRYPTED_ONLY =
            HeaderValues.createCached("Strict-Transport-Security", "max-age=31536000");

    private final List<Header> all;

    /// @param isEncrypted whether it is HTTPS; over HTTP browsers would not believe it
    SecureHeaders(boolean isEncrypted) {
        List<Header> headers = new ArrayList<>(ALWAYS);
        if (isEncrypted) {
            headers.add(ENCRYPTED_ONLY);
        }
        this.all = List.copyOf(headers);
    }

    /// Sets them on an answer that has none yet.
    void begin(ServerResponseHeaders answer) {
        all.forEach(answer::set);
    }
}
