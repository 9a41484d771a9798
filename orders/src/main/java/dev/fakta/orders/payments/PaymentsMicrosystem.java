// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.domain.Microsystem;
import dev.fakta.gateway.Routes;

/// The microsystem of money at providers, and of store credit.
public final class PaymentsMicrosystem {

    public static final Microsystem DEFINITION =
            Microsystem.named("payments").with(Payment.AGGREGATE).with(StoreCredit.AGGREGATE);

    private PaymentsMicrosystem() {}

    /// What is served of it over HTTP: nothing yet.
    public static void routes(Routes http) {}
}
