// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.order.OrderDecider.Step;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.order.StockBook.Supply;
import dev.fakta.orders.order.StockFacts.Command;
import dev.fakta.orders.order.StockFacts.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Records what stock answers, in every state of the order.
record StockDecider(Order order) {

    private static final String MISSING = "Not in stock.";

    /// For how long stock is kept on for an order that is not confirmed: beyond the next time at
    /// which the payment clock looks at it.
    static final Duration KEPT = Duration.ofMinutes(45);

    Decision<Step> decide(Command command) {
        return switch (command) {
            case Command.RecordStock(var lines, var isOver) -> hear(lines, isOver);
            case Command.KeepStock(var now) -> keep(now);
        };
    }

    private Decision<Step> hear(List<LineStock> answers, boolean isOver) {
        for (LineStock answer : answers) {
            if (answer.line() < 0 || answer.line() >= order.lines().size()) {
                return reject(Refusal.LINES_INVALID);
            }
        }
        List<LineStock> news = order.stock().news(answers);
        boolean isLate = isOver && order.lifecycle() == Lifecycle.CREATED;
        if (news.isEmpty() && !isLate) {
            return accept();
        }
        Order after = order.hearing(order.stock().hearing(news));
        if (isLate) {
            return accept(
                    at -> new Event.OrderStockChanged(news, Supply.OVER, at),
                    at -> new Order.Event.OrderRejected(RejectReason.TIMEOUT, at));
        }
        Supply supply = new StockNeeds(after).supply();
        Step changed = at -> new Event.OrderStockChanged(news, supply, at);
        List<LineUnits> missing = new StockNeeds(after).givenUp();
        return missing.isEmpty() ? accept(changed) : accept(changed, without(missing, after));
    }

    /// What cannot be had is cancelled; an order that would have nothing left is.
    private static Step without(List<LineUnits> missing, Order after) {
        Order rest = after.with(after.ledger().cancel(missing));
        if (rest.ledger().sum(Quantities::wanted) == 0) {
            return at -> new Order.Event.OrderCancellationRequested(MISSING, at);
        }
        Money value = after.amount(after.due() - rest.due());
        return at -> new Order.Event.OrderLinesCancelled(missing, MISSING, value, at);
    }

    /// While people look at the order, how long they may take says how long its stock is kept: also
    /// when the item keeps it for good, as it was told so before the order was held.
    private Decision<Step> keep(Instant now) {
        Refusal refusal = Actions.ended(order);
        if (refusal != null) {
            return reject(refusal);
        }
        Instant kept = order.stock().until();
        if (new Review(order).isOpen()) {
            return kept == null || kept.isAfter(now)
                    ? accept()
                    : accept(at -> new Order.Event.OrderRejected(RejectReason.TIMEOUT, at));
        }
        Instant until = now.plus(KEPT);
        return kept != null && !until.isAfter(kept)
                ? accept()
                : accept(at -> new Event.OrderStockKept(until, at));
    }
}
