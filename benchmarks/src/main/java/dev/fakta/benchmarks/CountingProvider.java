// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.provider.Answer;
import dev.fakta.orders.payments.provider.PaymentProvider;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A provider that counts how often it is asked.
record CountingProvider(PaymentProvider provider, AtomicLong asked) implements PaymentProvider {

    @Override
    public Answer authorize(String key, String payment, Money amount, String method, String token) {
        asked.incrementAndGet();
        return provider.authorize(key, payment, amount, method, token);
    }

    @Override
    public Answer capture(String key, String payment, String authorization, Money amount) {
        asked.incrementAndGet();
        return provider.capture(key, payment, authorization, amount);
    }

    @Override
    public Answer cancel(String key, String payment, String authorization) {
        asked.incrementAndGet();
        return provider.cancel(key, payment, authorization);
    }

    @Override
    public Answer refund(String key, String payment, @Nullable String capture, Money amount) {
        asked.incrementAndGet();
        return provider.refund(key, payment, capture, amount);
    }

    @Override
    public Answer find(String key) {
        asked.incrementAndGet();
        return provider.find(key);
    }
}
