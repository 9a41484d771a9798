// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.pricing;

import dev.fakta.orders.campaign.Definitions;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.pricing.Cart.Deal;
import dev.fakta.orders.pricing.Cart.Item;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.stream.LongStream;

/// A cart for tests, to be picked up by the customer: without tax (to Hong Kong) unless the test
/// says another country. Immutable.
record Carts(List<Item> items, List<Deal> deals, String country, String method) {

    static final Currency EUR = Currency.getInstance("EUR");

    static Carts cart(Item... items) {
        return new Carts(List.of(items), List.of(), "HK", "pickup");
    }

    static Item item(String sku, int quantity, long euroCents) {
        return item(sku, quantity, euroCents, "standard");
    }

    /// Weighs 400 g and belongs to the category of its sku's first letter.
    static Item item(String sku, int quantity, long euroCents, String taxCategory) {
        return new Item(
                sku,
                sku,
                quantity,
                new Money(euroCents, EUR),
                400,
                taxCategory,
                List.of(sku.substring(0, 1)));
    }

    Carts deal(String code, Definitions definition) {
        List<Deal> more = new ArrayList<>(deals);
        more.add(new Deal(code, code, definition.rules()));
        return new Carts(items, more, country, method);
    }

    Carts to(String other) {
        return new Carts(items, deals, other, method);
    }

    Carts by(String other) {
        return new Carts(items, deals, country, other);
    }

    Quote price() {
        return Pricing.price(new Cart(EUR, items, deals, country, null, method));
    }

    /// What is taken off each line.
    static LongStream discounts(Quote quote) {
        return quote.lines().stream().mapToLong(line -> line.discount().minor());
    }
}
