// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

/// What became of the last attempt at a card.
public enum Attempt {
    NONE,
    PENDING,
    UNKNOWN,
    /// It is promised, or was taken.
    AUTHORIZED,
    DECLINED,
    EXPIRED,
    /// The provider did not let us take what it had promised; the rest is voided.
    CAPTURE_FAILED,
    VOIDED
}
