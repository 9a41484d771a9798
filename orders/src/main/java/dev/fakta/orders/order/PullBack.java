// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Decision;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.orders.order.Edits.Change;
import dev.fakta.orders.order.Edits.Command.ApplyEdit;
import dev.fakta.orders.order.Edits.Command.ChangeAddress;
import dev.fakta.orders.order.Edits.Command.ChangePulledBack;
import dev.fakta.orders.order.Order.Command.CancelLines;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.orders.shipping.Shipment.Command.Withdraw;
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
                ? send(wish, LineUnits.present(wish.lines()), context)
                : new Outcome.Refuse<>(faults);
    }

    private static Order order(Context context) {
        return context.state(Order.AGGREGATE, context.id());
    }

    /// The command, behind those that make these units open.
    private static Outcome<Order.Command> send(
            Change wish, List<LineUnits> units, Context context) {
        Order order = order(context);
        boolean isSound =
                order.created() != null && LineUnits.areValid(units, order.lines().size());
        List<LineUnits> missing = new ArrayList<>();
        for (LineUnits each : isSound ? units : List.<LineUnits>of()) {
            int open = order.quantities(each.line()).open();
            if (each.quantity() > open) {
                missing.add(new LineUnits(each.line(), each.quantity() - open));
            }
        }
        return pullingBack(missing, wish, context);
    }

    /// Another address for everything that has not left.
    static Outcome<Order.Command> send(ChangeAddress move, Context context) {
        Order order = order(context);
        boolean isToMove = order.created() != null && !move.address().equals(order.address());
        List<LineUnits> all = new ArrayList<>();
        for (int line = 0; isToMove && line < order.ledger().lines().size(); line++) {
            int allocated = order.quantities(line).allocated();
            if (allocated > 0) {
                all.add(new LineUnits(line, allocated));
            }
        }
        return pullingBack(all, move, context);
    }

    /// The change behind the commands that pull back planned shipments, the newest first, until
    /// they have had as many units. Nothing is pulled back for a change that the order refuses even
    /// then, or when the warehouse has begun with one of them.
    private static Outcome<Order.Command> pullingBack(
            List<LineUnits> units, Change wish, Context context) {
        Order order = order(context);
        List<First<?>> firsts = new ArrayList<>();
        List<String> pulledBack = new ArrayList<>();
        List<LineUnits> missing = units;
        for (UnitLedger.Shipment planned : order.units().shipments().reversed()) {
            String id = planned.id();
            List<LineUnits> rest = UnitLedger.less(missing, planned.lines());
            if (planned.stage() == UnitLedger.Shipment.Stage.PLANNED && !rest.equals(missing)) {
                missing = rest;
                Withdraw withdraw = new Withdraw(REASON);
                First<?> first = new First<>(Shipment.AGGREGATE, id, withdraw);
                Shipment shipment = context.state(Shipment.AGGREGATE, id);
                if (Shipment.AGGREGATE.decide(shipment, withdraw) instanceof Decision.Rejected<?>) {
                    return new Outcome.Send<>(wish, List.of(first)); // which says why
                }
                firsts.add(first);
                pulledBack.add(id);
            }
        }
        Order.Command last = pulledBack.isEmpty() ? wish : new ChangePulledBack(pulledBack, wish);
        boolean isRefused = order.decide(last) instanceof Decision.Rejected<?>;
        return isRefused ? new Outcome.Send<>(wish) : new Outcome.Send<>(last, firsts);
    }
}
