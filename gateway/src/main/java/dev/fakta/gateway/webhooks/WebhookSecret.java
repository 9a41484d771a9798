// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway.webhooks;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What messages to one receiver are signed with: 24 to 64 bytes. As text, which sender and
/// receiver both keep, `whsec_` and the bytes in base64.
public final class WebhookSecret {

    private static final String BEGINNING = "whsec_";
    private static final int SHORTEST = 24;
    private static final int LONGEST = 64;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private WebhookSecret(byte[] bytes) {
        if (bytes.length < SHORTEST || bytes.length > LONGEST) {
            throw new IllegalArgumentException(
                    "a secret of webhooks has %d to %d bytes".formatted(SHORTEST, LONGEST));
        }
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /// The secret that these bytes are.
    ///
    /// @throws IllegalArgumentException when they are too few or too many
    public static WebhookSecret of(byte[] bytes) {
        return new WebhookSecret(bytes);
    }

    /// Reads what [#text] writes.
    ///
    /// @throws IllegalArgumentException when the text is something else; its message has nothing of
    ///   it
    public static WebhookSecret parse(String text) {
        if (!text.startsWith(BEGINNING)) {
            throw new IllegalArgumentException("a secret of webhooks begins with " + BEGINNING);
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.substring(BEGINNING.length()));
        } catch (IllegalArgumentException _) { // its message quotes the text
            throw new IllegalArgumentException(
                    "a secret of webhooks is base64 behind its beginning");
        }
        return new WebhookSecret(bytes);
    }

    /// The secret for its receiver, and for nobody else.
    public String text() {
        return BEGINNING + Base64.getEncoder().encodeToString(key.getEncoded());
    }

    byte[] mac(byte[] signed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(signed);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /// Without the secret: for messages.
    @Override
    public String toString() {
        return "a secret of webhooks";
    }
}
