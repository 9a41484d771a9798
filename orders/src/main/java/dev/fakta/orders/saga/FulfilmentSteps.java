// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Reaction;
import dev.fakta.domain.Saga;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.ShipmentFacts;
import dev.fakta.orders.saga.Fulfilment.Event;
import dev.fakta.orders.saga.FulfilmentProcessors.PlanRequest;
import dev.fakta.orders.shipping.Shipment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The steps of the fulfilment. The key of one that is about a shipment is its id, of one that is
/// about a line of it `SHIPMENT/LINE`.
///
/// All of them are tried for ever: whoever they ask is ours, and comes back.
final class FulfilmentSteps {

    static final String PLAN = "plan-shipment";
    static final String TELL = "tell-order-of-shipment";
    static final String RAISE = "raise-late-shipment";
    static final String CANCEL_SHIPMENT = "cancel-shipment";
    static final String COMPLETE = "complete-order";

    private FulfilmentSteps() {}

    /// The saga, with all of them.
    static Saga<Event, Fulfilment> of(Saga<Event, Fulfilment> saga) {
        Saga<Event, Fulfilment> all = saga;
        for (Step<Fulfilment> step : all()) {
            all = all.step(step);
        }
        return all;
    }

    private static List<Step<Fulfilment>> all() {
        return List.of(
                Step.<Fulfilment>named(PLAN).doing((saga, _) -> plan(saga)),
                Step.<Fulfilment>named(TELL).doing(FulfilmentSteps::tell),
                Step.<Fulfilment>named(RAISE)
                        .doing(
                                (saga, shipment) ->
                                        toOrder(
                                                saga,
                                                new ShipmentFacts.Command.RecordShipmentLate(
                                                        shipment))),
                Step.<Fulfilment>named(CANCEL_SHIPMENT)
                        .doing(
                                (_, shipment) ->
                                        Send.to(
                                                Shipment.AGGREGATE,
                                                shipment,
                                                new Shipment.Command.CancelShipment(
                                                        "The order is cancelled."))),
                Step.<Fulfilment>named(COMPLETE)
                        .doing((saga, _) -> toOrder(saga, new Order.Command.CompleteOrder())));
    }

    /// The reaction, with one more event.
    static Reaction<Event> and(Reaction<Event> reaction, Event event) {
        List<Event> more = new ArrayList<>(reaction.events());
        more.add(event);
        return new Reaction<>(more, reaction.effects());
    }

    private static Send<?> toOrder(Fulfilment saga, Order.Command command) {
        return Send.to(Order.AGGREGATE, saga.known(), command);
    }

    private static Send<?> plan(Fulfilment saga) {
        return Send.through(
                FulfilmentProcessors.PLAN, saga.nextShipment(), new PlanRequest(saga.known()));
    }

    /// @param key what happened, the shipment, and when, if that matters
    private static Send<?> tell(Fulfilment saga, String key) {
        String[] words = key.split(" ", 3);
        Consignment shipment = saga.shipment(words[1]);
        return toOrder(
                saga,
                switch (words[0]) {
                    case "dispatched" ->
                            new ShipmentFacts.Command.RecordShipmentDispatched(
                                    shipment.shipment(), shipment.tracking());
                    case "delivered" ->
                            new ShipmentFacts.Command.RecordShipmentDelivered(
                                    shipment.shipment(),
                                    shipment.delivered(),
                                    Instant.parse(words[2]));
                    case "lost" ->
                            new ShipmentFacts.Command.RecordShipmentLost(shipment.shipment());
                    case "cancelled" ->
                            new ShipmentFacts.Command.RecordShipmentCancelled(shipment.shipment());
                    default -> throw new IllegalArgumentException(key);
                });
    }
}
