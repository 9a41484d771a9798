// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import org.jspecify.annotations.Nullable;

/// Whose things a request may be about.
///
/// @param customer the customer whose own they have to be; empty for one that has none, and `null`
///   when they may be anybody's
/// @param bounds how the route keeps a customer to them
record Reach(@Nullable String customer, Bounds bounds) {

    /// Whether the route itself has to see to it that nothing of anybody else is shown.
    boolean isBounded() {
        return customer != null && !(bounds instanceof Bounds.Shared);
    }
}
