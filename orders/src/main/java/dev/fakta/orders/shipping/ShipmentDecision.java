// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.shipping.Parcel.Sighting;
import dev.fakta.orders.shipping.Parcel.Status;
import dev.fakta.orders.shipping.Shipment.Command;
import dev.fakta.orders.shipping.Shipment.Event;
import dev.fakta.orders.shipping.Shipment.Label;
import dev.fakta.orders.shipping.Shipment.Line;
import dev.fakta.orders.shipping.Shipment.Packed;
import dev.fakta.orders.shipping.Shipment.Planned;
import dev.fakta.orders.shipping.Shipment.Refusal;
import dev.fakta.orders.shipping.Shipment.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a shipment decides.
record ShipmentDecision(Shipment shipment) {

    Decision<Event> on(Command command) {
        Refusal fault = ShipmentCheck.fault(command);
        if (fault != null) {
            return reject(fault);
        }
        Stage stage = shipment.stage();
        return switch (command) {
            case Command.PlanShipment(
                            String order,
                            String location,
                            List<@Nullable Planned> lines,
                            var orderedAt) ->
                    plan(order, location, lines, orderedAt);
            case Command _ when stage == Stage.NONE -> reject(Refusal.UNKNOWN_SHIPMENT);
            case Command.CancelShipment _, Command.Withdraw _, Command.Stop _
                    when stage == Stage.CANCELLED ->
                    accept();
            case Command _ when stage == Stage.CANCELLED -> reject(Refusal.SHIPMENT_CANCELLED);
            case Command.Pick _ when stage != Stage.PLANNED -> accept();
            case Command.Pick _ -> accept(new Event.ShipmentPicked());
            case Command.Pack(List<@Nullable Packed> parcels) -> pack(parcels);
            case Command.Dispatch(List<@Nullable Label> labels, Money cost) ->
                    dispatch(labels, cost);
            case Command.DispatchAt(var dispatch, var now) -> leave(on(dispatch), now);
            case Command.Stop _ when stage == Stage.DISPATCHED -> accept();
            case Command.CancelShipment _, Command.Withdraw _ when stage == Stage.DISPATCHED ->
                    reject(Refusal.ALREADY_DISPATCHED);
            case Command.Withdraw _ when stage != Stage.PLANNED -> reject(Refusal.ALREADY_PICKED);
            case Command.Withdraw(var reason) ->
                    accept(new Event.ShipmentCancelled(order(), orEmpty(reason)));
            case Command.CancelShipment(var reason) ->
                    accept(new Event.ShipmentCancelled(order(), orEmpty(reason)));
            case Command.Stop(var reason) ->
                    accept(new Event.ShipmentCancelled(order(), orEmpty(reason)));
            case Command _ when stage != Stage.DISPATCHED -> reject(Refusal.NOT_DISPATCHED);
            case Command.RecordTracking(var id, String status, Instant at) ->
                    track(shipment.parcel(id), new Sighting(status.strip(), at));
            case Command.RecordDelivered(var id, Instant at) -> deliver(shipment.parcel(id), at);
            case Command.RecordLost(var id, var reason) ->
                    lose(shipment.parcel(id), orEmpty(reason));
        };
    }

    private Decision<Event> plan(
            String order,
            String location,
            List<@Nullable Planned> planned,
            @Nullable Instant orderedAt) {
        List<Line> lines = ShipmentCheck.lines(planned);
        return switch (shipment.stage()) {
            case NONE ->
                    ShipmentCheck.areOpen(planned)
                            ? accept(new Event.ShipmentPlanned(order, location, lines, orderedAt))
                            : reject(Refusal.EXCEEDS_OPEN);
            case CANCELLED -> reject(Refusal.SHIPMENT_CANCELLED);
            case PLANNED, PICKED, PACKED, DISPATCHED -> {
                boolean isSame =
                        order.equals(shipment.order())
                                && location.equals(shipment.location())
                                && lines.equals(shipment.lines());
                yield isSame ? accept() : reject(Refusal.ALREADY_PLANNED);
            }
        };
    }

