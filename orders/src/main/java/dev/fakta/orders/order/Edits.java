// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Actions.Action;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.order.OrderDecider.Step;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentCancelled;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentCancelled;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.Pricing;
import dev.fakta.orders.pricing.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Changes of what was agreed: proposed with a price first, then applied or discarded. Units that
/// are taken away give back what they cost; lines that are added have today's price and no
/// campaign; shipping stays as it was agreed.
///
/// One file has all of it: the commands and events with their names, what is decided, and what an
/// event changes. What may be done when stands in [Actions], and the routes in [OrderRoutes].
public record Edits(Order order) {

    /// The aggregate with the names of these events.
    static Aggregate<Order.Command, Order.Event, Order> named(
            Aggregate<Order.Command, Order.Event, Order> order) {
        return order.event("order-edit-proposed", Event.OrderEditProposed.class)
                .event("order-edited", Event.OrderEdited.class)
                .event("order-edit-discarded", Event.OrderEditDiscarded.class)
                .event("order-address-changed", Event.OrderAddressChanged.class);
    }

    public sealed interface Command extends Order.Command {
        /// Asks what an edit would cost.
        ///
        /// @param fewer what is not wanted any more
        /// @param more lines to add
        record ProposeEdit(List<LineUnits> fewer, List<PricedLine> more) implements Command {}

        record ApplyEdit() implements Command, Change {}

        record DiscardEdit() implements Command {}

        record ChangeAddress(Address address) implements Command, Change {}

        /// A change behind the shipments that were pulled back for it: one decision, or their units
        /// could be in a new shipment before the change comes.
        record ChangePulledBack(List<String> shipments, Change change) implements Command {
            public ChangePulledBack {
                shipments = List.copyOf(shipments);
            }
        }
    }

    /// A change for which planned shipments may be pulled back first.
    public sealed interface Change extends Order.Command
            permits Order.Command.CancelLines, Command.ApplyEdit, Command.ChangeAddress {}

    public sealed interface Event extends Order.Event {
        /// Replaces an earlier proposal.
        record OrderEditProposed(Proposal proposal) implements Event {}

        record OrderEdited(Proposal proposal, Standing standing)
                implements Event, Order.Event.Moving {}

        record OrderEditDiscarded() implements Event {}

        record OrderAddressChanged(Address address) implements Event {}
    }

    /// An edit with its price.
    ///
    /// @param difference what the customer pays more; below zero: less
    /// @param totals those of the order with the added lines; cancelled units stay in them, as in
    ///   every order
    public record Proposal(
            List<LineUnits> fewer, List<PricedLine> more, Money difference, Totals totals) {
        public Proposal {
            fewer = List.copyOf(fewer);
            more = List.copyOf(more);
        }
    }

    /// What has changed of an order's agreement since it was placed.
    ///
    /// @param added lines behind those that it was placed with
    /// @param totals with the added lines; none as long as there are none
    /// @param proposal an edit that is neither applied nor discarded
    public record Changes(
            List<PricedLine> added,
            @Nullable Totals totals,
            @Nullable Address address,
            @Nullable Proposal proposal) {

        static final Changes NONE = new Changes(List.of(), null, null, null);

        public Changes {
            added = List.copyOf(added);
        }

        Changes proposing(@Nullable Proposal next) {
            return new Changes(added, totals, address, next);
        }

        /// @param next none: the address that the order was placed with
        Changes to(@Nullable Address next) {
            return new Changes(added, totals, next, proposal);
        }

        Changes applying(Proposal done) {
            List<PricedLine> all = new ArrayList<>(added);
            all.addAll(done.more());
            return new Changes(all, done.totals(), address, null);
        }
    }

    Decision<Step> decide(Command command) {
        return switch (command) {
            case Command.ProposeEdit(var fewer, var more) -> propose(fewer, more);
            case Command.ChangePulledBack(var shipments, var change) ->
                    pulledBack(shipments, change);
            case Command.ApplyEdit _ -> {
                Refusal refusal = Actions.refusal(order, Action.APPLY_EDIT);
                Proposal proposal = order.changes().proposal();
                if (refusal == null && proposal != null && !isOpen(proposal)) {
                    refusal = Refusal.UNITS_NOT_OPEN;
                }
                yield refusal != null || proposal == null
                        ? reject(Objects.requireNonNullElse(refusal, Refusal.NO_EDIT))
                        : accept(at -> new Event.OrderEdited(proposal, at));
            }
            case Command.DiscardEdit _ when order.changes().proposal() == null -> accept();
            case Command.DiscardEdit _ -> when(Action.DISCARD_EDIT, new Event.OrderEditDiscarded());
            case Command.ChangeAddress(var address) -> changeAddress(address);
        };
    }

