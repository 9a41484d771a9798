// SPDX-License-Identifier: Apache-2.0

/// Campaigns and the codes by which customers ask for them.
@NullMarked
package dev.fakta.orders.campaign;

import org.jspecify.annotations.NullMarked;