    private Decision<Event> pack(List<@Nullable Packed> packed) {
        List<Parcel> parcels = ShipmentCheck.parcels(packed);
        return switch (shipment.stage()) {
            case PICKED, PACKED -> {
                if (!ShipmentCheck.holdAll(parcels, shipment.lines())) {
                    yield reject(Refusal.CONTENTS_DIFFER);
                }
                yield parcels.equals(shipment.parcels())
                        ? accept()
                        : accept(new Event.ShipmentPacked(parcels));
            }
            case DISPATCHED -> reject(Refusal.ALREADY_DISPATCHED);
            case NONE, PLANNED, CANCELLED -> reject(Refusal.NOT_PICKED);
        };
    }

    private Decision<Event> dispatch(List<@Nullable Label> labels, Money cost) {
        List<Parcel> labelled = ShipmentCheck.labelled(shipment.parcels(), labels);
        return switch (shipment.stage()) {
            case PACKED ->
                    labelled.isEmpty()
                            ? reject(Refusal.LABELS_INVALID)
                            : accept(new Event.ShipmentDispatched(order(), labelled, cost));
            case DISPATCHED -> {
                boolean isSame = isSame(labelled) && cost.equals(shipment.cost());
                yield isSame ? accept() : reject(Refusal.ALREADY_DISPATCHED);
            }
            case NONE, PLANNED, PICKED, CANCELLED -> reject(Refusal.NOT_PACKED);
        };
    }

    /// A dispatch that is repeated leads to no event and so to no time either.
    private static Decision<Event> leave(Decision<Event> dispatched, Instant now) {
        if (!(dispatched instanceof Decision.Accepted<Event>(var events)) || events.isEmpty()) {
            return dispatched;
        }
        List<Event> both = new ArrayList<>(events);
        both.add(new Event.ShipmentLeft(now));
        return new Decision.Accepted<>(both);
    }

    private boolean isSame(List<Parcel> labelled) {
        for (Parcel parcel : labelled) {
            Parcel known = shipment.parcel(parcel.id());
            if (known == null
                    || !Objects.equals(known.carrier(), parcel.carrier())
                    || !Objects.equals(known.code(), parcel.code())) {
                return false;
            }
        }
        return !labelled.isEmpty();
    }

    private static Decision<Event> track(@Nullable Parcel parcel, Sighting sighting) {
        if (parcel == null) {
            return reject(Refusal.UNKNOWN_PARCEL);
        }
        Sighting last = parcel.seen();
        boolean isNews =
                last == null
                        || last.at().isBefore(sighting.at())
                        || (last.at().equals(sighting.at()) && !last.equals(sighting));
        return isNews
                ? accept(new Event.ShipmentTracked(parcel.id(), sighting.status(), sighting.at()))
                : accept();
    }

    private Decision<Event> deliver(@Nullable Parcel parcel, Instant at) {
        if (parcel == null) {
            return reject(Refusal.UNKNOWN_PARCEL);
        }
        if (parcel.status() == Status.DELIVERED) {
            return accept();
        }
        boolean isComplete =
                shipment.changed(parcel.id(), one -> one.with(Status.DELIVERED)).isDelivered();
        return accept(
                new Event.ShipmentDelivered(
                        order(), parcel.id(), parcel.contents(), at, isComplete));
    }

    private Decision<Event> lose(@Nullable Parcel parcel, String reason) {
        if (parcel == null) {
            return reject(Refusal.UNKNOWN_PARCEL);
        }
        return switch (parcel.status()) {
            case LOST -> accept();
            case DELIVERED -> reject(Refusal.ALREADY_DELIVERED);
            case PACKED, DISPATCHED ->
                    accept(new Event.ShipmentLost(order(), parcel.id(), parcel.contents(), reason));
        };
    }

    private String order() {
        return Objects.requireNonNull(shipment.order(), "the shipment is not planned");
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
