// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// What the provider and we know, by which its webhooks are signed: `t=SECONDS,v1=HEX`, the
/// HMAC-SHA256 of the seconds, a dot and the body. The time is signed too, so that a webhook that
/// somebody has listened in on is worth nothing five minutes later.
///
/// Immutable; used by all threads. Its text never shows the secret.
public final class WebhookSecret {

    /// The header that carries the signature.
    public static final String HEADER = "Webhook-Signature";

    /// How far the signed time may be from ours.
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final int SHORTEST = 16;
    private static final int GENERATED_BYTES = 32;
    private static final Pattern FORM = Pattern.compile("t=([0-9]{1,12}),v1=([0-9a-f]{64})");
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private WebhookSecret(byte[] secret) {
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    /// The secret that is this text.
    ///
    /// @throws IllegalArgumentException when the text is too short to be a secret
    public static WebhookSecret of(String text) {
        String bare = text.strip();
        if (bare.length() < SHORTEST) {
            throw new IllegalArgumentException(
                    "the webhook secret has less than %d characters".formatted(SHORTEST));
        }
        return new WebhookSecret(bare.getBytes(StandardCharsets.UTF_8));
    }

    /// A new one, for a provider that is started with us.
    public static String generate() {
        byte[] random = new byte[GENERATED_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /// What may be wrong with a signature.
    enum Fault {
        FORGED,
        STALE
    }

    /// The value of the header.
    public String sign(Instant at, byte[] body) {
        long seconds = at.getEpochSecond();
        return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(digest(seconds, body));
    }

    /// Holds a signature against the body and the time.
    ///
    /// @return `null` when it is right and of our time
    @Nullable Fault verify(@Nullable String header, byte[] body, Instant now) {
        Matcher parts = FORM.matcher(header == null ? "" : header);
        if (!parts.matches()) {
            return Fault.FORGED;
        }
        long seconds = Long.parseLong(parts.group(1));
        byte[] claimed = HexFormat.of().parseHex(parts.group(2));
        if (!MessageDigest.isEqual(claimed, digest(seconds, body))) {
            return Fault.FORGED;
        }
        long distance = Math.abs(now.getEpochSecond() - seconds);
        return distance <= TOLERANCE.toSeconds() ? null : Fault.STALE;
    }

    private byte[] digest(long seconds, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((seconds + ".").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "a webhook secret";
    }
}
