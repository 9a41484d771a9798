// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.PricedLine.Deduction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What of a placed order the saga works with.
///
/// @param storeCredit whether the customer's store credit is used before the card
/// @param uses the codes that take something off the order; one that does not is not used up
/// @param isSuspicious whether somebody has to look at it before it is paid
record OrderPlan(
        String order,
        String customer,
        Instant placed,
        List<Line> lines,
        List<Use> uses,
        Money total,
        boolean isSuspicious,
        String method,
        @Nullable String token,
        @Nullable Boolean storeCredit) {

    private static final String INVOICE = "invoice";
    private static final String STORE_CREDIT = "store-credit";

    OrderPlan {
        lines = List.copyOf(lines);
        uses = List.copyOf(uses);
    }

    /// @param waiting how many of its units wait for stock
    record Line(String sku, int quantity, long waiting) {
        /// Where its units are kept.
        String stock() {
            return StockItem.Command.idOf(sku, null);
        }
    }

    record Use(String campaign, String code, Money amount) {}

    static OrderPlan of(String order, Instant placed, OrderCreated created, boolean isSuspicious) {
        return new OrderPlan(
                order,
                created.customerId(),
                placed,
                lines(created.lines()),
                uses(created),
                created.totals().grand(),
                isSuspicious,
                created.payment().method(),
                created.payment().token(),
                created.payment().storeCredit());
    }

    static List<Line> lines(List<PricedLine> priced) {
        List<Line> lines = new ArrayList<>();
        for (PricedLine line : priced) {
            lines.add(new Line(line.sku(), line.quantity(), 0));
        }
        return lines;
    }

    OrderPlan plus(List<Line> added) {
        List<Line> more = new ArrayList<>(lines);
        more.addAll(added);
        return with(more);
    }

    OrderPlan waiting(int line, long units) {
        List<Line> changed = new ArrayList<>(lines);
        Line one = lines.get(line);
        changed.set(line, new Line(one.sku(), one.quantity(), units));
        return with(changed);
    }

    private OrderPlan with(List<Line> changed) {
        return new OrderPlan(
                order,
                customer,
                placed,
                changed,
                uses,
                total,
                isSuspicious,
                method,
                token,
                storeCredit);
    }

    private static List<Use> uses(OrderCreated created) {
        List<Use> uses = new ArrayList<>();
        for (OrderCreated.Code code : created.codes()) {
            long minor =
                    Stream.concat(
                                    created.lines().stream()
                                            .flatMap(line -> line.deductions().stream()),
                                    created.shipping().deductions().stream())
                            .filter(deduction -> deduction.code().equals(code.code()))
                            .map(Deduction::amount)
                            .mapToLong(Money::minor)
                            .sum();
            if (minor > 0) {
                uses.add(
                        new Use(
                                code.campaignId(),
                                code.code(),
                                new Money(minor, created.currency())));
            }
        }
        return uses;
    }

    /// Whether money has to be set aside before anything is shipped.
    boolean isPaidFirst() {
        return total.signum() > 0 && !method.equals(INVOICE);
    }

    /// Whether the customer's store credit is used first.
    boolean isCreditFirst() {
        return Boolean.TRUE.equals(storeCredit) || isCreditOnly();
    }

    /// Whether nothing but store credit is to pay for it.
    boolean isCreditOnly() {
        return method.equals(STORE_CREDIT);
    }

    List<String> codes() {
        return uses.stream().map(Use::code).toList();
    }

    Use use(String code) {
        for (Use use : uses) {
            if (use.code().equals(code)) {
                return use;
            }
        }
        throw new IllegalArgumentException(order + " does not use " + code);
    }

    /// The keys of its lines: their numbers.
    List<String> lineKeys() {
        List<String> keys = new ArrayList<>();
        for (int line = 0; line < lines.size(); line++) {
            keys.add(Integer.toString(line));
        }
        return keys;
    }

    Money money(long minor) {
        return new Money(minor, total.currency());
    }
}
