// SPDX-License-Identifier: Apache-2.0

/// The payment provider as we see it: a port, its HTTP adapter, what asks it, and its webhooks.
///
/// Nobody who asks a provider can know that it heard, and nobody may ask it twice under two keys.
/// So a lost answer is a fact (`payment-outcome-unknown`), and what follows is a look, by the key,
/// at what became of it. Read [OperationClock] first, then [AskProvider].
@NullMarked
package dev.fakta.orders.payments.provider;

import org.jspecify.annotations.NullMarked;
