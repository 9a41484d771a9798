// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.OrderSteps.ASK;
import static dev.fakta.orders.saga.OrderSteps.CANCEL;
import static dev.fakta.orders.saga.OrderSteps.CONFIRM;
import static dev.fakta.orders.saga.OrderSteps.CONFIRM_REDEMPTION;
import static dev.fakta.orders.saga.OrderSteps.EXTEND;
import static dev.fakta.orders.saga.OrderSteps.HOLD;
import static dev.fakta.orders.saga.OrderSteps.REDEEM;
import static dev.fakta.orders.saga.OrderSteps.REJECT;

import dev.fakta.domain.At;
import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput;
import dev.fakta.domain.SagaInput.Compensated;
import dev.fakta.domain.SagaInput.Done;
import dev.fakta.domain.SagaInput.Happened;
import dev.fakta.domain.SagaInput.Refused;
import dev.fakta.domain.SagaInput.Unanswered;
import dev.fakta.domain.SagaInput.Woken;
import dev.fakta.orders.order.Axes;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Edits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.PaymentFacts;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.order.Standing;
import dev.fakta.orders.order.StockBook.Supply;
import dev.fakta.orders.order.StockFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// From a placed order to a confirmed one, or to one that left no trace but its own: codes and
/// stock, then money, then all is confirmed. Stock and money are the order's own affair and its
/// couriers' (see [Courier]); the saga waits for what the order says of them. Whatever fails, codes
/// are given back, and the order is rejected or cancelled.
///
/// @param plan none as long as nothing is known of the order
/// @param rejecting why the order is to be rejected, once that is clear
/// @param isCancelling whether the order waits for the end of its cancellation
/// @param declines how often the money was refused
/// @param isPaid whether what is due is promised
/// @param isOverdue whether the order is held because the provider does not answer
/// @param extendedTo until when stock was to be kept longer, if it was
/// @param supply how far the order's need of stock is met: reserved or firm, once it is
record OrderSaga(
        @Nullable OrderPlan plan,
        @Nullable RejectReason rejecting,
        boolean isCancelling,
        int declines,
        boolean isPaid,
        boolean isOverdue,
        @Nullable Instant extendedTo,
        @Nullable Supply supply) {

    static final String NAME = "order-saga";

    /// How long the first try to get the money may take before somebody is told.
    static final Duration ANSWER_WINDOW = Duration.ofMinutes(30);

    /// How long a customer whose card was declined may try another.
    static final Duration RETRY_WINDOW = Duration.ofMinutes(15);

    /// How often a card may be declined.
    static final int MOST_DECLINES = 3;

    /// A use of a code is set aside for as long as an order can wait for its confirmation.
    static final Duration LONGEST_WAIT = Duration.ofDays(7);

    /// How long somebody may take to look at an order that is suspicious.
    static final Duration REVIEW_WINDOW = Duration.ofDays(3);

    /// A confirmed order that nothing is heard of for so long is for an operator to look at.
    static final Duration PATIENCE = Duration.ofDays(60);

    /// How long nobody may answer before stock is kept longer than it is at first.
    static final Duration STOCK_WINDOW = Duration.ofMinutes(10);

    private static final String ANSWER = "payment-answer";
    private static final String STOCK = "stock-end";
    private static final String RETRY = "payment-retry";
    private static final String REVIEW = "review";

    private static final OrderSaga NONE =
            new OrderSaga(null, null, false, 0, false, false, null, null);

    /// @param risk which orders somebody has to look at
    static Saga<OrderSagaEvent, OrderSaga> saga(Risk risk) {
        return OrderSteps.of(OrderSagaFacts.of(OrderSagaEvent.of(named(risk))));
    }

    private static Saga<OrderSagaEvent, OrderSaga> named(Risk risk) {
        return Saga.named(NAME)
                .startingAs(NONE)
                .reacting((saga, input, progress) -> saga.react(input, progress, risk))
                .evolving(OrderSaga::evolve)
                .version(4)
                .patience(PATIENCE);
    }

    OrderPlan known() {
        return Objects.requireNonNull(plan, "the saga has not begun");
    }

    RejectReason reason() {
        return Objects.requireNonNull(rejecting, "nothing has failed");
    }

    /// What a hold that the saga places says.
    String why(String kind) {
        return kind.equals(HoldKind.PAYMENT_RISK.name())
                ? Order.NO_ANSWER
                : "The order is above the amount that somebody looks at.";
    }

    OrderSaga evolve(OrderSagaEvent event) {
        return switch (event) {
            case OrderSagaEvent.Begun(var begun) ->
                    new OrderSaga(
                            begun,
                            rejecting,
                            isCancelling,
                            declines,
                            isPaid,
                            isOverdue,
                            extendedTo,
                            supply);
            case OrderSagaEvent.Failed(var reason) -> ending(reason, isCancelling);
            case OrderSagaEvent.Stopped _ -> ending(rejecting, true);
            case OrderSagaEvent.Declined _ -> paying(declines + 1, isPaid, isOverdue);
            case OrderSagaEvent.Paid(var isIt) -> paying(declines, isIt, isOverdue && !isIt);
            case OrderSagaEvent.Waited(var until) -> waiting(true, until, supply);
            case OrderSagaEvent.Extended(var until) -> waiting(isOverdue, until, supply);
            case OrderSagaEvent.Supplied(var now) -> waiting(isOverdue, extendedTo, now);
        };
    }

    private OrderSaga ending(@Nullable RejectReason reason, boolean cancels) {
        return new OrderSaga(
                plan, reason, cancels, declines, isPaid, isOverdue, extendedTo, supply);
    }

    private OrderSaga paying(int refusals, boolean isIt, boolean overdue) {
        return new OrderSaga(
                plan, rejecting, isCancelling, refusals, isIt, overdue, extendedTo, supply);
    }

    private OrderSaga waiting(boolean overdue, @Nullable Instant until, @Nullable Supply now) {
        return new OrderSaga(plan, rejecting, isCancelling, declines, isPaid, overdue, until, now);
    }

    Reaction<OrderSagaEvent> react(SagaInput input, Progress progress, Risk risk) {
        return switch (input) {
            case Happened(OrderCreated created, At at) when plan == null ->
                    begin(OrderPlan.of(at.id(), at.time(), created, risk.isIn(created)));
            case Happened _ when plan == null -> Reaction.nothing(); // from before there was a saga
            case Happened(Order.Event event, At at) -> onOrder(event, at, progress);
            case Done(var step, _) -> onDone(step, progress);
            case Refused(var step, _, var rejection, _) -> onRefused(step, rejection, progress);
            case Woken(var timer) -> onTimer(timer, progress);
            case Compensated() -> ending();
            case Happened _, Unanswered _ -> Reaction.nothing();
        };
    }

    private static Reaction<OrderSagaEvent> nothing() {
        return Reaction.nothing();
    }

    /// Whether what was done is taken back, or all is over.
    private static boolean isEnding(Progress progress) {
        return progress.isCompensating() || progress.isCompleted();
    }

    private static Reaction<OrderSagaEvent> begin(OrderPlan begun) {
        Reaction<OrderSagaEvent> reaction = Reaction.record(new OrderSagaEvent.Begun(begun));
        return reaction.runEach(REDEEM, begun.codes());
    }

    private Reaction<OrderSagaEvent> onOrder(Order.Event event, At at, Progress progress) {
        return switch (event) {
            case Order.Event.OrderCancellationRequested _ -> stop(progress);
            case Order.Event.OrderCancelled _ when isCancelling -> Reaction.nothing();
            case Order.Event.OrderCancelled _ -> undo("cancelled", nothing(), progress);
            case Order.Event.OrderRejected _ when rejecting != null -> Reaction.nothing();
            case Order.Event.OrderRejected _ -> undo("rejected", nothing(), progress);
            case Order.Event.OrderCompleted _ -> nothing().complete();
            case Order.Event.OrderHoldReleased(var kind) ->
                    kind == HoldKind.FRAUD_REVIEW && progress.isSet(REVIEW)
                            ? pay(progress, true).cancel(REVIEW)
                            : nothing();
            case StockFacts.Event.OrderStockChanged(_, var now, _) -> onStock(now, progress);
            case PaymentFacts.Event.OrderPaymentDeclined _ -> declined(at, progress);
            case PaymentFacts.Event money -> onMoney(money.standing(), progress);
            case Order.Event.OrderLinesCancelled less -> onMoney(less.standing(), progress);
            case Edits.Event.OrderEdited edited -> onMoney(edited.standing(), progress);
            case Order.Event _ -> Reaction.nothing();
        };
    }

    private Reaction<OrderSagaEvent> onStock(Supply now, Progress progress) {
        if (isEnding(progress) || progress.isOpen(CONFIRM) || progress.isDone(CONFIRM)) {
            return nothing();
        }
        return switch (now) {
            case MISSING -> fail(RejectReason.OUT_OF_STOCK, progress);
            case OVER -> fail(RejectReason.TIMEOUT, progress);
            case ASKED -> nothing();
            case RESERVED, FIRM -> now == supply ? nothing() : supplied(now, progress);
        };
    }

    private Reaction<OrderSagaEvent> supplied(Supply now, Progress progress) {
        OrderSagaEvent heard = new OrderSagaEvent.Supplied(now);
        OrderSaga after = evolve(heard);
        if (supply != null) {
            return with(heard, after.confirm(progress, isReviewed(progress)));
        }
        return with(heard, isRedeemed(progress) ? after.assess(progress) : nothing());
    }

    private boolean isRedeemed(Progress progress) {
        return known().uses().isEmpty() || progress.isDone(REDEEM);
    }

    private Reaction<OrderSagaEvent> stop(Progress progress) {
        Reaction<OrderSagaEvent> stopped = Reaction.record(new OrderSagaEvent.Stopped());
        if (progress.isCompleted()) {
            return stopped.run(CANCEL); // all was taken back before this was told
        }
        return undo("its cancellation was asked for", stopped, progress);
    }

    /// Takes back what was done, unless that is under way or done.
    private Reaction<OrderSagaEvent> undo(
            String why, Reaction<OrderSagaEvent> with, Progress progress) {
        return isEnding(progress)
                ? with
                : with.cancel(ANSWER).cancel(STOCK).cancel(RETRY).cancel(REVIEW).compensate(why);
    }

    private Reaction<OrderSagaEvent> fail(RejectReason reason, Progress progress) {
        return isEnding(progress)
                ? Reaction.nothing()
                : undo(reason.name(), Reaction.record(new OrderSagaEvent.Failed(reason)), progress);
    }

    /// The order says whether what is due is promised by now.
    private Reaction<OrderSagaEvent> onMoney(Standing standing, Progress progress) {
        boolean isIt = standing.payment() == Axes.Payment.AUTHORIZED;
        if (isIt == isPaid || isEnding(progress) || progress.isDone(CONFIRM)) {
            return nothing();
        }
        OrderSagaEvent heard = new OrderSagaEvent.Paid(isIt);
        Reaction<OrderSagaEvent> next =
                isIt ? evolve(heard).confirmParts(progress, isReviewed(progress)) : nothing();
        Reaction<OrderSagaEvent> reaction = with(heard, next);
        return isIt ? reaction.cancel(ANSWER).cancel(STOCK).cancel(RETRY) : reaction;
    }

    private static Reaction<OrderSagaEvent> with(
            OrderSagaEvent first, Reaction<OrderSagaEvent> next) {
        List<OrderSagaEvent> events = new ArrayList<>(List.of(first));
        events.addAll(next.events());
        return new Reaction<>(events, next.effects());
    }

    private static boolean isReviewed(Progress progress) {
        return !progress.isSet(REVIEW);
    }

    /// The customer may try another card, until too many were declined or the time is over.
    private Reaction<OrderSagaEvent> declined(At at, Progress progress) {
        if (isEnding(progress) || progress.isDone(CONFIRM)) {
            return nothing();
        }
        OrderSagaEvent declined = new OrderSagaEvent.Declined();
        if (declines + 1 >= MOST_DECLINES) {
            return with(declined, fail(RejectReason.PAYMENT_DECLINED, progress));
        }
        Reaction<OrderSagaEvent> waiting =
                with(declined, keptUntil(at.time().plus(RETRY_WINDOW)))
                        .cancel(ANSWER)
                        .cancel(STOCK);
        return progress.isSet(RETRY) ? waiting : waiting.wake(RETRY, RETRY_WINDOW);
    }

    private Reaction<OrderSagaEvent> onDone(String step, Progress progress) {
        if (step.equals(REJECT) || step.equals(CANCEL)) {
            return nothing().complete();
        }
        if (isEnding(progress)) {
            return Reaction.nothing();
        }
        return switch (step) {
            case REDEEM -> supply != null && isRedeemed(progress) ? assess(progress) : nothing();
            case CONFIRM_REDEMPTION -> confirm(progress, isReviewed(progress));
            default -> nothing();
        };
    }

    /// An order that is suspicious is held until somebody has looked at it.
    private Reaction<OrderSagaEvent> assess(Progress progress) {
        if (!known().isSuspicious()) {
            return pay(progress, true);
        }
        Instant until = known().placed().plus(REVIEW_WINDOW);
        return Reaction.<OrderSagaEvent>record(new OrderSagaEvent.Extended(until))
                .run(HOLD, HoldKind.FRAUD_REVIEW.name())
                .run(EXTEND)
                .wakeAt(REVIEW, until);
    }

    private Reaction<OrderSagaEvent> pay(Progress progress, boolean isReviewed) {
        if (!known().isPaidFirst()) {
            return confirmParts(progress, isReviewed);
        }
        return nothing().run(ASK).wake(ANSWER, ANSWER_WINDOW).wake(STOCK, STOCK_WINDOW);
    }

    private Reaction<OrderSagaEvent> confirmParts(Progress progress, boolean isReviewed) {
        boolean isBegun =
                progress.isOpen(CONFIRM_REDEMPTION) || !progress.done(CONFIRM_REDEMPTION).isEmpty();
        return known().uses().isEmpty() || isBegun
                ? confirm(progress, isReviewed)
                : nothing().runEach(CONFIRM_REDEMPTION, known().codes());
    }

    /// The order knows by then what of it waits for stock: the rest is shipped at once.
    private Reaction<OrderSagaEvent> confirm(Progress progress, boolean isReviewed) {
        boolean isReady =
                (isPaid || !known().isPaidFirst())
                        && supply == Supply.FIRM
                        && isReviewed
                        && (known().uses().isEmpty() || progress.isDone(CONFIRM_REDEMPTION));
        boolean isBegun = progress.isOpen(CONFIRM) || progress.isDone(CONFIRM);
        return isReady && !isBegun ? nothing().run(CONFIRM) : nothing();
    }

    private Reaction<OrderSagaEvent> onRefused(String step, String rejection, Progress progress) {
        return switch (step) {
            case REDEEM, CONFIRM_REDEMPTION -> fail(RejectReason.CODE_EXHAUSTED, progress);
            case CONFIRM -> notConfirmed(rejection, progress);
            case REJECT, CANCEL -> afterRefusedEnd(rejection);
            // The order has ended meanwhile, which is told as an event too.
            default -> nothing();
        };
    }

    /// What was promised may be gone meanwhile: the order asks again, and says so when it has it.
    private Reaction<OrderSagaEvent> notConfirmed(String rejection, Progress progress) {
        return rejection.equals(Order.Refusal.PAYMENT_NOT_AUTHORIZED.name())
                ? Reaction.record(new OrderSagaEvent.Paid(false))
                : undo(rejection, nothing(), progress); // cancelled, which is told too
    }

    /// A cancellation that was asked for while the order was being rejected comes first.
    private Reaction<OrderSagaEvent> afterRefusedEnd(String rejection) {
        return rejection.equals(Order.Refusal.ORDER_CANCELLING.name())
                ? nothing().run(CANCEL)
                : nothing().complete();
    }

    private Reaction<OrderSagaEvent> onTimer(String timer, Progress progress) {
        return switch (timer) {
            case RETRY -> fail(RejectReason.PAYMENT_DECLINED, progress);
            case REVIEW -> fail(RejectReason.TIMEOUT, progress);
            case ANSWER -> overdue();
            case STOCK -> keptUntil(known().placed().plus(ANSWER_WINDOW).plus(RETRY_WINDOW));
            default -> Reaction.nothing();
        };
    }

    private static Reaction<OrderSagaEvent> keptUntil(Instant until) {
        return Reaction.<OrderSagaEvent>record(new OrderSagaEvent.Extended(until)).run(EXTEND);
    }

    /// Nobody knows whether the money is there: the payment goes on asking its provider. Until it
    /// knows, the goods stay reserved, and the order says why.
    private Reaction<OrderSagaEvent> overdue() {
        Instant until =
                Objects.requireNonNullElse(extendedTo, known().placed()).plus(ANSWER_WINDOW);
        Reaction<OrderSagaEvent> reaction =
                Reaction.<OrderSagaEvent>record(
                                new OrderSagaEvent.Waited(until.plus(ANSWER_WINDOW)))
                        .run(EXTEND)
                        .wake(ANSWER, ANSWER_WINDOW);
        return isOverdue ? reaction : reaction.run(HOLD, HoldKind.PAYMENT_RISK.name());
    }

    /// All is taken back: the order is told how it ends.
    private Reaction<OrderSagaEvent> ending() {
        if (isCancelling) {
            return nothing().run(CANCEL);
        }
        return rejecting != null ? nothing().run(REJECT) : nothing().complete();
    }
}
