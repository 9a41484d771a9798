// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.At;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput;
import dev.fakta.domain.SagaInput.Happened;
import dev.fakta.domain.SagaInput.Woken;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.ShipmentFacts.Command.PresumeDelivered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentLate;
import dev.fakta.orders.saga.OrderCourier.Errand;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentCancelled;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentDelivered;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentDispatched;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentPlanned;
import java.time.Duration;

/// The clock of a shipment, since neither it nor its order has one: it tells the order when the
/// shipment has not left in time, and when it has not been heard of for so long that it counts as
/// delivered, and has the goods of one that the warehouse gave up planned again after a while.
///
/// An instance per shipment, over when the shipment has arrived or its last time has come.
record ShippingClock() {

    static final String NAME = "shipping-clock";

    /// A shipment that has not left by then is for an operator to look at.
    static final Duration SERVICE_LEVEL = Duration.ofDays(2);

    /// Goods that nobody has heard of for so long have arrived.
    static final Duration DELIVERY = Duration.ofDays(14);

    /// The goods of a shipment that the warehouse gave up are planned again then.
    static final Duration PAUSE = Duration.ofHours(1);

    static final String SAY_LATE = "tell-of-late-shipment";
    static final String PRESUME = "presume-delivered";
    static final String PLAN_AGAIN = "plan-again";

    private static final String LATE = "service-level";
    private static final String ARRIVAL = "delivery";
    private static final String AGAIN = "plan-again";

    /// It has a timer, or its shipment is late and stands on the operators' list.
    private static final Duration PATIENCE = Duration.ofDays(3_650);

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

    static final Saga<Void, ShippingClock> SAGA =
            Saga.named(NAME)
                    .startingAs(new ShippingClock())
                    .<Void>reacting((_, input, _) -> react(input))
                    .evolving((clock, _) -> clock)
                    .patience(PATIENCE)
                    .on(ShipmentPlanned.class, (_, at) -> at.id())
                    .on(ShipmentDispatched.class, (_, at) -> at.id())
                    .on(ShipmentDelivered.class, (e, at) -> e.complete() ? at.id() : null)
                    .on(ShipmentCancelled.class, (_, at) -> at.id())
                    .step(
                            Step.<ShippingClock>named(SAY_LATE)
                                    .doing(
                                            (_, key) ->
                                                    Send.to(
                                                            Order.AGGREGATE,
                                                            order(key),
                                                            new RecordShipmentLate(shipment(key)))))
                    .step(
                            Step.<ShippingClock>named(PRESUME)
                                    .doing(
                                            (_, key) ->
                                                    Send.through(
                                                            PRESUME_DELIVERED,
                                                            order(key),
                                                            new Unheard(shipment(key)))))
                    .step(
                            Step.<ShippingClock>named(PLAN_AGAIN)
                                    .doing(
                                            (_, key) ->
                                                    Send.through(
                                                            ShippingCourier.ERRAND,
                                                            order(key),
                                                            new Errand())));

    private static Reaction<Void> react(SagaInput input) {
        return switch (input) {
            case Happened(ShipmentPlanned e, At at) ->
                    nothing().wake(key(LATE, at.id(), e.order()), SERVICE_LEVEL);
            case Happened(ShipmentDispatched e, At at) ->
                    nothing()
                            .cancel(key(LATE, at.id(), e.order()))
                            .wake(key(ARRIVAL, at.id(), e.order()), DELIVERY);
            case Happened(ShipmentCancelled e, At at) ->
                    nothing()
                            .cancel(key(LATE, at.id(), e.order()))
                            .wake(key(AGAIN, at.id(), e.order()), PAUSE);
            case Happened _ -> nothing().complete();
            case Woken(var timer) -> woken(timer);
            // What an order refuses to hear of its shipment has no other way out.
            default -> nothing();
        };
    }

    private static Reaction<Void> woken(String timer) {
        int end = timer.indexOf(' ');
        String key = timer.substring(end + 1);
        return switch (timer.substring(0, end)) {
            case LATE -> nothing().run(SAY_LATE, key);
            case ARRIVAL -> nothing().run(PRESUME, key).complete();
            case AGAIN -> nothing().run(PLAN_AGAIN, key).complete();
            default -> nothing();
        };
    }

    private static Reaction<Void> nothing() {
        return Reaction.nothing();
    }

    /// A timer is told without the shipment that it is set for, so that stands in its name.
    private static String key(String timer, String shipment, String order) {
        return timer + " " + shipment + " " + order;
    }

    private static String shipment(String key) {
        return key.substring(0, key.indexOf(' '));
    }

    private static String order(String key) {
        return key.substring(key.indexOf(' ') + 1);
    }
}
