// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.pricing;

import dev.fakta.orders.campaign.Rules;
import dev.fakta.orders.money.Money;
import java.util.Currency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that a price depends on. The caller has checked it: one currency, quantities of one
/// or more, a known shipping method and amounts whose sum stays below [#LARGEST_SUM].
///
/// @param country where it goes, in ISO 3166 (`DE`)
/// @param region the state or province, where taxes differ by it
/// @param method a method of [ShippingRates]
public record Cart(
        Currency currency,
        List<Item> items,
        List<Deal> deals,
        String country,
        @Nullable String region,
        String method) {

    /// In minor units. Far from where `long` ends, so that tax and shipping fit on top.
    public static final long LARGEST_SUM = 10_000_000_000_000_000L;

    /// In grams: a million tonnes.
    public static final long LARGEST_WEIGHT = 1_000_000_000_000L;

    /// One line. Two lines may have the same sku.
    ///
    /// @param unitPrice the list price of one
    public record Item(
            String sku,
            String name,
            int quantity,
            Money unitPrice,
            long weightGrams,
            String taxCategory,
            List<String> categories) {}

    /// A campaign that the customer may use here, by this code.
    public record Deal(String code, String campaignId, Rules rules) {}
}
