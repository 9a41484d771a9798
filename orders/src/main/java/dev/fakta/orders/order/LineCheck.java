// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Processor.Context;
import dev.fakta.orders.catalog.Product;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.PlaceOrder.Amount;
import dev.fakta.orders.order.PlaceOrder.Line;
import dev.fakta.orders.pricing.Cart;
import dev.fakta.orders.pricing.Cart.Item;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks the lines of a request against the products.
final class LineCheck {

    static final String NEEDS_PERMISSION = "needs the permission " + PlaceOrderProcessor.IMPORT;
    static final int MOST_LINES = 500;
    static final int LARGEST_QUANTITY = 1_000_000;

    private final Context context;
    private final Problems problems;
    private final String field;
    private long sum;
    private long grams;

    /// @param field where the lines stand in the request
    LineCheck(Context context, Problems problems, String field) {
        this.context = context;
        this.problems = problems;
        this.field = field;
    }

    /// One item per line; fewer when there is a problem with a line.
    List<Item> items(@Nullable List<@Nullable Line> lines, @Nullable Currency currency) {
        if (lines == null || lines.isEmpty()) {
            problems.add(field, Problems.MISSING);
            return List.of();
        }
        if (lines.size() > MOST_LINES) {
            problems.add(field, "are more than " + MOST_LINES);
            return List.of();
        }
        List<Item> items = new ArrayList<>(lines.size());
        for (int index = 0; index < lines.size(); index++) {
            Item item = item(index, lines.get(index), currency);
            if (item != null) {
                items.add(item);
            }
        }
        if (sum > Cart.LARGEST_SUM) {
            problems.add(field, "cost more than %d together".formatted(Cart.LARGEST_SUM));
        }
        if (grams > Cart.LARGEST_WEIGHT) {
            problems.add(field, "weigh more than %d g".formatted(Cart.LARGEST_WEIGHT));
        }
        return items;
    }

    private @Nullable Item item(int index, @Nullable Line line, @Nullable Currency currency) {
        if (line == null) {
            add(index, "", Problems.MISSING);
            return null;
        }
        int quantity = quantity(index, line.quantity());
        Product product = product(index, line.sku());
        Money price = price(index, line, product, currency);
        if (quantity == 0 || product == null || price == null || line.sku() == null) {
            return null;
        }
        weigh(index, product.weightGrams(), quantity);
        return adds(index, price, quantity)
                ? new Item(
                        line.sku(),
                        product.name(),
                        quantity,
                        price,
                        product.weightGrams(),
                        product.taxCategory(),
                        product.categories())
                : null;
    }

    /// 0 when there is a problem.
    private int quantity(int index, @Nullable Long quantity) {
        if (quantity == null) {
            add(index, ".quantity", Problems.MISSING);
            return 0;
        }
        if (quantity < 1 || quantity > LARGEST_QUANTITY) {
            add(index, ".quantity", "is not between 1 and " + LARGEST_QUANTITY);
            return 0;
        }
        return quantity.intValue();
    }

    private @Nullable Product product(int index, @Nullable String sku) {
        if (sku == null || sku.isBlank()) {
            add(index, ".sku", Problems.MISSING);
            return null;
        }
        if (sku.length() > Product.LONGEST_SKU) {
            add(index, ".sku", "has more than %d characters".formatted(Product.LONGEST_SKU));
            return null;
        }
        Product product = context.state(Product.AGGREGATE, sku);
        if (!product.known()) {
            add(index, ".sku", "is unknown");
            return null;
        }
        if (!product.active()) {
            add(index, ".sku", "is not sold any more");
            return null;
        }
        return product;
    }

    private @Nullable Money price(
            int index, Line line, @Nullable Product product, @Nullable Currency currency) {
        if (line.unitPrice() != null) {
            return importedPrice(index, line.unitPrice(), currency);
        }
        if (product == null || currency == null) {
            return null;
        }
        Money price = product.priceIn(currency);
        if (price == null) {
            add(index, ".sku", "has no price in " + currency);
        }
        return price;
    }

    private @Nullable Money importedPrice(int index, Amount amount, @Nullable Currency currency) {
        if (!context.permits(PlaceOrderProcessor.IMPORT)) {
            add(index, ".unitPrice", NEEDS_PERMISSION);
            return null;
        }
        Long minor = amount.minor();
        if (minor == null) {
            add(index, ".unitPrice.minor", Problems.MISSING);
        } else if (minor < 0) {
            add(index, ".unitPrice.minor", "is below zero");
        }
        if (amount.currency() == null) {
            add(index, ".unitPrice.currency", Problems.MISSING);
            return null;
        }
        if (currency != null && !amount.currency().equals(currency.getCurrencyCode())) {
            add(index, ".unitPrice.currency", "differs from the order's, " + currency);
            return null;
        }
        return minor == null || minor < 0 || currency == null ? null : new Money(minor, currency);
    }

    private void weigh(int index, long unitGrams, int quantity) {
        if (unitGrams > Product.HEAVIEST_GRAMS) {
            add(index, ".sku", "weighs more than %d g".formatted(Product.HEAVIEST_GRAMS));
            return;
        }
        grams += unitGrams * quantity; // at most 500 * 10^6 * 10^7
    }

    private boolean adds(int index, Money price, int quantity) {
        if (price.minor() > Cart.LARGEST_SUM / quantity) {
            add(index, ".quantity", "makes the line cost more than " + Cart.LARGEST_SUM);
            return false;
        }
        sum += price.minor() * quantity; // at most 500 * 10^16, below 2^63
        return true;
    }

    private void add(int index, String component, String reason) {
        problems.add(field + "[" + index + "]" + component, reason);
    }
}
