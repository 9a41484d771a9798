// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.gateway.Authenticator.Credentials;
import dev.fakta.gateway.Authenticator.Verdict;
import dev.fakta.runtime.Node;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Lets a request through to a route when its caller may use it. The first authenticator that knows
/// the kind of its credentials decides whose they are; a server that trusts its callers takes who
/// is not known for its trusted caller.
///
/// Every request counts against the [RateLimits] of its caller; one with wrong credentials against
/// those of anybody at its address. A caller that is known is never refused for what others at its
/// address have done.
final class CallerCheck {

    private static final Problem MISSING =
            Problem.unauthenticated("Say who you are: Authorization: Bearer KEY");

    private final Node node;
    private final List<Authenticator> authenticators;
    private final @Nullable Caller trusted;
    private final RateLimits rates;

    CallerCheck(
            Node node, GatewaySettings settings, List<Authenticator> further, RateLimits rates) {
        this.rates = rates;
        this.node = node;
        this.authenticators =
                Stream.concat(settings.authenticators().stream(), further.stream()).toList();
        this.trusted = settings.trusted();
    }

    /// Who sends a request to a route for these.
    ///
    /// @throws ProblemException 401 when it does not say who it is, 403 when that is not enough,
    ///   429 when the caller has sent too many, 503 when it cannot be found out
    Caller admitted(ServerRequest request, ServerResponse response, RouteAccess access) {
        Verdict verdict = verdict(request);
        Caller caller =
                switch (verdict) {
                    case Verdict.Known(var known) -> known;
                    case Verdict.Wrong _, Verdict.NotNow _, Verdict.OfAnotherKind _ ->
                            trusted == null ? Caller.ANYBODY : trusted;
                };
        if (!(verdict instanceof Verdict.NotNow)) {
            rates.take(request, response, caller);
        }
        if (access.admits(caller)) {
            return caller;
        }
        throw new ProblemException(
                switch (verdict) {
                    case Verdict.Wrong(var detail) -> Problem.unauthenticated(detail);
                    case Verdict.NotNow(var detail) ->
                            Problem.unavailable(ProblemType.UNAVAILABLE, detail);
                    case Verdict.Known _ -> Problem.forbidden(access.roles());
                    case Verdict.OfAnotherKind _ ->
                            trusted == null ? missing(request) : Problem.forbidden(access.roles());
                });
    }

    /// Counts one more line of a request that was admitted.
    ///
    /// @throws ProblemException 429 when the caller has sent too many
    void countLine(ServerRequest request, Caller caller) {
        rates.takeMore(request, caller);
    }

    private Verdict verdict(ServerRequest request) {
        Credentials credentials =
                new Credentials(
                        name -> request.headers().first(HeaderNames.create(name)).orElse(null));
        for (Authenticator authenticator : authenticators) {
            Verdict verdict = authenticator.authenticate(credentials, node);
            if (!(verdict instanceof Verdict.OfAnotherKind)) {
                return verdict;
            }
        }
        return new Verdict.OfAnotherKind();
    }

    /// Credentials of a kind that nothing here knows are wrong ones.
    private static Problem missing(ServerRequest request) {
        return request.headers().contains(HeaderNames.AUTHORIZATION)
                ? Problem.unauthenticated("These credentials are not known.")
                : MISSING;
    }
}
