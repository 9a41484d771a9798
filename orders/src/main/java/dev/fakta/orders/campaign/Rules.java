// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.money.Rate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a campaign gives, and to whom.
///
/// @param kind which of the next four components matter
/// @param percent off, for [Kind#PERCENTAGE]
/// @param amount off, for [Kind#FIXED_AMOUNT]; the price of one unit, for [Kind#FIXED_PRICE]
/// @param buy for [Kind#BUY_X_GET_Y]: of every `buy + get` units that take part, `get` are free
/// @param get see `buy`
/// @param from the first moment at which it can be used; none: always was
/// @param until the first moment at which it cannot be used any more; none: for ever
/// @param maxUses how many orders may use it; none: any number
/// @param budget what it may take off all orders together; then it is for orders in its currency
/// @param minSubtotal what the order's lines must cost at list prices
/// @param skus if there are any, only these take part
/// @param categories if there are any, only products in one of these take part
/// @param exclusive whether it refuses to act beside another campaign
public record Rules(
        Kind kind,
        Rate percent,
        @Nullable Money amount,
        int buy,
        int get,
        @Nullable Instant from,
        @Nullable Instant until,
        @Nullable Long maxUses,
        @Nullable Long maxUsesPerCustomer,
        @Nullable Money budget,
        @Nullable Money minSubtotal,
        List<String> skus,
        List<String> categories,
        boolean exclusive) {

    public Rules {
        skus = List.copyOf(skus);
        categories = List.copyOf(categories);
    }

    /// Whether it narrows the lines that take part.
    public boolean restricted() {
        return !skus.isEmpty() || !categories.isEmpty();
    }

    /// Whether a line takes part. With skus and categories, one of them has to fit.
    public boolean covers(String sku, List<String> itsCategories) {
        if (!restricted() || skus.contains(sku)) {
            return true;
        }
        for (String category : itsCategories) {
            if (categories.contains(category)) {
                return true;
            }
        }
        return false;
    }

    public enum Kind {
        PERCENTAGE("percentage"),
        FIXED_AMOUNT("fixed-amount"),
        FIXED_PRICE("fixed-price"),
        BUY_X_GET_Y("buy-x-get-y"),
        FREE_SHIPPING("free-shipping");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /// The kind with this name, as in `FIXED_AMOUNT` or `fixed-amount`.
        public static @Nullable Kind named(@Nullable String name) {
            for (Kind kind : values()) {
                if (kind.name().equals(name) || kind.text.equals(name)) {
                    return kind;
                }
            }
            return null;
        }

        /// The name in events and in the view, as in `fixed-amount`. Answers have [#name()].
        @Override
        public String toString() {
            return text;
        }
    }
}
