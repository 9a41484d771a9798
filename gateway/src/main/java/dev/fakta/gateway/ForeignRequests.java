// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Refuses what a page of another site has a browser send, unless its origin is on the list of
/// those that may.
///
/// A server that asks for credentials is in no danger: they are in a header, which no browser adds
/// by itself, as it adds cookies. So it refuses only what browsers themselves call sent by another
/// site (`Sec-Fetch-Site: cross-site`) and changes something: it is here by mistake or with malice.
///
/// A server that trusts whoever reaches it is reached from the user's own machine: by a page under
/// a name that was made to point there (DNS rebinding), which `Host` gives away, or across sites,
/// which browsers say in `Sec-Fetch-Site`, and older ones in `Origin`.
///
/// After Go's `net/http.CrossOriginProtection`.
final class ForeignRequests {

    private static final HeaderName SITE = HeaderNames.create("Sec-Fetch-Site");
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

    private static final Problem ELSEWHERE =
            Problem.foreign("A page of another site has sent this.");

    private final String host;
    private final boolean isTrusting;
    private final Cors cors;

    /// @param cors knows the origins that may
    ForeignRequests(GatewaySettings settings, Cors cors) {
        this.host = settings.host().toLowerCase(Locale.ROOT); // which may be a name of loopback
        this.isTrusting = settings.trusted() != null;
        this.cors = cors;
    }

    /// What is wrong with where a request comes from; `null` when nothing is.
    @Nullable Problem fault(ServerRequest request) {
        String named = request.headers().first(HeaderNames.HOST).orElse("");
        if (isTrusting && !isOurs(named)) {
            return Problem.foreign(
                    "A server that trusts its callers is served as localhost only, not under the name in Host.");
        }
        String site = request.headers().first(SITE).orElse("");
        boolean isSafe = SAFE.contains(request.prologue().method().text());
        boolean isForeign =
                isTrusting
                        ? isFromElsewhere(request, site, named, isSafe)
                        : !isSafe && site.equals("cross-site");
        return isForeign && !cors.isListed(request.headers()) ? ELSEWHERE : null;
    }

    private boolean isOurs(String named) {
        String bare = PORT.matcher(named.toLowerCase(Locale.ROOT)).replaceFirst("");
        return LOOPBACK.matcher(bare).matches() || bare.equals(host);
    }

    private static boolean isFromElsewhere(
            ServerRequest request, String site, String named, boolean isSafe) {
        String origin = request.headers().first(HeaderNames.ORIGIN).orElse("");
        return switch (site) {
            case "same-origin", "none" -> false;
            case "same-site" -> !isSafe;
            case "" -> !isSafe && !origin.isEmpty() && !named.equals(authority(origin));
            default -> true;
        };
    }

    private static @Nullable String authority(String origin) {
        try {
            return URI.create(origin).getRawAuthority();
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
