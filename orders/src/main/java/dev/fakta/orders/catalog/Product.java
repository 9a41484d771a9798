// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.catalog;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import dev.fakta.orders.fields.Faults;
import dev.fakta.orders.money.Money;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is sold under a sku, which is the aggregate's id. A price change is a fact with a time; an
/// order keeps the price it was placed with.
///
/// @param name empty as long as nothing was listed
/// @param prices at most one per currency
/// @param active whether it can be ordered
public record Product(
        String name,
        List<Money> prices,
        String taxCategory,
        long weightGrams,
        List<String> categories,
        boolean active) {

    public static final int LONGEST_SKU = 64;
    public static final int LONGEST_NAME = 200;
    public static final long HEAVIEST_GRAMS = 10_000_000;
    static final int LONGEST_CATEGORY = 60;
    static final int MOST_CATEGORIES = 50;
    static final int MOST_PRICES = 200;
    static final String STANDARD = "standard";
    static final Product NONE = new Product("", List.of(), STANDARD, 0, List.of(), false);

    public static final Aggregate<Command, Event, Product> AGGREGATE =
            Aggregate.named("product")
                    .taking(Command.class)
                    .startingAs(NONE)
                    .deciding(Product::decide)
                    .evolving(Product::evolve)
                    .refusing(Refusal.class)
                    .event("product-listed", Event.ProductListed.class)
                    .event("product-described", Event.ProductDescribed.class)
                    .event("product-price-changed", Event.ProductPriceChanged.class)
                    .event("product-retired", Event.ProductRetired.class)
                    .event("product-relisted", Event.ProductRelisted.class);

    public Product {
        prices = List.copyOf(prices);
        categories = List.copyOf(categories);
    }

    public sealed interface Command {
        /// Says all that there is to say about a product: what is left out gets its default (tax
        /// category standard, no weight, no categories, active). Saying the same again changes
        /// nothing.
        record ListProduct(
                @Nullable String name,
                @Nullable List<@Nullable Money> prices,
                @Nullable String taxCategory,
                @Nullable Long weightGrams,
                @Nullable List<@Nullable String> categories,
                @Nullable Boolean active)
                implements Command {}

        /// Sets the price in one currency and leaves the others.
        record ChangePrice(@Nullable Money price) implements Command {}

        record Retire() implements Command {}
    }

    public sealed interface Event {
        record ProductListed(
                String name,
                List<Money> prices,
                String taxCategory,
                long weightGrams,
                List<String> categories)
                implements Event {
            public ProductListed {
                prices = List.copyOf(prices);
                categories = List.copyOf(categories);
            }
        }

        record ProductDescribed(
                String name, String taxCategory, long weightGrams, List<String> categories)
                implements Event {
            public ProductDescribed {
                categories = List.copyOf(categories);
            }
        }

        /// One price changed, or several did.
        ///
        /// @param prices all prices from now on
        record ProductPriceChanged(List<Money> prices) implements Event {
            public ProductPriceChanged {
                prices = List.copyOf(prices);
            }
        }

        record ProductRetired() implements Event {}

        record ProductRelisted() implements Event {}
    }

    public enum Refusal implements Rejection {
        UNKNOWN_PRODUCT("No product is listed under this sku."),
        NAME_INVALID("name: 1 to 200 characters are needed."),
        PRICES_INVALID("prices: at most one per currency, none below zero."),
        TAX_CATEGORY_INVALID("taxCategory: 1 to 60 characters are needed."),
        WEIGHT_INVALID("weightGrams: 0 to 10000000 are possible."),
        CATEGORIES_INVALID("categories: at most 50, each of 1 to 60 characters.");

        private final String detail;

        Refusal(String detail) {
            this.detail = detail;
        }

        @Override
        public String detail() {
            return detail;
        }
    }

    /// Whether anything was ever listed under the sku.
    public boolean known() {
        return !name.isEmpty();
    }

    /// The price in this currency, if there is one.
    public @Nullable Money priceIn(Currency currency) {
        for (Money price : prices) {
            if (price.currency() == currency) {
                return price;
            }
        }
        return null;
    }

    Decision<Event> decide(Command command) {
        return switch (command) {
            case Command.ListProduct put -> list(put);
            case Command.ChangePrice _ when !known() -> reject(Refusal.UNKNOWN_PRODUCT);
            case Command.ChangePrice(var price) -> changePrice(price);
            case Command.Retire _ when !known() -> reject(Refusal.UNKNOWN_PRODUCT);
            case Command.Retire _ when !active -> accept();
            case Command.Retire _ -> accept(new Event.ProductRetired());
        };
    }

    Product evolve(Event event) {
        return switch (event) {
            case Event.ProductListed e ->
                    new Product(e.name, e.prices, e.taxCategory, e.weightGrams, e.categories, true);
            case Event.ProductDescribed e ->
                    new Product(e.name, prices, e.taxCategory, e.weightGrams, e.categories, active);
            case Event.ProductPriceChanged(var newPrices) ->
                    new Product(name, newPrices, taxCategory, weightGrams, categories, active);
            case Event.ProductRetired _ ->
                    new Product(name, prices, taxCategory, weightGrams, categories, false);
            case Event.ProductRelisted _ ->
                    new Product(name, prices, taxCategory, weightGrams, categories, true);
        };
    }

    private Decision<Event> list(Command.ListProduct put) {
        Refusal fault = faults(put).first();
        return fault == null ? new Decision.Accepted<>(changes(target(put))) : reject(fault);
    }

    private List<Event> changes(Product target) {
        List<Event> events = new ArrayList<>();
        if (!known()) {
            events.add(target.listed());
        } else {
            Event.ProductDescribed described = target.described();
            if (!described.equals(described())) {
                events.add(described);
            }
            if (!target.prices.equals(prices)) {
                events.add(new Event.ProductPriceChanged(target.prices));
            }
        }
        if ((active || !known()) && !target.active) {
            events.add(new Event.ProductRetired());
        } else if (known() && !active && target.active) {
            events.add(new Event.ProductRelisted());
        }
        return events;
    }

    private Decision<Event> changePrice(@Nullable Money price) {
        if (price == null || price.signum() < 0) {
            return reject(Refusal.PRICES_INVALID);
        }
        if (price.equals(priceIn(price.currency()))) {
            return accept();
        }
        List<Money> changed = new ArrayList<>(prices);
        changed.removeIf(old -> old.currency() == price.currency());
        changed.add(price);
        return accept(new Event.ProductPriceChanged(changed));
    }

    private Event.ProductListed listed() {
        return new Event.ProductListed(name, prices, taxCategory, weightGrams, categories);
    }

    private Event.ProductDescribed described() {
        return new Event.ProductDescribed(name, taxCategory, weightGrams, categories);
    }

    /// What is wrong with a command's fields, whatever is listed.
    static Faults<Refusal> faults(Command command) {
        Faults<Refusal> faults = new Faults<>();
        switch (command) {
            case Command.ListProduct put -> look(put, faults);
            case Command.ChangePrice(var price) -> look(price, "price", faults);
            case Command.Retire _ -> {} // has nothing to be wrong
        }
        return faults;
    }

    private static void look(Command.ListProduct put, Faults<Refusal> faults) {
        faults.text(Refusal.NAME_INVALID, "name", put.name, LONGEST_NAME)
                .size(Refusal.PRICES_INVALID, "prices", put.prices, 0, MOST_PRICES);
        List<@Nullable Money> all = put.prices == null ? List.of() : put.prices;
        Set<Currency> seen = new HashSet<>();
        for (int index = 0; index < all.size(); index++) {
            Money one = all.get(index);
            String field = "prices[" + index + "]";
            look(one, field, faults);
            faults.unless(
                    one == null || seen.add(one.currency()),
                    Refusal.PRICES_INVALID,
                    field,
                    "is the second one in its currency");
        }
        faults.optional(
                Refusal.TAX_CATEGORY_INVALID, "taxCategory", put.taxCategory, LONGEST_CATEGORY);
        if (put.weightGrams != null) {
            faults.number(
                    Refusal.WEIGHT_INVALID, "weightGrams", put.weightGrams, 0, HEAVIEST_GRAMS);
        }
        faults.size(Refusal.CATEGORIES_INVALID, "categories", put.categories, 0, MOST_CATEGORIES);
        List<@Nullable String> names = put.categories == null ? List.of() : put.categories;
        for (int index = 0; index < names.size(); index++) {
            String field = "categories[" + index + "]";
            faults.text(Refusal.CATEGORIES_INVALID, field, names.get(index), LONGEST_CATEGORY);
        }
    }

    private static void look(@Nullable Money price, String field, Faults<Refusal> faults) {
        faults.present(Refusal.PRICES_INVALID, field, price)
                .unless(
                        price == null || price.signum() >= 0,
                        Refusal.PRICES_INVALID,
                        field,
                        "is below zero");
    }

    /// What the product is to be. The command has no fault.
    private static Product target(Command.ListProduct put) {
        return new Product(
                put.name == null ? "" : put.name.strip(),
                put.prices == null ? List.of() : withoutNull(put.prices),
                put.taxCategory == null ? STANDARD : put.taxCategory.strip(),
                put.weightGrams == null ? 0 : put.weightGrams,
                put.categories == null ? List.of() : withoutNull(put.categories),
                put.active == null || put.active);
    }

    private static <T> List<T> withoutNull(List<@Nullable T> list) {
        List<T> present = new ArrayList<>(list.size());
        for (T one : list) {
            if (one != null) {
                present.add(one);
            }
        }
        return present;
    }
}
