// SPDX-License-Identifier: Apache-2.0

/// Order management: the packages `catalog`, `inventory`, `payments` and `shipping` are
/// microsystems that know each other's ids only; `order`, `campaign` and `pricing` are the orders
/// themselves. [OrderManagement] lists them all.
@NullMarked
package dev.fakta.orders;

import org.jspecify.annotations.NullMarked;
