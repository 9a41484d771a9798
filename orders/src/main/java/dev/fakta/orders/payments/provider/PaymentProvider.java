// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import dev.fakta.orders.money.Money;
import org.jspecify.annotations.Nullable;

/// Whoever moves the money. Calls block, within a limit of the implementation's own; any thread may
/// call.
///
/// A provider does once what is asked under one key, and answers every further request under it
/// with what came of the first: so to ask again under the same key is safe, and under another never
/// is.
public interface PaymentProvider {

    /// Where there is none: nothing is asked, and all that is to be asked waits.
    static PaymentProvider none() {
        return new NoProvider();
    }

    /// Has the money promised.
    ///
    /// @param payment our name of the payment
    Answer authorize(String key, String payment, Money amount, String method, String token);

    /// Takes a part of what is promised.
    ///
    /// @param authorization the provider's reference of it
    Answer capture(String key, String payment, String authorization, Money amount);

    /// Gives up what is promised and not taken.
    Answer cancel(String key, String payment, String authorization);

    /// Gives back a part of what was taken.
    ///
    /// @param capture the provider's reference of what was taken; `null`: of the payment as a whole
    Answer refund(String key, String payment, @Nullable String capture, Money amount);

    /// What became of a key. Changes nothing.
    Answer find(String key);
}
