// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

/// What a shop decides about all of its orders.
///
/// @param risk which orders somebody has to look at before they are paid
/// @param sourcing from where they are served
public record OrderRules(Risk risk, Sourcing sourcing) {

    /// Nobody looks at orders, and everything lies at the main location.
    public static OrderRules plain() {
        return new OrderRules(Risk.none(), Sourcing.ofMain());
    }
}
