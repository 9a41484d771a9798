// SPDX-License-Identifier: Apache-2.0

/// Money of customers: payments through a provider, and store credit.
///
/// A payment only keeps account and says what the provider is to be asked; nothing here asks it.
/// Read [Payment] first.
@NullMarked
package dev.fakta.orders.payments;

import org.jspecify.annotations.NullMarked;
