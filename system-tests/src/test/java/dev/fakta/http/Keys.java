// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static java.util.stream.Collectors.toSet;

import dev.fakta.gateway.Authenticator.Credentials;
import dev.fakta.gateway.Authenticator.Verdict;
import dev.fakta.gateway.Caller;
import dev.fakta.gateway.CallerRole;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/// Credentials that say themselves who the caller is: `ROLE+ROLE:NAME`, or `ROLE:NAME=CUSTOMER`
/// when its id as a customer is not its name.
final class Keys {

    private Keys() {}

    /// The headers of a request with this key, and further ones.
    static String[] with(String key, String... headers) {
        return Stream.concat(Stream.of("Authorization", "Bearer " + key), Arrays.stream(headers))
                .toArray(String[]::new);
    }

    static Verdict believe(Credentials credentials) {
        String key = credentials.bearer();
        if (key == null) {
            return new Verdict.OfAnotherKind();
        }
        String[] parts = key.split("[:=]", -1);
        Caller caller =
                new Caller(
                        parts[1],
                        Arrays.stream(parts[0].split("\\+"))
                                .map(role -> CallerRole.valueOf(role.toUpperCase(Locale.ROOT)))
                                .collect(toSet()));
        return new Verdict.Known(parts.length == 3 ? caller.forCustomer(parts[2]) : caller);
    }
}
