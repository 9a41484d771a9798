// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Courier;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.domain.Processor.Read;
import dev.fakta.orders.order.MoneyStanding;
import dev.fakta.orders.order.MoneyStanding.OfCards;
import dev.fakta.orders.order.MoneyStanding.OfCredit;
import dev.fakta.orders.order.MoneyWish;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Attention.Topic;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.PaymentFacts.Command.RecordMoney;
import dev.fakta.orders.order.Standing.Counterpart;
import dev.fakta.orders.payments.Attempt;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.Payment.Card;
import dev.fakta.orders.payments.Payment.GiveBack;
import dev.fakta.orders.payments.StoreCredit;
import dev.fakta.orders.saga.OrderCourier.Errand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The courier between an order, its payment and the customer's store credit. A payment has its
/// order's id.
final class MoneyCourier {

    static final String NAME = "money-courier";

    static final Processor<Errand, Order.Command> ERRAND =
            Processor.named("carry-money")
                    .taking(Errand.class)
                    .sendingTo(Order.AGGREGATE)
                    .processing(MoneyCourier::carry);

    static final Courier COURIER =
            OrderCourier.courier(NAME, Counterpart.MONEY, Topic.PAYMENT_REFUSED, ERRAND)
                    .on(Payment.Event.PaymentAuthorized.class, (_, at) -> at.id())
                    .on(Payment.Event.PaymentDeclined.class, (_, at) -> at.id())
                    .on(Payment.Event.AuthorizationExpired.class, (_, at) -> at.id())
                    .on(Payment.Event.PaymentCaptured.class, (_, at) -> at.id())
                    .on(Payment.Event.PaymentCaptureFailed.class, (_, at) -> at.id())
                    .on(Payment.Event.PaymentVoided.class, (_, at) -> at.id())
                    .on(Payment.Event.PaymentRefunded.class, (_, at) -> at.id())
                    .on(Payment.Event.PaymentRefundFailed.class, (_, at) -> at.id())
                    .on(Payment.Event.PaymentRefundSettled.class, (_, at) -> at.id())
                    .on(Payment.Event.DisputeOpened.class, (_, at) -> at.id())
                    .on(Payment.Event.DisputeClosed.class, (_, at) -> at.id());

    private MoneyCourier() {}

    private static Outcome<Order.Command> carry(Errand errand, Context context) {
        Read<Order> read = context.read(Order.AGGREGATE, context.id());
        OrderCreated created = read.state().created();
        if (created == null) {
            return new Outcome.Refuse<>(List.of(new Problem("order", "is unknown")));
        }
        MoneyWish wish = read.state().moneyWish();
        List<First<?>> wishes = new ArrayList<>();
        boolean usesCredit = usesCredit(read.state(), created);
        if (usesCredit) {
            wishes.add(
                    new First<>(
                            StoreCredit.AGGREGATE,
                            created.customerId(),
                            new StoreCredit.Command.Settle(
                                    context.id(),
                                    created.currency(),
                                    wish.credit().hold(),
                                    wish.credit().take(),
                                    wish.credit().back())));
        }
        if (usesCards(read.state())) {
            wishes.add(new First<>(Payment.AGGREGATE, context.id(), settle(wish, read, context)));
        }
        return new Outcome.Exchange<>(
                wishes, after -> new RecordMoney(standing(usesCredit, created, after)));
    }

    /// Store credit is told all that is wanted of it, nothing too: it may have set aside more than
    /// the order has heard.
    private static boolean usesCredit(Order order, OrderCreated created) {
        return created.payment().usesStoreCredit() && order.money().card().attempt() > 0;
    }

    /// A payment that nobody ever wanted anything of is left alone.
    private static boolean usesCards(Order order) {
        boolean isKnown = order.money().cards().authorized() > 0;
        return isKnown || order.money().card().attempt() > 0;
    }

    private static Payment.Command settle(MoneyWish wish, Read<Order> read, Context context) {
        return new Payment.Command.Settle(
                context.id(),
                read.revision(),
                read.state().agreed().currency(),
                wish.secure(),
                wish.take(),
                wish.refunds().stream()
                        .map(one -> new GiveBack(one.reason(), one.amount()))
                        .toList(),
                card(wish.card()));
    }

    private static @Nullable Card card(MoneyWish.@Nullable Card card) {
        return card == null ? null : new Card(card.attempt(), card.method(), card.token());
    }

    private static MoneyStanding standing(boolean usesCredit, OrderCreated created, Context after) {
        Payment.Standing cards = after.state(Payment.AGGREGATE, after.id()).standing();
        return new MoneyStanding(
                new OfCards(
                        cards.setAside(),
                        cards.captured(),
                        cards.refunded(),
                        cards.contested(),
                        cards.attempt(),
                        outcome(cards.outcome()),
                        cards.failing()),
                usesCredit ? credit(created, after) : OfCredit.UNKNOWN);
    }

    private static OfCredit credit(OrderCreated created, Context after) {
        StoreCredit.Standing standing =
                after.state(StoreCredit.AGGREGATE, created.customerId()).standing(after.id());
        return new OfCredit(
                true,
                standing.promised(),
                standing.held(),
                standing.captured(),
                standing.refunded());
    }

    private static MoneyStanding.Outcome outcome(Attempt attempt) {
        return switch (attempt) {
            case NONE -> MoneyStanding.Outcome.NONE;
            case PENDING, UNKNOWN -> MoneyStanding.Outcome.PENDING;
            case AUTHORIZED -> MoneyStanding.Outcome.AUTHORIZED;
            case DECLINED -> MoneyStanding.Outcome.DECLINED;
            case EXPIRED -> MoneyStanding.Outcome.EXPIRED;
            case CAPTURE_FAILED -> MoneyStanding.Outcome.CAPTURE_FAILED;
            case VOIDED -> MoneyStanding.Outcome.VOIDED;
        };
    }
}
