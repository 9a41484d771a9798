// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Actions.Action;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.order.OrderDecider.Step;
import dev.fakta.orders.order.ReturnFacts.Command;
import dev.fakta.orders.order.ReturnFacts.Event;
import dev.fakta.orders.order.UnitLedger.Returning;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides on what returns ask and tell (R1, R2).
record ReturnDecider(Order order) {

    Decision<Step> decide(Command command) {
        return switch (command) {
            case Command.RecordReturnRequested(var id, var lines) -> request(id, lines);
            case Command.RecordReturnReceived(var id) -> receive(id);
            case Command.RecordReturnClosed(var id, var lines) -> close(id, lines);
        };
    }

    private Decision<Step> request(String id, List<LineUnits> lines) {
        Returning known = order.units().returning(id);
        if (known != null) {
            boolean isSame = known.stage() != Returning.Stage.CLOSED && known.lines().equals(lines);
            return isSame ? accept() : reject(Refusal.RETURN_KNOWN);
        }
        Refusal refusal = refusal(id, lines);
        return refusal == null
                ? accept(at -> new Event.OrderReturnRequested(id, lines, at))
                : reject(refusal);
    }

    private @Nullable Refusal refusal(String id, List<LineUnits> lines) {
        Refusal refusal = Actions.refusal(order, Action.RETURN);
        if (refusal != null) {
            return refusal;
        }
        if (!OrderDecider.isReference(id)) {
            return Refusal.REFERENCE_INVALID;
        }
        if (lines.isEmpty() || !LineUnits.areValid(lines, order.lines().size())) {
            return Refusal.LINES_INVALID;
        }
        for (LineUnits each : lines) {
            if (each.quantity() > order.units().returnable(each.line())) {
                return Refusal.UNITS_NOT_RETURNABLE;
            }
        }
        return order.units().returns().size() < UnitLedger.MOST_PARTS
                ? null
                : Refusal.TOO_MANY_FACTS;
    }

    private Decision<Step> receive(String id) {
        Returning known = order.units().returning(id);
        if (known == null) {
            return reject(Refusal.RETURN_UNKNOWN);
        }
        return known.stage() == Returning.Stage.REQUESTED
                ? accept(at -> new Event.OrderReturnReceived(id, at))
                : accept();
    }

    private Decision<Step> close(String id, List<LineUnits> lines) {
        Returning known = order.units().returning(id);
        if (known == null) {
            return reject(Refusal.RETURN_UNKNOWN);
        }
        if (known.stage() == Returning.Stage.CLOSED) {
            return known.lines().equals(lines) ? accept() : reject(Refusal.RETURN_CLOSED);
        }
        boolean isWithin =
                LineUnits.areValid(lines, order.lines().size())
                        && UnitLedger.less(lines, known.lines()).isEmpty();
        if (!isWithin) {
            return reject(Refusal.LINES_INVALID);
        }
        Money refund = order.refundFor(id, lines);
        return accept(at -> new Event.OrderReturnClosed(id, lines, refund, at));
    }
}
