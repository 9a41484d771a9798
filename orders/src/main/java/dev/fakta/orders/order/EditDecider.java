// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.order.Actions.Action;
import dev.fakta.orders.order.Edits.Command;
import dev.fakta.orders.order.Edits.Event;
import dev.fakta.orders.order.Edits.Proposal;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.order.OrderDecider.Step;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentCancelled;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.Pricing;
import dev.fakta.orders.pricing.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Decides on edits.
record EditDecider(Order order) {

    Decision<Step> decide(Command command) {
        return switch (command) {
            case Command.ProposeEdit(var fewer, var more) -> propose(fewer, more);
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
            case Command.DiscardEdit _ -> {
                Refusal refusal = Actions.refusal(order, Action.DISCARD_EDIT);
                yield refusal == null
                        ? accept(_ -> new Event.OrderEditDiscarded())
                        : reject(refusal);
            }
            case Command.ChangeAddress(var address) -> changeAddress(address);
        };
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
                    withoutPlanned().evolve(new Event.OrderEdited(unpriced, order.standing())).due()
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
                free = free.evolve(new OrderShipmentCancelled(shipment.id(), free.standing()));
            }
        }
        return free;
    }

    private Decision<Step> changeAddress(Address address) {
        if (address.equals(order.address())) {
            return accept();
        }
        Refusal refusal = Actions.refusal(order, Action.CHANGE_ADDRESS);
        if (refusal == null && order.ledger().sum(Quantities::allocated) > 0) {
            refusal = Refusal.SHIPMENT_PLANNED;
        }
        if (refusal != null) {
            return reject(refusal);
        }
        String country = order.address().country();
        boolean isTaxedAlike =
                address.country().equals(country)
                        && Pricing.areTaxedAlike(
                                country, order.address().region(), address.region());
        return isTaxedAlike
                ? accept(_ -> new Event.OrderAddressChanged(address))
                : reject(Refusal.TAX_WOULD_CHANGE);
    }
}
