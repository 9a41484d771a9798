// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.shipping.Parcel.Content;
import dev.fakta.orders.shipping.Parcel.Sighting;
import dev.fakta.orders.shipping.Parcel.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Units of one order that leave one location together, in parcels that arrive one by one.
///
/// A shipment is planned, picked, packed and dispatched, in this order; until it is dispatched it
/// can be cancelled. Each step can be repeated without effect. What the carrier tells of a parcel
/// is taken as it comes: one that was lost may be delivered after all.
///
/// Events about parcels carry their contents, so that who keeps the order needs nothing else.
///
/// @param lines what it is made of, as planned
/// @param parcels what it is packed in; empty until then
/// @param cost what the carrier takes for it, once it is dispatched
/// @param leftAt when it was dispatched; none before, and where it was not recorded
/// @param orderedAt when its order was placed, as far as it is known
/// @param deliveredAt when the last parcel arrived that has; none before
public record Shipment(
        Stage stage,
        @Nullable String order,
        @Nullable String location,
        List<Line> lines,
        List<Parcel> parcels,
        @Nullable Money cost,
        @Nullable Instant leftAt,
        @Nullable Instant orderedAt,
        @Nullable Instant deliveredAt) {

    /// An order takes no longer text.
    static final int LONGEST_TRACKING = 2_000;

    public static final Aggregate<Command, Event, Shipment> AGGREGATE =
            Aggregate.named("shipment")
                    .taking(Command.class)
                    .startingAs(
                            new Shipment(
                                    Stage.NONE,
                                    null,
                                    null,
                                    List.of(),
                                    List.of(),
                                    null,
                                    null,
                                    null,
                                    null))
                    .deciding(Shipment::decide)
                    .evolving(Shipment::evolve)
                    .refusing(Refusal.class)
                    .version(3)
                    .event("shipment-planned", Event.ShipmentPlanned.class)
                    .event("shipment-picked", Event.ShipmentPicked.class)
                    .event("shipment-packed", Event.ShipmentPacked.class)
                    .event("shipment-dispatched", Event.ShipmentDispatched.class)
                    .event("shipment-left", Event.ShipmentLeft.class)
                    .event("shipment-tracked", Event.ShipmentTracked.class)
                    .event("shipment-delivered", Event.ShipmentDelivered.class)
                    .event("shipment-lost", Event.ShipmentLost.class)
                    .event("shipment-cancelled", Event.ShipmentCancelled.class);

    public Shipment {
        lines = List.copyOf(lines);
        parcels = List.copyOf(parcels);
    }

    public enum Stage {
        NONE,
        PLANNED,
        PICKED,
        PACKED,
        DISPATCHED,
        CANCELLED
    }

    /// Units of a line of the order.
    public record Line(int line, String sku, long quantity) {}

    /// A line as it is asked for.
    ///
    /// @param open the units of the order's line that are not on their way yet; the shipment does
    ///   not know the order
    public record Planned(int line, @Nullable String sku, long quantity, long open) {}

    /// A parcel as it is packed.
    public record Packed(
            @Nullable String id, long weightGrams, @Nullable List<@Nullable Content> contents) {}

    /// What the carrier stuck on a parcel.
    public record Label(@Nullable String parcel, @Nullable String carrier, @Nullable String code) {}

    /// What its order is told, in absolute terms.
    ///
    /// @param tracking the carriers' codes of its parcels, those that an order takes
    /// @param delivered the units that have arrived so far, line by line
    /// @param lost those that will not arrive, as far as is known
    /// @param deliveredAt when the last of them arrived
    public record Standing(
            Standing.Stage stage,
            String tracking,
            List<Content> delivered,
            List<Content> lost,
            @Nullable Instant deliveredAt) {

        static final Standing UNKNOWN = at(Standing.Stage.UNKNOWN);

        public Standing {
            delivered = List.copyOf(delivered);
            lost = List.copyOf(lost);
        }

        public enum Stage {
            /// It was never planned.
            UNKNOWN,
            /// It is to leave.
            WAITING,
            LEFT,
            CANCELLED
        }

        private static Standing at(Standing.Stage stage) {
            return new Standing(stage, "", List.of(), List.of(), null);
        }
    }

    public sealed interface Command {
        /// Plans a shipment.
        ///
        /// @param orderedAt when the order was placed; none when it is not known
        record PlanShipment(
                @Nullable String order,
                @Nullable String location,
                @Nullable List<@Nullable Planned> lines,
                @Nullable Instant orderedAt)
                implements Command {
            public PlanShipment(
                    @Nullable String order,
                    @Nullable String location,
                    @Nullable List<@Nullable Planned> lines) {
                this(order, location, lines, null);
            }
        }

        record Pick() implements Command {}

        /// Puts all units into parcels; until they are dispatched, into others.
        record Pack(@Nullable List<@Nullable Packed> parcels) implements Command {}

        record Dispatch(@Nullable List<@Nullable Label> labels, @Nullable Money cost)
                implements Command {}

        /// Dispatches the shipment and records when that was.
        record DispatchAt(Dispatch dispatch, Instant now) implements Command {}

        /// Records where a parcel is. What is older than the last that is known changes nothing.
        record RecordTracking(
                @Nullable String parcel, @Nullable String status, @Nullable Instant at)
                implements Command {}

        record RecordDelivered(@Nullable String parcel, @Nullable Instant at) implements Command {}

        record RecordLost(@Nullable String parcel, @Nullable String reason) implements Command {}

        record CancelShipment(@Nullable String reason) implements Command {}

        /// Cancels the shipment unless it has left, which is no fault.
        record Stop(@Nullable String reason) implements Command {}

        /// Cancels the shipment unless the warehouse has begun to pick it.
        record Withdraw(@Nullable String reason) implements Command {}
    }

    public sealed interface Event {
        /// The shipment is to be picked.
        ///
        /// @param orderedAt when the order was placed; none when it is not known
        record ShipmentPlanned(
                String order, String location, List<Line> lines, @Nullable Instant orderedAt)
                implements Event {
            public ShipmentPlanned {
                lines = List.copyOf(lines);
            }

            public ShipmentPlanned(String order, String location, List<Line> lines) {
                this(order, location, lines, null);
            }
        }

        record ShipmentPicked() implements Event {}

        record ShipmentPacked(List<Parcel> parcels) implements Event {
            public ShipmentPacked {
                parcels = List.copyOf(parcels);
            }
        }

        /// The shipment left.
        ///
        /// @param parcels all of them, with carrier and code
        record ShipmentDispatched(String order, List<Parcel> parcels, Money cost) implements Event {
            public ShipmentDispatched {
                parcels = List.copyOf(parcels);
            }
        }

        /// Follows [ShipmentDispatched] where the time was told.
        record ShipmentLeft(Instant at) implements Event {}

        record ShipmentTracked(String parcel, String status, Instant at) implements Event {}

        /// One parcel arrived.
        ///
        /// @param complete whether all of them have
        record ShipmentDelivered(
                String order, String parcel, List<Content> contents, Instant at, boolean complete)
                implements Event {
            public ShipmentDelivered {
                contents = List.copyOf(contents);
            }
        }

        /// One parcel will not arrive.
        record ShipmentLost(String order, String parcel, List<Content> contents, String reason)
                implements Event {
            public ShipmentLost {
                contents = List.copyOf(contents);
            }
        }

        record ShipmentCancelled(String order, String reason) implements Event {}
    }

    public enum Refusal implements Rejection {
        ORDER_INVALID("order: 1 to 100 characters are needed."),
        LOCATION_INVALID("location: 1 to 60 characters are needed."),
        LINES_INVALID("lines: 1 to 1000 different ones, each with a sku and 1 unit or more."),
        EXCEEDS_OPEN("lines: fewer units of the order are open than are to be shipped."),
        PARCELS_INVALID("parcels: 1 to 1000 different ones of 0 to 10000000 grams."),
        CONTENTS_DIFFER("parcels: each unit of the shipment needs to be in one of them."),
        LABELS_INVALID("labels: each parcel needs one, with a carrier and a code."),
        COST_INVALID("cost: an amount of zero or more is needed."),
        TIME_INVALID("at: a time between 1970 and 9999 is needed."),
        TEXT_INVALID("status, reason: at most 200 characters; a status needs one at least."),
        UNKNOWN_SHIPMENT("There is no such shipment."),
        UNKNOWN_PARCEL("The shipment has no such parcel."),
        ALREADY_PLANNED("Another shipment was planned under this id."),
        SHIPMENT_CANCELLED("The shipment is cancelled, which is final."),
        ALREADY_PICKED("The warehouse has begun to pick the shipment."),
        NOT_PICKED("The shipment is not picked."),
        NOT_PACKED("The shipment is not packed."),
        NOT_DISPATCHED("The shipment is not dispatched."),
        ALREADY_DISPATCHED("The shipment is dispatched."),
        ALREADY_DELIVERED("The parcel is delivered.");

        private final String detail;

        Refusal(String detail) {
            this.detail = detail;
        }

        @Override
        public String detail() {
            return detail;
        }
    }

    /// Whether every parcel has arrived.
    public boolean isDelivered() {
        for (Parcel parcel : parcels) {
            if (parcel.status() != Status.DELIVERED) {
                return false;
            }
        }
        return !parcels.isEmpty();
    }

    public @Nullable Parcel parcel(@Nullable String id) {
        for (Parcel parcel : parcels) {
            if (parcel.id().equals(id)) {
                return parcel;
            }
        }
        return null;
    }

    /// How far it has come, and its units.
    public Standing standing() {
        return switch (stage) {
            case NONE -> Standing.UNKNOWN;
            case PLANNED, PICKED, PACKED -> Standing.at(Standing.Stage.WAITING);
            case CANCELLED -> Standing.at(Standing.Stage.CANCELLED);
            case DISPATCHED ->
                    new Standing(
                            Standing.Stage.LEFT,
                            Parcel.codes(parcels, LONGEST_TRACKING),
                            contents(Status.DELIVERED),
                            contents(Status.LOST),
                            deliveredAt);
        };
    }

    /// What is in its parcels of this status, line by line.
    private List<Content> contents(Status status) {
        List<Content> all = new ArrayList<>();
        for (Line line : lines) {
            long sum = 0;
            for (Parcel parcel : parcels) {
                for (Content content : parcel.contents()) {
                    boolean counts = parcel.status() == status && content.line() == line.line();
                    sum += counts ? content.quantity() : 0;
                }
            }
            if (sum > 0) {
                all.add(new Content(line.line(), sum));
            }
        }
        return all;
    }

    Decision<Event> decide(Command command) {
        return new ShipmentDecision(this).on(command);
    }

    Shipment evolve(Event event) {
        return switch (event) {
            case Event.ShipmentPlanned e ->
                    new Shipment(
                            Stage.PLANNED,
                            e.order,
                            e.location,
                            e.lines,
                            List.of(),
                            null,
                            null,
                            e.orderedAt,
                            null);
            case Event.ShipmentPicked _ -> at(Stage.PICKED, parcels, cost);
            case Event.ShipmentPacked(var packed) -> at(Stage.PACKED, packed, cost);
            case Event.ShipmentDispatched(_, var labelled, var newCost) ->
                    at(Stage.DISPATCHED, labelled, newCost);
            case Event.ShipmentLeft(var time) ->
                    new Shipment(
                            stage,
                            order,
                            location,
                            lines,
                            parcels,
                            cost,
                            time,
                            orderedAt,
                            deliveredAt);
            case Event.ShipmentTracked(var parcel, var status, var at) ->
                    changed(parcel, one -> one.with(new Sighting(status, at)));
            case Event.ShipmentDelivered e ->
                    changed(e.parcel, one -> one.with(Status.DELIVERED)).delivered(e.at);
            case Event.ShipmentLost e -> changed(e.parcel, one -> one.with(Status.LOST));
            case Event.ShipmentCancelled _ -> at(Stage.CANCELLED, parcels, cost);
        };
    }

    private Shipment at(Stage newStage, List<Parcel> newParcels, @Nullable Money newCost) {
        return new Shipment(
                newStage,
                order,
                location,
                lines,
                newParcels,
                newCost,
                leftAt,
                orderedAt,
                deliveredAt);
    }

    private Shipment delivered(Instant time) {
        Instant last = deliveredAt == null || time.isAfter(deliveredAt) ? time : deliveredAt;
        return new Shipment(stage, order, location, lines, parcels, cost, leftAt, orderedAt, last);
    }

    Shipment changed(String parcel, UnaryOperator<Parcel> change) {
        List<Parcel> all = new ArrayList<>(parcels);
        all.replaceAll(one -> one.id().equals(parcel) ? change.apply(one) : one);
        return at(stage, all, cost);
    }
}
