// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.simulation;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.provider.Answer;
import dev.fakta.orders.payments.provider.PaymentProvider;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks the provider of the world that is played: one definition of payments for all worlds.
///
/// @param now which one that is, for the thread that asks
record ProviderOfTheWorld(Supplier<? extends PaymentProvider> now) implements PaymentProvider {

    @Override
    public Answer authorize(String key, String payment, Money amount, String method, String token) {
        return now.get().authorize(key, payment, amount, method, token);
    }

    @Override
    public Answer capture(String key, String payment, String authorization, Money amount) {
        return now.get().capture(key, payment, authorization, amount);
    }

    @Override
    public Answer cancel(String key, String payment, String authorization) {
        return now.get().cancel(key, payment, authorization);
    }

    @Override
    public Answer refund(String key, String payment, @Nullable String capture, Money amount) {
        return now.get().refund(key, payment, capture, amount);
    }

    @Override
    public Answer find(String key) {
        return now.get().find(key);
    }
}
