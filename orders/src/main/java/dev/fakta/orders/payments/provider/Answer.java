// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import dev.fakta.orders.money.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is known after a provider was asked.
public sealed interface Answer {

    /// It is done.
    ///
    /// @param reference the provider's name for it
    /// @param amount that it was done with
    /// @param expiresAt when an authorization ends by itself
    record Done(String reference, Money amount, @Nullable Instant expiresAt) implements Answer {}

    /// It is not done and will not be: a fact about the customer's money, and no error.
    record Declined(String reason) implements Answer {}

    /// The provider has it and will tell later.
    record Pending() implements Answer {}

    /// The provider may or may not have it: no answer came, or none that says.
    record Unknown(String reason) implements Answer {}

    /// The provider surely has nothing of this request.
    record NotAsked(String reason) implements Answer {}

    /// The provider has never seen the key; only [PaymentProvider#find] tells so.
    record NoSuchKey() implements Answer {}
}
