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
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides on what shipments ask and tell (O2, O4).
record ShipmentDecider(Order order) {

    Decision<Step> decide(Command command) {
        return switch (command) {
            case Command.RecordShipmentPlanned(var id, var lines) -> plan(id, lines);
            case Command.ReleaseShipment(var id, var tracking) -> release(id, tracking);
            case Command.RecordShipmentDispatched(var id, var tracking) -> dispatch(id, tracking);
            case Command.RecordShipmentDelivered(var id, var lines, var at) ->
                    deliver(id, lines, at);
            case Command.RecordShipmentLost(var id) -> lose(id);
            case Command.RecordShipmentCancelled(var id) -> cancel(id);
            case Command.RecordShipmentLate(var id) -> late(id);
        };
    }

    private Decision<Step> plan(String id, List<LineUnits> lines) {
        Shipment known = order.units().shipment(id);
        if (known != null) {
            return known.lines().equals(lines) ? accept() : reject(Refusal.SHIPMENT_KNOWN);
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
                ? accept(at -> new Event.OrderShipmentPlanned(id, lines, at))
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
        boolean isCancelled = shipment != null && shipment.stage() == Shipment.Stage.CANCELLED;
        return isCancelled ? reject(Refusal.SHIPMENT_CANCELLED) : dispatch(id, tracking);
    }

    private Decision<Step> dispatch(String id, String tracking) {
        Shipment shipment = order.units().shipment(id);
        if (shipment == null) {
            return reject(Refusal.SHIPMENT_UNKNOWN);
        }
        return switch (shipment.stage()) {
            case DISPATCHED, DELIVERED, LOST -> accept();
            case CANCELLED -> attention(Topic.DISPATCHED_AFTER_CANCELLATION, id);
            case PLANNED -> {
                Refusal refusal = Actions.refusal(order, Action.DISPATCH);
                if (refusal == null && tracking.length() > OrderDecider.LONGEST_TEXT) {
                    refusal = Refusal.REFERENCE_INVALID;
                }
                yield refusal == null
                        ? accept(at -> new Event.OrderShipmentDispatched(id, tracking.strip(), at))
                        : reject(refusal);
            }
        };
    }

    private Decision<Step> deliver(String id, List<LineUnits> soFar, Instant at) {
        Shipment shipment = order.units().shipment(id);
        if (shipment == null) {
            return reject(Refusal.SHIPMENT_UNKNOWN);
        }
        return switch (shipment.stage()) {
            case PLANNED -> reject(Refusal.SHIPMENT_NOT_DISPATCHED);
            case LOST, CANCELLED -> attention(Topic.DELIVERED_AFTER_LOSS, id);
            case DISPATCHED, DELIVERED -> {
                boolean isWithin =
                        LineUnits.areValid(soFar, order.lines().size())
                                && UnitLedger.less(soFar, shipment.lines()).isEmpty();
                if (!isWithin) {
                    yield reject(Refusal.LINES_INVALID);
                }
                List<LineUnits> all = soFar.isEmpty() ? shipment.lines() : soFar;
                List<LineUnits> fresh = UnitLedger.less(all, shipment.delivered());
                yield fresh.isEmpty()
                        ? accept()
                        : accept(
                                standing ->
                                        new Event.OrderShipmentDelivered(id, fresh, at, standing));
            }
        };
    }

    private Decision<Step> lose(String id) {
        Shipment shipment = order.units().shipment(id);
        if (shipment == null) {
            return reject(Refusal.SHIPMENT_UNKNOWN);
        }
        return switch (shipment.stage()) {
            case PLANNED -> reject(Refusal.SHIPMENT_NOT_DISPATCHED);
            case DELIVERED, LOST, CANCELLED -> accept();
            case DISPATCHED ->
                    accept(at -> new Event.OrderShipmentLost(id, shipment.missing(), at));
        };
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

    private Decision<Step> late(String id) {
        Shipment shipment = order.units().shipment(id);
        boolean isLate = shipment != null && shipment.stage() == Shipment.Stage.PLANNED;
        return isLate ? attention(Topic.NOT_DISPATCHED_IN_TIME, id) : accept();
    }

    /// It has happened, it cannot be undone, and somebody has to see to it.
    private Decision<Step> attention(Topic topic, String shipment) {
        Attention attention = new Attention(topic, shipment);
        return order.attentions().contains(attention)
                ? accept()
                : accept(_ -> new Order.Event.OrderAttentionRequested(attention));
    }
}
