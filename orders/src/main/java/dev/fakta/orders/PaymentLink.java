// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.gateway.Routes;
import dev.fakta.gateway.ServedMicrosystem;
import dev.fakta.orders.payments.PaymentsMicrosystem;
import dev.fakta.orders.payments.SealedTokens;
import dev.fakta.orders.payments.provider.HttpProvider;
import dev.fakta.orders.payments.provider.Pace;
import dev.fakta.orders.payments.provider.ProviderWebhooks;
import dev.fakta.orders.payments.provider.WebhookSecret;
import dev.fakta.orders.payments.sandbox.Sandbox;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// What a process has to do with a payment provider: the one it asks, what its webhooks are signed
/// with, and the sandbox, when it is that.
record PaymentLink(
        @Nullable HttpProvider provider, @Nullable WebhookSecret secret, @Nullable Sandbox sandbox)
        implements AutoCloseable {

    /// The microsystem of payments, with what asks this provider.
    ///
    /// @param tokens what opens the tokens of cards for it
    ServedMicrosystem payments(SealedTokens tokens) {
        return new ServedMicrosystem(
                provider == null
                        ? PaymentsMicrosystem.DEFINITION
                        : PaymentsMicrosystem.asking(provider, Pace.calm(), tokens),
                this::routes);
    }

    private void routes(Routes http) {
        PaymentsMicrosystem.routes(http);
        if (secret != null) {
            PaymentsMicrosystem.webhooks(http, secret);
        }
    }

    /// It is served here: so that a sandbox knows where its webhooks go.
    void served(URI uri) {
        if (sandbox != null) {
            sandbox.deliverTo(uri.resolve(ProviderWebhooks.PATH));
        }
    }

    @Override
    public void close() {
        if (sandbox != null) {
            sandbox.close();
        }
        if (provider != null) {
            provider.close();
        }
    }
}
