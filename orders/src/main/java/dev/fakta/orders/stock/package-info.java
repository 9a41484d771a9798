// SPDX-License-Identifier: Apache-2.0

/// Counted stock of a sku at a location.
@NullMarked
package dev.fakta.orders.stock;

import org.jspecify.annotations.NullMarked;
