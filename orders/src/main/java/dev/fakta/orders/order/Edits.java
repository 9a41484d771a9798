// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.Totals;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Changes of what was agreed: proposed with a price first, then applied or discarded. Units that
/// are taken away give back what they cost; lines that are added have today's price and no
/// campaign; shipping stays as it was agreed.
public final class Edits {

    private Edits() {}

    public sealed interface Command extends Order.Command {
        /// Asks what an edit would cost.
        ///
        /// @param fewer what is not wanted any more
        /// @param more lines to add
        record ProposeEdit(List<LineUnits> fewer, List<PricedLine> more) implements Command {}

        record ApplyEdit() implements Command {}

        record DiscardEdit() implements Command {}

        record ChangeAddress(Address address) implements Command {}
    }

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

        Changes to(Address next) {
            return new Changes(added, totals, next, proposal);
        }

        Changes applying(Proposal done) {
            List<PricedLine> all = new ArrayList<>(added);
            all.addAll(done.more());
            return new Changes(all, done.totals(), address, null);
        }
    }
}
