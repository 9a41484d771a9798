// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Courier;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Send;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Attention.Topic;
import dev.fakta.orders.order.Order.Event.Moving;
import dev.fakta.orders.order.Standing.Counterpart;
import java.util.Set;

/// The shape that the couriers of orders share, one for each kind of counterpart.
///
/// The order calls its courier whenever it says that it wants something which the counterpart has
/// not answered yet; the counterpart calls it whenever it has something to say by itself. An errand
/// that is refused is for people, and stands among the order's attentions.
final class OrderCourier {

    private OrderCourier() {}

    /// An errand. It looks at all that the counterparts hold for the order, and never only at what
    /// the order has not heard of yet: the one before may have ended between telling a counterpart
    /// and telling the order, and the order may want something else since.
    record Errand() {}

    /// The courier, called by what its order wants of the counterpart.
    ///
    /// @param refused what people are asked to look at when an errand is refused
    static Courier courier(
            String name,
            Counterpart counterpart,
            Topic refused,
            Processor<Errand, Order.Command> errand) {
        return courier(name, counterpart, refused, Set.of(), errand);
    }

    /// The same for an errand that can be overtaken.
    ///
    /// @param overtaken the refusals that say so; whatever overtook it calls the courier again
    static Courier courier(
            String name,
            Counterpart counterpart,
            Topic refused,
            Set<String> overtaken,
            Processor<Errand, Order.Command> errand) {
        Courier courier =
                Courier.named(name)
                        .carrying(errand, new Errand())
                        .onRefusal(
                                (order, refusal, _) ->
                                        overtaken.contains(refusal)
                                                ? null
                                                : raise(refused, order, refusal));
        for (Class<? extends Moving> type : Order.moving()) {
            courier = calledBy(courier, type, counterpart);
        }
        return courier;
    }

    private static <T extends Moving> Courier calledBy(
            Courier courier, Class<T> type, Counterpart counterpart) {
        return courier.on(
                type, (event, at) -> event.standing().tells(counterpart) ? at.id() : null);
    }

    private static Send<?> raise(Topic refused, String order, String refusal) {
        return Send.to(Order.AGGREGATE, order, new Order.Command.RaiseAttention(refused, refusal));
    }
}
