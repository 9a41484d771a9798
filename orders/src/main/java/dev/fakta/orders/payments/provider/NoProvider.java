// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import dev.fakta.orders.money.Money;
import org.jspecify.annotations.Nullable;

/// Stands where no provider is named: nothing is asked, what is to be asked waits, and after some
/// attempts its operation is *stuck* for an operator, who names a provider and has it retried.
final class NoProvider implements PaymentProvider {

    private static final Answer NOT_ASKED = new Answer.NotAsked("no payment provider is named");

    @Override
    public Answer authorize(String key, String payment, Money amount, String method, String token) {
        return NOT_ASKED;
    }

    @Override
    public Answer capture(String key, String payment, String authorization, Money amount) {
        return NOT_ASKED;
    }

    @Override
    public Answer cancel(String key, String payment, String authorization) {
        return NOT_ASKED;
    }

    @Override
    public Answer refund(String key, String payment, @Nullable String capture, Money amount) {
        return NOT_ASKED;
    }

    @Override
    public Answer find(String key) {
        return NOT_ASKED;
    }
}
