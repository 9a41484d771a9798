// SPDX-License-Identifier: Apache-2.0

/// What carries an order's wishes to codes, stock, payments and shipments, and what these make of
/// them back to the order, which decides what follows.
///
/// Of other microsystems it knows their aggregates' definitions, commands, events and refusals, and
/// nothing else. Read [Courier] first.
@NullMarked
package dev.fakta.orders.saga;

import org.jspecify.annotations.NullMarked;
