// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.orders.order.PaymentFacts.Command.Pay;
import org.jspecify.annotations.Nullable;

/// A request to pay with another card, whose token is sealed before the order is told of it.
///
/// @param token in the clear; never in its text
public record GiveCard(@Nullable String method, @Nullable String token) {

    /// The processor of these requests. A token that no card has is not passed on, and the order
    /// refuses.
    public static Processor<GiveCard, Order.Command> sealing(TokenSeal seal) {
        return Processor.named("give-card")
                .taking(GiveCard.class)
                .sendingTo(Order.AGGREGATE)
                .processing(
                        (given, context) ->
                                new Outcome.Send<>(
                                        new Pay(given.method, given.sealed(seal, context.id()))));
    }

    private @Nullable String sealed(TokenSeal seal, String order) {
        return token == null || token.isBlank() || token.length() > PaymentCheck.LONGEST_TOKEN
                ? null
                : seal.seal(order, token);
    }

    @Override
    public String toString() {
        return "GiveCard[method=%s, token=%s]".formatted(method, PaymentCheck.hidden(token));
    }
}
