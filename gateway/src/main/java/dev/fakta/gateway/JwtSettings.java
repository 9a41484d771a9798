// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Which JSON web tokens are taken, and what they say of their holders. All problems are reported
/// at once.
///
/// @param issuer who makes the tokens: as it stands in their claim `iss`, and where its discovery
///   document is found
/// @param audience what their claim `aud` names among others: this server
/// @param algorithms that they may be signed by; none that a public key could be the secret of
/// @param rolesClaim the claim with the holder's roles, a list or words with spaces between them; a
///   claim in a claim as in `realm_access.roles`
public record JwtSettings(
        String issuer, String audience, Set<String> algorithms, String rolesClaim) {

    private static final Set<String> POSSIBLE =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    public JwtSettings {
        algorithms = Set.copyOf(algorithms);
        List<String> problems = new ArrayList<>();
        if (!isSafe(issuer)) {
            problems.add("jwt-issuer: an https address, or http on loopback, without '?' and '#'");
        }
        if (audience.isBlank()) {
            problems.add("jwt-audience: what tokens for this server name");
        }
        if (algorithms.isEmpty() || !POSSIBLE.containsAll(algorithms)) {
            problems.add(
                    "jwt-algorithms: one or more of " + String.join(", ", new TreeSet<>(POSSIBLE)));
        }
        if (rolesClaim.isBlank()) {
            problems.add("jwt-roles-claim: the name of a claim");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("settings: " + String.join("; ", problems));
        }
    }

    /// Tokens that are signed by RS256 or ES256, and have their holder's roles in `roles`.
    public static JwtSettings of(String issuer, String audience) {
        return new JwtSettings(issuer, audience, Set.of("RS256", "ES256"), "roles");
    }

    /// Whether nobody on the way can change what is read there.
    static boolean isSafe(String address) {
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException _) {
            return false;
        }
        String host = uri.getHost();
        return host != null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && uri.getRawUserInfo() == null
                && ("https".equals(uri.getScheme())
                        || "http".equals(uri.getScheme()) && LOOPBACK.matcher(host).matches());
    }

    /// Where the issuer says where its keys are.
    URI discovery() {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return URI.create(base + "/.well-known/openid-configuration");
    }
}
