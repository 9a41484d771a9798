// SPDX-License-Identifier: Apache-2.0

/// Orders: the request to place one, the aggregate, the list.
@NullMarked
package dev.fakta.orders.order;

import org.jspecify.annotations.NullMarked;
