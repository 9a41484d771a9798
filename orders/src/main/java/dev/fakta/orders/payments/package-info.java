// SPDX-License-Identifier: Apache-2.0

/// Money of customers: payments through a provider, and store credit.
///
/// A payment only keeps account and says what the provider is to be asked; what asks it is in
/// `provider`. Read [Payment] first.
@NullMarked
package dev.fakta.orders.payments;

import org.jspecify.annotations.NullMarked;
