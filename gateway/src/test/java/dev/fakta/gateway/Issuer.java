// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// An issuer of tokens on loopback: it signs with real keys, and says which ones by HTTP.
final class Issuer implements AutoCloseable {

    private final AtomicInteger fetches = new AtomicInteger();
    private final HttpServer server;
    private volatile List<JWK> published = List.of();
    private volatile String named;
    private volatile boolean isAway;

    private Issuer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        named = url();
        server.createContext("/.well-known/openid-configuration", this::document);
        server.createContext("/keys", this::keys);
        server.start();
    }

    static Issuer open(JWK... keys) {
        try {
            Issuer issuer = new Issuer();
            issuer.publish(keys);
            return issuer;
        } catch (IOException e) {
            throw new UncheckedIOException("no port is free", e);
        }
    }

    /// The same key in all tests, under this id: to find one takes a second of a processor.
    static RSAKey rsa(String id) {
        return new RSAKey.Builder(Found.KEY).keyID(id).build();
    }

    /// Another key than [#rsa], the same in all tests, under this id.
    static RSAKey otherRsa(String id) {
        return new RSAKey.Builder(Found.OTHER).keyID(id).build();
    }

    private static final class Found {
        private static final RSAKey KEY = find();
        private static final RSAKey OTHER = find();

        private static RSAKey find() {
            try {
                return new RSAKeyGenerator(2048).generate();
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static ECKey ec(String id) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void publish(JWK... keys) {
        published = List.of(keys);
    }

    /// From now on its discovery document is another issuer's.
    void callItself(String issuer) {
        named = issuer;
    }

    void goAway(boolean away) {
        isAway = away;
    }

    /// How often its keys were asked for.
    int fetches() {
        return fetches.get();
    }

    private void document(HttpExchange exchange) throws IOException {
        answer(exchange, "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(named, url()));
    }

    private void keys(HttpExchange exchange) throws IOException {
        fetches.incrementAndGet();
        answer(exchange, new JWKSet(published).toString(true));
    }

    private void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(isAway ? 500 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /// A token that says this, signed with a key of its kind.
    static String signed(JWK key, JWTClaimsSet claims) {
        try {
            boolean isRsa = key instanceof RSAKey;
            JWSSigner signer =
                    isRsa ? new RSASSASigner(key.toRSAKey()) : new ECDSASigner(key.toECKey());
            return signed(
                    isRsa ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256,
                    key.getKeyID(),
                    signer,
                    claims);
        } catch (JOSEException e) {
            throw new IllegalStateException("a key signs", e);
        }
    }

    static String signed(
            JWSAlgorithm algorithm, String keyId, JWSSigner signer, JWTClaimsSet claims) {
        try {
            SignedJWT token =
                    new SignedJWT(
                            new JWSHeader.Builder(algorithm)
                                    .keyID(keyId)
                                    .type(JOSEObjectType.JWT)
                                    .build(),
                            claims);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("a key signs", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
