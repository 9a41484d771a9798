// SPDX-License-Identifier: Apache-2.0

/// Returns: what customers send back, what becomes of it, and what they get for it.
@NullMarked
package dev.fakta.orders.returns;

import org.jspecify.annotations.NullMarked;
