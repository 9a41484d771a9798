// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Alarm;
import dev.fakta.domain.Alarm.AfterRefusal;
import dev.fakta.domain.AlarmChanges;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Send;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.ShipmentFacts.Command.PresumeDelivered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentLate;
import dev.fakta.orders.saga.OrderCourier.Errand;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentCancelled;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentDelivered;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentDispatched;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentPlanned;
import java.time.Duration;
import java.util.function.BiFunction;

/// The clock of a shipment, since neither it nor its order has one: it tells the order when the
/// shipment has not left in time, and when it has not been heard of for so long that it counts as
/// delivered, and has the goods of one that the warehouse gave up planned again after a while.
///
/// Its alarms ring for the shipment's id and its order's, with a colon between.
final class ShippingClock {

    static final String NAME = "order-shipping-clock";

    /// A shipment that has not left by then is for an operator to look at.
    static final Duration SERVICE_LEVEL = Duration.ofDays(2);

    /// Goods that nobody has heard of for so long have arrived.
    static final Duration DELIVERY = Duration.ofDays(14);

    /// The goods of a shipment that the warehouse gave up are planned again then.
    static final Duration PAUSE = Duration.ofHours(1);

    static final String LATE = "service-level";
    static final String ARRIVAL = "delivery";
    static final String PLAN_AGAIN = "plan-again";

    private ShippingClock() {}

    record Unheard(String shipment) {}

    static final Processor<Unheard, Order.Command> PRESUME_DELIVERED =
            Processor.named("presume-delivered")
                    .taking(Unheard.class)
                    .sendingTo(Order.AGGREGATE)
                    .processing(
                            (unheard, context) ->
                                    new Outcome.Send<>(
                                            new PresumeDelivered(
                                                    unheard.shipment(), context.now())));

    static final AlarmClock CLOCK =
            AlarmClock.named(NAME)
                    .alarm(
                            alarm(
                                    LATE,
                                    (shipment, order) ->
                                            Send.to(
                                                    Order.AGGREGATE,
                                                    order,
                                                    new RecordShipmentLate(shipment))))
                    .alarm(
                            alarm(
                                    ARRIVAL,
                                    (shipment, order) ->
                                            Send.through(
                                                    PRESUME_DELIVERED,
                                                    order,
                                                    new Unheard(shipment))))
                    .alarm(
                            alarm(
                                    PLAN_AGAIN,
                                    (_, order) ->
                                            Send.through(
                                                    ShippingCourier.ERRAND, order, new Errand())))
                    .on(
                            ShipmentPlanned.class,
                            (e, at) -> of(at.id(), e.order()).ring(LATE, SERVICE_LEVEL))
                    .on(
                            ShipmentDispatched.class,
                            (e, at) -> of(at.id(), e.order()).clear(LATE).ring(ARRIVAL, DELIVERY))
                    .on(
                            ShipmentDelivered.class,
                            (e, at) -> e.complete() ? of(at.id(), e.order()).clearAll() : null)
                    .on(
                            ShipmentCancelled.class,
                            (e, at) -> of(at.id(), e.order()).clear(LATE).ring(PLAN_AGAIN, PAUSE));

    /// What an order refuses to hear of its shipment has no other way out.
    private static Alarm alarm(String name, BiFunction<String, String, Send<?>> sends) {
        return Alarm.named(name)
                .sending(
                        id -> {
                            int colon = id.lastIndexOf(':');
                            return sends.apply(id.substring(0, colon), id.substring(colon + 1));
                        })
                .onRefusal((_, _, _) -> AfterRefusal.done());
    }

    private static AlarmChanges of(String shipment, String order) {
        return AlarmChanges.of(shipment + ":" + order);
    }
}
