// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.order.Actions.Action;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.Order.Attention;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Order.Event;
import dev.fakta.orders.order.Order.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides on an order's commands. What was done already is accepted and changes nothing; then
/// [Actions] says whether the state allows it; then the command itself is looked at.
///
/// Behind every decision the money is settled: what was captured beyond what is due is asked back,
/// and once the order is closed what is set aside is let go of, whatever the cause. So a late
/// payment of a cancelled order leads to its refund, and not to anything else (O5).
record OrderDecider(Order order) {

    static final int LONGEST_TEXT = 2000;
    static final int LONGEST_REFERENCE = 100;

    /// An event that is still to be told where the order stands after it.
    @FunctionalInterface
    interface Step {
        Event at(Standing standing);
    }

    Decision<Event> decide(Command command) {
        if (command instanceof Command.CreateOrder(var created)) {
            return create(created);
        }
        if (order.created() == null) {
            return reject(Refusal.UNKNOWN_ORDER);
        }
        return switch (command) {
            case Command.CreateOrder(var created) -> create(created);
            case Command.OfOrder whole -> settled(decide(whole));
            case Edits.Command edit -> settled(new EditDecider(order).decide(edit));
            case PaymentFacts.Command fact -> settled(new PaymentDecider(order).decide(fact));
            case ShipmentFacts.Command fact -> settled(new ShipmentDecider(order).decide(fact));
            case ReturnFacts.Command fact -> settled(new ReturnDecider(order).decide(fact));
        };
    }

    private Decision<Event> create(OrderCreated wanted) {
        if (order.created() != null) {
            return order.created().equals(wanted)
                    ? accept()
                    : reject(Refusal.ORDER_ALREADY_CREATED);
        }
        Refusal fault = wanted.fault();
        return fault == null ? accept(wanted) : reject(fault);
    }

    private Decision<Step> decide(Command.OfOrder command) {
        Progress progress = order.progress();
        return switch (command) {
            case Command.AddNote(var text) when isBlank(text) || !fits(text) ->
                    reject(Refusal.TEXT_INVALID);
            case Command.AddNote(String text) ->
                    accept(_ -> new Event.OrderNoteAdded(text.strip()));
            case Command.ConfirmOrder _ when order.lifecycle() == Lifecycle.CONFIRMED -> accept();
            case Command.ConfirmOrder _ -> when(Action.CONFIRM, Event.OrderConfirmed::new);
            case Command.RejectOrder _ when progress.rejected() != null -> accept();
            case Command.RejectOrder(var reason) ->
                    when(Action.REJECT, standing -> new Event.OrderRejected(reason, standing));
            case Command.PlaceHold(var kind, var reason) -> placeHold(kind, reason);
            case Command.ReleaseHold(var kind) -> releaseHold(kind);
            case Command.RequestCancellation(var reason) -> requestCancellation(reason);
            case Command.CompleteCancellation _ when progress.cancelled() != null -> accept();
            case Command.CompleteCancellation _ ->
                    when(
                            Action.COMPLETE_CANCELLATION,
                            standing ->
                                    new Event.OrderCancelled(
                                            orEmpty(progress.cancelling()), standing));
            case Command.CancelLines(var lines, var reason) ->
                    cancelLines(LineUnits.present(lines), reason);
            case Command.CompleteOrder _ when progress.completed() -> accept();
            case Command.CompleteOrder _ -> when(Action.COMPLETE, Event.OrderCompleted::new);
            case Command.SettleAttention(var topic, var subject) -> settle(topic, subject);
        };
    }

    /// An order that nobody else has begun to work on is cancelled at once; otherwise others have
    /// to undo their part first, which [Command.CompleteCancellation] reports.
    private Decision<Step> requestCancellation(@Nullable String reason) {
        if (order.progress().cancelled() != null || order.progress().cancelling() != null) {
            return accept();
        }
        Refusal refusal = Actions.refusal(order, Action.CANCEL);
        if (refusal == null && !fits(reason)) {
            refusal = Refusal.TEXT_INVALID;
        }
        if (refusal != null) {
            return reject(refusal);
        }
        String text = orEmpty(reason);
        boolean isUntouched =
                !order.progress().confirmed()
                        && order.money().open() == 0
                        && order.money().attempt() != Payment.PENDING;
        return isUntouched
                ? accept(standing -> new Event.OrderCancelled(text, standing))
                : accept(standing -> new Event.OrderCancellationRequested(text, standing));
    }

