// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.gateway.NextSteps;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.PricedShipping;
import dev.fakta.orders.pricing.Totals;
import dev.fakta.runtime.Versioned;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An order as clients see it.
///
/// @param status the lifecycle's axis
/// @param reason why it was rejected or is cancelled
/// @param waitingFor what has to come or be done; never empty before the order has ended
/// @param units where they are, in the order of the lines
/// @param totals of all lines, cancelled units included
/// @param due what the customer has to pay
/// @param account what the order's money comes to
/// @param edit what is proposed
/// @param actions what may be done next, and why not
record OrderJson(
        String id,
        String number,
        String customerId,
        String email,
        String currency,
        String status,
        @Nullable String reason,
        String payment,
        String fulfilment,
        String returns,
        List<Order.Hold> holds,
        List<Waiting> waitingFor,
        List<PricedLine> lines,
        List<Quantities> units,
        List<UnitLedger.Shipment> shipments,
        List<UnitLedger.Returning> returnsOf,
        PricedShipping shipping,
        Address address,
        Totals totals,
        Money due,
        AccountJson account,
        Paid paid,
        Edits.@Nullable Proposal edit,
        List<OrderCreated.Code> codes,
        boolean pricesIncludeTax,
        List<Order.Attention> attentions,
        Map<String, NextSteps.Step> actions,
        long revision,
        Instant placedAt) {

    /// What the order's money comes to; see [Account].
    ///
    /// @param kept what was captured and not given back
    /// @param secured what is kept or set aside
    /// @param credits what was granted beside the goods
    record AccountJson(
            Money due,
            Money earned,
            Money captured,
            Money refunded,
            Money kept,
            Money secured,
            Money credits) {
        static AccountJson of(Order order) {
            Account account = order.account();
            return new AccountJson(
                    order.amount(account.due()),
                    order.amount(account.earned()),
                    order.amount(order.money().captured() + transferred(order, 1)),
                    order.amount(order.money().refunded() + transferred(order, -1)),
                    order.amount(order.money().kept() + order.money().paidByInvoice()),
                    order.amount(order.money().secured() + order.money().paidByInvoice()),
                    order.amount(account.credits()));
        }
    }

    /// What was transferred for the invoice, or back.
    private static long transferred(Order order, int sign) {
        return order.money().received().stream()
                .mapToLong(one -> Math.max(0, sign * one.amount()))
                .sum();
    }

    /// What has been paid, in minor units.
    record Paid(long authorized, long captured, long refunded, long withdrawn) {}

    static OrderJson of(Versioned<Order> versioned) {
        Order order = versioned.state();
        OrderCreated agreed = Objects.requireNonNull(order.created());
        return new OrderJson(
                versioned.id(),
                agreed.number(),
                agreed.customerId(),
                agreed.email(),
                agreed.currency().getCurrencyCode(),
                order.lifecycle().toString(),
                reason(order.progress()),
                order.payment().toString(),
                order.fulfilment().toString(),
                order.returns().toString(),
                order.holds(),
                Waiting.of(order),
                order.lines(),
                order.ledger().lines(),
                order.units().shipments(),
                order.units().returns(),
                agreed.shipping(),
                order.address(),
                order.totals(),
                order.amount(order.due()),
                AccountJson.of(order),
                paid(order.money()),
                order.changes().proposal(),
                agreed.codes(),
                agreed.pricesIncludeTax(),
                order.attentions(),
                Actions.steps(versioned.id(), order),
                versioned.revision(),
                agreed.placedAt());
    }

    /// An order as its customer sees it: without what the shop's people have to do about it and why
    /// they look at it. The fields are the same.
    static OrderJson forCustomer(Versioned<Order> versioned) {
        OrderJson all = of(versioned);
        boolean isFraud = RejectReason.FRAUD.name().equals(all.reason);
        return new OrderJson(
                all.id,
                all.number,
                all.customerId,
                all.email,
                all.currency,
                all.status,
                isFraud ? null : all.reason,
                all.payment,
                all.fulfilment,
                all.returns,
                List.of(),
                all.waitingFor.stream().filter(Waiting::isForCustomers).toList(),
                all.lines,
                all.units,
                all.shipments,
                all.returnsOf,
                all.shipping,
                all.address,
                all.totals,
                all.due,
                all.account,
                all.paid,
                all.edit,
                all.codes,
                all.pricesIncludeTax,
                List.of(),
                Actions.forCustomer(all.actions),
                all.revision,
                all.placedAt);
    }

    private static @Nullable String reason(Progress progress) {
        if (progress.rejected() != null) {
            return progress.rejected().name();
        }
        return progress.cancelled() != null ? progress.cancelled() : progress.cancelling();
    }

    private static Paid paid(MoneyLedger money) {
        return new Paid(money.authorized(), money.captured(), money.refunded(), money.withdrawn());
    }
}
