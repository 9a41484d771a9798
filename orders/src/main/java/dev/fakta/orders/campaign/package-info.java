// SPDX-License-Identifier: Apache-2.0

/// Campaigns, the codes by which customers ask for them, and their uses. [Campaign] decides, and
/// alone enforces limits; [Redemptions] is what it remembers of its uses.
@NullMarked
package dev.fakta.orders.campaign;

import org.jspecify.annotations.NullMarked;
