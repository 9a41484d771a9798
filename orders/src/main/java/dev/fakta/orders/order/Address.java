// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import org.jspecify.annotations.Nullable;

/// Where an order goes to.
///
/// @param postalCode empty where the country has none
/// @param region the state or province, where there is one; in the United States and Canada its
///   code (`CA`)
/// @param country in ISO 3166 (`DE`)
public record Address(
        String name,
        String line1,
        @Nullable String line2,
        String city,
        @Nullable String region,
        String postalCode,
        String country) {}
