// SPDX-License-Identifier: Apache-2.0

/// From a cart to an order's amounts: discounts, shipping, tax. Pure functions without I/O.
@NullMarked
package dev.fakta.orders.pricing;

import org.jspecify.annotations.NullMarked;
