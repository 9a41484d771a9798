// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Axes.Fulfilment;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.Axes.Returns;
import dev.fakta.orders.order.Edits.Changes;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An order: what was agreed when it was placed, and where it stands.
///
/// Small on purpose: the agreed facts are the creating event itself, shared and never copied; the
/// rest is only what has changed since. The axes of its state are derived, each by one function of
/// [Axes]. What it decides stands in [OrderDecider], what may be done next in [Actions].
///
/// @param created what was agreed; none as long as the order does not exist
/// @param progress what was decided about it as a whole
/// @param changes of what was agreed
/// @param units where they are; see [#ledger]
/// @param holds at most one per kind; nothing ships while there is one
/// @param attentions what an operator has to look at, at most one per subject
public record Order(
        @Nullable OrderCreated created,
        Progress progress,
        Changes changes,
        UnitLedger units,
        MoneyLedger money,
        List<Hold> holds,
        List<Attention> attentions) {

    static final Order NONE =
            new Order(
                    null,
                    Progress.PLACED,
                    Changes.NONE,
                    UnitLedger.UNTOUCHED,
                    MoneyLedger.EMPTY,
                    List.of(),
                    List.of());

    public static final Aggregate<Command, Event, Order> AGGREGATE = OrderEvents.named();

    public Order {
        holds = List.copyOf(holds);
        attentions = List.copyOf(attentions);
    }

    public record Hold(HoldKind kind, String reason) {}

    /// Something that cannot be undone and does not fit.
    ///
    /// @param subject the id of the shipment that it is about
    public record Attention(Topic topic, String subject) {
        public enum Topic {
            DISPATCHED_AFTER_CANCELLATION,
            DELIVERED_AFTER_LOSS,
            NOT_DISPATCHED_IN_TIME
        }
    }

    public sealed interface Command
            permits Command.CreateOrder,
                    Command.OfOrder,
                    PaymentFacts.Command,
                    ShipmentFacts.Command,
                    ReturnFacts.Command,
                    Edits.Command {
        record CreateOrder(OrderCreated order) implements Command {}

        /// A command to an order that exists, about the order as a whole.
        sealed interface OfOrder extends Command {}

        record ConfirmOrder() implements OfOrder {}

        record RejectOrder(RejectReason reason) implements OfOrder {}

        record PlaceHold(@Nullable String kind, @Nullable String reason) implements OfOrder {}

        record ReleaseHold(@Nullable String kind) implements OfOrder {}

        record AddNote(@Nullable String text) implements OfOrder {}

        record RequestCancellation(@Nullable String reason) implements OfOrder {}

        record CompleteCancellation() implements OfOrder {}

        record CancelLines(@Nullable List<@Nullable LineUnits> lines, @Nullable String reason)
                implements OfOrder {}

        record CompleteOrder() implements OfOrder {}

        /// An operator has looked at what did not fit.
        record SettleAttention(Attention.@Nullable Topic topic, @Nullable String subject)
                implements OfOrder {}
    }

    public sealed interface Event
            permits OrderCreated,
                    Event.OrderHoldPlaced,
                    Event.OrderHoldReleased,
                    Event.OrderNoteAdded,
                    Event.OrderAttentionRequested,
                    Event.OrderAttentionSettled,
                    Event.Moving,
                    Edits.Event {
        record OrderHoldPlaced(HoldKind kind, String reason) implements Event {}

        record OrderHoldReleased(HoldKind kind) implements Event {}

        record OrderNoteAdded(String text) implements Event {}

        record OrderAttentionRequested(Attention attention) implements Event {}

        /// An operator has looked at it.
        record OrderAttentionSettled(Attention attention) implements Event {}

        /// An event that can move an axis, and says where the order stands after it.
        sealed interface Moving extends Event
                permits OrderConfirmed,
                        OrderRejected,
                        OrderCancellationRequested,
                        OrderCancelled,
                        OrderLinesCancelled,
                        OrderCompleted,
                        Edits.Event.OrderEdited,
                        PaymentFacts.Event,
                        ShipmentFacts.Event,
                        ReturnFacts.Event {
            Standing standing();
        }

        record OrderConfirmed(Standing standing) implements Moving {}

        record OrderRejected(RejectReason reason, Standing standing) implements Moving {}

        record OrderCancellationRequested(String reason, Standing standing) implements Moving {}

        /// Nothing of the order will be shipped any more.
        ///
        /// @param standing none in events of the first version, which could only be this one
        record OrderCancelled(String reason, Standing standing) implements Moving {
            public OrderCancelled {
                standing = Objects.requireNonNullElse(standing, Standing.CANCELLED);
            }
        }

        /// So many units of these lines will not be shipped.
        ///
        /// @param value what the customer need not pay for these units
        record OrderLinesCancelled(
                List<LineUnits> lines, String reason, Money value, Standing standing)
                implements Moving {
            public OrderLinesCancelled {
                lines = List.copyOf(lines);
            }
        }

        record OrderCompleted(Standing standing) implements Moving {}
    }

    public enum Refusal implements Rejection {
        UNKNOWN_ORDER("There is no such order."),
        ORDER_ALREADY_CREATED("Another order was created under this id."),
        ORDER_CONFIRMED("The order is confirmed."),
        ORDER_NOT_CONFIRMED("The order is not confirmed yet."),
        ORDER_COMPLETED("The order is completed."),
        ORDER_REJECTED("The order was rejected, which is final."),
        ORDER_CANCELLING("The order is being cancelled."),
        ORDER_NOT_CANCELLING("Nobody has asked for the order's cancellation."),
        ORDER_CANCELLED("The order is cancelled, which is final."),
        ORDER_HELD("The order is held: nothing is shipped before every hold is released."),
        NOTHING_HELD("The order is not held."),
        NO_LINES("An order needs a line."),
        QUANTITY_INVALID("A line needs a quantity of 1 or more."),
        LINES_INVALID("lines: lines of the order, each once, with 1 unit or more of each."),
        UNITS_NOT_OPEN("So many units of a line are not open: they are cancelled or on their way."),
        NOTHING_OPEN("No unit is open: all are cancelled or on their way."),
        NOTHING_LEFT("Nothing would be left of the order: ask for its cancellation instead."),
        SOMETHING_SHIPPED("Something has left: cancel the lines that have not, return the others."),
        SHIPMENT_PLANNED("Units are in a shipment already."),
        NOT_ALL_SHIPPED("Units of the order have not left yet."),
        SHIPMENT_UNKNOWN("shipment: the order knows no such shipment."),
        SHIPMENT_KNOWN("shipment: the order knows another one under this id."),
        SHIPMENT_CANCELLED("The shipment is cancelled: the goods stay where they are."),
        SHIPMENT_NOT_DISPATCHED("The shipment has not left yet."),
        SHIPMENT_DISPATCHED("The shipment has left."),
        NOTHING_TO_RETURN("No unit was delivered that is not returned already."),
        RETURN_UNKNOWN("return: the order knows no such return."),
        RETURN_KNOWN("return: the order knows another one under this id."),
        RETURN_CLOSED("The return is closed."),
        UNITS_NOT_RETURNABLE("So many units of a line were not delivered, or are returned."),
        REFUND_DIFFERS("refund: the order has changed; ask for the amount again."),
        ATTENTION_UNKNOWN("topic, subject: the order asks for no such attention."),
        NO_EDIT("No edit is proposed."),
        EDIT_EMPTY("An edit takes units away or adds lines, at most 500 in all."),
        EDIT_TOO_DEAR("The order was paid for less than it would cost: place another order."),
        TAX_WOULD_CHANGE("address: another country or region has other taxes."),
        CURRENCIES_MIXED("All amounts of an order are in one currency."),
        TOTALS_DO_NOT_ADD_UP("The amounts of the order do not add up to its totals."),
        AMOUNT_INVALID("amount: above zero is needed, and no more than an order can cost."),
        PAYMENT_NOT_AUTHORIZED("The payment is not authorized."),
        NOT_PAID("Not all that is due was captured."),
        CAPTURE_EXCEEDS_AUTHORIZATION("More would be captured than was authorized."),
        REFUND_EXCEEDS_CAPTURE("More would be refunded than was captured."),
        NOT_SET_ASIDE("So much is not set aside: it is captured or given up."),
        REFERENCE_INVALID("An id or reference has 1 to 100 characters."),
        TOO_MANY_FACTS("The order has as many facts of this kind as it takes."),
        HOLD_KIND_UNKNOWN("kind: FRAUD_REVIEW, ADDRESS, MANUAL or PAYMENT_RISK is needed."),
        TEXT_INVALID("text, reason: at most 2000 characters; a note needs one at least.");

        private final String detail;

        Refusal(String detail) {
            this.detail = detail;
        }

        @Override
        public String detail() {
            return detail;
        }
    }

    public Lifecycle lifecycle() {
        return Axes.lifecycle(progress);
    }

    public Payment payment() {
        return Axes.payment(money, created == null ? 0 : due());
    }

    public Fulfilment fulfilment() {
        return Axes.fulfilment(units);
    }

    public Returns returns() {
        return Axes.returns(units);
    }

    /// Where it stands.
    public Standing standing() {
        return new Standing(lifecycle(), payment(), fulfilment(), returns());
    }

    /// Where the units are, line by line.
    public UnitLedger ledger() {
        if (!units.lines().isEmpty() || created == null) {
            return units;
        }
        List<Quantities> untouched = new ArrayList<>();
        for (PricedLine line : created.lines()) {
            untouched.add(Quantities.untouched(line.quantity()));
        }
        return new UnitLedger(untouched, units.shipments(), units.returns(), units.deliveredAt());
    }

    /// Where the units of the line with this index are.
    public Quantities quantities(int line) {
        return units.lines().isEmpty()
                ? Quantities.untouched(line(line).quantity())
                : units.lines().get(line);
    }

    /// All lines: those that it was placed with and those that were added.
    public List<PricedLine> lines() {
        if (changes.added().isEmpty()) {
            return agreed().lines();
        }
        List<PricedLine> all = new ArrayList<>(agreed().lines());
        all.addAll(changes.added());
        return all;
    }

    /// What of the order is in this shipment; nothing when it does not know it.
    public List<LineUnits> planned(String shipment) {
        UnitLedger.Shipment known = units.shipment(shipment);
        return known == null ? List.of() : known.lines();
    }

    /// What can be put into a shipment: open units that do not wait for stock.
    public List<LineUnits> shippable() {
        List<LineUnits> all = new ArrayList<>();
        List<Quantities> each = ledger().lines();
        for (int line = 0; line < each.size(); line++) {
            int ready = each.get(line).open() - each.get(line).backordered();
            if (ready > 0) {
                all.add(new LineUnits(line, ready));
            }
        }
        return all;
    }

    /// What all lines come to, cancelled units included.
    public Totals totals() {
        return Objects.requireNonNullElseGet(changes.totals(), () -> agreed().totals());
    }

    public Address address() {
        return Objects.requireNonNullElseGet(changes.address(), () -> agreed().address());
    }

    /// What the customer has to pay, in minor units: the total without what cancelled and returned
    /// units cost. Shipping is due as long as the customer gets a single unit; when all units are
    /// credited nothing is.
    public long due() {
        long grand = totals().grand().minor();
        if (units.lines().isEmpty()) {
            return grand;
        }
        boolean isAnyWanted = false;
        for (int line = 0; line < units.lines().size(); line++) {
            Quantities quantities = units.lines().get(line);
            isAnyWanted |= quantities.credited() < quantities.ordered();
            grand -= credit(line, quantities.credited());
        }
        return isAnyWanted ? grand : 0;
    }

    /// What the customer has to pay for what has left, in minor units; shipping with the first of
    /// it. The parts of all shipments add up to what is due.
    public long dueForShipped() {
        long sum = 0;
        boolean isAny = false;
        boolean isAll = true;
        for (int line = 0; line < units.lines().size(); line++) {
            Quantities quantities = units.lines().get(line);
            isAny |= quantities.shipped() > 0;
            isAll &= quantities.shipped() == quantities.wanted();
            sum +=
                    credit(line, quantities.cancelled() + quantities.shipped())
                            - credit(line, quantities.credited());
        }
        if (isAny && isAll) {
            return due();
        }
        return isAny ? sum + agreed().shipping().total().minor() : 0;
    }

    /// What was given back or is to be, in minor units.
    public long givenBack() {
        return money.refunded() + money.refundAsked();
    }

    /// What the first so many credited units of a line come to, in minor units.
    private long credit(int line, int credited) {
        PricedLine priced = line(line);
        return credited == 0
                ? 0
                : priced.total()
                        .refundOf(0, credited, priced.quantity(), agreed().rounding())
                        .minor();
    }

    /// What closing the return will refund when these units of it are taken back: what they cost,
    /// but nothing that was not captured, or that is refunded already (R2). What it has refunded,
    /// once it is closed.
    ///
    /// @param lines no more units than are reserved for the return
    public Money refundFor(String returnId, List<LineUnits> lines) {
        UnitLedger.Returning known = units.returning(returnId);
        if (known != null && known.stage() == UnitLedger.Returning.Stage.CLOSED) {
            return amount(known.refund());
        }
        ReturnFacts.Event closed =
                new ReturnFacts.Event.OrderReturnClosed(
                        returnId, lines, amount(0), Standing.CREATED);
        return amount(Math.max(0, evolve(closed).excess()));
    }

    Decision<Event> decide(Command command) {
        return new OrderDecider(this).decide(command);
    }

    /// Never looks at an event's standing, which follows from the state after it.
    Order evolve(Event event) {
        return switch (event) {
            case OrderCreated e -> new Order(e, progress, changes, units, money, holds, attentions);
            case Event.OrderHoldPlaced(var kind, var reason) -> {
                List<Hold> more = new ArrayList<>(holds);
                more.add(new Hold(kind, reason));
                yield new Order(created, progress, changes, units, money, more, attentions);
            }
            case Event.OrderHoldReleased(var kind) -> {
                List<Hold> fewer = new ArrayList<>(holds);
                fewer.removeIf(hold -> hold.kind() == kind);
                yield new Order(created, progress, changes, units, money, fewer, attentions);
            }
            case Event.OrderNoteAdded _ -> this;
            case Event.OrderAttentionRequested(var attention) -> {
                List<Attention> more = new ArrayList<>(attentions);
                more.add(attention);
                yield new Order(created, progress, changes, units, money, holds, more);
            }
            case Event.OrderAttentionSettled(var attention) -> {
                List<Attention> fewer = new ArrayList<>(attentions);
                fewer.remove(attention);
                yield new Order(created, progress, changes, units, money, holds, fewer);
            }
            case Event.OrderConfirmed _ -> with(progress.confirm());
            case Event.OrderCompleted _ -> with(progress.complete());
            case Event.OrderRejected(var reason, _) ->
                    with(progress.reject(reason)).with(ledger().cancelRest());
            case Event.OrderCancellationRequested(var reason, _) ->
                    with(progress.beginCancelling(reason));
            case Event.OrderCancelled(var reason, _) ->
                    with(progress.cancel(reason)).with(ledger().cancelRest());
            case Event.OrderLinesCancelled(var lines, _, _, _) -> with(ledger().cancel(lines));
            case Edits.Event edit -> edited(edit);
            case PaymentFacts.Event fact -> with(money.evolve(fact));
            case ShipmentFacts.Event fact -> with(ledger().evolve(fact)).closing();
            case ReturnFacts.Event fact -> with(ledger().evolve(fact));
        };
    }

    private Order edited(Edits.Event event) {
        return switch (event) {
            case Edits.Event.OrderEditProposed(var proposal) -> with(changes.proposing(proposal));
            case Edits.Event.OrderEditDiscarded _ -> with(changes.proposing(null));
            case Edits.Event.OrderAddressChanged(var address) -> with(changes.to(address));
            case Edits.Event.OrderEdited(var proposal, _) -> {
                UnitLedger edited = ledger().cancel(proposal.fewer());
                for (PricedLine line : proposal.more()) {
                    edited = edited.add(line.quantity());
                }
                yield with(changes.applying(proposal)).with(edited);
            }
        };
    }

    /// What was captured and is neither due nor asked back, in minor units.
    long excess() {
        return money.kept() - money.refundAsked() - due();
    }

    /// What is set aside for nothing, and nobody was asked to let go of, in minor units.
    long idle() {
        return isClosed() ? money.open() - money.voidAsked() : 0;
    }

    /// Whether nothing will be shipped and nothing captured any more.
    public boolean isClosed() {
        return switch (lifecycle()) {
            case CREATED, CONFIRMED, CANCELLING -> false;
            case COMPLETED, REJECTED, CANCELLED -> true;
        };
    }

    /// Whether what is due is promised, or will be paid after an invoice.
    boolean isSecured() {
        return isOnInvoice() || money.promised() >= due();
    }

    /// Whether so much is promised, or was asked for when the order was placed.
    boolean isAskedFor(long minor) {
        long placed = agreed().totals().grand().minor();
        return isOnInvoice() || Math.max(money.promised(), placed) >= minor;
    }

    boolean isPaid() {
        return isOnInvoice() || money.captured() >= due();
    }

    boolean isHeldFor(HoldKind kind) {
        for (Hold hold : holds) {
            if (hold.kind() == kind) {
                return true;
            }
        }
        return false;
    }

    OrderCreated agreed() {
        return Objects.requireNonNull(created, "the order does not exist");
    }

    public Money amount(long minor) {
        return new Money(minor, agreed().currency());
    }

    Order with(UnitLedger next) {
        return new Order(created, progress, changes, next, money, holds, attentions);
    }

    private Order with(Progress next) {
        return new Order(created, next, changes, units, money, holds, attentions);
    }

    private Order with(Changes next) {
        return new Order(created, progress, next, units, money, holds, attentions);
    }

    private Order with(MoneyLedger next) {
        return new Order(created, progress, changes, units, next, holds, attentions);
    }

    /// In an order that is closed, no unit becomes open again.
    private Order closing() {
        return isClosed() ? with(units.cancelRest()) : this;
    }

    private PricedLine line(int line) {
        int placed = agreed().lines().size();
        return line < placed ? agreed().lines().get(line) : changes.added().get(line - placed);
    }

    public boolean isOnInvoice() {
        return agreed().payment().method().equals(PaymentCheck.INVOICE);
    }
}
