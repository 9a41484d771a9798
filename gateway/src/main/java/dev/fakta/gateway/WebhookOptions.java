// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.gateway.webhooks.ReceiverAddresses;
import dev.fakta.gateway.webhooks.WebhookKeys;
import dev.fakta.gateway.webhooks.WebhookSettings;
import dev.fakta.runtime.Microsystems;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The command line's options for [Webhooks]. The key that all secrets follow from is that of
/// `--webhook-key`; else, in a cluster, the one that its nodes share in their database; else the
/// file `webhook.key` beside the log. The last two are made when there is none.
final class WebhookOptions {

    private static final String FILE = "webhook.key";
    private static final String SHARED = "webhook-key";
    private static final String WHAT = "key of webhooks";

    @Option(
            names = "--webhook-key",
            paramLabel = "FILE",
            description =
                    "32 bytes in base64 that the secrets of webhooks follow from; the same for all nodes of a cluster (default: a cluster's own, or DIR/webhook.key, made at the first start)")
    private @Nullable Path keyFile;

    @Option(
            names = "--webhooks-anywhere",
            description =
                    "deliver webhooks to private addresses too, and over plain HTTP (default: to public ones, over HTTPS)")
    private boolean isAnywhere;

    /// @throws IllegalArgumentException when there is no such key
    WebhookSettings settings(ServeOptions options, Microsystems microsystems) {
        return WebhookSettings.of(
                WebhookKeys.of(key(options, microsystems)),
                ReceiverAddresses.within(
                        isAnywhere ? ReceiverAddresses.Reach.ANY : ReceiverAddresses.Reach.PUBLIC));
    }

    private byte[] key(ServeOptions options, Microsystems microsystems) {
        if (keyFile != null) {
            return decoded(keyFile, new SecretFile(keyFile, WHAT).readMounted());
        }
        Path own = options.data().resolve(FILE);
        return options.sharedSecret(SHARED, microsystems, WebhookKeys::freshKey)
                .orElseGet(
                        () ->
                                decoded(
                                        own,
                                        new SecretFile(own, WHAT)
                                                .readOrMake(WebhookOptions::freshText)));
    }

    private static byte[] freshText() {
        return Base64.getEncoder().encode(WebhookKeys.freshKey());
    }

    private static byte[] decoded(Path file, byte[] text) {
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException _) { // its message quotes the text
            throw new IllegalArgumentException(file + " is no base64");
        }
    }
}
