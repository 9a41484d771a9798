// SPDX-License-Identifier: Apache-2.0

/// What waits for people: the operators' list, read from the events of orders, returns and
/// payments.
@NullMarked
package dev.fakta.orders.tasks;

import org.jspecify.annotations.NullMarked;
