// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import dev.fakta.orders.campaign.Campaign.Refusal;
import dev.fakta.orders.money.Money;
import org.jspecify.annotations.Nullable;

/// What a campaign's rules leave for one more use.
///
/// @param used without the use that is asked about
record Limits(Rules rules, Redemptions used) {

    /// What one use can take off an order, in minor units.
    static final long LARGEST_AMOUNT = 100_000_000_000_000_000L;

    @Nullable Refusal usesRefusal(String customer) {
        if (rules.maxUses() != null && used.uses() >= rules.maxUses()) { // C1
            return Refusal.USES_EXHAUSTED;
        }
        if (rules.maxUsesPerCustomer() != null // C2
                && used.usesBy(customer) >= rules.maxUsesPerCustomer()) {
            return Refusal.CUSTOMER_USES_EXHAUSTED;
        }
        return null;
    }

    /// C4.
    @Nullable Refusal budgetRefusal(Money amount) {
        Money budget = rules.budget();
        boolean isOther = budget != null && budget.currency() != amount.currency();
        if (isOther || !isAmount(amount)) {
            return Refusal.DISCOUNT_INVALID;
        }
        long spent = used.spentIn(amount.currency().getCurrencyCode());
        long most = budget == null ? Long.MAX_VALUE : budget.minor();
        return amount.minor() > most - spent ? Refusal.BUDGET_EXHAUSTED : null;
    }

    static boolean isAmount(Money amount) {
        return amount.signum() >= 0 && amount.minor() <= LARGEST_AMOUNT;
    }
}
