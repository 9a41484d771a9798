// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/// The secrets of all subscriptions, which follow from one key of the system (HKDF with SHA-256,
/// RFC 5869), the subscription's id and how often its secret was replaced. So no secret is recorded
/// anywhere: whoever has the log, a backup of it or a view has none.
public final class WebhookKeys {

    private static final int BYTES = 32;

    private final byte[] key;

    private WebhookKeys(byte[] key) {
        this.key = key.clone();
    }

    /// The secrets that follow from this key.
    ///
    /// @throws IllegalArgumentException when it has not 32 bytes
    public static WebhookKeys of(byte[] key) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException(
                    "a key of webhooks has %d bytes, not %d".formatted(BYTES, key.length));
        }
        return new WebhookKeys(key);
    }

    /// Secrets that end with the process: for a server that is thrown away.
    public static WebhookKeys ofThisProcess() {
        return of(freshKey());
    }

    /// A new key.
    public static byte[] freshKey() {
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /// A subscription's secret.
    ///
    /// @param generation how often it was replaced before
    public WebhookSecret secret(String subscription, int generation) {
        String info = "fakta webhook secret\n" + generation + "\n" + subscription;
        try {
            return WebhookSecret.of(
                    KDF.getInstance("HKDF-SHA256")
                            .deriveData(
                                    HKDFParameterSpec.ofExtract()
                                            .addIKM(key)
                                            .thenExpand(
                                                    info.getBytes(StandardCharsets.UTF_8), BYTES)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HKDF", e);
        }
    }

    /// Without the key: for messages.
    @Override
    public String toString() {
        return "keys of webhooks";
    }
}
