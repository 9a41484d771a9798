// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.pricing.PricedLine.Deduction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What of a placed order the saga works with.
///
/// @param uses the codes that take something off the order; one that does not is not used up
/// @param isSuspicious whether somebody has to look at it before it is paid
record OrderPlan(
        String order,
        String customer,
        Instant placed,
        List<Use> uses,
        Money total,
        boolean isSuspicious,
        String method) {

    private static final String INVOICE = "invoice";

    OrderPlan {
        uses = List.copyOf(uses);
    }

    record Use(String campaign, String code, Money amount) {}

    static OrderPlan of(String order, Instant placed, OrderCreated created, boolean isSuspicious) {
        return new OrderPlan(
                order,
                created.customerId(),
                placed,
                uses(created),
                created.totals().grand(),
                isSuspicious,
                created.payment().method());
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
}
