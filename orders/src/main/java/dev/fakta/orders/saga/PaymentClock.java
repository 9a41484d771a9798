// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Alarm;
import dev.fakta.domain.Alarm.AfterRefusal;
import dev.fakta.domain.AlarmChanges;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Send;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Event.Moving;
import dev.fakta.orders.order.PaymentFacts;
import dev.fakta.orders.order.PaymentFacts.Event.OrderCardGiven;
import dev.fakta.orders.order.PaymentFacts.Event.OrderCardTriedAgain;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentDeclined;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentRequested;
import dev.fakta.orders.order.StockFacts;
import dev.fakta.orders.order.StockFacts.Event.OrderReviewed;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The clock of an order that waits for its money, since an order has none: it keeps the goods
/// while the payment provider or another card is waited for, and tells the order when it has waited
/// long enough. What follows from that is the order's to say; one that has ended refuses to be
/// told.
///
/// It is over with the order's confirmation or end.
final class PaymentClock {

    static final String NAME = "order-payment-clock";

    /// How long the provider may take to answer before people look at the order.
    static final Duration ANSWER_WINDOW = Duration.ofMinutes(30);

    /// How long a customer whose card was declined may try another.
    static final Duration RETRY_WINDOW = Duration.ofMinutes(15);

    /// When the goods are kept longer than they are at first.
    static final Duration STOCK_WINDOW = Duration.ofMinutes(10);

    static final String KEEP = "keep-stock";
    static final String NO_ANSWER = "no-answer";
    static final String NO_OTHER_CARD = "no-other-card";

    /// The same once more: an earlier card had promised the money then, and may not any more.
    static final String STILL_NO_OTHER_CARD = "still-no-other-card";

    private PaymentClock() {}

    record Keep() {}

    static final Processor<Keep, Order.Command> KEEP_STOCK =
            Processor.named("keep-stock")
                    .taking(Keep.class)
                    .sendingTo(Order.AGGREGATE)
                    .processing(
                            (_, context) ->
                                    new Outcome.Send<>(
                                            new StockFacts.Command.KeepStock(context.now())));

    static final AlarmClock CLOCK =
            AlarmClock.named(NAME)
                    .alarm(
                            alarm(KEEP, id -> Send.through(KEEP_STOCK, id, new Keep()))
                                    .every(ANSWER_WINDOW))
                    .alarm(
                            alarm(NO_ANSWER, order(new PaymentFacts.Command.RecordNoAnswer()))
                                    .every(ANSWER_WINDOW))
                    .alarm(
                            alarm(
                                    NO_OTHER_CARD,
                                    order(new PaymentFacts.Command.RecordNoOtherCard())))
                    .alarm(
                            alarm(
                                            STILL_NO_OTHER_CARD,
                                            order(new PaymentFacts.Command.RecordNoOtherCard()))
                                    .every(ANSWER_WINDOW))
                    .on(
                            OrderPaymentRequested.class,
                            (event, at) ->
                                    isCreated(event)
                                            ? AlarmChanges.of(at.id())
                                                    .ring(KEEP, STOCK_WINDOW)
                                                    .ring(NO_ANSWER, ANSWER_WINDOW)
                                            : null)
                    .on(OrderCardGiven.class, (event, at) -> asking(event, at.id()))
                    .on(OrderCardTriedAgain.class, (event, at) -> asking(event, at.id()))
                    .on(
                            OrderPaymentDeclined.class,
                            (event, at) ->
                                    isCreated(event)
                                            ? declined(at.id())
                                                    .clear(NO_ANSWER)
                                                    .ringUnlessSet(NO_OTHER_CARD, RETRY_WINDOW)
                                            : null)
                    .on(
                            OrderReviewed.class,
                            (event, at) ->
                                    event.standing().payment() == Payment.DECLINED
                                            ? declined(at.id()).ring(NO_OTHER_CARD, RETRY_WINDOW)
                                            : null)
                    .on(
                            Order.Event.OrderConfirmed.class,
                            (_, at) -> AlarmChanges.of(at.id()).clearAll())
                    .on(
                            Order.Event.OrderRejected.class,
                            (_, at) -> AlarmChanges.of(at.id()).clearAll())
                    .on(
                            Order.Event.OrderCancelled.class,
                            (_, at) -> AlarmChanges.of(at.id()).clearAll());

    /// What an order refuses to hear of has no other way out.
    private static Alarm alarm(String name, Function<String, Send<?>> sends) {
        return Alarm.named(name).sending(sends).onRefusal((_, _, _) -> AfterRefusal.done());
    }

    private static Function<String, Send<?>> order(Order.Command command) {
        return id -> Send.to(Order.AGGREGATE, id, command);
    }

    /// Whether it waits for its confirmation.
    private static boolean isCreated(Moving event) {
        return event.standing().status() == Lifecycle.CREATED;
    }

    private static @Nullable AlarmChanges asking(Moving event, String id) {
        return isCreated(event)
                ? AlarmChanges.of(id)
                        .ring(KEEP, Duration.ZERO)
                        .clear(STILL_NO_OTHER_CARD)
                        .ring(NO_ANSWER, ANSWER_WINDOW)
                : null;
    }

    private static AlarmChanges declined(String id) {
        return AlarmChanges.of(id)
                .ring(KEEP, Duration.ZERO)
                .ring(STILL_NO_OTHER_CARD, RETRY_WINDOW.plus(ANSWER_WINDOW));
    }
}
