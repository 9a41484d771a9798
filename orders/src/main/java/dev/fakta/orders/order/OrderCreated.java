// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.PricedShipping;
import dev.fakta.orders.pricing.Totals;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An order was placed. Carries everything that was decided about money, so that nothing is ever
/// computed again from rules that have changed.
///
/// @param number the order's id for people; see [OrderNumber]
/// @param placedAt when the customer placed it; for an imported order in the past
/// @param pricesIncludeTax whether the lines' unit prices contain the tax
/// @param rounding how amounts were rounded, per line
/// @param codes the codes that the customer gave, with their campaigns
/// @param stockUntil how long stock is kept for it at first; none in orders of earlier versions
/// @param sources the locations that it is served from, the best one first; none: the main one
/// @param review whether somebody has to look at it before it is paid; none: no
public record OrderCreated(
        String number,
        String customerId,
        String email,
        Currency currency,
        Instant placedAt,
        List<PricedLine> lines,
        PricedShipping shipping,
        Address address,
        Totals totals,
        boolean pricesIncludeTax,
        RoundingMode rounding,
        List<Code> codes,
        Payment payment,
        @Nullable Instant stockUntil,
        @Nullable Boolean review,
        @Nullable List<String> sources)
        implements Order.Event {

    public OrderCreated {
        lines = List.copyOf(lines);
        codes = List.copyOf(codes);
        sources = sources == null ? null : List.copyOf(sources);
    }

    private static final List<String> MAIN = List.of(Sourcing.MAIN);

    /// A code that the customer gave. Its campaign's limit is enforced later, by a reservation.
    public record Code(String code, String campaignId) {}

    /// How the customer pays.
    ///
    /// @param token what the payment provider knows the customer's card by, sealed; in the clear
    ///   where an earlier version has recorded it
    /// @param storeCredit whether the customer's store credit is used first
    public record Payment(String method, @Nullable String token, @Nullable Boolean storeCredit) {

        public Payment(String method, @Nullable String token) {
            this(method, token, null);
        }

        public boolean usesStoreCredit() {
            return Boolean.TRUE.equals(storeCredit) || method.equals(PaymentCheck.STORE_CREDIT);
        }
    }

    /// The locations that it is served from, the best one first.
    public List<String> locations() {
        return sources == null || sources.isEmpty() ? MAIN : sources;
    }

    boolean isReviewed() {
        return Boolean.TRUE.equals(review);
    }

    /// The same with other lines, and what they come to.
    OrderCreated with(List<PricedLine> otherLines, Totals otherTotals) {
        return new OrderCreated(
                number,
                customerId,
                email,
                currency,
                placedAt,
                otherLines,
                shipping,
                address,
                otherTotals,
                pricesIncludeTax,
                rounding,
                codes,
                payment,
                stockUntil,
                review,
                sources);
    }

    /// Why these facts cannot be those of an order, if they cannot.
    Order.@Nullable Refusal fault() {
        if (lines.isEmpty()) {
            return Order.Refusal.NO_LINES;
        }
        if (!isInOneCurrency()) {
            return Order.Refusal.CURRENCIES_MIXED;
        }
        for (PricedLine line : lines) {
            if (line.quantity() < 1) {
                return Order.Refusal.QUANTITY_INVALID;
            }
        }
        return addsUp() ? null : Order.Refusal.TOTALS_DO_NOT_ADD_UP;
    }

    /// O6.
    private boolean isInOneCurrency() {
        for (PricedLine line : lines) {
            if (!isMine(line.unitPrice())
                    || !isMine(line.net())
                    || !isMine(line.discount())
                    || !isMine(line.tax())
                    || !areMine(line.deductions())) {
                return false;
            }
        }
        return isMine(shipping.net())
                && isMine(shipping.discount())
                && isMine(shipping.tax())
                && areMine(shipping.deductions())
                && isMine(totals.items())
                && isMine(totals.discount())
                && isMine(totals.shipping())
                && isMine(totals.tax())
                && isMine(totals.grand());
    }

    /// O1, and the sums that it is made of.
    private boolean addsUp() {
        try {
            for (PricedLine line : lines) {
                if (line.unitPrice().signum() < 0
                        || !isSound(line.net(), line.discount(), line.tax())
                        || !isSumOf(line.deductions(), line.discount())) {
                    return false;
                }
            }
            return isSound(shipping.net(), shipping.discount(), shipping.tax())
                    && isSumOf(shipping.deductions(), shipping.discount())
                    && rounding != RoundingMode.UNNECESSARY
                    && totals.grand().minor() <= MoneyLedger.LARGEST
                    && totals.equals(Totals.of(lines, shipping));
        } catch (ArithmeticException tooLarge) {
            return false;
        }
    }

    private boolean isMine(Money money) {
        return money.currency() == currency;
    }

    private boolean areMine(List<PricedLine.Deduction> deductions) {
        for (PricedLine.Deduction deduction : deductions) {
            if (!isMine(deduction.amount())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSound(Money net, Money discount, Money tax) {
        return discount.signum() >= 0 && !discount.exceeds(net) && tax.signum() >= 0;
    }

    private static boolean isSumOf(List<PricedLine.Deduction> deductions, Money discount) {
        long sum = 0;
        for (PricedLine.Deduction deduction : deductions) {
            sum = Math.addExact(sum, deduction.amount().minor());
        }
        return sum == discount.minor();
    }
}
