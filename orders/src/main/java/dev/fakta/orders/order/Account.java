// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.MoneyLedger.Granted;
import dev.fakta.orders.order.MoneyLedger.Refund;
import dev.fakta.orders.order.MoneyStanding.Outcome;
import dev.fakta.orders.order.MoneyWish.GiveBack;
import dev.fakta.orders.pricing.PricedLine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an order's money comes to, and what should be true of it: the only place where an amount is
/// decided. All sums are derived, in minor units of the order's currency.
///
/// `due` is what the customer pays for everything that is still wanted, less what was granted.
/// `earned` is the part of it for what has left and did not come back. Money is set aside while
/// less than `due` is secured, taken while less than `earned` is kept, and given back while more
/// is.
public record Account(Order order) {

    /// What the lines, shipping and taxes come to, without units that are cancelled or came back.
    /// Shipping is due as long as the customer gets a single unit.
    long goods() {
        long grand = order.totals().grand().minor();
        List<Quantities> lines = order.units().lines();
        if (lines.isEmpty()) {
            return grand;
        }
        boolean isAnyWanted = false;
        for (int line = 0; line < lines.size(); line++) {
            Quantities units = lines.get(line);
            isAnyWanted |= units.credited() < units.ordered();
            grand -= worth(line, units.credited());
        }
        return isAnyWanted ? grand : 0;
    }

    /// What the goods come to that have left and did not come back; shipping with the first of
    /// them. What is lost and is sent again stays earned meanwhile.
    private long goodsSent() {
        long sum = 0;
        boolean isAny = false;
        boolean isAll = true;
        List<Quantities> lines = order.units().lines();
        for (int line = 0; line < lines.size(); line++) {
            Quantities units = lines.get(line);
            int sent = units.shipped() + units.lost();
            isAny |= sent > 0;
            isAll &= sent == units.wanted();
            if (units.cancelled() + sent != units.credited()) {
                sum += worth(line, units.cancelled() + sent) - worth(line, units.credited());
            }
        }
        if (isAny && isAll) {
            return goods();
        }
        return isAny ? sum + order.agreed().shipping().total().minor() : 0;
    }

    /// What the first so many credited units of a line come to.
    private long worth(int line, int units) {
        PricedLine priced = order.line(line);
        return units == 0
                ? 0
                : priced.total()
                        .refundOf(0, units, priced.quantity(), order.agreed().rounding())
                        .minor();
    }

    /// What was granted beside the goods.
    public long credits() {
        long sum = 0;
        for (Granted one : order.money().granted()) {
            sum += one.amount();
        }
        return sum;
    }

    /// What the customer pays for everything that is still wanted.
    public long due() {
        return Math.max(0, goods() - credits());
    }

    /// What the shop has earned by now. What store credit pays is paid in advance.
    public long earned() {
        return earned(due());
    }

    private long earned(long due) {
        if (order.isClosed()) {
            return due;
        }
        long inAdvance = Math.min(due, order.money().keptOfCredit());
        return Math.max(inAdvance, Math.max(0, goodsSent() - credits()));
    }

    /// What is kept and neither earned nor asked back. What is contested is not given back.
    long excess() {
        return excess(due());
    }

    private long excess(long due) {
        MoneyLedger money = order.money();
        return money.captured() - money.asked() - money.contested() - earned(due);
    }

    /// Whether what is due is promised, or will be paid after an invoice. What is about to be given
    /// back is not.
    boolean isSecured() {
        if (order.isOnInvoice()) {
            return true;
        }
        long due = due();
        long leaving = Math.max(0, excess(due));
        return order.money().secured() - leaving >= due;
    }

    boolean isPaid() {
        MoneyLedger money = order.money();
        return order.isOnInvoice() || money.captured() - money.asked() >= due();
    }

    /// Whether the customer may pay by a card now: something is due that is not secured.
    boolean isOwed() {
        return isCollecting() && !isSecured();
    }

    /// Whether money is asked for: from the time at which it was asked for first until the end.
    private boolean isCollecting() {
        return isLive() && order.money().card().attempt() > 0;
    }

    private boolean isLive() {
        return order.lifecycle() == Lifecycle.CREATED || order.lifecycle() == Lifecycle.CONFIRMED;
    }

    /// Whether the newest card is to be tried once more: it had been good for what was due, and now
    /// more is. Not while people look at the payment; once they have, it is.
    boolean isMoreToAsk() {
        return isOwed()
                && order.money().card().outcome() == Outcome.AUTHORIZED
                && !order.isHeldFor(HoldKind.PAYMENT_RISK);
    }

    MoneyWish wish() {
        MoneyLedger money = order.money();
        boolean isAsked = money.card().attempt() > 0 || money.authorized() > 0;
        if (order.created() == null || !isAsked) {
            return MoneyWish.NOTHING;
        }
        MoneyWish.Credit credit = creditWish(money);
        boolean isEnded = !isLive() && order.lifecycle() != Lifecycle.COMPLETED;
        boolean waitsForCredit = credit.hold() > 0 && !money.isCreditKnown();
        long asked = money.askedOfCards();
        long secure = isEnded || waitsForCredit ? 0 : due() - money.securedByCredit();
        long take =
                isEnded || order.lifecycle() == Lifecycle.CREATED
                        ? 0
                        : earned() - money.keptOfCredit();
        long wholeTake = asked + Math.max(0, take);
        return new MoneyWish(
                Math.max(wholeTake, asked + secure),
                wholeTake,
                refunds(money.refunds()),
                isEnded ? null : card(money.card()),
                credit);
    }

    private static List<GiveBack> refunds(List<Refund> all) {
        if (all.isEmpty()) {
            return List.of();
        }
        List<GiveBack> back = new ArrayList<>();
        for (Refund one : all) {
            if (one.toCards() > 0) {
                back.add(new GiveBack(one.reason(), one.toCards()));
            }
        }
        return back;
    }

    private MoneyWish.@Nullable Card card(Cards card) {
        OrderCreated.Payment placed = order.agreed().payment();
        String method = card.method() == null ? placed.method() : card.method();
        String token = card.token() == null ? placed.token() : card.token();
        return card.attempt() > 0 && method.equals(PaymentCheck.CARD) && token != null
                ? new MoneyWish.Card(card.attempt(), method, token)
                : null;
    }

    /// Store credit is used before cards, and gets its part back after them.
    private MoneyWish.Credit creditWish(MoneyLedger money) {
        if (!order.agreed().payment().usesStoreCredit()) {
            return MoneyWish.Credit.NOTHING;
        }
        long taken = money.credit().captured();
        long hold = isLive() ? due() + money.askedOfCredit() : taken;
        boolean isTaken = order.lifecycle() == Lifecycle.CONFIRMED;
        long take = isTaken ? Math.min(money.credit().promised(), hold) : taken;
        return new MoneyWish.Credit(
                Math.max(taken, hold), Math.max(taken, take), money.askedOfCredit());
    }
}
