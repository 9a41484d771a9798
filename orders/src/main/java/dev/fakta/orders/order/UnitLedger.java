// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Where the units of all lines of an order are, and in which shipments and returns.
///
/// @param lines in the order of the lines; empty as long as all units are open
/// @param shipments at most [#MOST_PARTS]
/// @param returns at most [#MOST_PARTS]
/// @param deliveredAt when something was delivered last
public record UnitLedger(
        List<Quantities> lines,
        List<Shipment> shipments,
        List<Returning> returns,
        @Nullable Instant deliveredAt) {

    static final int MOST_PARTS = 100;

    static final UnitLedger UNTOUCHED = new UnitLedger(List.of(), List.of(), List.of(), null);

    public UnitLedger {
        lines = List.copyOf(lines);
        shipments = List.copyOf(shipments);
        returns = List.copyOf(returns);
    }

    /// A shipment, as far as the order knows it.
    ///
    /// @param location from where it leaves
    /// @param delivered which of its units have arrived, or count as arrived
    /// @param presumed which of these only count as arrived: nobody has heard of them
    /// @param lost which will never arrive
    /// @param unexpected which left or arrived although they were given up
    public record Shipment(
            String id,
            Shipment.Stage stage,
            String location,
            List<LineUnits> lines,
            List<LineUnits> delivered,
            List<LineUnits> presumed,
            List<LineUnits> lost,
            List<LineUnits> unexpected,
            @Nullable String tracking) {

        public Shipment {
            lines = List.copyOf(lines);
            delivered = List.copyOf(delivered);
            presumed = List.copyOf(presumed);
            lost = List.copyOf(lost);
            unexpected = List.copyOf(unexpected);
        }

        public enum Stage {
            PLANNED,
            DISPATCHED,
            DELIVERED,
            LOST,
            CANCELLED
        }

        static Shipment planned(String id, String location, List<LineUnits> lines) {
            List<LineUnits> none = List.of();
            return new Shipment(id, Stage.PLANNED, location, lines, none, none, none, none, null);
        }

        boolean hasLeft() {
            return switch (stage) {
                case PLANNED, CANCELLED -> false;
                case DISPATCHED, DELIVERED, LOST -> true;
            };
        }

        /// Which of its units are neither delivered nor lost.
        List<LineUnits> missing() {
            return less(less(lines, delivered), lost);
        }

        /// Which of its units are known to have arrived.
        List<LineUnits> confirmed() {
            return less(delivered, presumed);
        }

        private Shipment at(Shipment.Stage next) {
            return new Shipment(
                    id, next, location, lines, delivered, presumed, lost, unexpected, tracking);
        }

        private Shipment dispatched(String number) {
            return new Shipment(
                    id,
                    Shipment.Stage.DISPATCHED,
                    location,
                    lines,
                    delivered,
                    presumed,
                    lost,
                    unexpected,
                    number);
        }

        /// What counted as arrived has now.
        private Shipment delivered(List<LineUnits> more) {
            return settled(
                    plus(delivered, less(more, presumed)), less(presumed, more), lost, unexpected);
        }

        private Shipment presumed(List<LineUnits> more) {
            return settled(plus(delivered, more), plus(presumed, more), lost, unexpected);
        }

        /// What is under way is lost first, then what only counts as arrived.
        private Shipment lost(List<LineUnits> more) {
            List<LineUnits> arrived = less(more, missing());
            return settled(
                    less(delivered, arrived),
                    less(presumed, arrived),
                    plus(lost, more),
                    unexpected);
        }

        private Shipment unexpected(List<LineUnits> more) {
            return new Shipment(
                    id,
                    stage,
                    location,
                    lines,
                    delivered,
                    presumed,
                    lost,
                    plus(unexpected, more),
                    tracking);
        }

        private Shipment settled(
                List<LineUnits> nowDelivered,
                List<LineUnits> nowPresumed,
                List<LineUnits> nowLost,
                List<LineUnits> nowUnexpected) {
            Shipment next =
                    new Shipment(
                            id,
                            Shipment.Stage.DISPATCHED,
                            location,
                            lines,
                            nowDelivered,
                            nowPresumed,
                            nowLost,
                            nowUnexpected,
                            tracking);
            if (!next.missing().isEmpty()) {
                return next;
            }
            return next.at(nowLost.isEmpty() ? Shipment.Stage.DELIVERED : Shipment.Stage.LOST);
        }
    }

    /// A return, as far as the order knows it.
    ///
    /// @param lines what it is about; once it is closed, what was taken back
    /// @param refund what it led to, in minor units
    public record Returning(String id, Returning.Stage stage, List<LineUnits> lines, long refund) {

        public Returning {
            lines = List.copyOf(lines);
        }

        public enum Stage {
            REQUESTED,
            RECEIVED,
            CLOSED
        }
    }

    @Nullable Shipment shipment(String id) {
        for (Shipment shipment : shipments) {
            if (shipment.id.equals(id)) {
                return shipment;
            }
        }
        return null;
    }

    @Nullable Returning returning(String id) {
        for (Returning returning : returns) {
            if (returning.id.equals(id)) {
                return returning;
            }
        }
        return null;
    }

    /// How many units of all lines are somewhere.
    long sum(ToIntFunction<Quantities> where) {
        long sum = 0;
        for (Quantities line : lines) {
            sum += where.applyAsInt(line);
        }
        return sum;
    }

    /// Of a line, what was delivered and is in no return (R1).
    int returnable(int line) {
        Quantities quantities = lines.get(line);
        int left = quantities.delivered() - quantities.returned();
        for (Returning returning : returns) {
            if (returning.stage != Returning.Stage.CLOSED) {
                left -= LineUnits.of(line, returning.lines);
            }
        }
        return left;
    }

    /// Whether these are open, or in shipments that have not left.
    boolean haveNotLeft(List<LineUnits> units) {
        for (LineUnits each : units) {
            Quantities line = lines.get(each.line());
            if (each.quantity() > line.open() + line.allocated()) {
                return false;
            }
        }
        return true;
    }

    boolean areOpen(List<LineUnits> units) {
        for (LineUnits each : units) {
            if (each.quantity() > lines.get(each.line()).open()) {
                return false;
            }
        }
        return true;
    }

    UnitLedger evolve(ShipmentFacts.Event event) {
        return switch (event) {
            case ShipmentFacts.Event.OrderShipmentPlanned(var id, var location, var units, _) -> {
                List<Shipment> more = new ArrayList<>(shipments);
                more.add(Shipment.planned(id, location, units));
                yield new UnitLedger(each(units, Quantities::allocate), more, returns, deliveredAt);
            }
            case ShipmentFacts.Event.OrderShipmentDispatched(var id, var tracking, _) -> {
                Shipment shipment = known(id);
                yield with(shipment.dispatched(tracking), each(shipment.lines, Quantities::ship));
            }
            case ShipmentFacts.Event.OrderShipmentDelivered(var id, var units, var at, _) -> {
                Shipment shipment = known(id);
                List<LineUnits> fresh = less(units, shipment.presumed);
                yield with(shipment.delivered(units), each(fresh, Quantities::deliver)).later(at);
            }
            case ShipmentFacts.Event.OrderShipmentPresumed(var id, var units, var at, _) ->
                    with(known(id).presumed(units), each(units, Quantities::deliver)).later(at);
            case ShipmentFacts.Event.OrderShipmentUnexpected(var id, var units, _) ->
                    with(known(id).unexpected(units), lines);
            case ShipmentFacts.Event.OrderShipmentLost(var id, var units, _) -> {
                Shipment shipment = known(id);
                List<LineUnits> arrived = less(units, shipment.missing());
                UnitLedger next =
                        with(shipment.lost(units), each(less(units, arrived), Quantities::lose));
                yield new UnitLedger(
                        next.each(arrived, Quantities::loseDelivered),
                        next.shipments,
                        returns,
                        deliveredAt);
            }
            case ShipmentFacts.Event.OrderShipmentCancelled(var id, _) -> {
                Shipment shipment = known(id);
                yield with(
                        shipment.at(Shipment.Stage.CANCELLED),
                        each(shipment.lines, (line, units) -> line.allocate(-units)));
            }
        };
    }

    UnitLedger evolve(ReturnFacts.Event event) {
        return switch (event) {
            case ReturnFacts.Event.OrderReturnRequested(var id, var units, _) ->
                    with(new Returning(id, Returning.Stage.REQUESTED, units, 0), lines);
            case ReturnFacts.Event.OrderReturnReceived(var id, _) -> {
                Returning asked = knownReturn(id);
                yield with(new Returning(id, Returning.Stage.RECEIVED, asked.lines, 0), lines);
            }
            case ReturnFacts.Event.OrderReturnClosed(var id, var units, var refund, _) ->
                    with(
                            new Returning(id, Returning.Stage.CLOSED, units, refund.minor()),
                            each(units, Quantities::takeBack));
        };
    }

    /// So many of the open units of these lines will not be shipped.
    UnitLedger cancel(List<LineUnits> units) {
        return new UnitLedger(each(units, Quantities::cancel), shipments, returns, deliveredAt);
    }

    /// The location from which units of a line have left last; the main one when none have.
    public String leftFrom(int line) {
        for (Shipment shipment : shipments.reversed()) {
            if (shipment.hasLeft() && LineUnits.of(line, shipment.lines()) > 0) {
                return shipment.location();
            }
        }
        return Sourcing.MAIN;
    }

    /// Nothing that has not left will be shipped.
    UnitLedger cancelRest() {
        UnaryOperator<Shipment> stopped =
                shipment ->
                        shipment.stage == Shipment.Stage.PLANNED
                                ? shipment.at(Shipment.Stage.CANCELLED)
                                : shipment;
        return new UnitLedger(
                lines.stream().map(Quantities::cancelRest).toList(),
                shipments.stream().map(stopped).toList(),
                returns,
                deliveredAt);
    }

    /// With a line of so many units behind the others.
    UnitLedger add(int ordered) {
        List<Quantities> more = new ArrayList<>(lines);
        more.add(Quantities.untouched(ordered));
        return new UnitLedger(more, shipments, returns, deliveredAt);
    }

    /// With so many units of each line, by its index, that wait for stock.
    UnitLedger waiting(IntUnaryOperator units) {
        List<Quantities> changed = new ArrayList<>(lines);
        for (int line = 0; line < changed.size(); line++) {
            Quantities known = changed.get(line);
            changed.set(line, known.backorder(Math.min(units.applyAsInt(line), known.open())));
        }
        return new UnitLedger(changed, shipments, returns, deliveredAt);
    }

    /// The units of a line that have left a location, those that were lost on their way included.
    int left(int line, String location) {
        int sum = 0;
        for (Shipment shipment : shipments) {
            boolean counts = shipment.hasLeft() && shipment.location.equals(location);
            sum += counts ? LineUnits.of(line, shipment.lines) : 0;
        }
        return sum;
    }

    /// The units of a line in shipments that are to leave a location.
    int planned(int line, String location) {
        int sum = 0;
        for (Shipment shipment : shipments) {
            boolean counts =
                    shipment.stage == Shipment.Stage.PLANNED && shipment.location.equals(location);
            sum += counts ? LineUnits.of(line, shipment.lines) : 0;
        }
        return sum;
    }

    /// What of these units is not among the others.
    static List<LineUnits> less(List<LineUnits> units, List<LineUnits> others) {
        return combined(units, others, (one, other) -> Math.max(0, one - other));
    }

    static List<LineUnits> plus(List<LineUnits> units, List<LineUnits> more) {
        List<LineUnits> all = new ArrayList<>(combined(units, more, Integer::sum));
        for (LineUnits each : more) {
            if (LineUnits.of(each.line(), units) == 0) {
                all.add(each);
            }
        }
        return all;
    }

    private static List<LineUnits> combined(
            List<LineUnits> units, List<LineUnits> others, BinaryOperator<Integer> how) {
        List<LineUnits> result = new ArrayList<>();
        for (LineUnits each : units) {
            int quantity = how.apply(each.quantity(), LineUnits.of(each.line(), others));
            if (quantity > 0) {
                result.add(new LineUnits(each.line(), quantity));
            }
        }
        return result;
    }

    private interface Move {
        Quantities apply(Quantities line, int units);
    }

    private List<Quantities> each(List<LineUnits> units, Move move) {
        List<Quantities> moved = new ArrayList<>(lines);
        for (LineUnits each : units) {
            moved.set(each.line(), move.apply(lines.get(each.line()), each.quantity()));
        }
        return moved;
    }

    private UnitLedger with(Shipment changed, List<Quantities> moved) {
        List<Shipment> all = new ArrayList<>(shipments);
        all.replaceAll(shipment -> shipment.id.equals(changed.id) ? changed : shipment);
        return new UnitLedger(moved, all, returns, deliveredAt);
    }

    private UnitLedger with(Returning changed, List<Quantities> moved) {
        List<Returning> all = new ArrayList<>(returns);
        if (returning(changed.id) == null) {
            all.add(changed);
        }
        all.replaceAll(returning -> returning.id.equals(changed.id) ? changed : returning);
        return new UnitLedger(moved, shipments, all, deliveredAt);
    }

    private Shipment known(String id) {
        Shipment shipment = shipment(id);
        if (shipment == null) {
            throw new IllegalStateException("no shipment " + id);
        }
        return shipment;
    }

    private Returning knownReturn(String id) {
        Returning returning = returning(id);
        if (returning == null) {
            throw new IllegalStateException("no return " + id);
        }
        return returning;
    }

    private UnitLedger later(Instant at) {
        return deliveredAt != null && deliveredAt.isAfter(at)
                ? this
                : new UnitLedger(lines, shipments, returns, at);
    }
}
