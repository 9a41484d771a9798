// SPDX-License-Identifier: Apache-2.0

/// Exact arithmetic with money: amounts, rates, allocation. Nothing here knows floating point.
@NullMarked
package dev.fakta.orders.money;

import org.jspecify.annotations.NullMarked;
