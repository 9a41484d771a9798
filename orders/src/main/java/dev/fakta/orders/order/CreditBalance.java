// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Processor.Context;
import dev.fakta.orders.money.Money;
import org.jspecify.annotations.Nullable;

/// Says what store credit a customer has, when an order is placed: orders do not know the payments,
/// who keep it. Nothing is held by asking, so the money may be gone when the order wants it.
@FunctionalInterface
public interface CreditBalance {

    /// What of the customer's store credit is not held for any order; null for a customer who was
    /// never given any.
    @Nullable Money available(Context context, String customerId);
}
