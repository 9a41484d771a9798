// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.order.Actions.Action;
import dev.fakta.orders.order.Order.Attention;
import dev.fakta.orders.order.Order.Attention.Topic;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.order.OrderDecider.Step;
import dev.fakta.orders.order.ShipmentFacts.Command;
import dev.fakta.orders.order.ShipmentFacts.Event;
import dev.fakta.orders.order.UnitLedger.Shipment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides on what shipments ask and tell (O2, O4).
record ShipmentDecider(Order order) {

    Decision<Step> decide(Command command) {
        return switch (command) {
            case Command.RecordShipments(var facts) -> record(facts);
            case Command.Fact fact -> record(fact);
            case Command.RecordShipmentPlanned(var id, var location, var lines) ->
                    plan(id, location, lines);
            case Command.ReleaseShipment(var id, var tracking) -> release(id, tracking);
            case Command.PresumeDelivered(var id, var at) -> presume(id, at);
            case Command.RecordShipmentLate(var id) -> late(id);
        };
    }

    private Decision<Step> record(Command.Fact fact) {
        return switch (fact) {
            case Command.RecordShipmentDispatched(var id, var tracking) -> dispatch(id, tracking);
            case Command.RecordShipmentDelivered(var id, var lines, var at) ->
                    deliver(id, lines, at);
            case Command.RecordShipmentLost(var id, var lines) -> lose(id, lines);
            case Command.RecordShipmentCancelled(var id) -> cancel(id);
        };
    }

    private Decision<Step> record(List<Command.Fact> facts) {
        List<Step> steps = new ArrayList<>();
        Order next = order;
        for (Command.Fact fact : facts) {
            for (Step step : new ShipmentDecider(next).steps(fact)) {
                steps.add(step);
                next = next.evolve(step.at(Standing.CREATED));
            }
        }
        return new Decision.Accepted<>(steps);
    }

    private List<Step> steps(Command.Fact fact) {
        return switch (record(fact)) {
            case Decision.Accepted<Step>(var steps) -> steps;
            case Decision.Rejected<Step> rejected ->
                    attention(Topic.SHIPPING_REFUSED, rejected.rejection().toString());
        };
    }

    private Decision<Step> plan(String id, String location, List<LineUnits> lines) {
        Shipment known = order.units().shipment(id);
        if (known != null) {
            boolean isSame = known.lines().equals(lines) && known.location().equals(location);
            return isSame ? accept() : reject(Refusal.SHIPMENT_KNOWN);
        }
        Refusal refusal = Actions.refusal(order, Action.PLAN_SHIPMENT);
        if (refusal == null) {
            refusal = openRefusal(lines);
        }
        if (refusal == null && !OrderDecider.isReference(id)) {
            refusal = Refusal.REFERENCE_INVALID;
        }
        if (refusal == null && order.units().shipments().size() >= UnitLedger.MOST_PARTS) {
            refusal = Refusal.TOO_MANY_FACTS;
        }
        return refusal == null
                ? accept(at -> new Event.OrderShipmentPlanned(id, location, lines, at))
                : reject(refusal);
    }

    private @Nullable Refusal openRefusal(List<LineUnits> lines) {
        if (lines.isEmpty() || !LineUnits.areValid(lines, order.lines().size())) {
            return Refusal.LINES_INVALID;
        }
        return order.ledger().areOpen(lines) ? null : Refusal.UNITS_NOT_OPEN;
    }

    private Decision<Step> release(String id, String tracking) {
        Shipment shipment = order.units().shipment(id);
        if (shipment == null) {
            return reject(Refusal.SHIPMENT_UNKNOWN);
        }
        if (shipment.stage() == Shipment.Stage.CANCELLED) {
            return reject(Refusal.SHIPMENT_CANCELLED);
        }
        Refusal refusal = shipment.hasLeft() ? null : Actions.refusal(order, Action.DISPATCH);
        return refusal == null ? dispatch(id, tracking) : reject(refusal);
    }

    private Decision<Step> dispatch(String id, String tracking) {
        Shipment shipment = order.units().shipment(id);
        if (shipment == null) {
            return reject(Refusal.SHIPMENT_UNKNOWN);
        }
        if (tracking.length() > OrderDecider.LONGEST_TEXT) {
            return reject(Refusal.REFERENCE_INVALID);
        }
        return switch (shipment.stage()) {
            case DISPATCHED, DELIVERED, LOST -> accept();
            case CANCELLED ->
                    unexpected(
                            shipment,
                            UnitLedger.less(shipment.lines(), shipment.unexpected()),
                            Topic.DISPATCHED_AFTER_CANCELLATION);
            case PLANNED ->
                    accept(at -> new Event.OrderShipmentDispatched(id, tracking.strip(), at));
        };
    }

