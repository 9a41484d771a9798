// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

/// Seals the token of a card before any command is made of it: an order carries what only the
/// payments can open.
@FunctionalInterface
public interface TokenSeal {

    /// No token that is taken, of [PaymentCheck#LONGEST_TOKEN] characters, is sealed to more.
    int LONGEST = 900;

    /// Answers the same text for the same order and token.
    String seal(String order, String token);
}
