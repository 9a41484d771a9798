// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.inventory.StockItem.Command.Need;
import dev.fakta.orders.inventory.StockItem.Event;
import dev.fakta.orders.inventory.StockItem.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One stock item in a test: it takes commands one after the other, none of which it refuses.
final class Shelf {

    static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");

    private StockItem stock = StockItem.AGGREGATE.initial();
    private List<Event> latest = List.of();

    /// So many units lie there.
    static Shelf of(long onHand) {
        return new Shelf().when(new Command.Count("tea", null, onHand));
    }

    Shelf when(Command command) {
        switch (StockItem.AGGREGATE.decide(stock, command)) {
            case Decision.Accepted<Event>(var events) -> {
                latest = events;
                for (Event event : events) {
                    stock = StockItem.AGGREGATE.evolve(stock, event);
                }
            }
            case Decision.Rejected<Event>(var rejection) ->
                    throw new AssertionError(command + " is refused: " + rejection.detail());
        }
        return this;
    }

    /// Line 0 of the order needs these for good.
    Shelf needs(String order, long revision, long units, long left) {
        return when(need(order, revision, units, left, 0, null));
    }

    /// Likewise, of an order that knows that so many of those that have left are booked.
    Shelf needsKnowing(long booked, String order, long revision, long units, long left) {
        return when(need(order, revision, units, left, booked, null));
    }

    /// Line 0 of the order needs these until then, as it says at noon.
    Shelf needsUntil(Instant until, String order, long revision, long units) {
        return when(need(order, revision, units, 0, 0, until));
    }

    private static Need need(
            String order,
            long revision,
            long units,
            long left,
            long booked,
            @Nullable Instant until) {
        return new Need(order, 0, revision, units, left, booked, until, NOON);
    }

    /// The last command recorded exactly these.
    Shelf thenRecords(Event... events) {
        assertThat(latest).containsExactly(events);
        return this;
    }

    /// The last command changed nothing.
    Shelf thenNothing() {
        assertThat(latest).isEmpty();
        return this;
    }

    /// Line 0 of the order is kept for good, and has and awaits these.
    Shelf thenFirm(String order, long revision, long reserved, long waiting, long left) {
        return thenStands(order, new Standing(revision, reserved, waiting, 0, left, null));
    }

    Shelf thenStands(String order, Standing standing) {
        assertThat(stock.standing(order, 0)).as(order).isEqualTo(standing);
        return this;
    }

    Shelf thenOnHand(long units) {
        assertThat(stock.onHand()).isEqualTo(units);
        assertThat(stock.isShort()).isEqualTo(units < 0);
        return this;
    }

    StockItem stock() {
        return stock;
    }

    List<Event> latest() {
        return new ArrayList<>(latest);
    }
}
