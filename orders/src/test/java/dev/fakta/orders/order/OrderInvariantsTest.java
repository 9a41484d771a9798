// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Actions.Action;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Order.Event;
import dev.fakta.orders.order.Standing.Counterpart;
import dev.fakta.orders.order.UnitLedger.Shipment;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.Totals;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What holds for an order after any sequence of commands, nonsense and duplicates included: of its
/// state, and of its events counted without it.
class OrderInvariantsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Provide
    Arbitrary<List<Command>> sequences() {
        return OrderCommands.sequences();
    }

    @Property(tries = 300)
    void the_total_is_the_sum_of_what_it_is_made_of(
            @ForAll("sequences") List<Command> commands) { // O1, O6
        for (Order order : history(commands).states()) {
            OrderCreated created = Objects.requireNonNull(order.created());
            Totals totals = order.totals();
            assertThat(totals).isEqualTo(Totals.of(order.lines(), created.shipping()));
            assertThat(totals.grand())
                    .isEqualTo(
                            totals.items()
                                    .plus(totals.shipping())
                                    .plus(totals.tax())
                                    .minus(totals.discount()));
            assertThat(created.with(order.lines(), totals).fault()).isNull();
            assertThat(order.due()).isBetween(0L, totals.grand().minor());
        }
    }

    @Property(tries = 300)
    void every_unit_is_in_one_place(@ForAll("sequences") List<Command> commands) { // O2
        History history = history(commands);
        for (Order order : history.states()) {
            UnitLedger ledger = order.ledger();
            assertThat(ledger.lines()).hasSameSizeAs(order.lines());
            for (int line = 0; line < order.lines().size(); line++) {
                Quantities q = ledger.lines().get(line);
                assertThat(q.ordered()).isEqualTo(order.lines().get(line).quantity());
                assertThat(q.open()).isNotNegative();
                assertThat(q.cancelled() + q.open() + q.allocated() + q.shipped())
                        .isEqualTo(q.ordered());
                assertThat(q.delivered()).isLessThanOrEqualTo(q.shipped());
                assertThat(q.delivered()).isEqualTo(inShipments(ledger, line, Shipment::delivered));
                assertThat(q.shipped())
                        .isEqualTo(ledger.left(line, Sourcing.MAIN) - lost(ledger, line));
                assertThat(q.returned()).isLessThanOrEqualTo(q.delivered());
                assertThat(ledger.returnable(line)).isNotNegative(); // R1
            }
        }
        UnitCount.of(history.events()).agreesWith(history.last());
    }

    @Property(tries = 300)
    void no_more_is_captured_than_authorized_nor_refunded_than_captured(
            @ForAll("sequences") List<Command> commands) { // O3, R2
        MoneyCount count = new MoneyCount();
        History history = history(commands);
        for (Event event : history.events()) {
            if (event instanceof PaymentFacts.Event fact) {
                count.hear(fact);
            }
            count.adds();
        }
        MoneyLedger money = history.last().money();
        assertThat(money.authorized()).isEqualTo(count.authorized);
        assertThat(money.captured()).isEqualTo(count.captured);
        assertThat(money.refunded()).isEqualTo(count.refunded);
        assertThat(money.withdrawn()).isEqualTo(count.withdrawn);
        assertThat(money.asked()).isEqualTo(count.asked);
    }

    @Property(tries = 300)
    void nothing_ships_that_is_held_or_not_paid_for_or_cancelled(
            @ForAll("sequences") List<Command> commands) { // O4
        Order before = Order.NONE;
        for (Command command : commands) {
            boolean asks =
                    command instanceof ShipmentFacts.Command.RecordShipmentPlanned
                            || command instanceof ShipmentFacts.Command.ReleaseShipment;
            if (asks && !events(before, command).isEmpty()) {
                assertThat(before.holds()).isEmpty();
                assertThat(before.lifecycle()).isEqualTo(Lifecycle.CONFIRMED);
                assertThat(before.money().secured()).isGreaterThanOrEqualTo(before.due());
            }
            before = after(before, command);
        }
    }

    @Property(tries = 300)
    void what_is_final_stays_and_what_is_paid_late_is_asked_back(
            @ForAll("sequences") List<Command> commands) { // O5
        Order before = Order.NONE;
        for (Command command : commands) {
            Order after = after(before, command);
            if (before.lifecycle() == Lifecycle.CANCELLED
                    || before.lifecycle() == Lifecycle.REJECTED
                    || before.lifecycle() == Lifecycle.COMPLETED) {
                assertThat(after.lifecycle()).isEqualTo(before.lifecycle());
                assertThat(after.holds()).isEqualTo(before.holds());
                assertThat(after.ledger().sum(Quantities::open))
                        .isLessThanOrEqualTo(before.ledger().sum(Quantities::open));
            }
            if (after.isClosed()) {
                assertThat(after.account().excess()).isNotPositive();
                assertThat(after.moneyWish().take())
                        .isLessThanOrEqualTo(after.money().cards().captured());
                assertThat(after.moneyWish().credit().take())
                        .isLessThanOrEqualTo(after.money().credit().captured());
            }
            before = after;
        }
    }

    @Property(tries = 300)
    void a_recorded_fact_that_is_told_again_changes_nothing(
            @ForAll("sequences") List<Command> commands) { // O7, as far as a state can tell
        Order order = Order.NONE;
        for (Command command : commands) {
            boolean isFact = isFact(command, order);
            order = after(order, command);
            if (isFact) {
                assertThat(after(order, command)).as("%s again", command).isEqualTo(order);
            }
        }
    }

    /// A payment knows of no attempt that its order has not made.
    private static boolean isFact(Command command, Order order) {
        return switch (command) {
            case PaymentFacts.Command.RecordMoney(var standing) ->
                    standing.cards().attempt() <= order.money().card().attempt();
            case PaymentFacts.Command.Pay _ -> false;
            case PaymentFacts.Command _, ShipmentFacts.Command _, ReturnFacts.Command _ -> true;
            case Command _ -> false;
        };
    }

    @Property(tries = 300)
    void an_event_says_where_the_order_stands_after_it(
            @ForAll("sequences") List<Command> commands) {
        Order order = Order.NONE;
        for (Event event : history(commands).events()) {
            Order before = order;
            order = order.evolve(event);
            boolean isWishNew = !order.moneyWish().equals(before.moneyWish());
            if (event instanceof Event.Moving moving) {
                Standing told = told(before, event, order, isWishNew);
                assertThat(moving.standing()).isEqualTo(told);
            } else if (!(event instanceof OrderCreated)) {
                assertThat(order.standing()).as("%s", event).isEqualTo(before.standing());
                assertThat(isWishNew).as("%s", event).isFalse();
            }
        }
    }

    private static Standing told(Order before, Event event, Order order, boolean isWishNew) {
        Standing standing = order.standing();
        standing = isWishNew ? standing.telling(Counterpart.MONEY) : standing;
        boolean isStopped =
                order.shipmentWishes().stream().anyMatch(wish -> isStopped(wish, before));
        boolean isKnown =
                event instanceof ShipmentFacts.Event.OrderShipmentPlanned
                        || event instanceof ShipmentFacts.Event.OrderShipmentCancelled;
        return !isKnown && (order.canBeShipped() || isStopped)
                ? standing.telling(Counterpart.SHIPPING)
                : standing;
    }

    private static boolean isStopped(ShipmentWish wish, Order before) {
        return !wish.isWanted()
                && before.shipmentWishes().stream()
                        .anyMatch(one -> one.shipment().equals(wish.shipment()) && one.isWanted());
    }

    @Property(tries = 300)
    void what_is_said_to_be_allowed_is_and_what_is_not_is_not(
            @ForAll("sequences") List<Command> commands) {
        Order order = Order.NONE;
        for (Command command : commands) {
            if (order.created() != null) {
                agrees(order, command);
            }
            order = after(order, command);
            for (Action action : order.created() == null ? new Action[0] : Action.values()) {
                Command example = Examples.of(order, action);
                if (Actions.refusal(order, action) == null && !isToBePulledBack(order, action)) {
                    assertThat(events(order, example)).as("%s: %s", action, example).isNotEmpty();
                }
            }
        }
    }

    /// What the order alone does not do: the shipment that has the units is pulled back first.
    private static boolean isToBePulledBack(Order order, Action action) {
        return order.ledger().sum(Quantities::allocated) > 0
                && EnumSet.of(Action.CANCEL_LINES, Action.APPLY_EDIT, Action.CHANGE_ADDRESS)
                        .contains(action);
    }

    private static void agrees(Order order, Command command) {
        Action action = Examples.action(command);
        if (action != null && Actions.refusal(order, action) != null) {
            assertThat(events(order, command)).as("%s: %s", action, command).isEmpty();
        }
    }

    @Property(tries = 100)
    void events_and_state_come_back_from_json_as_they_were(
            @ForAll("sequences") List<Command> commands) {
        History history = history(commands);
        for (Event event : history.events()) {
            assertThat(JSON.readValue(JSON.writeValueAsString(event), event.getClass()))
                    .isEqualTo(event);
        }
        assertThat(JSON.readValue(JSON.writeValueAsString(history.last()), Order.class))
                .isEqualTo(history.last());
    }

    @Property(tries = 300)
    void credits_of_lines_add_up_to_the_lines(@ForAll("sequences") List<Command> commands) {
        Order order = history(commands).last();
        long granted = order.account().credits();
        long fully = 0;
        boolean isAnyWanted = false;
        for (int line = 0; line < order.lines().size(); line++) {
            Quantities q = order.quantities(line);
            PricedLine priced = order.lines().get(line);
            Money byUnits = Money.zero(priced.net().currency());
            for (int unit = 0; unit < q.credited(); unit++) {
                byUnits =
                        byUnits.plus(
                                priced.total()
                                        .refundOf(
                                                unit,
                                                unit + 1,
                                                q.ordered(),
                                                OrderCommands.CREATED.rounding()));
            }
            fully += byUnits.minor();
            isAnyWanted |= q.credited() < q.ordered();
        }
        long shipping = isAnyWanted ? 0 : OrderCommands.CREATED.shipping().total().minor();
        long goods = order.totals().grand().minor() - fully - shipping;
        assertThat(order.due()).isEqualTo(Math.max(0, goods - granted));
    }

    @Property(tries = 300)
    void there_is_at_most_one_hold_per_kind(@ForAll("sequences") List<Command> commands) {
        for (Order order : history(commands).states()) {
            assertThat(new HashSet<>(order.holds().stream().map(Order.Hold::kind).toList()))
                    .hasSameSizeAs(order.holds());
        }
    }

    /// The events of a sequence of commands, and the states after each of them.
    record History(List<Event> events, List<Order> states) {
        Order last() {
            return states.getLast();
        }
    }

    static History history(List<Command> commands) {
        List<Event> all = new ArrayList<>();
        List<Order> states = new ArrayList<>();
        Order order = Order.NONE;
        for (Command command : commands) {
            for (Event event : events(order, command)) {
                order = Order.AGGREGATE.evolve(order, event);
                all.add(event);
                states.add(order);
            }
        }
        return new History(all, states);
    }

    /// None when the command is refused.
    static List<Event> events(Order order, Command command) {
        return switch (Order.AGGREGATE.decide(order, command)) {
            case Decision.Rejected<Event> _ -> List.of();
            case Decision.Accepted<Event>(var events) -> events;
        };
    }

    private static Order after(Order order, Command command) {
        Order next = order;
        for (Event event : events(order, command)) {
            next = Order.AGGREGATE.evolve(next, event);
        }
        return next;
    }

    private static int lost(UnitLedger ledger, int line) {
        return inShipments(ledger, line, Shipment::lost);
    }

    private static int inShipments(
            UnitLedger ledger, int line, Function<Shipment, List<LineUnits>> which) {
        return ledger.shipments().stream()
                .mapToInt(shipment -> LineUnits.of(line, which.apply(shipment)))
                .sum();
    }

    /// Which action a command is, and a command for each action.
    private static final class Examples {

        static @Nullable Action action(Command command) {
            return switch (command) {
                case Command.CreateOrder _ -> null;
                case Command.RejectOrder _ -> Action.REJECT;
                case Command.PlaceHold _ -> Action.HOLD;
                case Command.ReleaseHold _ -> Action.RELEASE_HOLD;
                case Command.AddNote _ -> Action.NOTE;
                case Command.RequestCancellation _ -> Action.CANCEL;
                case Command.CancelLines _ -> Action.CANCEL_LINES;
                case Edits.Command.ChangePulledBack _ -> null; // depends on its shipments too
                case Command.RaiseAttention _ -> null;
                case Command.SettleAttention _ -> Action.SETTLE_ATTENTION;
                case Edits.Command.ProposeEdit _ -> Action.PROPOSE_EDIT;
                case Edits.Command.ApplyEdit _ -> Action.APPLY_EDIT;
                case Edits.Command.DiscardEdit _ -> Action.DISCARD_EDIT;
                case Edits.Command.ChangeAddress _ -> Action.CHANGE_ADDRESS;
                case ShipmentFacts.Command.RecordShipmentPlanned _ -> Action.PLAN_SHIPMENT;
                case ReturnFacts.Command.RecordReturnRequested _ -> Action.RETURN;
                case PaymentFacts.Command.Pay _ -> Action.PAY;
                case PaymentFacts.Command.GrantCredit _ -> Action.CREDIT;
                case PaymentFacts.Command.RecordInvoicePayment _ -> Action.RECORD_INVOICE_PAYMENT;
                // These depend on the shipment or the return too, or are facts.
                case ShipmentFacts.Command _,
                        ReturnFacts.Command _,
                        PaymentFacts.Command.RecordMoney _,
                        PaymentFacts.Command.RecordNoAnswer _,
                        PaymentFacts.Command.RecordNoOtherCard _,
                        StockFacts.Command _,
                        CodeFacts.Command _ ->
                        null;
            };
        }

        /// A command that does it, if it may be done.
        static Command of(Order order, Action action) {
            return switch (action) {
                case REJECT -> new Command.RejectOrder(Progress.RejectReason.TIMEOUT);
                case NOTE -> new Command.AddNote("n");
                case SETTLE_ATTENTION ->
                        order.attentions().isEmpty()
                                ? new Command.SettleAttention(null, null)
                                : new Command.SettleAttention(
                                        order.attentions().getFirst().topic(),
                                        order.attentions().getFirst().subject());
                case HOLD -> new Command.PlaceHold("FRAUD_REVIEW", null, Placing.NOON);
                case RELEASE_HOLD ->
                        new Command.ReleaseHold(
                                order.holds().isEmpty()
                                        ? "ADDRESS"
                                        : order.holds().getFirst().kind().name(),
                                Placing.NOON);
                case PAY -> new PaymentFacts.Command.Pay("card", "tok_new");
                case CREDIT ->
                        new PaymentFacts.Command.GrantCredit("new", OrderCommands.eur(1), null);
                case RECORD_INVOICE_PAYMENT ->
                        new PaymentFacts.Command.RecordInvoicePayment("new", OrderCommands.eur(1));
                case CANCEL -> new Command.RequestCancellation(null);
                case CANCEL_LINES -> new Command.CancelLines(new ArrayList<>(open(order)), null);
                case PROPOSE_EDIT -> {
                    boolean isProposed = order.changes().proposal() != null;
                    PricedLine spare = OrderCommands.spare();
                    yield new Edits.Command.ProposeEdit(
                            List.of(), isProposed ? List.of(spare, spare) : List.of(spare));
                }
                case APPLY_EDIT -> new Edits.Command.ApplyEdit();
                case DISCARD_EDIT -> new Edits.Command.DiscardEdit();
                case CHANGE_ADDRESS -> {
                    Address a = order.address();
                    yield new Edits.Command.ChangeAddress(
                            new Address(
                                    a.name() + "!",
                                    a.line1(),
                                    a.line2(),
                                    a.city(),
                                    a.region(),
                                    a.postalCode(),
                                    a.country()));
                }
                case PLAN_SHIPMENT ->
                        new ShipmentFacts.Command.RecordShipmentPlanned("new", open(order));
                case DISPATCH -> {
                    String planned = "none";
                    for (Shipment shipment : order.units().shipments()) {
                        if (shipment.stage() == Shipment.Stage.PLANNED) {
                            planned = shipment.id();
                        }
                    }
                    yield new ShipmentFacts.Command.ReleaseShipment(planned, "");
                }
                case RETURN -> {
                    int line = 0;
                    while (line + 1 < order.units().lines().size()
                            && order.units().returnable(line) == 0) {
                        line++;
                    }
                    yield new ReturnFacts.Command.RecordReturnRequested(
                            "new", OrderCommands.units(line, 1));
                }
            };
        }

        /// One unit of the first line that has an open one; none when there is none.
        private static List<LineUnits> open(Order order) {
            for (int line = 0; line < order.lines().size(); line++) {
                if (order.quantities(line).open() > 0) {
                    return OrderCommands.units(line, 1);
                }
            }
            return List.of();
        }
    }

    /// Money counted from the events alone.
    private static final class MoneyCount {
        private long authorized;
        private long captured;
        private long refunded;
        private long withdrawn;
        private long asked;

        void hear(PaymentFacts.Event event) {
            switch (event) {
                case PaymentFacts.Event.OrderStoreCreditAuthorized(_, var amount, _) ->
                        authorized += amount.minor();
                case PaymentFacts.Event.OrderPaymentAuthorized(_, var amount, _) ->
                        authorized += amount.minor();
                case PaymentFacts.Event.OrderStoreCreditTaken(_, var amount, _) ->
                        captured += amount.minor();
                case PaymentFacts.Event.OrderPaymentCaptured(_, var amount, _) ->
                        captured += amount.minor();
                case PaymentFacts.Event.OrderStoreCreditReturned(_, var amount, _) ->
                        refunded += amount.minor();
                case PaymentFacts.Event.OrderPaymentRefunded(_, var amount, _) ->
                        refunded += amount.minor();
                case PaymentFacts.Event.OrderStoreCreditReleased(_, var amount, _) ->
                        withdrawn += amount.minor();
                case PaymentFacts.Event.OrderPaymentVoided(_, var amount, _) ->
                        withdrawn += amount.minor();
                case PaymentFacts.Event.OrderPaymentExpired(_, var amount, _) ->
                        withdrawn += amount.minor();
                case PaymentFacts.Event.OrderRefundRequested(_, var amount, var toCredit, _) -> {
                    assertThat(amount.signum()).isPositive();
                    assertThat(toCredit.minor()).isBetween(0L, amount.minor());
                    asked += amount.minor();
                }
                case PaymentFacts.Event _ -> {}
            }
        }

        void adds() {
            assertThat(captured + withdrawn).isLessThanOrEqualTo(authorized);
            assertThat(refunded).isLessThanOrEqualTo(captured);
            assertThat(asked).isLessThanOrEqualTo(captured);
        }
    }

    /// Units counted from the events alone.
    private record UnitCount(long cancelled, long planned, long shipped, long back, long lost) {

        static UnitCount of(List<Event> events) {
            UnitCount count = new UnitCount(0, 0, 0, 0, 0);
            for (Event event : events) {
                count = count.with(event);
            }
            return count;
        }

        private UnitCount with(Event event) {
            return switch (event) {
                case Event.OrderLinesCancelled(var lines, _, _, _) ->
                        new UnitCount(cancelled + sum(lines), planned, shipped, back, lost);
                case Edits.Event.OrderEdited(var proposal, _) ->
                        new UnitCount(
                                cancelled + sum(proposal.fewer()), planned, shipped, back, lost);
                case ShipmentFacts.Event.OrderShipmentPlanned(_, _, var lines, _) ->
                        new UnitCount(cancelled, planned + sum(lines), shipped, back, lost);
                case ShipmentFacts.Event.OrderShipmentDelivered(_, var lines, _, _) ->
                        new UnitCount(cancelled, planned, shipped + sum(lines), back, lost);
                case ShipmentFacts.Event.OrderShipmentPresumed(_, var lines, _, _) ->
                        new UnitCount(cancelled, planned, shipped + sum(lines), back, lost);
                case ShipmentFacts.Event.OrderShipmentLost(_, var lines, _) ->
                        new UnitCount(cancelled, planned, shipped, back, lost + sum(lines));
                case ReturnFacts.Event.OrderReturnClosed(_, var lines, _, _) ->
                        new UnitCount(cancelled, planned, shipped, back + sum(lines), lost);
                case Event _ -> this;
            };
        }

        private static long sum(List<LineUnits> lines) {
            return lines.stream().mapToLong(LineUnits::quantity).sum();
        }

        /// Returned units are in the events one by one; the others bound the rest.
        void agreesWith(Order order) {
            UnitLedger ledger = order.ledger();
            assertThat(ledger.sum(Quantities::delivered)).isLessThanOrEqualTo(shipped);
            assertThat(ledger.sum(Quantities::returned)).isEqualTo(back);
            assertThat(ledger.sum(Quantities::allocated) + ledger.sum(Quantities::shipped))
                    .isLessThanOrEqualTo(planned - lost);
            assertThat(ledger.sum(Quantities::cancelled)).isGreaterThanOrEqualTo(cancelled);
        }
    }
}
