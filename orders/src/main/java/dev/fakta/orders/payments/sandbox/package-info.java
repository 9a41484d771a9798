// SPDX-License-Identifier: Apache-2.0

/// A payment provider of our own to build and test against: a real HTTP server with idempotency
/// keys, signed asynchronous webhooks, a ledger that tells the truth, and the misbehaviours that
/// real ones show on bad days.
///
/// It shares nothing with the payments microsystem but the form of money and of signatures: what it
/// tells goes over the wire. Read [Sandbox] first, then [Book].
@NullMarked
package dev.fakta.orders.payments.sandbox;

import org.jspecify.annotations.NullMarked;
