// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.orders.payments.provider.HttpProvider;
import dev.fakta.orders.payments.provider.HttpProviderSettings;
import dev.fakta.orders.payments.provider.WebhookSecret;
import dev.fakta.orders.payments.sandbox.Sandbox;
import dev.fakta.orders.payments.sandbox.SandboxSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line's options for the payment provider. Its secret is no argument, which anybody on
/// the machine could read: it comes with the environment or in a file.
final class PaymentOptions {

    /// The environment's name of the secret.
    static final String SECRET = "FAKTA_WEBHOOK_SECRET";

    private static final Logger LOG = LoggerFactory.getLogger(PaymentOptions.class);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--payment-provider",
            paramLabel = "URL",
            description =
                    "the payment provider's server; without it a node alone starts a sandbox of its own, and a node of a cluster lets payments wait")
    private @Nullable URI provider;

    @Option(
            names = "--webhook-secret-file",
            paramLabel = "FILE",
            description =
                    "what the provider signs its webhooks with (default: the environment's "
                            + SECRET
                            + ")")
    private @Nullable Path secretFile;

    /// Connects with the provider that is named, or starts a sandbox.
    ///
    /// @param data where a sandbox keeps its ledger
    /// @param isAlone whether this process is the whole system
    PaymentLink open(Path data, boolean isAlone) {
        URI named = provider;
        if (named != null) {
            return new PaymentLink(new HttpProvider(settings(named)), needed(), null);
        }
        if (!isAlone) {
            LOG.warn("no --payment-provider is named: what is to be asked waits");
            return new PaymentLink(null, null, null);
        }
        WebhookSecret secret = WebhookSecret.of(WebhookSecret.generate());
        Sandbox sandbox =
                Sandbox.start(
                        SandboxSettings.of(data.resolve("sandbox").resolve("ledger.jsonl"), secret),
                        InstantSource.system());
        return new PaymentLink(new HttpProvider(settings(sandbox.uri())), secret, sandbox);
    }

    private HttpProviderSettings settings(URI url) {
        try {
            return HttpProviderSettings.of(url);
        } catch (IllegalArgumentException e) {
            throw wrong("--payment-provider: " + e.getMessage());
        }
    }

    private WebhookSecret needed() {
        WebhookSecret secret = secret(secretFile, System.getenv(SECRET), spec);
        if (secret == null) {
            throw wrong(
                    "--payment-provider: the secret of its webhooks is missing: give %s in the environment, or --webhook-secret-file"
                            .formatted(SECRET));
        }
        return secret;
    }

    /// The secret from where there is one; `null` when there is none.
    static @Nullable WebhookSecret secret(
            @Nullable Path file, @Nullable String environment, CommandSpec spec) {
        try {
            if (file != null) {
                return WebhookSecret.of(Files.readString(file));
            }
            return environment == null ? null : WebhookSecret.of(environment);
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(), "--webhook-secret-file: cannot be read: " + file, e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
