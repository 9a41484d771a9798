// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.pricing;

import dev.fakta.orders.campaign.Rules;
import dev.fakta.orders.money.Allocation;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.pricing.Cart.Deal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;

/// What each deal takes off each line, in minor units of the list prices.
///
/// 1. *Item discounts* (a percentage with a restriction, a fixed price, buy X get Y): every line
///    takes the one deal that gives it most; of two that give the same, the one named first.
/// 2. *Order discounts*, each on what the earlier ones left: first the percentages, then the fixed
///    amounts, because that order is the customer's best. Each is allocated to the lines that it
///    covers in proportion to what is left of them.
///
/// No line falls below zero.
final class Discounts {

    private final Cart cart;
    private final RoundingMode rounding;
    private final long[] left;
    private final long[][] taken;

    private Discounts(Cart cart, long[] list, RoundingMode rounding) {
        this.cart = cart;
        this.rounding = rounding;
        this.left = list.clone();
        this.taken = new long[cart.deals().size()][list.length];
    }

    /// Element `[deal][line]` is what the deal takes off the line.
    static long[][] of(Cart cart, long[] list, RoundingMode rounding) {
        if (cart.deals().isEmpty()) {
            return new long[0][];
        }
        Discounts discounts = new Discounts(cart, list, rounding);
        discounts.takeItemDiscounts();
        discounts.takePercentages();
        discounts.takeAmounts();
        return discounts.taken;
    }

    /// Whether the deal works line by line, and not on the order.
    private static boolean isForItems(Rules rules) {
        return switch (rules.kind()) {
            case PERCENTAGE -> rules.restricted();
            case FIXED_PRICE, BUY_X_GET_Y -> true;
            case FIXED_AMOUNT, FREE_SHIPPING -> false;
        };
    }

    private void takeItemDiscounts() {
        List<Deal> deals = cart.deals();
        int[] best = new int[left.length];
        long[] most = new long[left.length];
        for (int deal = 0; deal < deals.size(); deal++) {
            if (!isForItems(deals.get(deal).rules())) {
                continue;
            }
            long[] offer = itemOffer(deals.get(deal).rules());
            for (int line = 0; line < offer.length; line++) {
                if (offer[line] > most[line]) {
                    most[line] = offer[line];
                    best[line] = deal;
                }
            }
        }
        for (int line = 0; line < left.length; line++) {
            take(best[line], line, most[line]);
        }
    }

    private long[] itemOffer(Rules rules) {
        return switch (rules.kind()) {
            case PERCENTAGE -> percentOfLines(rules);
            case FIXED_PRICE -> aboveFixedPrice(rules);
            case BUY_X_GET_Y -> freeUnits(rules);
            case FIXED_AMOUNT, FREE_SHIPPING -> new long[left.length];
        };
    }

    private long[] percentOfLines(Rules rules) {
        long[] offer = new long[left.length];
        for (int line = 0; line < offer.length; line++) {
            if (covers(rules, line)) {
                offer[line] = rules.percent().of(left[line], rounding);
            }
        }
        return offer;
    }

    private long[] aboveFixedPrice(Rules rules) {
        long[] offer = new long[left.length];
        long fixed = rules.amount() == null ? Long.MAX_VALUE : rules.amount().minor();
        for (int line = 0; line < offer.length; line++) {
            long unit = unitPrice(line);
            if (covers(rules, line) && unit > fixed) {
                offer[line] = (unit - fixed) * cart.items().get(line).quantity();
            }
        }
        return offer;
    }

    /// The cheapest units of all lines that take part are the free ones.
    private long[] freeUnits(Rules rules) {
        long[] offer = new long[left.length];
        Integer[] cheapestFirst = new Integer[left.length];
        Arrays.setAll(cheapestFirst, line -> line);
        Arrays.sort(cheapestFirst, (one, other) -> Long.compare(unitPrice(one), unitPrice(other)));
        long units = 0;
        for (int line = 0; line < left.length; line++) {
            units += covers(rules, line) ? cart.items().get(line).quantity() : 0;
        }
        long free = units / (rules.buy() + rules.get()) * rules.get();
        for (int line : cheapestFirst) {
            if (covers(rules, line)) {
                long here = Math.min(free, cart.items().get(line).quantity());
                offer[line] = here * unitPrice(line);
                free -= here;
            }
        }
        return offer;
    }

    private void takePercentages() {
        for (int deal = 0; deal < taken.length; deal++) {
            Rules rules = cart.deals().get(deal).rules();
            if (rules.kind() == Rules.Kind.PERCENTAGE && !isForItems(rules)) {
                takeFromOrder(deal, rules.percent().of(sum(left), rounding), left.clone());
            }
        }
    }

    private void takeAmounts() {
        for (int deal = 0; deal < taken.length; deal++) {
            Rules rules = cart.deals().get(deal).rules();
            Money amount = rules.amount();
            if (rules.kind() == Rules.Kind.FIXED_AMOUNT && amount != null) {
                long[] weights = new long[left.length];
                for (int line = 0; line < weights.length; line++) {
                    weights[line] = covers(rules, line) ? left[line] : 0;
                }
                takeFromOrder(deal, Math.min(amount.minor(), sum(weights)), weights);
            }
        }
    }

    private void takeFromOrder(int deal, long amount, long[] weights) {
        long[] shares = Allocation.byLargestRemainder(amount, weights);
        for (int line = 0; line < shares.length; line++) {
            take(deal, line, shares[line]);
        }
    }

    private void take(int deal, int line, long amount) {
        taken[deal][line] += amount;
        left[line] -= amount;
    }

    private boolean covers(Rules rules, int line) {
        Cart.Item item = cart.items().get(line);
        return rules.covers(item.sku(), item.categories());
    }

    private long unitPrice(int line) {
        return cart.items().get(line).unitPrice().minor();
    }

    private static long sum(long[] amounts) {
        long sum = 0;
        for (long amount : amounts) {
            sum += amount;
        }
        return sum;
    }
}
