// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.FulfilmentSteps.AUTHORIZE_AGAIN;
import static dev.fakta.orders.saga.FulfilmentSteps.CANCEL_SHIPMENT;
import static dev.fakta.orders.saga.FulfilmentSteps.CAPTURE;
import static dev.fakta.orders.saga.FulfilmentSteps.COMPLETE;
import static dev.fakta.orders.saga.FulfilmentSteps.CONFIRM_AGAIN;
import static dev.fakta.orders.saga.FulfilmentSteps.GIVE_UP;
import static dev.fakta.orders.saga.FulfilmentSteps.GIVE_UP_ALL;
import static dev.fakta.orders.saga.FulfilmentSteps.HOLD;
import static dev.fakta.orders.saga.FulfilmentSteps.PLAN;
import static dev.fakta.orders.saga.FulfilmentSteps.RAISE;
import static dev.fakta.orders.saga.FulfilmentSteps.RESERVE_AGAIN;
import static dev.fakta.orders.saga.FulfilmentSteps.SHIP_STOCK;
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
import dev.fakta.orders.order.Axes;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentAuthorized;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentCaptured;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderBackordered;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentDelivered;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentLost;
import dev.fakta.orders.order.Standing;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.saga.Consignment.Loss;
import dev.fakta.orders.saga.Fulfilment.Event;
import dev.fakta.orders.shipping.Parcel;
import dev.fakta.orders.shipping.Shipment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// From a confirmed order to a completed one: its goods leave in shipments, each shipment's part is
/// captured when it leaves, and what is lost is sent again or given back.
///
/// Nothing here is undone: what has left has left. A cancellation stops what has not.
///
/// @param order none as long as nothing is known of it
/// @param plans how many shipments were planned
/// @param isWanted whether something changed while a shipment was being planned
/// @param consignments the shipments, as they were planned
/// @param news what the order is to be told, behind what it is being told
/// @param capturing the shipment whose part is being captured; one at a time
/// @param captured what was taken so far, in minor units
/// @param renewals how often the money was asked for again
/// @param isArrived whether the customer has everything, or should have
record Fulfilment(
        @Nullable String order,
        int plans,
        boolean isWanted,
        List<Consignment> consignments,
        List<String> news,
        @Nullable String capturing,
        long captured,
        int renewals,
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
    private static final int LONGEST_TRACKING = 100;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String LATE = "service-level ";
    private static final String LOST = "lost ";
    private static final String ARRIVAL = "delivery";
    private static final String CAPTURE_AGAIN = "capture-again";
    private static final String PLAN_AGAIN = "plan-again";

    private static final Fulfilment NONE =
            new Fulfilment(null, 0, false, List.of(), List.of(), null, 0, 0, false);

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

        /// The order is told, or knows, that something of the shipment is lost.
        record Lost(String shipment, Consignment.Loss loss) implements Event {}

        /// The order is to be told of it.
        record News(String fact) implements Event {}

        /// It is being told of the first of what waits.
        record NewsTold() implements Event {}

        /// A part is being captured; none: not any more.
        record Capturing(@Nullable String shipment) implements Event {}

        /// The shipment's part was captured, or nothing was to be captured for it.
        record PartSettled(String shipment) implements Event {}

        record Taken(long minor) implements Event {}

        /// The money was asked for again.
        record Renewed() implements Event {}

        /// The customer has everything, or should have; or something has left once more.
        record Arrived(boolean isArrived) implements Event {}
    }

    static final Saga<Event, Fulfilment> SAGA = FulfilmentSteps.of(FulfilmentFacts.of(named()));

    private static Saga<Event, Fulfilment> named() {
        return Saga.named(NAME)
                .startingAs(NONE)
                .reacting(Fulfilment::react)
                .evolving(Fulfilment::evolve)
                .version(2)
                .patience(PATIENCE)
                .event("fulfilment-begun", Event.FulfilmentBegun.class)
                .event("fulfilment-planned", Event.Planned.class)
                .event("fulfilment-wanted", Event.Wanted.class)
                .event("fulfilment-packed", Event.Packed.class)
                .event("fulfilment-left", Event.Left.class)
                .event("fulfilment-stayed", Event.Stayed.class)
                .event("fulfilment-settled", Event.Settled.class)
                .event("fulfilment-lost", Event.Lost.class)
                .event("fulfilment-news", Event.News.class)
                .event("fulfilment-news-told", Event.NewsTold.class)
                .event("fulfilment-capturing", Event.Capturing.class)
                .event("fulfilment-part-settled", Event.PartSettled.class)
                .event("fulfilment-taken", Event.Taken.class)
                .event("fulfilment-renewed", Event.Renewed.class)
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
                    new Fulfilment(id, 0, false, consignments, news, null, 0, 0, false);
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
            case Event.Lost(var id, var loss) -> changed(shipment(id).losing(loss));
            case Event.News(var fact) -> {
                List<String> more = new ArrayList<>(news);
                more.add(fact);
                yield hearing(more);
            }
            case Event.NewsTold _ -> hearing(news.subList(1, news.size()));
            case Event.Capturing(var id) -> paid(id, captured, renewals);
            case Event.PartSettled(var id) -> changed(shipment(id).paid());
            case Event.Taken(var minor) -> paid(capturing, captured + minor, renewals);
            case Event.Renewed _ -> paid(capturing, captured, renewals + 1);
            case Event.Arrived(var hasArrived) ->
                    new Fulfilment(
                            order,
                            plans,
                            isWanted,
                            consignments,
                            news,
                            capturing,
                            captured,
                            renewals,
                            hasArrived);
        };
    }

    private Fulfilment planned(int count, boolean wanted) {
        return new Fulfilment(
                order, count, wanted, consignments, news, capturing, captured, renewals, isArrived);
    }

    private Fulfilment with(List<Consignment> all) {
        return new Fulfilment(
                order, plans, isWanted, all, news, capturing, captured, renewals, isArrived);
    }

    private Fulfilment hearing(List<String> now) {
        return new Fulfilment(
                order,
                plans,
                isWanted,
                consignments,
                now,
                capturing,
                captured,
                renewals,
                isArrived);
    }

    private Fulfilment changed(Consignment shipment) {
        List<Consignment> all = new ArrayList<>(consignments);
        all.replaceAll(one -> one.shipment().equals(shipment.shipment()) ? shipment : one);
        return with(all);
    }

    private Fulfilment paid(@Nullable String now, long inAll, int times) {
        return new Fulfilment(
                order, plans, isWanted, consignments, news, now, inAll, times, isArrived);
    }

    Reaction<Event> react(SagaInput input, Progress progress) {
        return switch (input) {
            case Happened(Order.Event.OrderConfirmed _, At at) when order == null ->
                    Reaction.<Event>record(new Event.FulfilmentBegun(at.id())).run(PLAN);
            case Happened _ when order == null -> nothing(); // the order was not confirmed yet
            case Happened(Order.Event event, At at) -> onOrder(event, at, progress);
            case Happened(Shipment.Event event, At at) -> onShipment(event, at, progress);
            case Happened(Payment.Event event, _) -> onPayment(event, progress);
            case Done(var step, var key) -> onDone(step, key, progress);
            case Refused(var step, var key, var rejection, var detail) ->
                    onRefused(step, key, rejection, detail, progress);
            case Woken(var timer) -> onTimer(timer, progress);
            default -> nothing();
        };
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
            case OrderBackordered _ -> plan(progress);
            case Order.Event.OrderCancellationRequested _ -> cancelShipments(nothing());
            case Order.Event.OrderCancelled _ -> cancelShipments(nothing()).complete();
            case Order.Event.OrderCompleted _ -> cancelShipments(nothing()).complete();
            case OrderShipmentLost(var shipment, var lines, var standing) -> {
                Reaction<Event> lost = record(new Event.Lost(shipment, Loss.KNOWN));
                yield standing.status() == Axes.Lifecycle.CONFIRMED
                        ? arrival(lost, standing)
                                .runEach(RESERVE_AGAIN, FulfilmentSteps.keys(shipment, lines))
                        : lost;
            }
            case OrderShipmentDispatched(var shipment, _, _) ->
                    capture(onItsWay(), shipment).wake(ARRIVAL, DELIVERY);
            case OrderShipmentDelivered(_, _, _, var standing) -> arrival(nothing(), standing);
            case Order.Event.OrderLinesCancelled(_, _, _, var standing) ->
                    arrival(nothing(), standing);
            case OrderPaymentAuthorized _ when renewals > 0 -> captureNext(plan(progress), null);
            case OrderPaymentCaptured _ when isArrived -> nothing().run(COMPLETE, key(at));
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
        boolean isToWait = progress.isOpen(PLAN) || isLossOpen(progress);
        return isToWait ? record(new Event.Wanted(true)) : nothing().run(PLAN);
    }

    private Reaction<Event> cancelShipments(Reaction<Event> with) {
        return with.runEach(
                CANCEL_SHIPMENT,
                consignments.stream()
                        .filter(Consignment::isWaiting)
                        .map(Consignment::shipment)
                        .toList());
    }

    /// The customer has everything that is wanted: the order ends once it is paid.
    private Reaction<Event> arrival(Reaction<Event> with, Standing standing) {
        boolean isAll = standing.fulfilment() == Axes.Fulfilment.DELIVERED;
        return isAll && !isArrived ? arrived(with) : with;
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
                            .runEach(SHIP_STOCK, shipment(at.id()).keys())
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
                ? tell(LOST + after.shipment(), losing(after, reaction), progress)
                : reaction;
    }

    private static Reaction<Event> losing(Consignment shipment, Reaction<Event> with) {
        return shipment.loss() == null
                ? FulfilmentSteps.and(with, new Event.Lost(shipment.shipment(), Loss.TOLD))
                : with;
    }

    /// The order hears of one thing after the other: a loss is what has not arrived by then. A loss
    /// makes units open that nothing is set aside for: no shipment is planned meanwhile.
    private Reaction<Event> tell(String fact, Reaction<Event> with, Progress progress) {
        boolean isBusy =
                progress.isOpen(TELL)
                        || (fact.startsWith(LOST) && progress.isOpen(PLAN))
                        || !news.isEmpty()
                        || with.effects().stream().anyMatch(Fulfilment::tells);
        return isBusy ? FulfilmentSteps.and(with, new Event.News(fact)) : with.run(TELL, fact);
    }

    private static boolean tells(Reaction.Effect effect) {
        return effect instanceof Reaction.Effect.Run(var step, _) && step.equals(TELL);
    }

    private Reaction<Event> tellNext(Reaction<Event> with, Progress progress) {
        boolean isToWait =
                news.isEmpty()
                        || progress.isOpen(TELL)
                        || (news.getFirst().startsWith(LOST) && progress.isOpen(PLAN));
        return isToWait
                ? with
                : FulfilmentSteps.and(with, new Event.NewsTold()).run(TELL, news.getFirst());
    }

    private static Event left(String shipment, List<Parcel> parcels) {
        return new Event.Left(
                shipment,
                Parcel.codes(parcels, LONGEST_TRACKING),
                parcels.stream().map(Parcel::id).toList());
    }

    private Reaction<Event> onPayment(Payment.Event event, Progress progress) {
        return switch (event) {
            case Payment.Event.PaymentCaptured(_, var amount, _, _) ->
                    captureNext(settledPart(record(new Event.Taken(amount.minor()))), capturing);
            case Payment.Event.PaymentCaptureFailed _ ->
                    authorizeAgain(record(new Event.Capturing(null)));
            case Payment.Event.AuthorizationExpired _ ->
                    progress.isCompleted() ? nothing() : authorizeAgain(nothing());
            case Payment.Event.PaymentDeclined _ when renewals > 0 -> nothing().run(HOLD);
            case Payment.Event _ -> nothing();
        };
    }

    /// A failed capture and an expired authorization are made good once; then people decide.
    private Reaction<Event> authorizeAgain(Reaction<Event> with) {
        return renewals > 0
                ? with.run(HOLD)
                : FulfilmentSteps.and(with, new Event.Renewed()).run(AUTHORIZE_AGAIN);
    }

    /// One capture at a time: each takes what has left and is not paid for.
    private Reaction<Event> capture(Reaction<Event> with, String shipment) {
        return capturing != null
                ? with
                : FulfilmentSteps.and(with, new Event.Capturing(shipment)).run(CAPTURE, shipment);
    }

    /// The part that is being captured is done with: nothing more is captured for it.
    private Reaction<Event> settledPart(Reaction<Event> with) {
        return capturing == null
                ? with
                : FulfilmentSteps.and(
                        FulfilmentSteps.and(with, new Event.PartSettled(capturing)),
                        new Event.Capturing(null));
    }

    /// Goes on with the last shipment that left and is not settled: its part is all that was not
    /// taken.
    ///
    /// @param settled a shipment that is settled just now
    private Reaction<Event> captureNext(Reaction<Event> with, @Nullable String settled) {
        String last = null;
        for (Consignment one : consignments) {
            boolean isOpen = one.isLeft() && !one.isPaid() && !one.shipment().equals(settled);
            last = isOpen ? one.shipment() : last;
        }
        return last == null
                ? with
                : FulfilmentSteps.and(with, new Event.Capturing(last)).run(CAPTURE, last);
    }

    private Reaction<Event> onDone(String step, String key, Progress progress) {
        return switch (step) {
            case PLAN -> afterPlan(Reaction.record(new Event.Planned()), progress);
            case RESERVE_AGAIN -> nothing().run(CONFIRM_AGAIN, key);
            case CONFIRM_AGAIN, GIVE_UP -> isLossOpen(progress) ? nothing() : plan(progress);
            case TELL -> tellNext(nothing(), progress);
            case AUTHORIZE_AGAIN -> nothing().wake(CAPTURE_AGAIN, PAUSE);
            default -> nothing();
        };
    }

    /// Whether it is not known yet of every lost unit whether it is sent again.
    private boolean isLossOpen(Progress progress) {
        return consignments.stream().anyMatch(Consignment::isLossOpen)
                || progress.isOpen(RESERVE_AGAIN)
                || progress.isOpen(CONFIRM_AGAIN)
                || progress.isOpen(GIVE_UP);
    }

    /// A loss that the order has waited to hear of comes before the next shipment.
    private Reaction<Event> afterPlan(Reaction<Event> with, Progress progress) {
        if (isLossOpen(progress)) {
            return tellNext(with, progress);
        }
        return isWanted && !progress.isCompleted()
                ? FulfilmentSteps.and(with, new Event.Wanted(false)).run(PLAN)
                : with;
    }

    private Reaction<Event> onRefused(
            String step, String key, String rejection, String detail, Progress progress) {
        return switch (step) {
            // Held, not paid, nothing open: whatever changes that has it planned then.
            case PLAN -> afterPlan(nothing(), progress);
            case CAPTURE -> onCaptureRefused(rejection);
            case AUTHORIZE_AGAIN -> captureNext(nothing(), null);
            case RESERVE_AGAIN -> nothing().run(GIVE_UP, key);
            case GIVE_UP ->
                    rejection.equals(Order.Refusal.NOTHING_LEFT.name())
                            ? nothing().run(GIVE_UP_ALL)
                            : afterPlan(nothing(), progress);
            case COMPLETE, CANCEL_SHIPMENT, GIVE_UP_ALL, HOLD, RAISE -> nothing();
            default ->
                    throw new IllegalStateException(
                            "%s %s is refused: %s: %s".formatted(step, key, rejection, detail));
        };
    }

    private Reaction<Event> onCaptureRefused(String rejection) {
        Reaction<Event> free = record(new Event.Capturing(null));
        if (rejection.equals(Payment.Refusal.OPERATION_IN_FLIGHT.name())) {
            return free.wake(CAPTURE_AGAIN, PAUSE);
        }
        if (rejection.equals(Payment.Refusal.NOT_AUTHORIZED.name())) {
            return renewals > 0 ? free : authorizeAgain(free); // its outcome is told
        }
        return rejection.equals(Payment.Refusal.EXCEEDS_AUTHORIZED.name())
                ? authorizeAgain(free)
                : captureNext(settledPart(nothing()), capturing);
    }

    private Reaction<Event> onTimer(String timer, Progress progress) {
        if (timer.startsWith(LATE)) {
            return nothing().run(RAISE, timer.substring(LATE.length()));
        }
        return switch (timer) {
            case ARRIVAL -> isArrived ? nothing() : arrived(nothing());
            case CAPTURE_AGAIN -> capturing == null ? captureNext(nothing(), null) : nothing();
            case PLAN_AGAIN -> plan(progress);
            default -> nothing();
        };
    }
}
