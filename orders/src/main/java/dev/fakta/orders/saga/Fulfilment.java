// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.FulfilmentSteps.CANCEL_SHIPMENT;
import static dev.fakta.orders.saga.FulfilmentSteps.COMPLETE;
import static dev.fakta.orders.saga.FulfilmentSteps.PLAN;
import static dev.fakta.orders.saga.FulfilmentSteps.RAISE;
import static dev.fakta.orders.saga.FulfilmentSteps.TELL;

import dev.fakta.domain.At;
import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput;
import dev.fakta.domain.SagaInput.Done;
import dev.fakta.domain.SagaInput.Happened;
import dev.fakta.domain.SagaInput.Refused;
import dev.fakta.domain.SagaInput.Woken;
import dev.fakta.orders.order.Edits;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentCaptured;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentDispatched;
import dev.fakta.orders.order.Standing;
import dev.fakta.orders.order.Standing.Counterpart;
import dev.fakta.orders.saga.Fulfilment.Event;
import dev.fakta.orders.shipping.Parcel;
import dev.fakta.orders.shipping.Shipment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// From a confirmed order to a completed one: its goods leave in shipments, and what is lost is
/// sent again or given back. Stock and money are the order's own affair and its couriers' (see
/// [Courier]).
///
/// Nothing here is undone: what has left has left. A cancellation stops what has not.
///
/// @param order none as long as nothing is known of it
/// @param plans how many shipments were planned
/// @param isWanted whether something changed while a shipment was being planned
/// @param consignments the shipments, as they were planned
/// @param news what the order is to be told, behind what it is being told
/// @param isArrived whether the customer has everything, or should have
record Fulfilment(
        @Nullable String order,
        int plans,
        boolean isWanted,
        List<Consignment> consignments,
        List<String> news,
        boolean isArrived) {

    static final String NAME = "order-fulfilment";

    /// A shipment that has not left by then is for an operator to look at.
    static final Duration SERVICE_LEVEL = Duration.ofDays(2);

    /// Goods that nobody has heard of for so long have arrived.
    static final Duration DELIVERY = Duration.ofDays(14);

    /// A confirmed order that waits for so long, for stock say, is for an operator to look at.
    static final Duration PATIENCE = Duration.ofDays(30);

    /// A shipment that the warehouse gave up is planned again then.
    private static final Duration REPLAN = Duration.ofHours(1);

    /// The order takes no more.
    private static final int LONGEST_TRACKING = 2_000;

    private static final String LATE = "service-level ";
    private static final String ARRIVAL = "delivery";
    private static final String PLAN_AGAIN = "plan-again";

    private static final Fulfilment NONE =
            new Fulfilment(null, 0, false, List.of(), List.of(), false);

    Fulfilment {
        consignments = List.copyOf(consignments);
        news = List.copyOf(news);
    }

    /// What the saga itself records.
    sealed interface Event {
        record FulfilmentBegun(String order) implements Event {}

        /// A shipment was planned under the next number.
        record Planned() implements Event {}

        /// Something changed while a shipment was being planned, or that is looked after.
        record Wanted(boolean isWanted) implements Event {}

        record Packed(Consignment shipment) implements Event {}

        /// The shipment left.
        ///
        /// @param tracking the carriers' codes
        /// @param parcels those that are under way
        record Left(String shipment, String tracking, List<String> parcels) implements Event {
            public Left {
                parcels = List.copyOf(parcels);
            }
        }

        /// The shipment will not leave.
        record Stayed(String shipment) implements Event {}

        /// A parcel arrived with these units, or was lost: then there are none.
        record Settled(String shipment, String parcel, List<LineUnits> units) implements Event {
            public Settled {
                units = List.copyOf(units);
            }
        }

        /// The order is to be told of it.
        record News(String fact) implements Event {}

        /// It is being told of the first of what waits.
        record NewsTold() implements Event {}

        /// The customer has everything, or should have; or something has left once more.
        record Arrived(boolean isArrived) implements Event {}
    }

    static final Saga<Event, Fulfilment> SAGA = FulfilmentSteps.of(FulfilmentFacts.of(named()));

    private static Saga<Event, Fulfilment> named() {
        return Saga.named(NAME)
                .startingAs(NONE)
                .reacting(Fulfilment::react)
                .evolving(Fulfilment::evolve)
                .version(4)
                .patience(PATIENCE)
                .event("fulfilment-begun", Event.FulfilmentBegun.class)
                .event("fulfilment-planned", Event.Planned.class)
                .event("fulfilment-wanted", Event.Wanted.class)
                .event("fulfilment-packed", Event.Packed.class)
                .event("fulfilment-left", Event.Left.class)
                .event("fulfilment-stayed", Event.Stayed.class)
                .event("fulfilment-settled", Event.Settled.class)
                .event("fulfilment-news", Event.News.class)
                .event("fulfilment-news-told", Event.NewsTold.class)
                .event("fulfilment-arrived", Event.Arrived.class);
    }

    String known() {
        return Objects.requireNonNull(order, "the saga has not begun");
    }

    /// The id of the shipment that is planned next.
    String nextShipment() {
        return known() + "-" + (plans + 1);
    }

    Consignment shipment(String id) {
        for (Consignment one : consignments) {
            if (one.shipment().equals(id)) {
                return one;
            }
        }
        throw new IllegalStateException("the order has no shipment " + id);
    }

    private boolean knows(String id) {
        return consignments.stream().anyMatch(one -> one.shipment().equals(id));
    }

    Fulfilment evolve(Event event) {
        return switch (event) {
            case Event.FulfilmentBegun(var id) ->
                    new Fulfilment(id, 0, false, consignments, news, false);
            case Event.Planned _ -> planned(plans + 1, isWanted);
            case Event.Wanted(var wanted) -> planned(plans, wanted);
            case Event.Packed(var shipment) -> {
                List<Consignment> more = new ArrayList<>(consignments);
                more.add(shipment);
                yield with(more);
            }
            case Event.Left(var id, var tracking, var parcels) ->
                    changed(shipment(id).left(tracking, parcels));
            case Event.Stayed(var id) -> changed(shipment(id).cancelled());
            case Event.Settled(var id, var parcel, var units) ->
                    changed(shipment(id).settled(parcel, units));
            case Event.News(var fact) -> {
                List<String> more = new ArrayList<>(news);
                more.add(fact);
                yield hearing(more);
            }
            case Event.NewsTold _ -> hearing(news.subList(1, news.size()));
            case Event.Arrived(var hasArrived) ->
                    new Fulfilment(order, plans, isWanted, consignments, news, hasArrived);
        };
    }

    private Fulfilment planned(int count, boolean wanted) {
        return new Fulfilment(order, count, wanted, consignments, news, isArrived);
    }

    private Fulfilment with(List<Consignment> all) {
        return new Fulfilment(order, plans, isWanted, all, news, isArrived);
    }

    private Fulfilment hearing(List<String> now) {
        return new Fulfilment(order, plans, isWanted, consignments, now, isArrived);
    }

    private Fulfilment changed(Consignment shipment) {
        List<Consignment> all = new ArrayList<>(consignments);
        all.replaceAll(one -> one.shipment().equals(shipment.shipment()) ? shipment : one);
        return with(all);
    }

    Reaction<Event> react(SagaInput input, Progress progress) {
        return switch (input) {
            case Happened(Order.Event.OrderConfirmed(var standing), At at) when order == null ->
                    begun(new Event.FulfilmentBegun(at.id()), standing);
            case Happened _ when order == null -> nothing(); // the order was not confirmed yet
            case Happened(Order.Event event, At at) -> onOrder(event, at, progress);
            case Happened(Shipment.Event event, At at) -> onShipment(event, at, progress);
            case Done(var step, _) -> onDone(step, progress);
            case Refused(var step, _, var rejection, var detail) ->
                    onRefused(step, rejection, detail, progress);
            case Woken(var timer) -> onTimer(timer, progress);
            default -> nothing();
        };
    }

    private static Reaction<Event> begun(Event.FulfilmentBegun begun, Standing standing) {
        Reaction<Event> reaction = Reaction.record(begun);
        return standing.tells(Counterpart.SHIPPING) ? reaction.run(PLAN) : reaction;
    }

    private static Reaction<Event> nothing() {
        return Reaction.nothing();
    }

    private static Reaction<Event> record(Event event) {
        return Reaction.record(event);
    }

    private Reaction<Event> onOrder(Order.Event event, At at, Progress progress) {
        return switch (event) {
            case Order.Event.OrderHoldReleased _ ->
                    isArrived ? plan(progress).run(COMPLETE) : plan(progress);
            case Edits.Event.OrderAddressChanged _ -> plan(progress);
            case Order.Event.OrderCancellationRequested _ -> cancelShipments(nothing());
            case Order.Event.OrderCancelled _ -> cancelShipments(nothing()).complete();
            case Order.Event.OrderCompleted _ -> cancelShipments(nothing()).complete();
            case OrderShipmentDispatched _ -> onItsWay().wake(ARRIVAL, DELIVERY);
            case OrderPaymentCaptured _ when isArrived -> nothing().run(COMPLETE, key(at));
            case Order.Event.Moving moving when moving.standing().tells(Counterpart.SHIPPING) ->
                    plan(progress);
            case Order.Event _ -> nothing();
        };
    }

    private Reaction<Event> onItsWay() {
        return isArrived ? record(new Event.Arrived(false)) : nothing();
    }

    private static String key(At at) {
        return Long.toString(at.revision());
    }

    private Reaction<Event> plan(Progress progress) {
        if (progress.isCompleted()) {
            return nothing();
        }
        return progress.isOpen(PLAN) ? record(new Event.Wanted(true)) : nothing().run(PLAN);
    }

    private Reaction<Event> cancelShipments(Reaction<Event> with) {
        return with.runEach(
                CANCEL_SHIPMENT,
                consignments.stream()
                        .filter(Consignment::isWaiting)
                        .map(Consignment::shipment)
                        .toList());
    }

    private static Reaction<Event> arrived(Reaction<Event> with) {
        return FulfilmentSteps.and(with, new Event.Arrived(true)).run(COMPLETE).cancel(ARRIVAL);
    }

    private Reaction<Event> onShipment(Shipment.Event event, At at, Progress progress) {
        return switch (event) {
            case Shipment.Event.ShipmentPlanned planned ->
                    knows(at.id()) ? nothing() : packed(at.id(), planned, progress);
            case Shipment.Event _ when !knows(at.id()) -> nothing();
            case Shipment.Event.ShipmentDispatched(_, var parcels, _) ->
                    tell("dispatched " + at.id(), record(left(at.id(), parcels)), progress)
                            .cancel(LATE + at.id());
            case Shipment.Event.ShipmentDelivered e ->
                    settled(
                            new Event.Settled(at.id(), e.parcel(), Consignment.units(e)),
                            e.at(),
                            progress);
            case Shipment.Event.ShipmentLost(_, var parcel, _, _) ->
                    settled(new Event.Settled(at.id(), parcel, List.of()), null, progress);
            case Shipment.Event.ShipmentCancelled _ ->
                    tell("cancelled " + at.id(), record(new Event.Stayed(at.id())), progress)
                            .cancel(LATE + at.id())
                            .wake(PLAN_AGAIN, REPLAN);
            case Shipment.Event _ -> nothing();
        };
    }

    private static Reaction<Event> packed(
            String id, Shipment.Event.ShipmentPlanned planned, Progress progress) {
        Reaction<Event> packed = record(new Event.Packed(Consignment.of(id, planned)));
        return progress.isCompleted() // it was planned while the order was being cancelled
                ? packed.run(CANCEL_SHIPMENT, id)
                : packed.wake(LATE + id, SERVICE_LEVEL);
    }

    /// The order is told of what arrived at once, of a loss when no parcel is under way any more.
    ///
    /// @param arrived when the parcel did; `null` when it is lost
    private Reaction<Event> settled(
            Event.Settled settled, @Nullable Instant arrived, Progress progress) {
        Reaction<Event> reaction = record(settled);
        if (arrived != null) {
            reaction = tell("delivered " + settled.shipment() + " " + arrived, reaction, progress);
        }
        Consignment after = shipment(settled.shipment()).settled(settled.parcel(), settled.units());
        return after.underWay().isEmpty() && !after.lost().isEmpty()
                ? tell("lost " + after.shipment(), reaction, progress)
                : reaction;
    }

    /// The order hears of one thing after the other: a loss is what has not arrived by then.
    private Reaction<Event> tell(String fact, Reaction<Event> with, Progress progress) {
        boolean isBusy =
                progress.isOpen(TELL)
                        || !news.isEmpty()
                        || with.effects().stream().anyMatch(Fulfilment::tells);
        return isBusy ? FulfilmentSteps.and(with, new Event.News(fact)) : with.run(TELL, fact);
    }

    private static boolean tells(Reaction.Effect effect) {
        return effect instanceof Reaction.Effect.Run(var step, _) && step.equals(TELL);
    }

    private Reaction<Event> tellNext(Reaction<Event> with, Progress progress) {
        return news.isEmpty() || progress.isOpen(TELL)
                ? with
                : FulfilmentSteps.and(with, new Event.NewsTold()).run(TELL, news.getFirst());
    }

    private static Event left(String shipment, List<Parcel> parcels) {
        return new Event.Left(
                shipment,
                Parcel.codes(parcels, LONGEST_TRACKING),
                parcels.stream().map(Parcel::id).toList());
    }

    private Reaction<Event> onDone(String step, Progress progress) {
        return switch (step) {
            case PLAN -> afterPlan(Reaction.record(new Event.Planned()), progress);
            case TELL -> tellNext(nothing(), progress);
            default -> nothing();
        };
    }

    private Reaction<Event> afterPlan(Reaction<Event> with, Progress progress) {
        return isWanted && !progress.isCompleted()
                ? FulfilmentSteps.and(with, new Event.Wanted(false)).run(PLAN)
                : with;
    }

    private Reaction<Event> onRefused(
            String step, String rejection, String detail, Progress progress) {
        return switch (step) {
            // Held, not paid, nothing open: whatever changes that has it planned then.
            case PLAN -> afterPlan(nothing(), progress);
            case COMPLETE, CANCEL_SHIPMENT, RAISE -> nothing();
            default ->
                    throw new IllegalStateException(
                            "%s is refused: %s: %s".formatted(step, rejection, detail));
        };
    }

    private Reaction<Event> onTimer(String timer, Progress progress) {
        if (timer.startsWith(LATE)) {
            return nothing().run(RAISE, timer.substring(LATE.length()));
        }
        return switch (timer) {
            case ARRIVAL -> isArrived ? nothing() : arrived(nothing());
            case PLAN_AGAIN -> plan(progress);
            default -> nothing();
        };
    }
}
