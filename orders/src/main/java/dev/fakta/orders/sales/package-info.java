// SPDX-License-Identifier: Apache-2.0

/// What was sold, by day, product and campaign, read from the events of orders.
@NullMarked
package dev.fakta.orders.sales;

import org.jspecify.annotations.NullMarked;
