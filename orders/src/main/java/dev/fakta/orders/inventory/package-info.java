// SPDX-License-Identifier: Apache-2.0

/// What lies where, who has it, and who waits for it.
@NullMarked
package dev.fakta.orders.inventory;

import org.jspecify.annotations.NullMarked;
