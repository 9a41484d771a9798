// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import dev.fakta.domain.Microsystem;

/// Adds to a microsystem of payments what goes between it and a provider.
public final class Asking {

    private Asking() {}

    /// The processors that ask, the clock that has them ask, and the one that hands over webhooks.
    public static Microsystem of(Microsystem payments, PaymentProvider provider, Pace pace) {
        AskProvider processors = new AskProvider(provider);
        return payments.with(processors.asking())
                .with(processors.looking())
                .with(OperationClock.of(processors, pace))
                .with(NoticeClock.HANDING_OVER)
                .with(NoticeClock.CLOCK);
    }
}
