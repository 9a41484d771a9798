// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Processor.Context;
import dev.fakta.orders.pricing.Cart.Item;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// From which locations orders are served, and which comes first. An order keeps the list that it
/// was placed with: what a line does not get at the first location is asked for at the next one.
///
/// @param locations those that goods may leave from, the preferred one first; at most [#MOST]
/// @param rule what else decides; the preference among those that are equal by it
/// @param stock what the rule asks
public record Sourcing(List<Location> locations, Sourcing.Rule rule, Sourcing.Stock stock) {

    /// The location of everything that names none.
    public static final String MAIN = "main";

    /// An order asks every location about every line.
    public static final int MOST = 10;

    /// The longest name of a location, in characters.
    public static final int LONGEST_NAME = 60;

    /// Of an order with more lines, these are looked at.
    private static final int MOST_LINES = 50;

    public Sourcing {
        locations = List.copyOf(locations);
        if (locations.isEmpty() || locations.size() > MOST) {
            throw new IllegalArgumentException(
                    "1 to %d locations are needed, not %d".formatted(MOST, locations.size()));
        }
    }

    /// Whether stock can lie at a place of this name.
    public static boolean isLocation(String name) {
        return !name.isBlank() && name.length() <= LONGEST_NAME && name.indexOf('@') < 0;
    }

    /// A place where goods lie.
    ///
    /// @param country its code of ISO 3166; none when it does not matter
    public record Location(String name, @Nullable String country) {}

    public enum Rule {
        /// The preferred location first.
        PRIORITY,
        /// Those in the country that the goods go to first.
        NEAREST,
        /// Those first that have the most of an order's lines in stock, when it is placed.
        FEWEST_PARCELS
    }

    /// How many units of a sku can be promised at a location now.
    @FunctionalInterface
    public interface Stock {
        long available(String sku, String location, Context context);
    }

    /// Everything lies at the main location.
    public static Sourcing ofMain() {
        return new Sourcing(
                List.of(new Location(MAIN, null)), Rule.PRIORITY, (_, _, _) -> Long.MAX_VALUE);
    }

    /// The locations for an order, the best one first; none when that is the main one only.
    @Nullable List<String> of(List<Item> items, String country, Context context) {
        if (locations.size() == 1 && locations.getFirst().name().equals(MAIN)) {
            return null;
        }
        List<Location> ranked = new ArrayList<>(locations);
        switch (rule) {
            case PRIORITY -> {}
            case NEAREST ->
                    ranked.sort(Comparator.comparing(one -> !country.equals(one.country())));
            case FEWEST_PARCELS -> {
                Map<Location, Integer> served = new HashMap<>();
                for (Location one : locations) {
                    served.put(one, served(one, items, context));
                }
                ranked.sort(Comparator.comparingInt(one -> -served.getOrDefault(one, 0)));
            }
        }
        return ranked.stream().map(Location::name).toList();
    }

    private int served(Location location, List<Item> items, Context context) {
        int served = 0;
        for (Item item : items.subList(0, Math.min(MOST_LINES, items.size()))) {
            long available = stock.available(item.sku(), location.name(), context);
            served += available >= item.quantity() ? 1 : 0;
        }
        return served;
    }
}
