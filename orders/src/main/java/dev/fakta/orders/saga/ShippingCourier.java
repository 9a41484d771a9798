// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Courier;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.orders.order.Edits.Event.OrderAddressChanged;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Attention.Topic;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.order.ShipmentFacts.Command.Fact;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentCancelled;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDelivered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentLost;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentPlanned;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipments;
import dev.fakta.orders.order.ShipmentWish;
import dev.fakta.orders.order.Standing.Counterpart;
import dev.fakta.orders.order.UnitLedger;
import dev.fakta.orders.saga.OrderCourier.Errand;
import dev.fakta.orders.shipping.Parcel;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.orders.shipping.Shipment.Standing.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The courier between an order and its shipments. The shipments of an order are named after it:
/// `ORDER-1`, `ORDER-2`.
final class ShippingCourier {

    static final String NAME = "shipping-courier";

    private static final String REASON = "The order is cancelled.";

    /// Why an order that has changed meanwhile refuses that a shipment is planned.
    private static final Set<String> OVERTAKEN =
            Stream.of(
                            Refusal.ORDER_HELD,
                            Refusal.ORDER_CANCELLING,
                            Refusal.ORDER_CANCELLED,
                            Refusal.ORDER_COMPLETED,
                            Refusal.PAYMENT_NOT_AUTHORIZED,
                            Refusal.NOTHING_OPEN,
                            Refusal.UNITS_NOT_OPEN,
                            Refusal.SHIPMENT_KNOWN)
                    .map(Refusal::name)
                    .collect(Collectors.toUnmodifiableSet());

    static final Processor<Errand, Order.Command> ERRAND =
            Processor.named("carry-shipping")
                    .taking(Errand.class)
                    .sendingTo(Order.AGGREGATE)
                    .processing(ShippingCourier::carry);

    static final Courier COURIER =
            OrderCourier.courier(
                            NAME, Counterpart.SHIPPING, Topic.SHIPPING_REFUSED, OVERTAKEN, ERRAND)
                    .on(Order.Event.OrderHoldReleased.class, (_, at) -> at.id())
                    .on(OrderAddressChanged.class, (_, at) -> at.id())
                    .on(Shipment.Event.ShipmentDispatched.class, (e, _) -> e.order())
                    .on(Shipment.Event.ShipmentDelivered.class, (e, _) -> e.order())
                    .on(Shipment.Event.ShipmentLost.class, (e, _) -> e.order())
                    .on(Shipment.Event.ShipmentCancelled.class, (e, _) -> e.order());

    private ShippingCourier() {}

    private static Outcome<Order.Command> carry(Errand errand, Context context) {
        Order order = context.state(Order.AGGREGATE, context.id());
        if (order.created() == null) {
            return new Outcome.Refuse<>(List.of(new Problem("order", "is unknown")));
        }
        List<First<?>> firsts = new ArrayList<>();
        for (ShipmentWish wish : order.shipmentWishes()) {
            Shipment.Command command = command(wish, order, context);
            if (command != null) {
                firsts.add(new First<>(Shipment.AGGREGATE, wish.shipment(), command));
            }
        }
        if (order.canBeShipped() && !isOneGivenUp(order, context)) {
            List<Fact> known = facts(order, context);
            if (!known.isEmpty()) {
                firsts.add(new First<>(Order.AGGREGATE, context.id(), new RecordShipments(known)));
            }
            int number = order.units().shipments().size();
            for (String location : order.agreed().locations()) {
                List<LineUnits> lines = order.shippable(location);
                if (!lines.isEmpty()) {
                    number++;
                    String next = context.id() + "-" + number;
                    plan(new ShipmentWish(next, location, lines, true), order, context, firsts);
                }
            }
        }
        return new Outcome.Exchange<>(firsts, after -> new RecordShipments(facts(order, after)));
    }

    /// The order is asked first: it alone says what is open. When it has changed meanwhile, and
    /// refuses, what changed it calls the courier, or whatever allows it again.
    private static void plan(
            ShipmentWish next, Order order, Context context, List<First<?>> firsts) {
        firsts.add(
                new First<>(
                        Order.AGGREGATE,
                        context.id(),
                        new RecordShipmentPlanned(next.shipment(), next.location(), next.lines())));
        firsts.add(new First<>(Shipment.AGGREGATE, next.shipment(), plan(next, order, context)));
    }

    /// The goods of a shipment that the warehouse gives up wait for whatever follows, or for the
    /// [ShippingClock].
    private static boolean isOneGivenUp(Order order, Context context) {
        return order.shipmentWishes().stream()
                .anyMatch(
                        wish ->
                                wish.isWanted()
                                        && stage(wish.shipment(), context) == Stage.CANCELLED);
    }

    private static Stage stage(String shipment, Context context) {
        return context.state(Shipment.AGGREGATE, shipment).standing().stage();
    }

    private static Shipment.@Nullable Command command(
            ShipmentWish wish, Order order, Context context) {
        return switch (stage(wish.shipment(), context)) {
            case UNKNOWN -> wish.isWanted() ? plan(wish, order, context) : null;
            case WAITING -> wish.isWanted() ? null : new Shipment.Command.Stop(REASON);
            case LEFT, CANCELLED -> null;
        };
    }

    private static Shipment.Command plan(ShipmentWish wish, Order order, Context context) {
        List<Shipment.@Nullable Planned> lines = new ArrayList<>();
        for (LineUnits each : wish.lines()) {
            lines.add(
                    new Shipment.Planned(
                            each.line(),
                            order.lines().get(each.line()).sku(),
                            each.quantity(),
                            each.quantity()));
        }
        return new Shipment.Command.PlanShipment(
                context.id(), wish.location(), lines, order.agreed().placedAt());
    }

    /// What became of the shipments so far.
    private static List<Fact> facts(Order order, Context context) {
        List<Fact> facts = new ArrayList<>();
        for (UnitLedger.Shipment each : order.units().shipments()) {
            add(each.id(), context.state(Shipment.AGGREGATE, each.id()).standing(), facts);
        }
        return facts;
    }

    private static void add(String id, Shipment.Standing standing, List<Fact> facts) {
        switch (standing.stage()) {
            case UNKNOWN, WAITING -> {}
            case CANCELLED -> facts.add(new RecordShipmentCancelled(id));
            case LEFT -> {
                facts.add(new RecordShipmentDispatched(id, standing.tracking()));
                Instant delivered = standing.deliveredAt();
                if (delivered != null) {
                    facts.add(
                            new RecordShipmentDelivered(
                                    id, units(standing.delivered()), delivered));
                }
                if (!standing.lost().isEmpty()) {
                    facts.add(new RecordShipmentLost(id, units(standing.lost())));
                }
            }
        }
    }

    private static List<LineUnits> units(List<Parcel.Content> contents) {
        return contents.stream()
                .map(one -> new LineUnits(one.line(), Math.toIntExact(one.quantity())))
                .toList();
    }
}
