// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/// The command line's options for an issuer of tokens.
final class JwtOptions {

    @Option(
            names = "--jwt-issuer",
            paramLabel = "URL",
            required = true,
            description =
                    "take the JSON web tokens of this issuer, whose keys are found at URL/.well-known/openid-configuration; https, or http on loopback (with --jwt-audience)")
    private String issuer;

    @Option(
            names = "--jwt-audience",
            paramLabel = "NAME",
            required = true,
            description = "what tokens for this server name in their claim aud")
    private String audience;

    @Option(
            names = "--jwt-algorithms",
            paramLabel = "NAMES",
            split = ",",
            description = "what tokens may be signed by (default: RS256,ES256)")
    private List<String> algorithms = List.of("RS256", "ES256");

    @Option(
            names = "--jwt-roles-claim",
            paramLabel = "NAME",
            description =
                    "the claim with the roles of a token's holder, or a path to it as in realm_access.roles (default: ${DEFAULT-VALUE})",
            defaultValue = "roles")
    private String rolesClaim;

    /// @throws IllegalArgumentException naming each problem
    JwtSettings settings() {
        return new JwtSettings(issuer, audience, Set.copyOf(algorithms), rolesClaim);
    }
}
