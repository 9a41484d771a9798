// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.stock;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import org.jspecify.annotations.Nullable;

/// What lies of one sku at one location. The aggregate's id is [#id]`(sku, location)`.
///
/// @param counted whether anybody ever counted
/// @param onHand the units found when last counted
public record StockItem(boolean counted, long onHand) {

    public static final String MAIN = "main";
    static final int LONGEST_LOCATION = 60;
    static final int LONGEST_SKU = 64;
    static final long MOST_ON_HAND = 1_000_000_000_000L;

    public static final Aggregate<Command, Event, StockItem> AGGREGATE =
            Aggregate.named("stock-item")
                    .taking(Command.class)
                    .startingAs(new StockItem(false, 0))
                    .deciding(StockItem::decide)
                    .evolving(StockItem::evolve)
                    .event("stock-counted", Event.StockCounted.class);

    /// The id of the stock of a sku at a location. Locations have no `@`, so no two pairs share
    /// one.
    public static String id(String sku, String location) {
        return sku + "@" + location;
    }

    public sealed interface Command {
        /// Sets what is on hand, as counted. Without a location it is the main one.
        record Count(@Nullable String sku, @Nullable String location, @Nullable Long onHand)
                implements Command {}
    }

    public sealed interface Event {
        record StockCounted(String sku, String location, long onHand) implements Event {}
    }

    public enum Refusal implements Rejection {
        SKU_INVALID("sku: 1 to 64 characters are needed."),
        LOCATION_INVALID("location: 1 to 60 characters without @ are needed."),
        ON_HAND_INVALID("onHand: 0 to 1000000000000 units are possible.");

        private final String detail;

        Refusal(String detail) {
            this.detail = detail;
        }

        @Override
        public String detail() {
            return detail;
        }
    }

    Decision<Event> decide(Command command) {
        return switch (command) {
            case Command.Count(var sku, _, _) when sku == null || !fits(sku, LONGEST_SKU) ->
                    reject(Refusal.SKU_INVALID);
            case Command.Count(_, var location, _) when !isLocation(location) ->
                    reject(Refusal.LOCATION_INVALID);
            case Command.Count(_, _, var units)
                    when units == null || units < 0 || units > MOST_ON_HAND ->
                    reject(Refusal.ON_HAND_INVALID);
            case Command.Count(_, _, Long units) when counted && units == onHand -> accept();
            case Command.Count(String sku, var location, Long units) ->
                    accept(new Event.StockCounted(sku, location == null ? MAIN : location, units));
        };
    }

    StockItem evolve(Event event) {
        return switch (event) {
            case Event.StockCounted(_, _, var units) -> new StockItem(true, units);
        };
    }

    private static boolean isLocation(@Nullable String location) {
        return location == null || (fits(location, LONGEST_LOCATION) && location.indexOf('@') < 0);
    }

    private static boolean fits(String text, int longest) {
        return !text.isBlank() && text.length() <= longest;
    }
}
