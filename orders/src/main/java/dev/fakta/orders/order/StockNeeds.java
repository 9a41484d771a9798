// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.StockBook.Supply;
import dev.fakta.orders.pricing.PricedLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an order needs of stock, and how far that is met. The only place that decides how many
/// units are asked for.
record StockNeeds(Order order) {

    /// What each line needs, in absolute terms: what is not on its way yet, for good once nothing
    /// but stock has to be waited for. An order that ends needs only what is packed already, until
    /// that is unpacked.
    List<StockNeed> all() {
        Instant until = isFirm() ? null : keptUntil();
        List<StockNeed> needs = new ArrayList<>();
        List<PricedLine> lines = order.lines();
        for (int line = 0; line < lines.size(); line++) {
            Quantities units = order.quantities(line);
            needs.add(
                    new StockNeed(
                            line,
                            lines.get(line).sku(),
                            units.allocated() + (isLive() ? units.open() : 0),
                            order.units().left(line),
                            until));
        }
        return needs;
    }

    private boolean isFirm() {
        return order.progress().confirmed() || order.isReadyToConfirm();
    }

    /// How long stock is kept for an order that is not confirmed.
    @Nullable Instant keptUntil() {
        Instant kept = order.stock().until();
        return kept == null ? order.agreed().stockUntil() : kept;
    }

    /// Those of the needs that the stock items were not told of, or have not answered.
    List<StockNeed> unanswered() {
        return all().stream()
                .filter(need -> !need.isAnswered(order.stock().of(need.line())))
                .toList();
    }

    /// Whether the time is over for which stock was to be kept.
    boolean isOver(Instant now) {
        return all().stream().anyMatch(need -> need.isOver(now, order.stock().of(need.line())));
    }

    Supply supply() {
        boolean isFirm = true;
        boolean isWhole = true;
        for (StockNeed need : all()) {
            LineStock answer = order.stock().of(need.line());
            if (missing(need) > 0 && answer.refused() > 0) {
                return Supply.MISSING;
            }
            isWhole &= missing(need) <= 0;
            isFirm &= need.units() == 0 || answer.until() == null;
        }
        if (!isWhole) {
            return Supply.ASKED;
        }
        return isFirm ? Supply.FIRM : Supply.RESERVED;
    }

    /// The units that the line neither has nor waits for.
    private int missing(StockNeed need) {
        return need.units() - there(need.line()) - order.stock().of(need.line()).waiting();
    }

    /// The units that lie there for the line, as far as is known: without those that have left
    /// since the item has answered.
    private int there(int line) {
        LineStock answer = order.stock().of(line);
        return Math.max(0, answer.reserved() - (order.units().left(line) - answer.left()));
    }

    /// Open units that lie there for the order.
    List<LineUnits> shippable() {
        List<LineUnits> all = new ArrayList<>();
        for (int line = 0; line < order.lines().size(); line++) {
            Quantities units = order.quantities(line);
            int there = there(line) - units.allocated();
            int ready = Math.min(there, units.open());
            if (ready > 0) {
                all.add(new LineUnits(line, ready));
            }
        }
        return all;
    }

    /// Units that are not to be had and that the order goes on without: those of an order that is
    /// confirmed, and of lines that were added. An order that cannot have what it was placed with
    /// is not taken.
    List<LineUnits> givenUp() {
        List<LineUnits> givenUp = new ArrayList<>();
        int placed = order.agreed().lines().size();
        for (StockNeed need : all()) {
            boolean isOptional = order.progress().confirmed() || need.line() >= placed;
            boolean isRefused = order.stock().of(need.line()).refused() > 0;
            int units = Math.min(missing(need), order.quantities(need.line()).open());
            if (isLive() && isOptional && isRefused && units > 0) {
                givenUp.add(new LineUnits(need.line(), units));
            }
        }
        return givenUp;
    }

    private boolean isLive() {
        return order.lifecycle() == Lifecycle.CREATED || order.lifecycle() == Lifecycle.CONFIRMED;
    }
}
