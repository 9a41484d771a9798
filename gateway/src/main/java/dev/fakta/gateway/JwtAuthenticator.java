// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import dev.fakta.runtime.Node;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Takes the JSON web tokens of one issuer (RFC 7519, RFC 9068), which it finds by OpenID discovery
/// at the first token. An application adds it in one line:
///
/// ```java
/// http.authenticating(JwtAuthenticator.of(JwtSettings.of("https://login.example", "shop")));
/// ```
///
/// A token makes its holder the caller `jwt:SUBJECT` with those roles that its claim names and that
/// there are here. A customer is the one that the claim `customer` names, or else the subject.
/// Tokens of another issuer are left to the next authenticator.
///
/// The issuer's keys are fetched again every few minutes, beside the requests, and when a token
/// names one that is not known; while the issuer is away the known ones serve. Whoever cannot be
/// judged, since the keys cannot be had at all, is told to come again: 503.
///
/// The clocks of issuer and server may differ by a minute. Nothing of a token is logged.
public final class JwtAuthenticator implements Authenticator {

    private static final int LONGEST = 8 << 10;
    private static final int SKEW_SECONDS = 60;
    private static final String SUBJECT = "sub";
    private static final String CUSTOMER = "customer";
    private static final Set<String> NEEDED = Set.of("iss", "aud", "exp", SUBJECT);
    private static final JWKSelector ANY_KEY = new JWKSelector(new JWKMatcher.Builder().build());

    private static final Verdict UNKNOWN_KEY =
            new Verdict.Wrong("This token is not signed with a key of its issuer.");
    private static final Verdict UNREADABLE = new Verdict.Wrong("This token cannot be read.");

    private static final Map<String, CallerRole> ROLES =
            Arrays.stream(CallerRole.values())
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    role -> role.name().toLowerCase(Locale.ROOT),
                                    Function.identity()));

    private final JwtSettings settings;
    private final Set<JWSAlgorithm> algorithms;
    private final JWKSource<SecurityContext> keys;
    private final DefaultJWTProcessor<SecurityContext> signatures = new DefaultJWTProcessor<>();
    private final VerifiedTokens verified = new VerifiedTokens();

    private JwtAuthenticator(JwtSettings settings, IssuerKeys.Times times) {
        this.settings = settings;
        this.algorithms =
                settings.algorithms().stream()
                        .map(JWSAlgorithm::parse)
                        .collect(Collectors.toUnmodifiableSet());
        this.keys = IssuerKeys.of(settings, times);
        signatures.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, keys));
        signatures.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(
                        JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        signatures.setJWTClaimsSetVerifier(null); // by the node's clock, below
    }

    /// An authenticator of the tokens of one issuer.
    public static JwtAuthenticator of(JwtSettings settings) {
        return of(settings, IssuerKeys.Times.USUAL);
    }

    static JwtAuthenticator of(JwtSettings settings, IssuerKeys.Times times) {
        return new JwtAuthenticator(settings, times);
    }

    @Override
    public Verdict authenticate(Credentials credentials, Node node) {
        String text = credentials.bearer();
        if (text == null || !isToken(text)) {
            return new Verdict.OfAnotherKind();
        }
        if (text.length() > LONGEST) {
            return new Verdict.Wrong("This token is longer than 8 KiB.");
        }
        Instant now = node.clock().instant();
        Caller known = verified.find(text, now);
        return known == null ? judged(text, now) : new Verdict.Known(known);
    }

    /// Whether it begins as what is written in base 64 of a JSON object does, and has parts.
    private static boolean isToken(String text) {
        return text.startsWith("ey") && text.indexOf('.') > 0;
    }

    private Verdict judged(String text, Instant now) {
        try {
            if (!(JWTParser.parse(text) instanceof SignedJWT token)) {
                return new Verdict.Wrong("This token is not signed.");
            }
            if (!settings.issuer().equals(token.getJWTClaimsSet().getIssuer())) {
                return new Verdict.OfAnotherKind();
            }
            if (!algorithms.contains(token.getHeader().getAlgorithm())) {
                return new Verdict.Wrong(
                        "This token is signed by an algorithm that is not taken here.");
            }
            JWTClaimsSet claims = signatures.process(token, null);
            new ClaimsCheck(settings, now).verify(claims, null);
            Caller caller = caller(claims);
            verified.add(text, caller, claims.getExpirationTime().toInstant(), now);
            return new Verdict.Known(caller);
        } catch (RateLimitReachedException _) {
            return hasKeys() ? UNKNOWN_KEY : cannotTell();
        } catch (KeySourceException _) {
            return cannotTell();
        } catch (ExpiredJWTException _) {
            return new Verdict.Wrong("This token has expired.");
        } catch (BadJWTException _) {
            return new Verdict.Wrong(
                    "This token is not for this server, or not for this time, or lacks a claim.");
        } catch (BadJOSEException | JOSEException _) {
            return UNKNOWN_KEY;
        } catch (ParseException _) {
            return UNREADABLE;
        }
    }

    private static Verdict cannotTell() {
        return new Verdict.NotNow("Whose token this is cannot be found out at the moment.");
    }

    /// Whether the issuer's keys are there, and only another one is asked for.
    private boolean hasKeys() {
        try {
            return !keys.get(ANY_KEY, null).isEmpty();
        } catch (KeySourceException _) {
            return false;
        }
    }

    private Caller caller(JWTClaimsSet claims) throws BadJWTException {
        String subject = claims.getSubject();
        Set<CallerRole> roles = roles(claims);
        Object customer = claims.getClaim(CUSTOMER);
        if (subject.isBlank() || (customer != null && !(customer instanceof String))) {
            throw new BadJWTException("no subject, or a customer that is no text");
        }
        try {
            Caller caller = new Caller("jwt:" + subject, roles, "");
            return roles.contains(CallerRole.CUSTOMER)
                    ? caller.forCustomer(customer instanceof String named ? named : subject)
                    : caller;
        } catch (IllegalArgumentException e) {
            throw new BadJWTException("the subject cannot be a caller's name", e);
        }
    }

    private Set<CallerRole> roles(JWTClaimsSet claims) {
        Stream<?> words =
                switch (named(claims, settings.rolesClaim())) {
                    case String text -> Arrays.stream(text.split(" ", -1));
                    case Collection<?> several -> several.stream();
                    case null, default -> Stream.empty();
                };
        EnumSet<CallerRole> roles = EnumSet.noneOf(CallerRole.class);
        words.forEach(
                word -> {
                    CallerRole role = ROLES.get(String.valueOf(word).toLowerCase(Locale.ROOT));
                    if (role != null) {
                        roles.add(role);
                    }
                });
        return roles;
    }

    /// A claim of this name, or else the claim in a claim that it is the path of.
    private static @Nullable Object named(JWTClaimsSet claims, String name) {
        Object found = claims.getClaim(name);
        if (found != null) {
            return found;
        }
        String[] path = name.split("\\.", -1);
        found = claims.getClaim(path[0]);
        for (int i = 1; i < path.length; i++) {
            found = found instanceof Map<?, ?> inner ? inner.get(path[i]) : null;
        }
        return path.length == 1 ? null : found;
    }

    /// Checks what a token says of itself once its signature is good.
    private static final class ClaimsCheck extends DefaultJWTClaimsVerifier<SecurityContext> {

        private final Instant now;

        ClaimsCheck(JwtSettings settings, Instant now) {
            super(
                    settings.audience(),
                    new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
                    NEEDED);
            this.now = now;
            setMaxClockSkew(SKEW_SECONDS);
        }

        @Override
        protected Date currentTime() {
            return Date.from(now);
        }
    }
}
