// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway.webhooks;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/// The three headers that say who has sent a message and when, by Standard Webhooks 1.0: what is
/// signed is `id.timestamp.body`, with HMAC-SHA256.
///
/// @param id of the message, in `webhook-id`: the same each time that the message is sent
/// @param timestamp when this attempt was made, in `webhook-timestamp`: seconds since 1970
/// @param signatures in `webhook-signature`: `v1,BASE64`, with a space between those of several
///   secrets
public record WebhookSignature(String id, String timestamp, String signatures) {

    /// The header of the id.
    public static final String ID = "webhook-id";

    /// The header of the timestamp.
    public static final String TIMESTAMP = "webhook-timestamp";

    /// The header of the signatures.
    public static final String SIGNATURES = "webhook-signature";

    private static final String VERSION = "v1,";

    /// Signs a message with each of the secrets: while one takes the place of another, a receiver
    /// may know either.
    public static WebhookSignature of(
            String id, Instant now, byte[] body, List<WebhookSecret> secrets) {
        String timestamp = Long.toString(now.getEpochSecond());
        byte[] signed = signed(id, timestamp, body);
        return new WebhookSignature(
                id,
                timestamp,
                secrets.stream()
                        .map(one -> VERSION + Base64.getEncoder().encodeToString(one.mac(signed)))
                        .collect(Collectors.joining(" ")));
    }

    /// Whether one of the secrets has signed this body, not further from now than the tolerance: a
    /// message that was recorded on its way is of no use later. For receivers.
    public boolean isOf(byte[] body, List<WebhookSecret> secrets, Instant now, Duration tolerance) {
        if (!isAbout(now, tolerance)) {
            return false;
        }
        byte[] signed = signed(id, timestamp, body);
        boolean isSigned = false;
        for (WebhookSecret secret : secrets) {
            byte[] expected = Base64.getEncoder().encode(secret.mac(signed));
            for (String one : signatures.split(" ", -1)) {
                isSigned |=
                        one.startsWith(VERSION)
                                && MessageDigest.isEqual(
                                        one.substring(VERSION.length())
                                                .getBytes(StandardCharsets.UTF_8),
                                        expected);
            }
        }
        return isSigned;
    }

    private boolean isAbout(Instant now, Duration tolerance) {
        try {
            Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
            return Duration.between(sent, now).abs().compareTo(tolerance) <= 0;
        } catch (NumberFormatException | DateTimeException | ArithmeticException _) {
            return false; // no time of this age
        }
    }

    private static byte[] signed(String id, String timestamp, byte[] body) {
        byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream signed = new ByteArrayOutputStream(head.length + body.length);
        signed.writeBytes(head);
        signed.writeBytes(body);
        return signed.toByteArray();
    }
}
