// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Reaction;
import dev.fakta.domain.Saga;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.ShipmentFacts;
import dev.fakta.orders.saga.Fulfilment.Event;
import dev.fakta.orders.saga.FulfilmentProcessors.MoneyRequest;
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
    static final String SHIP_STOCK = "ship-stock";
    static final String CAPTURE = "capture-part";
    static final String AUTHORIZE_AGAIN = "authorize-again";
    static final String HOLD = "hold-unpaid-order";
    static final String RAISE = "raise-late-shipment";
    static final String CANCEL_SHIPMENT = "cancel-shipment";
    static final String RESERVE_AGAIN = "reserve-lost";
    static final String CONFIRM_AGAIN = "confirm-lost";
    static final String GIVE_UP = "give-up-lost";
    static final String GIVE_UP_ALL = "give-up-order";
    static final String COMPLETE = "complete-order";

    /// A reservation that is confirmed as soon as it is made needs no earlier end.
    static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

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
                Step.<Fulfilment>named(SHIP_STOCK).doing(FulfilmentSteps::ship),
                Step.<Fulfilment>named(CAPTURE)
                        .doing(
                                (saga, shipment) ->
                                        Send.through(
                                                FulfilmentProcessors.CAPTURE,
                                                saga.known(),
                                                new MoneyRequest(shipment, saga.captured()))),
                Step.<Fulfilment>named(AUTHORIZE_AGAIN)
                        .doing(
                                (saga, _) ->
                                        Send.through(
                                                FulfilmentProcessors.AUTHORIZE,
                                                saga.known(),
                                                new MoneyRequest("", saga.captured()))),
                Step.<Fulfilment>named(HOLD)
                        .doing(
                                (saga, _) ->
                                        toOrder(
                                                saga,
                                                new Order.Command.PlaceHold(
                                                        HoldKind.PAYMENT_RISK.name(),
                                                        "The money could not be taken."))),
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
                Step.<Fulfilment>named(RESERVE_AGAIN).doing(FulfilmentSteps::reserve),
                Step.<Fulfilment>named(CONFIRM_AGAIN).doing(FulfilmentSteps::confirm),
                Step.<Fulfilment>named(GIVE_UP)
                        .doing(
                                (saga, key) ->
                                        toOrder(
                                                saga,
                                                new Order.Command.CancelLines(
                                                        List.of(lost(saga, key)),
                                                        "Lost, and no more in stock."))),
                Step.<Fulfilment>named(GIVE_UP_ALL)
                        .doing(
                                (saga, _) ->
                                        toOrder(
                                                saga,
                                                new Order.Command.RequestCancellation(
                                                        "Lost, and no more in stock."))),
                Step.<Fulfilment>named(COMPLETE)
                        .doing((saga, _) -> toOrder(saga, new Order.Command.CompleteOrder())));
    }

    /// The reaction, with one more event.
    static Reaction<Event> and(Reaction<Event> reaction, Event event) {
        List<Event> more = new ArrayList<>(reaction.events());
        more.add(event);
        return new Reaction<>(more, reaction.effects());
    }

    /// The keys of lines of a shipment.
    static List<String> keys(String shipment, List<LineUnits> lines) {
        return lines.stream().map(line -> shipment + "/" + line.line()).toList();
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

    private static Consignment.Line line(Fulfilment saga, String key) {
        int slash = key.lastIndexOf('/');
        return saga.shipment(key.substring(0, slash))
                .line(Integer.parseInt(key.substring(slash + 1)));
    }

    private static String shipment(String key) {
        return key.substring(0, key.lastIndexOf('/'));
    }

    private static Send<?> ship(Fulfilment saga, String key) {
        Consignment.Line line = line(saga, key);
        return Send.to(
                StockItem.AGGREGATE,
                saga.shipment(shipment(key)).stock(line),
                new StockItem.Command.Ship(
                        saga.known(), line.line(), shipment(key), (long) line.quantity()));
    }

    /// What of a shipment's line did not arrive.
    private static LineUnits lost(Fulfilment saga, String key) {
        Consignment.Line line = line(saga, key);
        int arrived = LineUnits.of(line.line(), saga.shipment(shipment(key)).delivered());
        return new LineUnits(line.line(), line.quantity() - arrived);
    }

    private static Send<?> reserve(Fulfilment saga, String key) {
        Consignment.Line line = line(saga, key);
        return Send.to(
                StockItem.AGGREGATE,
                saga.shipment(shipment(key)).stock(line),
                new StockItem.Command.Reserve(
                        saga.known(),
                        line.line(),
                        (long) lost(saga, key).quantity(),
                        LATEST,
                        false));
    }

    private static Send<?> confirm(Fulfilment saga, String key) {
        Consignment.Line line = line(saga, key);
        return Send.to(
                StockItem.AGGREGATE,
                saga.shipment(shipment(key)).stock(line),
                new StockItem.Command.ConfirmReservation(saga.known(), line.line(), null));
    }
}