    Order evolve(Event event) {
        Changes changes = order.changes();
        return switch (event) {
            case Event.OrderEditProposed(var proposal) -> order.with(changes.proposing(proposal));
            case Event.OrderEditDiscarded _ -> order.with(changes.proposing(null));
            case Event.OrderAddressChanged(var address) -> order.with(changes.to(address));
            case Event.OrderEdited(var proposal, _) -> {
                UnitLedger edited = order.ledger().cancel(proposal.fewer());
                for (PricedLine line : proposal.more()) {
                    edited = edited.add(line.quantity());
                }
                yield order.with(changes.applying(proposal)).with(edited);
            }
        };
    }

    /// The change, of an order that these shipments hold no units of any more.
    private Decision<Step> pulledBack(List<String> shipments, Change change) {
        List<Step> steps = new ArrayList<>();
        Order next = order;
        for (String id : shipments) {
            switch (new ShipmentDecider(next).decide(new RecordShipmentCancelled(id))) {
                case Decision.Rejected<Step> rejected -> {
                    return rejected;
                }
                case Decision.Accepted<Step>(var unpacked) -> {
                    steps.addAll(unpacked);
                    for (Step step : unpacked) {
                        next = next.evolve(step.at(Standing.CREATED));
                    }
                }
            }
        }
        return switch (new OrderDecider(next).decide(change)) {
            case Decision.Rejected<Step> rejected -> rejected;
            case Decision.Accepted<Step>(var changing) -> {
                steps.addAll(changing);
                yield new Decision.Accepted<>(steps);
            }
        };
    }

    private Decision<Step> when(Action action, Event event) {
        Refusal refusal = Actions.refusal(order, action);
        return refusal == null ? accept(_ -> event) : reject(refusal);
    }

    private boolean isOpen(Proposal proposal) {
        return order.ledger().areOpen(proposal.fewer());
    }

    private Decision<Step> propose(List<LineUnits> fewer, List<PricedLine> more) {
        Refusal refusal = refusal(fewer, more);
        if (refusal != null) {
            return reject(refusal);
        }
        Proposal proposal = priced(fewer, more);
        if (proposal == null) {
            return reject(Refusal.TOTALS_DO_NOT_ADD_UP);
        }
        if (!Actions.leavesSomething(order, proposal)) {
            return reject(Refusal.NOTHING_LEFT);
        }
        return proposal.equals(order.changes().proposal())
                ? accept()
                : accept(_ -> new Event.OrderEditProposed(proposal));
    }

    private @Nullable Refusal refusal(List<LineUnits> fewer, List<PricedLine> more) {
        Refusal refusal = Actions.refusal(order, Action.PROPOSE_EDIT);
        if (refusal != null) {
            return refusal;
        }
        int lines = order.lines().size();
        if ((fewer.isEmpty() && more.isEmpty()) || lines + more.size() > LineCheck.MOST_LINES) {
            return Refusal.EDIT_EMPTY;
        }
        if (!LineUnits.areValid(fewer, lines)) {
            return Refusal.LINES_INVALID;
        }
        return order.ledger().haveNotLeft(fewer) ? null : Refusal.UNITS_NOT_OPEN;
    }

    /// The edit with its price; none when its amounts are not those of an order (O1, O6).
    private @Nullable Proposal priced(List<LineUnits> fewer, List<PricedLine> more) {
        List<PricedLine> all = new ArrayList<>(order.lines());
        all.addAll(more);
        try {
            Totals totals = Totals.of(all, order.agreed().shipping());
            if (order.agreed().with(all, totals).fault() != null) {
                return null;
            }
            Proposal unpriced = new Proposal(fewer, more, order.amount(0), totals);
            long difference =
                    withoutPlanned().evolve(new Event.OrderEdited(unpriced, Standing.CREATED)).due()
                            - order.due();
            return new Proposal(fewer, more, order.amount(difference), totals);
        } catch (ArithmeticException | IllegalArgumentException tooLargeOrMixed) {
            return null;
        }
    }

    /// As the order is once what is planned is pulled back: only what is open is taken away.
    private Order withoutPlanned() {
        Order free = order;
        for (UnitLedger.Shipment shipment : order.units().shipments()) {
            if (shipment.stage() == UnitLedger.Shipment.Stage.PLANNED) {
                free = free.evolve(new OrderShipmentCancelled(shipment.id(), Standing.CREATED));
            }
        }
        return free;
    }

    private Decision<Step> changeAddress(Address address) {
        if (address.equals(order.address())) {
            return accept();
        }
        Refusal refusal = Actions.refusal(order, Action.CHANGE_ADDRESS);
        if (refusal == null && !isTaxedAlike(address)) {
            refusal = Refusal.TAX_WOULD_CHANGE;
        }
        if (refusal == null && order.ledger().sum(Quantities::allocated) > 0) {
            refusal = Refusal.SHIPMENT_PLANNED;
        }
        return refusal == null
                ? accept(_ -> new Event.OrderAddressChanged(address))
                : reject(refusal);
    }

    private boolean isTaxedAlike(Address address) {
        String country = order.address().country();
        return address.country().equals(country)
                && Pricing.areTaxedAlike(country, order.address().region(), address.region());
    }
}
