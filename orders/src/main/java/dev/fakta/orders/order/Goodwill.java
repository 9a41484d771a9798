// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.PaymentFacts.Command.GrantCredit;
import org.jspecify.annotations.Nullable;

/// What was a refund of a payment, in the words of before: something that the customer gets beside
/// the goods is a credit of the order, which gives back what it does not earn any more.
///
/// @param purpose what for; each is granted once
public record Goodwill(@Nullable String purpose, @Nullable Money amount) {

    public static final Processor<Goodwill, Order.Command> DEFINITION =
            Processor.named("grant-goodwill")
                    .taking(Goodwill.class)
                    .sendingTo(Order.AGGREGATE)
                    .processing(
                            (wish, _) ->
                                    new Outcome.Send<>(
                                            new GrantCredit(
                                                    wish.purpose, wish.amount, wish.purpose)));
}
