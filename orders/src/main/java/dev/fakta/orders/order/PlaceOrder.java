// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request to place an order, as it comes from outside: anything may be missing or wrong, which
/// [PlaceOrderProcessor] finds out. Two lines may have the same sku; each keeps its own amounts.
///
/// @param placedAt in ISO 8601, as in `2026-07-01T12:00:00Z`; for imports only
public record PlaceOrder(
        @Nullable String customerId,
        @Nullable String email,
        @Nullable String currency,
        @Nullable List<@Nullable Line> lines,
        @Nullable List<@Nullable String> campaignCodes,
        @Nullable Shipping shipping,
        @Nullable Payment payment,
        @Nullable String placedAt) {

    /// So many units of a product.
    ///
    /// @param unitPrice instead of the product's; for imports only
    public record Line(@Nullable String sku, @Nullable Long quantity, @Nullable Amount unitPrice) {}

    /// What was written where an amount of money belongs.
    public record Amount(@Nullable Long minor, @Nullable String currency) {}

    public record Shipping(@Nullable String method, @Nullable Destination address) {}

    public record Destination(
            @Nullable String name,
            @Nullable String line1,
            @Nullable String line2,
            @Nullable String city,
            @Nullable String region,
            @Nullable String postalCode,
            @Nullable String country) {}

    /// How the customer wants to pay.
    ///
    /// @param token in the clear; never in its text
    /// @param storeCredit whether the customer's store credit is used first, as far as it goes
    public record Payment(
            @Nullable String method, @Nullable String token, @Nullable Boolean storeCredit) {

        public Payment(@Nullable String method, @Nullable String token) {
            this(method, token, null);
        }

        @Override
        public String toString() {
            return "Payment[method=%s, token=%s, storeCredit=%s]"
                    .formatted(method, PaymentCheck.hidden(token), storeCredit);
        }
    }
}
