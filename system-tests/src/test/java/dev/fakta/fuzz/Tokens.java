// SPDX-License-Identifier: Apache-2.0
package dev.fakta.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// An issuer of JSON web tokens on this machine, and of what only looks like them.
final class Tokens implements AutoCloseable {

    static final String AUDIENCE = "shop";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final HttpServer server;
    private final KeyPair keys;
    private final List<String> bad;

    private Tokens() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2_048);
        keys = generator.generateKeyPair();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/.well-known/openid-configuration", this::answerDocument);
        server.createContext("/keys", this::answerKeys);
        server.start();
        bad = allBad();
    }

    static Tokens open() throws IOException, GeneralSecurityException {
        return new Tokens();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answerDocument(HttpExchange exchange) throws IOException {
        answer(exchange, "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(url(), url()));
    }

    private void answerKeys(HttpExchange exchange) throws IOException {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        answer(
                exchange,
                "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"one\",\"n\":\"%s\",\"e\":\"%s\"}]}"
                        .formatted(
                                BASE64.encodeToString(key.getModulus().toByteArray()),
                                BASE64.encodeToString(key.getPublicExponent().toByteArray())));
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /// A token of a staff member or a customer that is good for a day.
    String good(String subject, String role) {
        return signed("{\"alg\":\"RS256\",\"kid\":\"one\"}", claims(subject, role, 86_400));
    }

    private String claims(String subject, String role, long seconds) {
        return "{\"iss\":\"%s\",\"aud\":\"%s\",\"sub\":\"%s\",\"roles\":[\"%s\"],\"exp\":%d}"
                .formatted(
                        url(),
                        AUDIENCE,
                        subject,
                        role,
                        InstantSource.system().instant().getEpochSecond()
                                + seconds); // tokens end by the real clock
    }

    private String signed(String header, String claims) {
        String text = encoded(header) + "." + encoded(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(text.getBytes(UTF_8));
            return text + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Signed with the public key as if it were a secret.
    private String confused(String claims) {
        String text = encoded("{\"alg\":\"HS256\",\"kid\":\"one\"}") + "." + encoded(claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(keys.getPublic().getEncoded(), "HmacSHA256"));
            return text + "." + BASE64.encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return BASE64.encodeToString(text.getBytes(UTF_8));
    }

    /// A token that must not open anything.
    String bad(Random random) {
        return bad.get(random.nextInt(bad.size()));
    }

    private List<String> allBad() {
        String good = good("mallory", "ADMIN");
        String claims = claims("mallory", "ADMIN", 86_400);
        String signature = good.substring(good.lastIndexOf('.'));
        return List.of(
                encoded("{\"alg\":\"none\"}") + "." + encoded(claims) + ".",
                encoded("{\"alg\":\"None\",\"kid\":\"one\"}") + "." + encoded(claims) + ".",
                encoded("{\"alg\":\"none\"}") + "." + encoded(claims) + signature,
                confused(claims),
                good.substring(0, good.length() - 40),
                good.substring(0, good.lastIndexOf('.') + 1),
                good.replaceFirst(
                        "\\..*\\.", "." + encoded(claims.replace("mallory", "root")) + "."),
                signed("{\"alg\":\"RS256\",\"kid\":\"one\"}", claims("mallory", "ADMIN", -86_400)),
                signed("{\"alg\":\"RS256\",\"kid\":\"one\"}", claims.replace(AUDIENCE, "other")),
                signed(
                        "{\"alg\":\"RS256\",\"kid\":\"one\"}",
                        claims.replace(url(), "http://127.0.0.1:1")),
                signed("{\"alg\":\"RS256\",\"kid\":\"one\"}", "{}"),
                signed("{\"alg\":\"RS256\",\"kid\":\"one\"}", "[]"),
                signed("{\"alg\":\"RS256\",\"kid\":\"one\"}", "{\"exp\":1e400}"),
                signed("{\"alg\":\"RS256\",\"kid\":\"one\"}", claims.replace("\"mallory\"", "{}")),
                signed("{\"alg\":\"RS384\",\"kid\":\"one\"}", claims),
                signed("{\"alg\":\"RS256\",\"kid\":\"one\",\"crit\":[\"exp\"]}", claims),
                signed("{\"alg\":\"RS256\",\"kid\":\"../../etc/passwd\"}", claims),
                signed("{\"alg\":\"RS256\",\"kid\":\"" + "k".repeat(5_000) + "\"}", claims),
                "..",
                "a.b.c",
                encoded("[".repeat(2_000)) + "." + encoded(claims) + signature,
                encoded("null") + "." + encoded("null") + "." + encoded("null"),
                encoded("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}") + "....",
                "\u0000.\u0000.\u0000");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
