// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.orders.order.Actions.Action;
import dev.fakta.orders.order.Edits.Command.ApplyEdit;
import dev.fakta.orders.order.Edits.Command.ChangeAddress;
import dev.fakta.orders.order.Order.Command.CancelLines;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentCancelled;
import dev.fakta.orders.shipping.Shipment;
import java.util.ArrayList;
import java.util.List;

/// Changes of an order whose shipment is planned, and that the warehouse has not begun to pick: the
/// shipment is pulled back first, and planned anew of what is left. When the warehouse has begun,
/// it refuses, and nothing is changed.
public final class PullBack {

    private static final String REASON = "The order is changed.";

    public static final Processor<CancelLines, Order.Command> CANCEL_LINES =
            Processor.named("cancel-lines")
                    .taking(CancelLines.class)
                    .sendingTo(Order.AGGREGATE)
                    .processing((wish, context) -> cancelLines(wish, context));

    public static final Processor<ApplyEdit, Order.Command> APPLY_EDIT =
            Processor.named("apply-edit")
                    .taking(ApplyEdit.class)
                    .sendingTo(Order.AGGREGATE)
                    .processing(
                            (wish, context) -> {
                                Edits.Proposal proposal = order(context).changes().proposal();
                                return send(
                                        wish,
                                        Action.APPLY_EDIT,
                                        proposal == null ? List.of() : proposal.fewer(),
                                        context);
                            });

    private PullBack() {}

    private static Outcome<Order.Command> cancelLines(CancelLines wish, Context context) {
        Order order = order(context);
        List<Problem> faults =
                order.created() == null
                        ? List.of()
                        : OrderFields.ofCancellation(wish, order.lines().size());
        return faults.isEmpty()
                ? send(wish, Action.CANCEL_LINES, LineUnits.present(wish.lines()), context)
                : new Outcome.Refuse<>(faults);
    }

    private static Order order(Context context) {
        return context.state(Order.AGGREGATE, context.id());
    }

    /// Nothing is pulled back for a change that is refused anyhow.
    private static boolean isAllowed(Order order, Action action) {
        return order.created() != null && Actions.refusal(order, action) == null;
    }

    /// The command, behind those that make these units open.
    private static Outcome<Order.Command> send(
            Order.Command wish, Action action, List<LineUnits> units, Context context) {
        Order order = order(context);
        boolean isSound =
                isAllowed(order, action) && LineUnits.areValid(units, order.lines().size());
        List<LineUnits> missing = new ArrayList<>();
        for (LineUnits each : isSound ? units : List.<LineUnits>of()) {
            int open = order.quantities(each.line()).open();
            if (each.quantity() > open) {
                missing.add(new LineUnits(each.line(), each.quantity() - open));
            }
        }
        return new Outcome.Send<>(wish, withdrawing(missing, order, context.id()));
    }

    /// Another address for everything that has not left.
    static Outcome<Order.Command> send(ChangeAddress move, Context context) {
        Order order = order(context);
        boolean isToMove =
                isAllowed(order, Action.CHANGE_ADDRESS) && !move.address().equals(order.address());
        List<LineUnits> all = new ArrayList<>();
        for (int line = 0; isToMove && line < order.ledger().lines().size(); line++) {
            int allocated = order.quantities(line).allocated();
            if (allocated > 0) {
                all.add(new LineUnits(line, allocated));
            }
        }
        return new Outcome.Send<>(move, withdrawing(all, order, context.id()));
    }

    /// Pulls back planned shipments, the newest first, until they have had as many units.
    private static List<First<?>> withdrawing(List<LineUnits> units, Order order, String id) {
        List<First<?>> firsts = new ArrayList<>();
        List<LineUnits> missing = units;
        for (UnitLedger.Shipment shipment : order.units().shipments().reversed()) {
            boolean isPlanned = shipment.stage() == UnitLedger.Shipment.Stage.PLANNED;
            List<LineUnits> rest = UnitLedger.less(missing, shipment.lines());
            if (isPlanned && !rest.equals(missing)) {
                missing = rest;
                firsts.add(
                        new First<>(
                                Shipment.AGGREGATE,
                                shipment.id(),
                                new Shipment.Command.Withdraw(REASON)));
                firsts.add(
                        new First<>(
                                Order.AGGREGATE, id, new RecordShipmentCancelled(shipment.id())));
            }
        }
        return firsts;
    }
}