    private Decision<Step> deliver(String id, List<LineUnits> soFar, Instant at) {
        Shipment shipment = order.units().shipment(id);
        Refusal refusal = refusal(shipment, soFar);
        if (shipment == null || refusal != null) {
            return reject(refusal == null ? Refusal.SHIPMENT_UNKNOWN : refusal);
        }
        if (shipment.stage() == Shipment.Stage.CANCELLED) {
            return accept(); // that it has left is known
        }
        List<LineUnits> all = soFar.isEmpty() ? shipment.lines() : soFar;
        List<LineUnits> fresh =
                UnitLedger.less(UnitLedger.less(all, shipment.confirmed()), shipment.unexpected());
        List<LineUnits> awaited = UnitLedger.plus(shipment.missing(), shipment.presumed());
        List<LineUnits> beyond = UnitLedger.less(fresh, awaited);
        List<LineUnits> arrived = UnitLedger.less(fresh, beyond);
        List<Step> steps = new ArrayList<>();
        if (!arrived.isEmpty()) {
            steps.add(standing -> new Event.OrderShipmentDelivered(id, arrived, at, standing));
        }
        if (!beyond.isEmpty()) {
            steps.addAll(unexpected(id, beyond, Topic.DELIVERED_AFTER_LOSS));
        }
        return new Decision.Accepted<>(steps);
    }

    private Decision<Step> presume(String id, Instant at) {
        Shipment shipment = order.units().shipment(id);
        Refusal refusal = refusal(shipment, List.of());
        if (shipment == null || refusal != null) {
            return reject(refusal == null ? Refusal.SHIPMENT_UNKNOWN : refusal);
        }
        boolean isUnderWay =
                shipment.stage() == Shipment.Stage.DISPATCHED && !shipment.missing().isEmpty();
        return isUnderWay
                ? accept(
                        standing ->
                                new Event.OrderShipmentPresumed(
                                        id, shipment.missing(), at, standing))
                : accept();
    }

    private Decision<Step> lose(String id, List<LineUnits> soFar) {
        Shipment shipment = order.units().shipment(id);
        Refusal refusal = refusal(shipment, soFar);
        if (shipment == null || refusal != null) {
            return reject(refusal == null ? Refusal.SHIPMENT_UNKNOWN : refusal);
        }
        if (shipment.stage() == Shipment.Stage.CANCELLED) {
            return accept();
        }
        List<LineUnits> fresh =
                soFar.isEmpty() ? shipment.missing() : UnitLedger.less(soFar, shipment.lost());
        List<LineUnits> lost = new ArrayList<>();
        for (LineUnits each : fresh) {
            int units = losable(shipment, each);
            if (units > 0) {
                lost.add(new LineUnits(each.line(), units));
            }
        }
        return lost.isEmpty() ? accept() : accept(at -> new Event.OrderShipmentLost(id, lost, at));
    }

    /// How many of these are under way, or only count as arrived and are in no return.
    private int losable(Shipment shipment, LineUnits lost) {
        int line = lost.line();
        int missing = Math.min(lost.quantity(), LineUnits.of(line, shipment.missing()));
        int presumed =
                Math.min(LineUnits.of(line, shipment.presumed()), order.units().returnable(line));
        return missing + Math.min(lost.quantity() - missing, presumed);
    }

    /// Why nothing is heard of these units of a shipment, if so.
    private @Nullable Refusal refusal(@Nullable Shipment shipment, List<LineUnits> units) {
        if (shipment == null) {
            return Refusal.SHIPMENT_UNKNOWN;
        }
        if (shipment.stage() == Shipment.Stage.PLANNED) {
            return Refusal.SHIPMENT_NOT_DISPATCHED;
        }
        boolean isWithin =
                LineUnits.areValid(units, order.lines().size())
                        && UnitLedger.less(units, shipment.lines()).isEmpty();
        return isWithin ? null : Refusal.LINES_INVALID;
    }

    private Decision<Step> cancel(String id) {
        Shipment shipment = order.units().shipment(id);
        if (shipment == null) {
            return reject(Refusal.SHIPMENT_UNKNOWN);
        }
        return switch (shipment.stage()) {
            case PLANNED -> accept(at -> new Event.OrderShipmentCancelled(id, at));
            case CANCELLED -> accept();
            case DISPATCHED, DELIVERED, LOST -> reject(Refusal.SHIPMENT_DISPATCHED);
        };
    }

    /// Also when the order has let it go: then it was not recorded that it left.
    private Decision<Step> late(String id) {
        Shipment shipment = order.units().shipment(id);
        boolean isAwaited =
                shipment != null
                        && (shipment.stage() == Shipment.Stage.PLANNED
                                || shipment.stage() == Shipment.Stage.DISPATCHED)
                        && shipment.missing().equals(shipment.lines());
        return isAwaited
                ? new Decision.Accepted<>(attention(Topic.NOT_DISPATCHED_IN_TIME, id))
                : accept();
    }

    private Decision<Step> unexpected(Shipment shipment, List<LineUnits> units, Topic topic) {
        return units.isEmpty()
                ? accept()
                : new Decision.Accepted<>(unexpected(shipment.id(), units, topic));
    }

    private List<Step> unexpected(String id, List<LineUnits> units, Topic topic) {
        List<Step> steps = new ArrayList<>();
        steps.add(at -> new Event.OrderShipmentUnexpected(id, units, at));
        steps.addAll(attention(topic, id));
        return steps;
    }

    /// It has happened, it cannot be undone, and somebody has to see to it.
    private List<Step> attention(Topic topic, String subject) {
        Attention attention = new Attention(topic, subject);
        return order.attentions().contains(attention)
                ? List.of()
                : List.of(_ -> new Order.Event.OrderAttentionRequested(attention));
    }
}