    private Decision<Step> cancelLines(List<LineUnits> lines, @Nullable String reason) {
        Refusal refusal = Actions.refusal(order, Action.CANCEL_LINES);
        if (refusal == null) {
            refusal = linesRefusal(lines);
        }
        if (refusal == null && !fits(reason)) {
            refusal = Refusal.TEXT_INVALID;
        }
        if (refusal != null) {
            return reject(refusal);
        }
        long value = order.due() - order.with(order.ledger().cancel(lines)).due();
        return accept(
                standing ->
                        new Event.OrderLinesCancelled(
                                lines, orEmpty(reason), order.amount(value), standing));
    }

    private @Nullable Refusal linesRefusal(List<LineUnits> lines) {
        if (lines.isEmpty() || !LineUnits.areValid(lines, order.lines().size())) {
            return Refusal.LINES_INVALID;
        }
        if (!order.ledger().areOpen(lines)) {
            return Refusal.UNITS_NOT_OPEN;
        }
        boolean isAll = order.ledger().cancel(lines).sum(Quantities::wanted) == 0;
        return isAll ? Refusal.NOTHING_LEFT : null;
    }

    private Decision<Step> settle(Attention.@Nullable Topic topic, @Nullable String subject) {
        for (Attention attention : order.attentions()) {
            if (attention.topic() == topic && attention.subject().equals(subject)) {
                return accept(_ -> new Event.OrderAttentionSettled(attention));
            }
        }
        return reject(Refusal.ATTENTION_UNKNOWN);
    }

    private Decision<Step> placeHold(@Nullable String name, @Nullable String reason) {
        HoldKind kind = HoldKind.named(name);
        Refusal refusal = Actions.refusal(order, Action.HOLD);
        if (refusal != null) {
            return reject(refusal);
        }
        if (kind == null) {
            return reject(Refusal.HOLD_KIND_UNKNOWN);
        }
        if (!fits(reason)) {
            return reject(Refusal.TEXT_INVALID);
        }
        return order.isHeldFor(kind)
                ? accept()
                : accept(_ -> new Event.OrderHoldPlaced(kind, orEmpty(reason)));
    }

    private Decision<Step> releaseHold(@Nullable String name) {
        HoldKind kind = HoldKind.named(name);
        if (kind == null) {
            return reject(Refusal.HOLD_KIND_UNKNOWN);
        }
        Refusal refusal = Actions.refusal(order, Action.RELEASE_HOLD);
        if (refusal == Refusal.NOTHING_HELD || (refusal == null && !order.isHeldFor(kind))) {
            return accept(); // already released
        }
        return refusal != null ? reject(refusal) : accept(_ -> new Event.OrderHoldReleased(kind));
    }

    private Decision<Step> when(Action action, Step step) {
        Refusal refusal = Actions.refusal(order, action);
        return refusal == null ? accept(step) : reject(refusal);
    }

    private static Decision<Event> refused(Decision.Rejected<Step> decision) {
        return reject(decision.rejection());
    }

    private Decision<Event> settled(Decision<Step> decision) {
        return switch (decision) {
            case Decision.Rejected<Step> rejected -> refused(rejected);
            case Decision.Accepted<Step>(var steps) when steps.isEmpty() -> accept();
            case Decision.Accepted<Step>(var steps) -> {
                List<Event> events = new ArrayList<>();
                Order next = order;
                for (Step step : steps) {
                    next = recorded(next, step, events);
                }
                settle(next, events);
                yield new Decision.Accepted<>(events);
            }
        };
    }

    private static void settle(Order after, List<Event> events) {
        Order next = after;
        long excess = next.excess();
        if (excess > 0) {
            next =
                    recorded(
                            next,
                            standing ->
                                    new PaymentFacts.Event.OrderRefundRequested(
                                            after.amount(excess), standing),
                            events);
        }
        long idle = next.idle();
        if (idle > 0) {
            recorded(
                    next,
                    standing ->
                            new PaymentFacts.Event.OrderVoidRequested(after.amount(idle), standing),
                    events);
        }
    }

    private static Order recorded(Order before, Step step, List<Event> events) {
        Order after = before.evolve(step.at(before.standing()));
        events.add(step.at(after.standing()));
        return after;
    }

    static boolean isReference(String text) {
        return !text.isBlank() && text.length() <= LONGEST_REFERENCE;
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    private static boolean fits(@Nullable String text) {
        return text == null || text.length() <= LONGEST_TEXT;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
