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
import dev.fakta.orders.order.Standing.Counterpart;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.Totals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
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
/// @param stock what stock has promised
/// @param codes what campaigns have said last of its codes
public record Order(
        @Nullable OrderCreated created,
        Progress progress,
        Changes changes,
        UnitLedger units,
        MoneyLedger money,
        List<Hold> holds,
        List<Attention> attentions,
        StockBook stock,
        List<CodeStanding> codes) {

    static final Order NONE =
            new Order(
                    null,
                    Progress.PLACED,
                    Changes.NONE,
                    UnitLedger.UNTOUCHED,
                    MoneyLedger.EMPTY,
                    List.of(),
                    List.of(),
                    StockBook.EMPTY,
                    List.of());

    public static final Aggregate<Command, Event, Order> AGGREGATE = OrderEvents.named();

    public Order {
        holds = List.copyOf(holds);
        attentions = List.copyOf(attentions);
        codes = List.copyOf(codes);
    }

    public record Hold(HoldKind kind, String reason) {}

    /// Something that cannot be undone and does not fit.
    ///
    /// @param subject the id of the shipment that it is about
    public record Attention(Topic topic, String subject) {
        public enum Topic {
            DISPATCHED_AFTER_CANCELLATION,
            DELIVERED_AFTER_LOSS,
            NOT_DISPATCHED_IN_TIME,
            /// A stock item does not do what the order wants of it; the subject says why.
            STOCK_REFUSED,
            /// A campaign does not do what the order wants of it; the subject says why.
            CODES_REFUSED,
            /// A shipment does not fit to what the order knows; the subject says why.
            SHIPPING_REFUSED,
            /// The payment does not do what the order wants of it; the subject says why.
            PAYMENT_REFUSED,
            /// A refund has failed for good; the subject is its reason.
            REFUND_FAILED,
            /// More was paid for the invoice than is due; ends by itself when that is given back.
            INVOICE_OVERPAID,
            /// Nothing goes on, and nobody is waited for; the subject is what should have come.
            STALLED
        }
    }

    public sealed interface Command
            permits Command.CreateOrder,
                    Command.OfOrder,
                    Edits.Change,
                    PaymentFacts.Command,
                    ShipmentFacts.Command,
                    ReturnFacts.Command,
                    StockFacts.Command,
                    CodeFacts.Command,
                    Edits.Command {
        record CreateOrder(OrderCreated order) implements Command {}

        /// A command to an order that exists, about the order as a whole.
        sealed interface OfOrder extends Command {}

        record RejectOrder(RejectReason reason) implements OfOrder {}

        record PlaceHold(@Nullable String kind, @Nullable String reason, Instant at)
                implements OfOrder {}

        record ReleaseHold(@Nullable String kind, Instant at) implements OfOrder {}

        record AddNote(@Nullable String text) implements OfOrder {}

        record RequestCancellation(@Nullable String reason) implements OfOrder {}

        record CancelLines(@Nullable List<@Nullable LineUnits> lines, @Nullable String reason)
                implements OfOrder, Edits.Change {}

        /// Somebody has to look at what did not fit.
        ///
        /// @param subject what it is about, or what was said
        record RaiseAttention(Attention.Topic topic, String subject) implements OfOrder {}

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
                        ReturnFacts.Event,
                        StockFacts.Event,
                        CodeFacts.Event {
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
        ATTENTION_UNKNOWN("topic, subject: the order asks for no such attention."),
        NO_EDIT("No edit is proposed."),
        EDIT_EMPTY("An edit takes units away or adds lines, at most 500 in all."),
        TAX_WOULD_CHANGE("address: another country or region has other taxes."),
        CURRENCIES_MIXED("All amounts of an order are in one currency."),
        TOTALS_DO_NOT_ADD_UP("The amounts of the order do not add up to its totals."),
        AMOUNT_INVALID("amount: above zero is needed, and no more than an order can cost."),
        PAYMENT_NOT_AUTHORIZED("The payment is not authorized."),
        NOTHING_OWED("Nothing is owed that is not paid or promised."),
        CARD_INVALID("method, token: card, with a token of 1 to 200 characters, is needed."),
        NOT_ON_INVOICE("The order is not paid by invoice."),
        REFERENCE_KNOWN("reference: another amount was recorded under it."),
        CREDIT_ID_INVALID("id: a credit has one of 1 to 93 characters."),
        CREDIT_KNOWN("id: another credit was granted under this id."),
        CREDIT_EXCEEDS_DUE("amount: the customer has to pay less than that."),
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
        return created == null ? Payment.NONE : Axes.payment(account());
    }

    public Fulfilment fulfilment() {
        return Axes.fulfilment(units);
    }

    public Returns returns() {
        return Axes.returns(units);
    }

    /// Where it stands.
    public Standing standing() {
        Standing standing = new Standing(lifecycle(), payment(), fulfilment(), returns());
        if (created == null) {
            return standing;
        }
        if (!unansweredNeeds().isEmpty()) {
            standing = standing.telling(Counterpart.STOCK);
        }
        return unansweredCodes().isEmpty() ? standing : standing.telling(Counterpart.CODES);
    }

    /// The events that can move an axis.
    public static List<Class<? extends Event.Moving>> moving() {
        return OrderEvents.moving();
    }

    /// What it needs of stock, line by line.
    public List<StockNeed> needs() {
        return new StockNeeds(this).all();
    }

    /// The units of the line with this index that its stock item at a location has booked as gone,
    /// as far as the order has heard.
    public int bookedFor(int line, String location) {
        return stock.of(line, location).left();
    }

    /// Whether the time is over for which stock was to be kept for it.
    public boolean isStockOver(Instant now) {
        return new StockNeeds(this).isOver(now);
    }

    /// Those of its needs that stock has not answered.
    public List<StockNeed> unansweredNeeds() {
        return new StockNeeds(this).unanswered();
    }

    /// What it wants of its codes.
    public List<CodeUse> codeUses() {
        return new CodeWishes(this).all();
    }

    /// Those of its wishes that campaigns have not answered.
    public List<CodeUse> unansweredCodes() {
        return new CodeWishes(this).unanswered();
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

    /// What can be put into a shipment: open units that lie at the location for the order.
    public List<LineUnits> shippable(String location) {
        return new StockNeeds(this).shippable(location);
    }

    /// What it wants of the shipments that have not left.
    public List<ShipmentWish> shipmentWishes() {
        return new ShipmentWishes(this).all();
    }

    /// Whether a shipment can be planned now.
    public boolean canBeShipped() {
        return Actions.refusal(this, Actions.Action.PLAN_SHIPMENT) == null
                && new StockNeeds(this).isAnyShippable();
    }

    /// What all lines come to, cancelled units included.
    public Totals totals() {
        return Objects.requireNonNullElseGet(changes.totals(), () -> agreed().totals());
    }

    public Address address() {
        return Objects.requireNonNullElseGet(changes.address(), () -> agreed().address());
    }

    /// What its money comes to.
    public Account account() {
        return new Account(this);
    }

    /// What it wants to be true of its money.
    public MoneyWish moneyWish() {
        return account().wish();
    }

    /// What the customer has to pay, in minor units.
    public long due() {
        return account().due();
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
        return amount(Math.max(0, evolve(closed).account().excess()));
    }

    Decision<Event> decide(Command command) {
        return new OrderDecider(this).decide(command);
    }

    /// Never looks at an event's standing, which follows from the state after it.
    Order evolve(Event event) {
        return switch (event) {
            case OrderCreated e ->
                    new Order(e, progress, changes, units, money, holds, attentions, stock, codes);
            case Event.OrderHoldPlaced(var kind, var reason) -> {
                List<Hold> more = new ArrayList<>(holds);
                more.add(new Hold(kind, reason));
                yield new Order(
                        created, progress, changes, units, money, more, attentions, stock, codes);
            }
            case Event.OrderHoldReleased(var kind) -> {
                List<Hold> fewer = new ArrayList<>(holds);
                fewer.removeIf(hold -> hold.kind() == kind);
                yield new Order(
                        created, progress, changes, units, money, fewer, attentions, stock, codes);
            }
            case Event.OrderNoteAdded _ -> this;
            case Event.OrderAttentionRequested(var attention) -> {
                List<Attention> more = new ArrayList<>(attentions);
                more.add(attention);
                yield new Order(
                        created, progress, changes, units, money, holds, more, stock, codes);
            }
            case Event.OrderAttentionSettled(var attention) -> {
                List<Attention> fewer = new ArrayList<>(attentions);
                fewer.remove(attention);
                yield new Order(
                        created, progress, changes, units, money, holds, fewer, stock, codes);
            }
            case Event.OrderConfirmed _ -> with(progress.confirm());
            case Event.OrderCompleted _ -> with(progress.complete()).ended();
            case Event.OrderRejected(var reason, _) ->
                    with(progress.reject(reason)).with(ledger().cancelRest()).ended();
            case Event.OrderCancellationRequested(var reason, _) ->
                    with(progress.beginCancelling(reason));
            case Event.OrderCancelled(var reason, _) ->
                    with(progress.cancel(reason)).with(ledger().cancelRest()).ended();
            case Event.OrderLinesCancelled(var lines, _, _, _) -> with(ledger().cancel(lines));
            case Edits.Event edit -> new Edits(this).evolve(edit);
            case PaymentFacts.Event fact -> with(money.evolve(fact));
            case ShipmentFacts.Event.OrderShipmentLost lost ->
                    with(ledger().evolve(lost))
                            .with(stock.askingAgain(lost.lines()))
                            .waiting()
                            .closing();
            case ShipmentFacts.Event fact ->
                    moved(fact).with(ledger().evolve(fact)).waiting().closing();
            case ReturnFacts.Event fact -> with(ledger().evolve(fact));
            case StockFacts.Event.OrderStockChanged(var answers, _, _) ->
                    hearing(stock.hearing(answers));
            case StockFacts.Event.OrderStockKept(var until, _) -> with(stock.keptUntil(until));
            case StockFacts.Event.OrderReviewed(var until, _) -> with(stock.keptUntil(until));
            case CodeFacts.Event.OrderCodesChanged(var answers, _) ->
                    hearing(new CodeWishes(this).hearing(answers));
        };
    }

    /// Whether nothing will be shipped and nothing captured any more.
    public boolean isClosed() {
        return switch (lifecycle()) {
            case CREATED, CONFIRMED, CANCELLING -> false;
            case COMPLETED, REJECTED, CANCELLED -> true;
        };
    }

    boolean isSecured() {
        return account().isSecured();
    }

    /// Whether stock and codes can be its own for good: nobody has to look at it first, and what is
    /// due is promised.
    boolean isReadyToConfirm() {
        return isSecured() && !new Review(this).isOpen();
    }

    boolean isHeldFor(HoldKind kind) {
        for (Hold hold : holds) {
            if (hold.kind() == kind) {
                return true;
            }
        }
        return false;
    }

    /// What was agreed when it was placed.
    public OrderCreated agreed() {
        return Objects.requireNonNull(created, "the order does not exist");
    }

    public Money amount(long minor) {
        return new Money(minor, agreed().currency());
    }

    Order with(UnitLedger next) {
        return new Order(created, progress, changes, next, money, holds, attentions, stock, codes);
    }

    private Order with(Progress next) {
        return new Order(created, next, changes, units, money, holds, attentions, stock, codes);
    }

    Order with(Changes next) {
        return new Order(created, progress, next, units, money, holds, attentions, stock, codes);
    }

    private Order with(MoneyLedger next) {
        return new Order(created, progress, changes, units, next, holds, attentions, stock, codes);
    }

    Order with(StockBook next) {
        return new Order(created, progress, changes, units, money, holds, attentions, next, codes);
    }

    Order hearing(StockBook next) {
        return with(ledger()).with(next).waiting();
    }

    /// With the units that wait for stock, now that stock has said something else or units are in
    /// other shipments.
    private Order waiting() {
        return with(units.waiting(new StockNeeds(this)::waiting));
    }

    private Order hearing(List<CodeStanding> next) {
        return new Order(created, progress, changes, units, money, holds, attentions, stock, next);
    }

    /// An order that has ended does not stall.
    private Order ended() {
        return without(attention -> attention.topic() == Attention.Topic.STALLED);
    }

    /// A shipment that has left, or will not, is not late.
    private Order moved(ShipmentFacts.Event fact) {
        return switch (fact) {
            case ShipmentFacts.Event.OrderShipmentDispatched(var id, _, _) -> inTime(id);
            case ShipmentFacts.Event.OrderShipmentCancelled(var id, _) -> inTime(id);
            case ShipmentFacts.Event.OrderShipmentPlanned _,
                    ShipmentFacts.Event.OrderShipmentDelivered _,
                    ShipmentFacts.Event.OrderShipmentPresumed _,
                    ShipmentFacts.Event.OrderShipmentUnexpected _,
                    ShipmentFacts.Event.OrderShipmentLost _ ->
                    this;
        };
    }

    private Order inTime(String shipment) {
        return without(new Attention(Attention.Topic.NOT_DISPATCHED_IN_TIME, shipment)::equals);
    }

    private Order without(Predicate<Attention> which) {
        List<Attention> fewer = new ArrayList<>(attentions);
        return fewer.removeIf(which)
                ? new Order(created, progress, changes, units, money, holds, fewer, stock, codes)
                : this;
    }

    /// In an order that is closed, no unit becomes open again.
    private Order closing() {
        return isClosed() ? with(units.cancelRest()) : this;
    }

    PricedLine line(int line) {
        int placed = agreed().lines().size();
        return line < placed ? agreed().lines().get(line) : changes.added().get(line - placed);
    }

    public boolean isOnInvoice() {
        return agreed().payment().method().equals(PaymentCheck.INVOICE);
    }
}
