// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.ServerResponseHeaders;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Tells browsers which pages of other origins may use the gateway (cross-origin resource sharing):
/// those of the list, word for word, and no others. Never `*`, and never with cookies, of which
/// there are none: a page sends its own `Authorization`.
final class Cors {

    /// As browsers write it: in lower case, without a path, and without the port that goes without
    /// saying.
    private static final Pattern ORIGIN =
            Pattern.compile(
                    "(?!http://.*:80$)(?!https://.*:443$)https?://([a-z0-9.-]+|\\[[0-9a-f:]+])(:[1-9][0-9]{0,4})?");

    private static final HeaderName ALLOWED_ORIGIN =
            HeaderNames.create("Access-Control-Allow-Origin");
    private static final HeaderName ALLOWED_METHODS =
            HeaderNames.create("Access-Control-Allow-Methods");
    private static final HeaderName ASKED_METHOD =
            HeaderNames.create("Access-Control-Request-Method");

    /// All that requests are read for.
    private static final Header ALLOWED_HEADERS =
            HeaderValues.createCached(
                    "Access-Control-Allow-Headers",
                    String.join(
                            ", ",
                            "Accept",
                            "Authorization",
                            "Content-Encoding",
                            "Content-Type",
                            "Idempotency-Key",
                            "If-Match",
                            "If-None-Match",
                            "Last-Event-ID",
                            "Prefer",
                            "traceparent",
                            Request.TOKEN_NAME));

    /// All that answers say beside what any page may read.
    private static final Header EXPOSED =
            HeaderValues.createCached(
                    "Access-Control-Expose-Headers",
                    String.join(
                            ", ",
                            "Allow",
                            "ETag",
                            "Idempotency-Replayed",
                            "Location",
                            "Preference-Applied",
                            "RateLimit",
                            "RateLimit-Policy",
                            "Retry-After",
                            "WWW-Authenticate",
                            Request.TOKEN_NAME));

    /// Asked again after ten minutes: so long a browser may go by a list that has changed.
    private static final Header FOR_A_WHILE =
            HeaderValues.createCached("Access-Control-Max-Age", "600");

    private static final Header BY_ORIGIN = HeaderValues.createCached(HeaderNames.VARY, "Origin");

    private final Set<String> origins;

    /// @param origins such as `https://shop.example`
    Cors(List<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    /// Whether it is one as browsers write it.
    static boolean isOrigin(String text) {
        return ORIGIN.matcher(text).matches();
    }

    /// Whether a request comes from a page of the list.
    boolean isListed(ServerRequestHeaders request) {
        return !origins.isEmpty() && origins.contains(request.first(HeaderNames.ORIGIN).orElse(""));
    }

    /// Lets the page read the answer that begins, if it is one of the list.
    void begin(ServerRequestHeaders request, ServerResponseHeaders answer) {
        if (origins.isEmpty()) {
            return;
        }
        answer.add(BY_ORIGIN);
        if (isListed(request)) {
            answer.set(HeaderValues.create(ALLOWED_ORIGIN, request.get(HeaderNames.ORIGIN).get()));
            answer.set(EXPOSED);
        }
    }

    /// Answers a browser that asks before it sends what a page of the list wants sent.
    ///
    /// @param allowed the methods of the path, as in the header `Allow`
    void preflight(ServerRequestHeaders request, ServerResponseHeaders answer, String allowed) {
        if (isListed(request) && request.contains(ASKED_METHOD)) {
            answer.set(HeaderValues.create(ALLOWED_METHODS, allowed));
            answer.set(ALLOWED_HEADERS);
            answer.set(FOR_A_WHILE);
        }
    }
}
