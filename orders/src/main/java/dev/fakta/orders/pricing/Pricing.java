// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.pricing;

import dev.fakta.orders.campaign.Rules.Kind;
import dev.fakta.orders.money.Allocation;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.money.Rate;
import dev.fakta.orders.pricing.Cart.Deal;
import dev.fakta.orders.pricing.PricedLine.Deduction;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Prices a cart: item discounts; order discounts, allocated to lines; shipping cost; shipping
/// discounts; tax; totals. A pure function: the same cart and rules give the same quote.
///
/// Discounts are computed on list prices, which contain the tax or do not; tax is computed last,
/// per line, on what is left. When prices contain the tax, everything is then told without it:
/// `net` from the list price, `discount` as the difference that the campaigns make, so that one sum
/// holds for both kinds of prices (see [Totals]).
public final class Pricing {

    /// Half a cent goes up, as tax law asks in most places. An order keeps how it was rounded, so
    /// orders that were placed with another rule stay as they are.
    public static final RoundingMode ROUNDING = RoundingMode.HALF_UP;

    private static final long[] NOTHING = new long[0];

    private final Cart cart;
    private final TaxRates.Market market;

    private Pricing(Cart cart) {
        this.cart = cart;
        this.market = TaxRates.in(cart.country(), cart.region());
    }

    public static Quote price(Cart cart) {
        return new Pricing(cart).quote();
    }

    /// Whether two regions of a country have the same taxes.
    public static boolean areTaxedAlike(
            String country, @Nullable String region, @Nullable String other) {
        return TaxRates.in(country, region).equals(TaxRates.in(country, other));
    }

    private Quote quote() {
        int size = cart.items().size();
        long[] list = new long[size];
        long goods = 0;
        long weight = 0;
        for (int line = 0; line < size; line++) {
            Cart.Item item = cart.items().get(line);
            list[line] = Math.multiplyExact(item.unitPrice().minor(), (long) item.quantity());
            goods = Math.addExact(goods, list[line]);
            weight += item.weightGrams() * item.quantity();
        }
        long[][] taken = Discounts.of(cart, list, ROUNDING);
        List<PricedLine> lines = new ArrayList<>(size);
        for (int line = 0; line < size; line++) {
            long[] off = column(taken, line);
            lines.add(priced(cart.items().get(line), list[line], off));
            goods -= sum(off);
        }
        PricedShipping shipping = shipping(weight, goods);
        return new Quote(lines, shipping, Totals.of(lines, shipping), includesTax(), ROUNDING);
    }

    private PricedLine priced(Cart.Item item, long list, long[] off) {
        Rate rate = market.rate(item.taxCategory());
        Amounts amounts = Amounts.of(list, sum(off), rate, includesTax());
        return new PricedLine(
                item.sku(),
                item.name(),
                item.quantity(),
                item.unitPrice(),
                money(amounts.net),
                money(amounts.discount),
                money(amounts.tax),
                rate,
                deductions(amounts.discount, off));
    }

    /// Shipping with its discount and tax.
    ///
    /// @param goods what the lines cost after discounts, in list prices
    private PricedShipping shipping(long weight, long goods) {
        long cost =
                ShippingRates.cost(cart.method(), cart.country(), cart.currency(), weight, goods);
        long[] off = new long[cart.deals().size()];
        for (int deal = 0; deal < off.length; deal++) {
            if (cart.deals().get(deal).rules().kind() == Kind.FREE_SHIPPING) {
                off[deal] = cost;
                break;
            }
        }
        Rate rate = market.shippingRate();
        Amounts amounts = Amounts.of(cost, sum(off), rate, includesTax());
        return new PricedShipping(
                cart.method(),
                weight,
                money(amounts.net),
                money(amounts.discount),
                money(amounts.tax),
                rate,
                deductions(amounts.discount, off));
    }

    /// Tells the discount by campaign, in the proportions in which they took it off. A cent off a
    /// price with tax may be all tax: then the campaign is named with nothing.
    private List<Deduction> deductions(long discount, long[] off) {
        if (sum(off) == 0) {
            return List.of();
        }
        long[] shares = Allocation.byLargestRemainder(discount, off);
        List<Deduction> deductions = new ArrayList<>();
        for (int deal = 0; deal < shares.length; deal++) {
            if (off[deal] > 0) {
                Deal its = cart.deals().get(deal);
                deductions.add(new Deduction(its.code(), its.campaignId(), money(shares[deal])));
            }
        }
        return deductions;
    }

    private boolean includesTax() {
        return market.includesTax(cart.currency());
    }

    private Money money(long minor) {
        return new Money(minor, cart.currency());
    }

    private static long[] column(long[][] rows, int index) {
        if (rows.length == 0) {
            return NOTHING;
        }
        long[] column = new long[rows.length];
        for (int row = 0; row < rows.length; row++) {
            column[row] = rows[row][index];
        }
        return column;
    }

    private static long sum(long[] amounts) {
        long sum = 0;
        for (long amount : amounts) {
            sum += amount;
        }
        return sum;
    }

    /// A price and what is taken off it, told without tax, and the tax.
    private record Amounts(long net, long discount, long tax) {
        static Amounts of(long list, long off, Rate rate, boolean includesTax) {
            long paid = list - off;
            if (!includesTax) {
                return new Amounts(list, off, rate.of(paid, ROUNDING));
            }
            long net = rate.netOf(list, ROUNDING);
            long paidNet = off == 0 ? net : rate.netOf(paid, ROUNDING);
            return new Amounts(net, net - paidNet, paid - paidNet);
        }
    }
}
