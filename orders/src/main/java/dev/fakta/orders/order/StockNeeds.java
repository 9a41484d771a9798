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
/// units are asked for, and where.
///
/// A line is served from the locations that the order was placed with, the best one first: each
/// keeps what lies there for the line, and the rest is asked for at the first one that was not
/// tried yet. When all were, it waits at the first one where it may; when it may nowhere, it is not
/// to be had.
record StockNeeds(Order order) {

    /// What a line has, and needs, at one location.
    ///
    /// @param packed units in shipments that are planned there
    /// @param ready open units that lie there for the line
    /// @param asked open units that are to come to lie there
    private record Share(LineStock answer, int packed, int ready, int asked) {

        String location() {
            return answer.location();
        }

        /// What is to lie there: of an order that ends only what is packed.
        int units(boolean isLive) {
            return packed + (isLive ? ready + asked : 0);
        }
    }

    /// What each line needs at each location, in absolute terms: what is not on its way yet, for
    /// good once nothing but stock has to be waited for. An order that ends needs only what is
    /// packed already, until that is unpacked.
    List<StockNeed> all() {
        Instant until = isFirm() ? null : keptUntil();
        boolean isLive = isLive();
        List<StockNeed> needs = new ArrayList<>();
        List<PricedLine> lines = order.lines();
        for (int line = 0; line < lines.size(); line++) {
            for (Share share : shares(line)) {
                needs.add(
                        new StockNeed(
                                line,
                                lines.get(line).sku(),
                                share.location(),
                                share.units(isLive),
                                order.units().left(line, share.location()),
                                until));
            }
        }
        return needs;
    }

    private List<Share> shares(int line) {
        List<String> locations = order.agreed().locations();
        String next = next(line, locations);
        List<Share> shares = new ArrayList<>(locations.size());
        int rest = order.quantities(line).open();
        for (String location : locations) {
            LineStock answer = order.stock().of(line, location);
            int packed = order.units().planned(line, location);
            int ready = Math.min(rest, Math.max(0, there(answer) - packed));
            rest -= ready;
            shares.add(new Share(answer, packed, ready, 0));
        }
        for (int i = 0; rest > 0 && i < shares.size(); i++) {
            Share share = shares.get(i);
            if (share.location().equals(next)) {
                shares.set(i, new Share(share.answer, share.packed, share.ready, rest));
            }
        }
        return shares;
    }

    /// Where the line asks for what it does not have.
    private String next(int line, List<String> locations) {
        String waits = null;
        for (String location : locations) {
            StockBook.Tried tried = order.stock().tried(line, location);
            if (tried == null) {
                return location;
            }
            if (waits == null && tried.mayWait()) {
                waits = location;
            }
        }
        return waits == null ? locations.getLast() : waits;
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
        List<StockNeed> unanswered = all();
        unanswered.removeIf(need -> need.isAnswered(answer(need)));
        return unanswered;
    }

    /// Whether the time is over for which stock was to be kept.
    boolean isOver(Instant now) {
        return all().stream().anyMatch(need -> need.isOver(now, answer(need)));
    }

    private LineStock answer(StockNeed need) {
        return order.stock().of(need.line(), need.location());
    }

    Supply supply() {
        boolean isWhole = true;
        for (int line = 0; line < order.lines().size(); line++) {
            int missing = missing(line);
            if (missing > 0 && isNotToBeHad(line)) {
                return Supply.MISSING;
            }
            isWhole &= missing <= 0;
        }
        if (!isWhole) {
            return Supply.ASKED;
        }
        return isKeptForGood() ? Supply.FIRM : Supply.RESERVED;
    }

    private boolean isKeptForGood() {
        boolean isLive = isLive();
        int lines = order.lines().size();
        for (int line = 0; line < lines; line++) {
            for (Share share : shares(line)) {
                if (share.answer.until() != null && share.units(isLive) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /// The open units that the line neither has nor waits for.
    private int missing(int line) {
        if (!isLive()) {
            return 0;
        }
        int missing = order.quantities(line).open() - waiting(line);
        for (Share share : shares(line)) {
            missing -= share.ready;
        }
        return missing;
    }

    /// The units that the line waits for in no shipment yet, at all locations. What a location
    /// lacks for a shipment that is planned there is waited for by that one first.
    int waiting(int line) {
        int waiting = 0;
        for (String location : order.agreed().locations()) {
            LineStock answer = order.stock().of(line, location);
            int lacking = Math.max(0, order.units().planned(line, location) - there(answer));
            waiting += Math.max(0, answer.waiting() - lacking);
        }
        return waiting;
    }

    /// Whether all locations have said that they do not have what is missing, the one that is asked
    /// last included.
    private boolean isNotToBeHad(int line) {
        List<String> locations = order.agreed().locations();
        String last = next(line, locations);
        return order.stock().tried(line, last) != null
                && order.stock().of(line, last).refused() > 0;
    }

    /// The units that lie there for the line, as far as is known: without those that have left
    /// since the item has answered.
    private int there(LineStock answer) {
        int left = order.units().left(answer.line(), answer.location());
        return Math.max(0, answer.reserved() - (left - answer.left()));
    }

    boolean isAnyShippable() {
        for (int line = 0; line < order.lines().size(); line++) {
            for (Share share : shares(line)) {
                if (share.ready > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Open units that lie for the order at a location.
    List<LineUnits> shippable(String location) {
        List<LineUnits> all = new ArrayList<>();
        for (int line = 0; line < order.lines().size(); line++) {
            for (Share share : shares(line)) {
                if (share.ready > 0 && share.location().equals(location)) {
                    all.add(new LineUnits(line, share.ready));
                }
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
        for (int line = 0; line < order.lines().size(); line++) {
            boolean isOptional = order.progress().confirmed() || line >= placed;
            int units = Math.min(missing(line), order.quantities(line).open());
            if (isLive() && isOptional && units > 0 && isNotToBeHad(line)) {
                givenUp.add(new LineUnits(line, units));
            }
        }
        return givenUp;
    }

    private boolean isLive() {
        return order.lifecycle() == Lifecycle.CREATED || order.lifecycle() == Lifecycle.CONFIRMED;
    }
}
