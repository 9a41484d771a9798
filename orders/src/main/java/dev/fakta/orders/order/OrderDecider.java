// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Actions.Action;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.Order.Attention;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Order.Event;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.order.Standing.Counterpart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides on an order's commands. What was done already is accepted and changes nothing; then
/// [Actions] says whether the state allows it; then the command itself is looked at.
///
/// Behind every decision the order draws its [Conclusion]s. Then the money is settled: what is kept
/// beyond what was earned is asked back, and the card is tried once more when more is due than it
/// has promised ([Account]). An order that has arrived and is paid is completed.
record OrderDecider(Order order) {

    static final int LONGEST_TEXT = 2000;
    static final int LONGEST_REFERENCE = 100;
    private static final Attention INVOICE_OVERPAID =
            new Attention(Attention.Topic.INVOICE_OVERPAID, "invoice");
    private static final String REVIEWED = "The order is above the amount that somebody looks at.";

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
            case Command.OfOrder whole -> settled(reason(whole), decide(whole));
            case Edits.Command edit -> settled(reason(edit), new Edits(order).decide(edit));
            case PaymentFacts.Command fact ->
                    settled(reason(fact), new PaymentDecider(order).decide(fact));
            case ShipmentFacts.Command fact ->
                    settled("shipment", new ShipmentDecider(order).decide(fact));
            case ReturnFacts.Command fact ->
                    settled("return " + fact.returnId(), new ReturnDecider(order).decide(fact));
            case StockFacts.Command fact ->
                    settled("out of stock", new StockDecider(order).decide(fact));
            case CodeFacts.Command.RecordCodes(var answers) -> settled("codes", hear(answers));
        };
    }

    /// What money is given back for, if the command leads to that.
    private static String reason(Command.OfOrder command) {
        return command instanceof Command.CancelLines ? "cancelled lines" : "cancellation";
    }

    private static String reason(Edits.Command command) {
        return command instanceof Edits.Command.ChangePulledBack(_, Command.CancelLines lines)
                ? reason(lines)
                : "edit";
    }

    private static String reason(PaymentFacts.Command command) {
        return command instanceof PaymentFacts.Command.GrantCredit grant
                ? "credit " + grant.id()
                : "surplus";
    }

    private Decision<Event> create(OrderCreated wanted) {
        if (order.created() != null) {
            return order.created().equals(wanted)
                    ? accept()
                    : reject(Refusal.ORDER_ALREADY_CREATED);
        }
        Refusal fault = wanted.fault();
        if (fault != null) {
            return reject(fault);
        }
        return wanted.isReviewed()
                ? accept(wanted, new Event.OrderHoldPlaced(HoldKind.FRAUD_REVIEW, REVIEWED))
                : accept(wanted);
    }

    private Decision<Step> hear(List<CodeStanding> answers) {
        List<CodeStanding> news = new CodeWishes(order).news(answers);
        return news.isEmpty()
                ? accept()
                : accept(at -> new CodeFacts.Event.OrderCodesChanged(news, at));
    }

    Decision<Step> decide(Edits.Change change) {
        return switch (change) {
            case Command.CancelLines(var lines, var reason) ->
                    cancelLines(LineUnits.present(lines), reason);
            case Edits.Command.ApplyEdit edit -> new Edits(order).decide(edit);
            case Edits.Command.ChangeAddress move -> new Edits(order).decide(move);
        };
    }

    private Decision<Step> decide(Command.OfOrder command) {
        return switch (command) {
            case Command.AddNote(var text) when isBlank(text) || !fits(text) ->
                    reject(Refusal.TEXT_INVALID);
            case Command.AddNote(String text) ->
                    accept(_ -> new Event.OrderNoteAdded(text.strip()));
            case Command.RejectOrder _ when order.progress().rejected() != null -> accept();
            case Command.RejectOrder(var reason) ->
                    when(Action.REJECT, standing -> new Event.OrderRejected(reason, standing));
            case Command.PlaceHold(var kind, var reason, var at) -> placeHold(kind, reason, at);
            case Command.ReleaseHold(var kind, var at) -> releaseHold(kind, at);
            case Command.RequestCancellation(var reason) -> requestCancellation(reason);
            case Command.CancelLines lines -> decide((Edits.Change) lines);
            case Command.RaiseAttention(var topic, var subject) ->
                    raise(new Attention(topic, subject));
            case Command.SettleAttention(var topic, var subject) -> settle(topic, subject);
        };
    }

    /// An order that money was not asked for is just cancelled; otherwise it says first that it is
    /// about to be, for those who have to stop what they do.
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
                        && order.money().attempt() != Payment.PENDING
                        && order.money().card().attempt() == 0;
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

    private Decision<Step> raise(Attention attention) {
        return order.attentions().contains(attention)
                ? accept()
                : accept(_ -> new Event.OrderAttentionRequested(attention));
    }

    private Decision<Step> settle(Attention.@Nullable Topic topic, @Nullable String subject) {
        for (Attention attention : order.attentions()) {
            if (attention.topic() == topic && attention.subject().equals(subject)) {
                return accept(_ -> new Event.OrderAttentionSettled(attention));
            }
        }
        return reject(Refusal.ATTENTION_UNKNOWN);
    }

    private Decision<Step> placeHold(@Nullable String name, @Nullable String reason, Instant now) {
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
                : with(
                        _ -> new Event.OrderHoldPlaced(kind, orEmpty(reason)),
                        new Review(order).begun(kind, now));
    }

    private Decision<Step> releaseHold(@Nullable String name, Instant now) {
        HoldKind kind = HoldKind.named(name);
        if (kind == null) {
            return reject(Refusal.HOLD_KIND_UNKNOWN);
        }
        Refusal refusal = Actions.refusal(order, Action.RELEASE_HOLD);
        if (refusal == Refusal.NOTHING_HELD || (refusal == null && !order.isHeldFor(kind))) {
            return accept(); // already released
        }
        return refusal != null
                ? reject(refusal)
                : with(_ -> new Event.OrderHoldReleased(kind), new Review(order).ended(kind, now));
    }

    private static Decision<Step> with(Step first, List<Step> more) {
        List<Step> all = new ArrayList<>(List.of(first));
        all.addAll(more);
        return new Decision.Accepted<>(all);
    }

    private Decision<Step> when(Action action, Step step) {
        Refusal refusal = Actions.refusal(order, action);
        return refusal == null ? accept(step) : reject(refusal);
    }

    private static Decision<Event> refused(Decision.Rejected<Step> decision) {
        return reject(decision.rejection());
    }

    private Decision<Event> settled(String reason, Decision<Step> decision) {
        return switch (decision) {
            case Decision.Rejected<Step> rejected -> refused(rejected);
            case Decision.Accepted<Step>(var steps) when steps.isEmpty() -> accept();
            case Decision.Accepted<Step>(var steps) -> {
                List<Event> events = new ArrayList<>();
                Order next = order;
                for (Step step : steps) {
                    next = recorded(next, step, events);
                }
                settle(next, reason, events);
                yield new Decision.Accepted<>(events);
            }
        };
    }

    private static void settle(Order decided, String reason, List<Event> events) {
        Order concluded = decided;
        Step next = new Conclusion(concluded).next();
        while (next != null) {
            concluded = recorded(concluded, next, events);
            next = new Conclusion(concluded).next();
        }
        Order after = settled(concluded, reason, events);
        if (new Conclusion(after).isOver()) {
            after = recorded(after, Event.OrderCompleted::new, events);
        }
        lookAtInvoice(after, events);
    }

    /// No provider gives back what was transferred for an invoice: people do.
    private static void lookAtInvoice(Order after, List<Event> events) {
        boolean isAsked = after.attentions().contains(INVOICE_OVERPAID);
        boolean isOverpaid = after.money().paidByInvoice() > after.due();
        if (isOverpaid != isAsked && !after.money().received().isEmpty()) {
            recorded(
                    after,
                    _ ->
                            isOverpaid
                                    ? new Event.OrderAttentionRequested(INVOICE_OVERPAID)
                                    : new Event.OrderAttentionSettled(INVOICE_OVERPAID),
                    events);
        }
    }

    private static Order settled(Order after, String reason, List<Event> events) {
        Account account = after.account();
        long excess = account.excess();
        if (excess > 0) {
            MoneyLedger money = after.money();
            long ofCards = money.cards().captured() - money.askedOfCards() - money.contested();
            Money toCredit = after.amount(Math.max(0, excess - Math.max(0, ofCards)));
            return recorded(
                    after,
                    at ->
                            new PaymentFacts.Event.OrderRefundRequested(
                                    reason, after.amount(excess), toCredit, at),
                    events);
        }
        if (account.isMoreToAsk()) {
            int next = after.money().card().attempt() + 1;
            return recorded(
                    after,
                    at -> new PaymentFacts.Event.OrderCardTriedAgain(next, false, at),
                    events);
        }
        return after;
    }

    /// The standing behind an event says who has to be told that the order wants something else. It
    /// is computed once, from the state after the event: no state looks at the standing in an
    /// event, so any will do to get there.
    private static Order recorded(Order before, Step step, List<Event> events) {
        Event event = step.at(Standing.CREATED);
        Order after = before.evolve(event);
        Standing standing = after.standing();
        if (!after.moneyWish().equals(before.moneyWish())) {
            standing = standing.telling(Counterpart.MONEY);
        }
        if (new ShipmentWishes(after).areNews(before, event)) {
            standing = standing.telling(Counterpart.SHIPPING);
        }
        events.add(step.at(standing));
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

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
