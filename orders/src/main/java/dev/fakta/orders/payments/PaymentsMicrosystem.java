// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.domain.Microsystem;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.payments.provider.Asking;
import dev.fakta.orders.payments.provider.Pace;
import dev.fakta.orders.payments.provider.PaymentProvider;
import dev.fakta.orders.payments.provider.ProviderNotice;
import dev.fakta.orders.payments.provider.ProviderWebhooks;
import dev.fakta.orders.payments.provider.WebhookSecret;

/// The microsystem of money at providers, and of store credit.
public final class PaymentsMicrosystem {

    private static final Microsystem ACCOUNTS =
            PaymentUpkeep.addTo(
                    Microsystem.named("payments")
                            .with(Payment.AGGREGATE)
                            .with(StoreCredit.AGGREGATE)
                            .with(ProviderNotice.AGGREGATE)
                            .with(PaymentsView.DEFINITION)
                            .retired("payment-operation")
                            .retired("payment-upkeep")
                            .retired("notice-delivery"));

    /// Without a provider: what is to be asked waits for one.
    public static final Microsystem DEFINITION =
            asking(PaymentProvider.none(), Pace.calm(), SealedTokens.ofThisProcess());

    private PaymentsMicrosystem() {}

    /// The same, with this provider.
    ///
    /// @param tokens what opens the tokens of cards for it
    public static Microsystem asking(PaymentProvider provider, Pace pace, SealedTokens tokens) {
        return Asking.of(ACCOUNTS, new UnsealingProvider(provider, tokens), pace);
    }

    /// What is served of it over HTTP.
    public static void routes(Routes http) {
        PaymentRoutes.list(http);
    }

    /// Where the provider's webhooks are taken.
    public static void webhooks(Routes http, WebhookSecret secret) {
        http.receive(
                ProviderWebhooks.PATH, ProviderWebhooks.LONGEST_BODY, new ProviderWebhooks(secret));
    }
}
