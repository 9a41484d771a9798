// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput;
import dev.fakta.domain.SagaInput.Happened;
import dev.fakta.domain.SagaInput.Woken;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
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
import org.jspecify.annotations.Nullable;

/// The clock of an order that waits for its money, since an order has none: it keeps the goods
/// while the payment provider or another card is waited for, and tells the order when it has waited
/// long enough. What follows from that is the order's to say.
///
/// An instance is over with the order's confirmation or end.
record PaymentClock() {

    static final String NAME = "payment-clock";

    /// How long the provider may take to answer before people look at the order.
    static final Duration ANSWER_WINDOW = Duration.ofMinutes(30);

    /// How long a customer whose card was declined may try another.
    static final Duration RETRY_WINDOW = Duration.ofMinutes(15);

    /// When the goods are kept longer than they are at first.
    static final Duration STOCK_WINDOW = Duration.ofMinutes(10);

    static final String KEEP = "keep-stock-longer";
    static final String NO_ANSWER = "tell-of-no-answer";
    static final String NO_OTHER_CARD = "tell-of-no-other-card";

    private static final String STOCK = "stock-end";
    private static final String ANSWER = "payment-answer";
    private static final String RETRY = "payment-retry";
    private static final String LOOK = "payment-look";

    /// It always has a timer, or is over.
    private static final Duration PATIENCE = Duration.ofDays(3_650);

    record Keep() {}

    static final Processor<Keep, Order.Command> KEEP_STOCK =
            Processor.named("keep-stock")
                    .taking(Keep.class)
                    .sendingTo(Order.AGGREGATE)
                    .processing(
                            (_, context) ->
                                    new Outcome.Send<>(
                                            new StockFacts.Command.KeepStock(context.now())));

    static final Saga<Void, PaymentClock> SAGA =
            Saga.named(NAME)
                    .startingAs(new PaymentClock())
                    .<Void>reacting((_, input, progress) -> react(input, progress))
                    .evolving((clock, _) -> clock)
                    .patience(PATIENCE)
                    .on(OrderPaymentRequested.class, (e, at) -> waiting(e, at.id()))
                    .on(OrderCardGiven.class, (e, at) -> waiting(e, at.id()))
                    .on(OrderCardTriedAgain.class, (e, at) -> waiting(e, at.id()))
                    .on(OrderPaymentDeclined.class, (e, at) -> waiting(e, at.id()))
                    .on(OrderReviewed.class, (e, at) -> isDeclined(e) ? waiting(e, at.id()) : null)
                    .on(Order.Event.OrderConfirmed.class, (_, at) -> at.id())
                    .on(Order.Event.OrderRejected.class, (_, at) -> at.id())
                    .on(Order.Event.OrderCancelled.class, (_, at) -> at.id())
                    .step(
                            Step.<PaymentClock>named(KEEP)
                                    .doing((_, id) -> Send.through(KEEP_STOCK, id, new Keep())))
                    .step(
                            Step.<PaymentClock>named(NO_ANSWER)
                                    .doing(
                                            (_, id) ->
                                                    toOrder(
                                                            id,
                                                            new PaymentFacts.Command
                                                                    .RecordNoAnswer())))
                    .step(
                            Step.<PaymentClock>named(NO_OTHER_CARD)
                                    .doing(
                                            (_, id) ->
                                                    toOrder(
                                                            id,
                                                            new PaymentFacts.Command
                                                                    .RecordNoOtherCard())));

    /// The order's id, when it waits for its confirmation.
    private static @Nullable String waiting(Moving event, String id) {
        return event.standing().status() == Lifecycle.CREATED ? id : null;
    }

    /// Whether the customer has to give another card, now that people have looked at the order.
    private static boolean isDeclined(OrderReviewed event) {
        return event.standing().payment() == Payment.DECLINED;
    }

    private static Send<?> toOrder(String id, Order.Command command) {
        return Send.to(Order.AGGREGATE, id, command);
    }

    private static Reaction<Void> nothing() {
        return Reaction.nothing();
    }

    private static Reaction<Void> react(SagaInput input, Progress progress) {
        return switch (input) {
            case Happened(OrderPaymentRequested _, var at) ->
                    nothing().wake(key(STOCK, at.id()), STOCK_WINDOW);
            case Happened(OrderCardGiven _, var at) -> asking(at.id());
            case Happened(OrderCardTriedAgain _, var at) -> asking(at.id());
            case Happened(OrderPaymentDeclined _, var at) -> declined(at.id(), progress);
            case Happened(OrderReviewed _, var at) ->
                    nothing().run(KEEP, at.id()).wake(key(RETRY, at.id()), RETRY_WINDOW);
            case Happened _ -> nothing().complete();
            case Woken(var timer) -> woken(timer);
            // An order that is refused to be kept has ended, which is told as an event too.
            default -> nothing();
        };
    }

    private static Reaction<Void> asking(String id) {
        return nothing()
                .cancel(key(STOCK, id))
                .cancel(key(LOOK, id))
                .run(KEEP, id)
                .wake(key(ANSWER, id), ANSWER_WINDOW);
    }

    private static Reaction<Void> declined(String id, Progress progress) {
        Reaction<Void> kept =
                nothing()
                        .cancel(key(STOCK, id))
                        .cancel(key(ANSWER, id))
                        .cancel(key(LOOK, id))
                        .run(KEEP, id);
        return progress.isSet(key(RETRY, id)) ? kept : kept.wake(key(RETRY, id), RETRY_WINDOW);
    }

    private static Reaction<Void> woken(String timer) {
        int end = timer.indexOf(' ');
        String id = timer.substring(end + 1);
        return switch (timer.substring(0, end)) {
            case STOCK ->
                    nothing()
                            .run(KEEP, id)
                            .wake(key(ANSWER, id), ANSWER_WINDOW.minus(STOCK_WINDOW));
            case ANSWER ->
                    nothing().run(KEEP, id).run(NO_ANSWER, id).wake(key(ANSWER, id), ANSWER_WINDOW);
            case RETRY -> nothing().run(NO_OTHER_CARD, id).wake(key(LOOK, id), ANSWER_WINDOW);
            // An earlier card had promised the money then, and may not any more.
            case LOOK ->
                    nothing()
                            .run(KEEP, id)
                            .run(NO_OTHER_CARD, id)
                            .wake(key(LOOK, id), ANSWER_WINDOW);
            default -> nothing();
        };
    }

    /// A timer is told without the order that it is set for, so that stands in its name.
    private static String key(String timer, String id) {
        return timer + " " + id;
    }
}
