// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.orders.order.Axes;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.payments.Payment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Another try to pay an order whose payment was declined, as far as nothing else pays for it.
///
/// @param method such as `card`
/// @param token what the provider knows the card by
public record PayOrder(@Nullable String method, @Nullable String token) {

    static final Processor<PayOrder, Payment.Command> DEFINITION =
            Processor.named("pay-order")
                    .taking(PayOrder.class)
                    .sendingTo(Payment.AGGREGATE)
                    .processing(PayOrder::process);

    private static Outcome<Payment.Command> process(PayOrder wish, Context context) {
        Order order = context.state(Order.AGGREGATE, context.id());
        OrderCreated created = order.created();
        if (created == null) {
            return refuse("id", "is unknown");
        }
        if (order.lifecycle() != Axes.Lifecycle.CREATED
                || order.payment() != Axes.Payment.DECLINED) {
            return refuse("order", "is not one whose payment was declined");
        }
        return new Outcome.Send<>(
                new Payment.Command.RequestAuthorization(
                        context.id(),
                        created.totals().grand(),
                        order.amount(order.due() - order.money().promised()),
                        wish.method(),
                        wish.token()));
    }

    private static Outcome<Payment.Command> refuse(String field, String reason) {
        return new Outcome.Refuse<>(List.of(new Problem(field, reason)));
    }
}
