// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.Node;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Finds out who sends a request, from the credentials that it brings. An application adds its own
/// by [Routes#authenticating].
///
/// Runs on the thread of each request that is not for anybody: it may wait, but the client waits
/// too. It compares secrets in constant time, and neither logs nor throws them.
@FunctionalInterface
public interface Authenticator {

    /// Judges credentials.
    ///
    /// @param node to look up what is known of the caller
    Verdict authenticate(Credentials credentials, Node node);

    /// What becomes of credentials.
    sealed interface Verdict {
        /// They are this caller's.
        record Known(Caller caller) implements Verdict {}

        /// They are of the kind that is judged here, and they are wrong: 401.
        ///
        /// @param detail says why to the client, without any of the secret
        record Wrong(String detail) implements Verdict {}

        /// They are of the kind that is judged here, and what that takes cannot be had: 503, and
        /// the client tries again.
        ///
        /// @param detail says why to the client, without any of the secret
        record NotNow(String detail) implements Verdict {}

        /// They are of another kind: the next authenticator is asked.
        record OfAnotherKind() implements Verdict {}
    }

    /// What a request brings to say who sends it.
    ///
    /// @param headers the value of a header, or `null`
    record Credentials(Function<String, @Nullable String> headers) {

        private static final String BEARER = "bearer ";

        public @Nullable String header(String name) {
            return headers.apply(name);
        }

        /// What stands in the header `Authorization` behind `Bearer`; `null` when nothing does.
        public @Nullable String bearer() {
            String header = header("Authorization");
            return header != null && header.toLowerCase(Locale.ROOT).startsWith(BEARER)
                    ? header.substring(BEARER.length()).strip()
                    : null;
        }

        /// Credentials are not for messages.
        @Override
        public String toString() {
            return "Credentials";
        }
    }
}
