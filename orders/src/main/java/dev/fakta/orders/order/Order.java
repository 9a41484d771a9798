// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import dev.fakta.orders.order.Axes.Fulfilment;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.Axes.Returns;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An order: what was agreed when it was placed, and where it stands.
///
/// Small on purpose: the agreed facts are the creating event itself, shared and never copied; the
/// rest is only what has changed since. The axes of its state are derived, each by one function.
///
/// @param created what was agreed; none as long as the order does not exist
/// @param ledger where the units of each line are, in the order of the lines; empty as long as all
///   of them are open
/// @param holds at most one per kind; nothing ships while there is one
/// @param cancelledBecause the reason, once the order is cancelled
public record Order(
        @Nullable OrderCreated created,
        List<Quantities> ledger,
        List<Hold> holds,
        @Nullable String cancelledBecause) {

    static final int LONGEST_TEXT = 2000;

    public static final Aggregate<Command, Event, Order> AGGREGATE =
            Aggregate.named("order")
                    .taking(Command.class)
                    .startingAs(new Order(null, List.of(), List.of(), null))
                    .deciding(Order::decide)
                    .evolving(Order::evolve)
                    .event("order-created", OrderCreated.class)
                    .event("order-hold-placed", Event.OrderHoldPlaced.class)
                    .event("order-hold-released", Event.OrderHoldReleased.class)
                    .event("order-note-added", Event.OrderNoteAdded.class)
                    .event("order-cancelled", Event.OrderCancelled.class);

    public Order {
        ledger = List.copyOf(ledger);
        holds = List.copyOf(holds);
    }

    public record Hold(HoldKind kind, String reason) {}

    public sealed interface Command {
        record CreateOrder(OrderCreated order) implements Command {}

        record PlaceHold(@Nullable String kind, @Nullable String reason) implements Command {}

        record ReleaseHold(@Nullable String kind) implements Command {}

        record AddNote(@Nullable String text) implements Command {}

        record RequestCancellation(@Nullable String reason) implements Command {}
    }

    public sealed interface Event
            permits OrderCreated,
                    Event.OrderHoldPlaced,
                    Event.OrderHoldReleased,
                    Event.OrderNoteAdded,
                    Event.OrderCancelled {
        record OrderHoldPlaced(HoldKind kind, String reason) implements Event {}

        record OrderHoldReleased(HoldKind kind) implements Event {}

        record OrderNoteAdded(String text) implements Event {}

        record OrderCancelled(String reason) implements Event {}
    }

    public enum Refusal implements Rejection {
        UNKNOWN_ORDER("There is no such order."),
        ORDER_ALREADY_CREATED("Another order was created under this id."),
        ORDER_CANCELLED("The order is cancelled, which is final."),
        NO_LINES("An order needs a line."),
        QUANTITY_INVALID("A line needs a quantity of 1 or more."),
        CURRENCIES_MIXED("All amounts of an order are in one currency."),
        TOTALS_DO_NOT_ADD_UP("The amounts of the order do not add up to its totals."),
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
        return cancelledBecause == null ? Lifecycle.CREATED : Lifecycle.CANCELLED;
    }

    public Payment payment() {
        return Payment.NONE;
    }

    /// Nothing, once every unit is cancelled.
    public Fulfilment fulfilment() {
        for (Quantities line : ledger) {
            if (line.cancelled() < line.ordered()) {
                return Fulfilment.UNALLOCATED;
            }
        }
        return ledger.isEmpty() ? Fulfilment.UNALLOCATED : Fulfilment.NOTHING;
    }

    public Returns returns() {
        return Returns.NONE;
    }

    /// Where the units of the line with this index are.
    public Quantities quantities(int line) {
        return ledger.isEmpty()
                ? Quantities.untouched(agreed().lines().get(line).quantity())
                : ledger.get(line);
    }

    Decision<Event> decide(Command command) {
        return switch (command) {
            case Command.CreateOrder(var order) -> create(order);
            case Command _ when created == null -> reject(Refusal.UNKNOWN_ORDER);
            case Command.AddNote(var text) when isBlank(text) || !fits(text) ->
                    reject(Refusal.TEXT_INVALID);
            case Command.AddNote(String text) -> accept(new Event.OrderNoteAdded(text.strip()));
            case Command.RequestCancellation _ when isCancelled() -> accept();
            case Command.RequestCancellation(var reason) when !fits(reason) ->
                    reject(Refusal.TEXT_INVALID);
            case Command.RequestCancellation(var reason) ->
                    accept(new Event.OrderCancelled(orEmpty(reason)));
            case Command _ when isCancelled() -> reject(Refusal.ORDER_CANCELLED);
            case Command.PlaceHold(var kind, var reason) -> placeHold(kind, reason);
            case Command.ReleaseHold(var kind) -> releaseHold(kind);
        };
    }

    Order evolve(Event event) {
        return switch (event) {
            case OrderCreated e -> new Order(e, ledger, holds, cancelledBecause);
            case Event.OrderHoldPlaced(var kind, var reason) -> {
                List<Hold> more = new ArrayList<>(holds);
                more.add(new Hold(kind, reason));
                yield new Order(created, ledger, more, cancelledBecause);
            }
            case Event.OrderHoldReleased(var kind) -> {
                List<Hold> fewer = new ArrayList<>(holds);
                fewer.removeIf(hold -> hold.kind() == kind);
                yield new Order(created, ledger, fewer, cancelledBecause);
            }
            case Event.OrderNoteAdded _ -> this;
            case Event.OrderCancelled(var reason) ->
                    new Order(created, cancelledLedger(), holds, reason);
        };
    }

    private Decision<Event> create(OrderCreated order) {
        if (created != null) {
            return created.equals(order) ? accept() : reject(Refusal.ORDER_ALREADY_CREATED);
        }
        Refusal fault = order.fault();
        return fault == null ? accept(order) : reject(fault);
    }

    private Decision<Event> placeHold(@Nullable String name, @Nullable String reason) {
        HoldKind kind = HoldKind.named(name);
        if (kind == null) {
            return reject(Refusal.HOLD_KIND_UNKNOWN);
        }
        if (!fits(reason)) {
            return reject(Refusal.TEXT_INVALID);
        }
        return isHeldFor(kind)
                ? accept()
                : accept(new Event.OrderHoldPlaced(kind, orEmpty(reason)));
    }

    private Decision<Event> releaseHold(@Nullable String name) {
        HoldKind kind = HoldKind.named(name);
        if (kind == null) {
            return reject(Refusal.HOLD_KIND_UNKNOWN);
        }
        return isHeldFor(kind) ? accept(new Event.OrderHoldReleased(kind)) : accept();
    }

    private List<Quantities> cancelledLedger() {
        List<Quantities> cancelled = new ArrayList<>();
        for (int line = 0; line < agreed().lines().size(); line++) {
            cancelled.add(quantities(line).cancelRest());
        }
        return cancelled;
    }

    private OrderCreated agreed() {
        return Objects.requireNonNull(created, "the order does not exist");
    }

    private boolean isHeldFor(HoldKind kind) {
        for (Hold hold : holds) {
            if (hold.kind() == kind) {
                return true;
            }
        }
        return false;
    }

    private boolean isCancelled() {
        return lifecycle() == Lifecycle.CANCELLED;
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
