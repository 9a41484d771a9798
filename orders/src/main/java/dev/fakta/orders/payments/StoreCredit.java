// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.PersistentMap;
import dev.fakta.domain.Rejection;
import dev.fakta.orders.fields.Faults;
import dev.fakta.orders.money.Money;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a customer has to spend with us, in one currency. The aggregate's id is the customer's.
///
/// An order says in absolute terms what it wants of it ([Command.Settle]): it has some of it
/// promised, takes it in parts, and lets go of the rest. The balance never falls below what is
/// promised, and so never below zero. An order is promised something once; what it let go is not
/// promised to it again.
///
/// @param currency none as long as nothing was issued
/// @param balance minor units, with those that are promised
/// @param held the minor units of these that are promised to orders
/// @param orders what each order did with it
/// @param issues the amounts that were issued, by their reference
public record StoreCredit(
        @Nullable Currency currency,
        long balance,
        long held,
        Map<String, Spending> orders,
        Map<String, Long> issues) {

    static final long MOST_MINOR = 1_000_000_000_000L;

    /// Orders, and issues, of one customer in a lifetime.
    static final int MOST_ENTRIES = 10_000;

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_REASON = 200;

    public static final Aggregate<Command, Event, StoreCredit> AGGREGATE =
            Aggregate.named("store-credit")
                    .taking(Command.class)
                    .startingAs(new StoreCredit(null, 0, 0, Map.of(), Map.of()))
                    .deciding(StoreCredit::decide)
                    .evolving(StoreCredit::evolve)
                    .refusing(Refusal.class)
                    .event("store-credit-issued", Event.StoreCreditIssued.class)
                    .event("store-credit-authorized", Event.StoreCreditAuthorized.class)
                    .event("store-credit-captured", Event.StoreCreditCaptured.class)
                    .event("store-credit-released", Event.StoreCreditReleased.class)
                    .event("store-credit-refunded", Event.StoreCreditRefunded.class);

    public StoreCredit {
        orders = PersistentMap.copyOf(orders);
        issues = PersistentMap.copyOf(issues);
    }

    public sealed interface Command {
        /// Gives the customer something to spend.
        ///
        /// @param reference what makes it the same when it is repeated
        record IssueCredit(
                @Nullable String reference, @Nullable Money amount, @Nullable String reason)
                implements Command {}

        /// What an order wants of it, in absolute terms and in minor units. What the customer does
        /// not have is part of the answer: [StoreCredit#standing] says what the order has.
        ///
        /// @param hold what should be promised or taken in all; what was let go is not promised
        ///   again
        /// @param take what of it should be taken in all
        /// @param back what of that should be given back in all
        record Settle(
                @Nullable String order,
                @Nullable Currency currency,
                long hold,
                long take,
                long back)
                implements Command {}
    }

    public sealed interface Event {
        record StoreCreditIssued(String reference, Money amount, String reason) implements Event {}

        record StoreCreditAuthorized(String order, Money amount) implements Event {}

        record StoreCreditCaptured(String order, String part, Money amount) implements Event {}

        record StoreCreditReleased(String order, Money amount) implements Event {}

        record StoreCreditRefunded(String order, String purpose, Money amount) implements Event {}
    }

    public enum Refusal implements Rejection {
        NAME_INVALID("order, reference: 1 to 100 characters are needed."),
        REASON_INVALID("reason: at most 200 characters are possible."),
        AMOUNT_INVALID("amount: 1 to 1000000000000 minor units are needed."),
        WISH_INVALID("currency, 0 <= back <= take <= hold are needed."),
        CURRENCY_DIFFERS("The customer's store credit is in another currency."),
        BALANCE_TOO_HIGH("No more than 1000000000000 minor units can be had."),
        TOO_MANY_ENTRIES("There are as many of these as there can be."),
        PURPOSE_DIFFERS("Another amount was issued under this reference.");

        private final String detail;

        Refusal(String detail) {
            this.detail = detail;
        }

        @Override
        public String detail() {
            return detail;
        }
    }

    /// What an order has of it: its answer to [Command.Settle].
    ///
    /// @param promised what was ever promised to it
    /// @param held what of that is set aside
    public record Standing(long promised, long held, long captured, long refunded) {}

    public Standing standing(String order) {
        Spending spending = orders.get(order);
        return spending == null
                ? new Standing(0, 0, 0, 0)
                : new Standing(
                        spending.authorized(),
                        spending.held(),
                        spending.captured(),
                        spending.refunded());
    }

    /// The minor units that can be promised.
    public long available() {
        return balance - held;
    }

    /// The same as an amount; null as long as nothing was issued.
    public @Nullable Money availableMoney() {
        return currency == null ? null : new Money(available(), currency);
    }

    Decision<Event> decide(Command command) {
        Refusal fault = fault(command);
        if (fault != null) {
            return reject(fault);
        }
        return switch (command) {
            case Command.IssueCredit(String reference, Money amount, var reason) ->
                    issue(reference, amount, reason == null ? "" : reason.strip());
            case Command.Settle(String order, Currency asked, var hold, var take, var back) ->
                    currency == asked ? settle(order, hold, take, back) : accept();
        };
    }

    StoreCredit evolve(Event event) {
        return switch (event) {
            case Event.StoreCreditIssued(var reference, var amount, _) ->
                    new StoreCredit(
                            amount.currency(),
                            balance + amount.minor(),
                            held,
                            orders,
                            PersistentMap.<String, Long>copyOf(issues)
                                    .with(reference, amount.minor()));
            case Event.StoreCreditAuthorized(var order, var amount) ->
                    with(0, amount.minor(), order, Spending.of(amount.minor()));
            case Event.StoreCreditCaptured(var order, _, var amount) ->
                    with(
                            -amount.minor(),
                            -amount.minor(),
                            order,
                            of(order).capturing(amount.minor()));
            case Event.StoreCreditReleased(var order, var amount) ->
                    with(0, -amount.minor(), order, of(order).released());
            case Event.StoreCreditRefunded(var order, _, var amount) ->
                    with(amount.minor(), 0, order, of(order).refunding(amount.minor()));
        };
    }

    private Decision<Event> settle(String order, long hold, long take, long back) {
        List<Event> events = new ArrayList<>();
        StoreCredit after = this;
        long promised = Math.min(hold, available());
        if (!orders.containsKey(order) && promised > 0 && orders.size() < MOST_ENTRIES) {
            after = after.with(new Event.StoreCreditAuthorized(order, money(promised)), events);
        }
        Spending spending = after.orders.get(order);
        if (spending == null) {
            return accept();
        }
        long taken = Math.min(take - spending.captured(), spending.held());
        if (taken > 0) {
            String part = "take " + (spending.captured() + taken);
            after = after.with(new Event.StoreCreditCaptured(order, part, money(taken)), events);
        }
        Spending rest = after.of(order);
        if (rest.held() > 0 && rest.captured() >= hold) {
            after = after.with(new Event.StoreCreditReleased(order, money(rest.held())), events);
        }
        long returned = Math.min(back - rest.refunded(), rest.captured() - rest.refunded());
        if (returned > 0) {
            String purpose = "back " + (rest.refunded() + returned);
            after.with(new Event.StoreCreditRefunded(order, purpose, money(returned)), events);
        }
        return new Decision.Accepted<>(events);
    }

    private StoreCredit with(Event event, List<Event> events) {
        events.add(event);
        return evolve(event);
    }

    private Decision<Event> issue(String reference, Money amount, String reason) {
        Long earlier = issues.get(reference);
        if (earlier != null) {
            return earlier == amount.minor() ? accept() : reject(Refusal.PURPOSE_DIFFERS);
        }
        if (issues.size() >= MOST_ENTRIES) {
            return reject(Refusal.TOO_MANY_ENTRIES);
        }
        return balance + amount.minor() > MOST_MINOR
                ? reject(Refusal.BALANCE_TOO_HIGH)
                : accept(new Event.StoreCreditIssued(reference, amount, reason));
    }

    private @Nullable Refusal fault(Command command) {
        return switch (command) {
            case Command.IssueCredit issue -> {
                Refusal fault = faults(issue).first();
                yield fault == null && isForeign(issue.amount()) ? Refusal.CURRENCY_DIFFERS : fault;
            }
            case Command.Settle(var order, var asked, var hold, var take, var back) -> {
                boolean areAmounts = back >= 0 && back <= take && take <= hold;
                Refusal fault = areAmounts && asked != null ? null : Refusal.WISH_INVALID;
                yield isName(order) ? fault : Refusal.NAME_INVALID;
            }
        };
    }

    /// All faults of what people say of store credit.
    static Faults<Refusal> faults(Command command) {
        Faults<Refusal> faults = new Faults<>();
        if (command instanceof Command.IssueCredit(var reference, var amount, var reason)) {
            boolean isCredit =
                    amount == null || (amount.signum() > 0 && amount.minor() <= MOST_MINOR);
            faults.atMost(Refusal.REASON_INVALID, "reason", reason, LONGEST_REASON)
                    .text(Refusal.NAME_INVALID, "reference", reference, LONGEST_NAME)
                    .present(Refusal.AMOUNT_INVALID, "amount", amount)
                    .unless(
                            isCredit,
                            Refusal.AMOUNT_INVALID,
                            "amount",
                            "1 to " + MOST_MINOR + " minor units are needed");
        }
        return faults;
    }

    private boolean isForeign(@Nullable Money amount) {
        return amount != null && currency != null && currency != amount.currency();
    }

    private StoreCredit with(long change, long heldChange, String order, Spending spending) {
        return new StoreCredit(
                currency,
                balance + change,
                held + heldChange,
                PersistentMap.<String, Spending>copyOf(orders).with(order, spending),
                issues);
    }

    private Spending of(String order) {
        return Objects.requireNonNull(orders.get(order), "nothing was promised to the order");
    }

    private Money money(long minor) {
        return new Money(minor, Objects.requireNonNull(currency, "nothing was issued"));
    }

    private static boolean isName(@Nullable String name) {
        return name != null && !name.isBlank() && name.length() <= LONGEST_NAME;
    }
}
