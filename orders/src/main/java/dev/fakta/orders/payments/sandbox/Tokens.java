// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import org.jspecify.annotations.Nullable;

/// The tokens of cards that steer the sandbox. Any other one is a good card, as `tok_ok` is.
final class Tokens {

    static final String TIMEOUT = "tok_timeout";
    static final String TIMEOUT_BEFORE = "tok_timeout_before";
    static final String ERROR = "tok_error";
    static final String LATE = "tok_late";
    static final String LATE_DECLINED = "tok_late_declined";
    static final String CAPTURE_TIMEOUT = "tok_capture_timeout";
    static final String CAPTURE_FAILS = "tok_capture_fails";
    static final String REFUND_FAILS = "tok_refund_fails";
    static final String EXPIRES = "tok_expires";
    static final String DISPUTED = "tok_disputed";

    private Tokens() {}

    /// Why the card is refused; `null` when it is not.
    static @Nullable String refusal(@Nullable String token) {
        return switch (token) {
            case "tok_declined" -> "card_declined";
            case "tok_insufficient_funds" -> "insufficient_funds";
            case "tok_expired_card" -> "expired_card";
            case null, default -> null;
        };
    }

    static boolean isLate(@Nullable String token) {
        return LATE.equals(token) || LATE_DECLINED.equals(token);
    }
}
