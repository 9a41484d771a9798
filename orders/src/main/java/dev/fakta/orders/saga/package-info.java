// SPDX-License-Identifier: Apache-2.0

/// What turns an order that was placed into one that is fulfilled, or into nothing: it has codes,
/// stock, payments and shipments do their parts, and has them take them back.
///
/// Of other microsystems it knows their aggregates' definitions, commands, events and refusals, and
/// nothing else. Read [OrderSaga] first.
@NullMarked
package dev.fakta.orders.saga;

import org.jspecify.annotations.NullMarked;
