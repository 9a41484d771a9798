// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.OrderSteps.AUTHORIZE;
import static dev.fakta.orders.saga.OrderSteps.CANCEL;
import static dev.fakta.orders.saga.OrderSteps.CONFIRM;
import static dev.fakta.orders.saga.OrderSteps.CONFIRM_ADDED;
import static dev.fakta.orders.saga.OrderSteps.CONFIRM_REDEMPTION;
import static dev.fakta.orders.saga.OrderSteps.CONFIRM_STOCK;
import static dev.fakta.orders.saga.OrderSteps.DROP_LINE;
import static dev.fakta.orders.saga.OrderSteps.EXTEND;
import static dev.fakta.orders.saga.OrderSteps.HOLD;
import static dev.fakta.orders.saga.OrderSteps.KEEP;
import static dev.fakta.orders.saga.OrderSteps.REDEEM;
import static dev.fakta.orders.saga.OrderSteps.REFUND;
import static dev.fakta.orders.saga.OrderSteps.REFUND_CREDIT;
import static dev.fakta.orders.saga.OrderSteps.REJECT;
import static dev.fakta.orders.saga.OrderSteps.RELEASE;
import static dev.fakta.orders.saga.OrderSteps.RELEASE_HOLD;
import static dev.fakta.orders.saga.OrderSteps.RESERVE;
import static dev.fakta.orders.saga.OrderSteps.RESERVE_ADDED;
import static dev.fakta.orders.saga.OrderSteps.SET_ASIDE;
import static dev.fakta.orders.saga.OrderSteps.TAKE;
import static dev.fakta.orders.saga.OrderSteps.TELL_MONEY;
import static dev.fakta.orders.saga.OrderSteps.TELL_WAITING;
import static dev.fakta.orders.saga.OrderSteps.VOID;

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
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Edits;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.PaymentFacts;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.StoreCredit;
import dev.fakta.orders.saga.MoneyFact.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// From a placed order to a confirmed one, or to one that left no trace but its own: codes, then
/// stock, then money, then all is confirmed. Whatever fails, what was done is taken back in reverse
/// order, and the order is rejected or cancelled when nothing of it is left anywhere.
///
/// Money is reserved last and asked for once: the payment decides what a late or a second answer of
/// its provider means, the order decides what it owes. The saga carries facts from the one to the
/// other and wishes back, at any time, also when it has ended long ago.
///
/// @param plan none as long as nothing is known of the order
/// @param rejecting why the order is to be rejected, once that is clear
/// @param isCancelling whether the order waits for the end of its cancellation
/// @param declines how often the money was refused
/// @param funds what is there to pay for the order
/// @param isOverdue whether the order is held because the provider does not answer
/// @param extendedTo until when reservations were extended, if they were
record OrderSaga(
        @Nullable OrderPlan plan,
        @Nullable RejectReason rejecting,
        boolean isCancelling,
        int declines,
        Funds funds,
        boolean isOverdue,
        @Nullable Instant extendedTo) {

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

    private static final String ANSWER = "payment-answer";
    private static final String RETRY = "payment-retry";
    private static final String REVIEW = "review";
    private static final String OWED = "refund ";
    private static final String REFUNDS = "refunds-again";
    private static final String AGAIN = "again ";
    private static final String CONFIRM_AGAIN = "confirm-again ";

    /// How long a refund that has failed waits.
    private static final Duration REFUND_PAUSE = Duration.ofMinutes(10);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Set<String> EARLY =
            Set.of(
                    Order.Refusal.NOT_SET_ASIDE.name(),
                    Order.Refusal.CAPTURE_EXCEEDS_AUTHORIZATION.name(),
                    Order.Refusal.REFUND_EXCEEDS_CAPTURE.name());

    private static final OrderSaga NONE =
            new OrderSaga(null, null, false, 0, Funds.NONE, false, null);

    /// @param risk which orders somebody has to look at
    static Saga<OrderSagaEvent, OrderSaga> saga(Risk risk) {
        return OrderSteps.of(OrderSagaFacts.of(OrderSagaEvent.of(named(risk))));
    }

    private static Saga<OrderSagaEvent, OrderSaga> named(Risk risk) {
        return Saga.named(NAME)
                .startingAs(NONE)
                .reacting((saga, input, progress) -> saga.react(input, progress, risk))
                .evolving(OrderSaga::evolve)
                .version(2)
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
                ? "The payment provider has not answered."
                : "The order is above the amount that somebody looks at.";
    }

    OrderSaga evolve(OrderSagaEvent event) {
        return switch (event) {
            case OrderSagaEvent.Begun(var begun) -> with(begun);
            case OrderSagaEvent.Failed(var reason) ->
                    new OrderSaga(
                            plan, reason, isCancelling, declines, funds, isOverdue, extendedTo);
            case OrderSagaEvent.Stopped _ ->
                    new OrderSaga(plan, rejecting, true, declines, funds, isOverdue, extendedTo);
            case OrderSagaEvent.Declined _ ->
                    new OrderSaga(
                            plan,
                            rejecting,
                            isCancelling,
                            declines + 1,
                            funds,
                            isOverdue,
                            extendedTo);
            case OrderSagaEvent.Waited(var overdue, var until) ->
                    new OrderSaga(plan, rejecting, isCancelling, declines, funds, overdue, until);
            case OrderSagaEvent.Extended(var until) ->
                    new OrderSaga(plan, rejecting, isCancelling, declines, funds, isOverdue, until);
            case OrderSagaEvent.Grown(var lines) -> with(known().plus(lines));
            case OrderSagaEvent.Waiting(var line, var units) -> with(known().waiting(line, units));
            case OrderSagaEvent.Moved(var minor) -> with(funds.opening(minor));
            case OrderSagaEvent.Kept(var minor) -> with(funds.keeping(minor));
            case OrderSagaEvent.Credited(var minor) -> with(funds.crediting(minor));
        };
    }

    private OrderSaga with(OrderPlan changed) {
        return new OrderSaga(
                changed, rejecting, isCancelling, declines, funds, isOverdue, extendedTo);
    }

    private OrderSaga with(Funds changed) {
        return new OrderSaga(
                plan, rejecting, isCancelling, declines, changed, isOverdue, extendedTo);
    }

    Reaction<OrderSagaEvent> react(SagaInput input, Progress progress, Risk risk) {
        return switch (input) {
            case Happened(OrderCreated created, At at) when plan == null ->
                    begin(OrderPlan.of(at.id(), at.time(), created, risk.isIn(created)));
            case Happened _ when plan == null -> Reaction.nothing(); // from before there was a saga
            case Happened(Order.Event event, At at) -> onOrder(event, at, progress);
            case Happened(Payment.Event event, At at) -> onPayment(event, at, progress);
            case Happened(StoreCredit.Event event, At at) -> onCredit(event, at);
            case Happened(StockItem.Event event, At at) -> onStock(event, at);
            case Done(var step, var key) -> onDone(step, key, progress);
            case Refused(var step, var key, var rejection, var detail) ->
                    onRefused(step, key, rejection, detail, progress);
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
        return begun.uses().isEmpty()
                ? reaction.runEach(RESERVE, begun.lineKeys())
                : reaction.runEach(REDEEM, begun.codes());
    }

    private Reaction<OrderSagaEvent> onOrder(Order.Event event, At at, Progress progress) {
        return switch (event) {
            case Order.Event.OrderCancellationRequested _ -> stop(progress);
            case Order.Event.OrderCancelled _ when isCancelling -> Reaction.nothing();
            case Order.Event.OrderCancelled _ -> undo("cancelled", nothing(), progress);
            case Order.Event.OrderRejected _ when rejecting != null -> Reaction.nothing();
            case Order.Event.OrderRejected _ -> undo("rejected", nothing(), progress);
            // Nothing of what is still kept for lines that were cut is needed any more.
            case Order.Event.OrderCompleted _ ->
                    nothing().runEach(KEEP, progress.done(KEEP)).complete();
            case Order.Event.OrderHoldReleased(var kind) ->
                    kind == HoldKind.FRAUD_REVIEW && progress.isSet(REVIEW)
                            ? pay(progress).cancel(REVIEW)
                            : nothing();
            case Order.Event.OrderLinesCancelled(var lines, _, _, _) ->
                    nothing().runEach(KEEP, keys(lines));
            case Edits.Event.OrderEdited(var proposal, _) -> edited(proposal);
            case PaymentFacts.Event.OrderRefundRequested(var amount, _) ->
                    owed(at.revision(), amount.minor());
            case PaymentFacts.Event.OrderVoidRequested _ -> letGo(Long.toString(at.revision()));
            case Order.Event _ -> Reaction.nothing();
        };
    }

    /// The cards get theirs back first.
    private Reaction<OrderSagaEvent> owed(long number, long minor) {
        long toCards = funds.refundedToCards(minor);
        Reaction<OrderSagaEvent> reaction =
                toCards == 0
                        ? nothing()
                        : Reaction.<OrderSagaEvent>record(new OrderSagaEvent.Kept(-toCards))
                                .run(REFUND, new MoneyFact(Kind.OWED, number, toCards).key());
        return toCards == minor
                ? reaction
                : reaction.run(
                        REFUND_CREDIT, new MoneyFact(Kind.OWED, number, minor - toCards).key());
    }

    private Reaction<OrderSagaEvent> letGo(String key) {
        Reaction<OrderSagaEvent> reaction =
                funds.credit() > 0 ? nothing().run(RELEASE, key) : nothing();
        return funds.credit() == 0 || funds.open() > 0 ? reaction.run(VOID, key) : reaction;
    }

    private static List<String> keys(List<LineUnits> lines) {
        return lines.stream().map(each -> Integer.toString(each.line())).toList();
    }

    /// Stock for lines that are new is set aside; until then their units wait.
    private Reaction<OrderSagaEvent> edited(Edits.Proposal proposal) {
        List<OrderPlan.Line> added = OrderPlan.lines(proposal.more());
        Reaction<OrderSagaEvent> fewer = nothing().runEach(KEEP, keys(proposal.fewer()));
        if (added.isEmpty()) {
            return fewer;
        }
        int first = known().lines().size();
        List<String> more =
                IntStream.range(first, first + added.size()).mapToObj(Integer::toString).toList();
        return new Reaction<OrderSagaEvent>(
                        List.of(new OrderSagaEvent.Grown(added)), fewer.effects())
                .runEach(RESERVE_ADDED, more);
    }

    private Reaction<OrderSagaEvent> onStock(StockItem.Event event, At at) {
        return switch (event) {
            case StockItem.Event.StockBackordered(_, var line, var units, _) ->
                    waiting(line, units, at);
            case StockItem.Event.StockDisplaced(_, var line, var units) -> waiting(line, units, at);
            case StockItem.Event.StockBackorderFilled(_, var line, var units) ->
                    waiting(line, -units, at);
            case StockItem.Event _ -> nothing();
        };
    }

    private Reaction<OrderSagaEvent> waiting(int line, long more, At at) {
        long now = Math.max(0, known().lines().get(line).waiting() + more);
        return Reaction.<OrderSagaEvent>record(new OrderSagaEvent.Waiting(line, now))
                .run(TELL_WAITING, line + "." + at.revision());
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
                : with.cancel(ANSWER).cancel(RETRY).cancel(REVIEW).compensate(why);
    }

    private Reaction<OrderSagaEvent> fail(RejectReason reason, Progress progress) {
        return isEnding(progress)
                ? Reaction.nothing()
                : undo(reason.name(), Reaction.record(new OrderSagaEvent.Failed(reason)), progress);
    }

    private Reaction<OrderSagaEvent> onPayment(Payment.Event event, At at, Progress progress) {
        return switch (event) {
            case Payment.Event.PaymentAuthorized(var number, var amount, _, _, _) ->
                    authorized(new MoneyFact(Kind.AUTHORIZED, number, amount.minor()));
            case Payment.Event.PaymentDeclined(var number, _, _) ->
                    declined(new MoneyFact(Kind.DECLINED, number, 0), at, progress);
            case Payment.Event.PaymentCaptured(var number, var amount, _, _) ->
                    tell(
                            Reaction.record(
                                    new OrderSagaEvent.Moved(-amount.minor()),
                                    new OrderSagaEvent.Kept(amount.minor())),
                            new MoneyFact(Kind.CAPTURED, number, amount.minor()));
            case Payment.Event.AuthorizationExpired(var number, var rest) ->
                    spent(new MoneyFact(Kind.EXPIRED, number, rest.minor()));
            case Payment.Event.PaymentVoided(var number, _, _) ->
                    funds.open() > 0
                            ? spent(new MoneyFact(Kind.VOIDED, number, funds.open()))
                            : nothing();
            case Payment.Event.PaymentRefunded(var number, var amount, _, _) ->
                    tell(nothing(), new MoneyFact(Kind.REFUNDED, number, amount.minor()));
            case Payment.Event.PaymentRefundFailed _ -> nothing().wake(REFUNDS, REFUND_PAUSE);
            case Payment.Event.DisputeOpened(_, var amount, _, _) ->
                    tell(nothing(), new MoneyFact(Kind.DISPUTED, at.revision(), amount.minor()));
            case Payment.Event _ -> Reaction.nothing();
        };
    }

    /// Store credit is ours: what becomes of it is known at once.
    private static Reaction<OrderSagaEvent> onCredit(StoreCredit.Event event, At at) {
        return switch (event) {
            case StoreCredit.Event.StoreCreditAuthorized(_, var amount) ->
                    credit(amount.minor(), Kind.CREDIT_AUTHORIZED, amount, at);
            case StoreCredit.Event.StoreCreditCaptured(_, _, var amount) ->
                    credit(0, Kind.CREDIT_CAPTURED, amount, at);
            case StoreCredit.Event.StoreCreditReleased(_, var amount) ->
                    credit(-amount.minor(), Kind.CREDIT_RELEASED, amount, at);
            case StoreCredit.Event.StoreCreditRefunded(_, _, var amount) ->
                    credit(0, Kind.CREDIT_REFUNDED, amount, at);
            case StoreCredit.Event.StoreCreditIssued _ -> nothing();
        };
    }

    private static Reaction<OrderSagaEvent> credit(long change, Kind kind, Money amount, At at) {
        return tell(
                change == 0 ? nothing() : Reaction.record(new OrderSagaEvent.Credited(change)),
                new MoneyFact(kind, at.revision(), amount.minor()));
    }

    private static Reaction<OrderSagaEvent> tell(Reaction<OrderSagaEvent> with, MoneyFact fact) {
        return with.run(TELL_MONEY, fact.key());
    }

    private Reaction<OrderSagaEvent> spent(MoneyFact fact) {
        return tell(Reaction.record(new OrderSagaEvent.Moved(-fact.minor())), fact);
    }

    private Reaction<OrderSagaEvent> authorized(MoneyFact fact) {
        OrderSagaEvent moved = new OrderSagaEvent.Moved(fact.minor());
        Reaction<OrderSagaEvent> reaction =
                isOverdue
                        ? Reaction.record(moved, new OrderSagaEvent.Waited(false, extendedTo))
                                .run(RELEASE_HOLD, HoldKind.PAYMENT_RISK.name())
                        : Reaction.record(moved);
        return tell(reaction.cancel(ANSWER).cancel(RETRY), fact);
    }

    /// The customer may try another card, until too many were declined or the time is over.
    private Reaction<OrderSagaEvent> declined(MoneyFact fact, At at, Progress progress) {
        boolean isConfirmed = progress.isDone(CONFIRM); // then the fulfilment asks for money
        if (isEnding(progress) || isConfirmed) {
            return tell(nothing(), fact);
        }
        if (declines + 1 >= MOST_DECLINES) {
            return tell(
                    undo(
                            "declined too often",
                            Reaction.record(
                                    new OrderSagaEvent.Declined(),
                                    new OrderSagaEvent.Failed(RejectReason.PAYMENT_DECLINED)),
                            progress),
                    fact);
        }
        Instant until = at.time().plus(RETRY_WINDOW);
        Reaction<OrderSagaEvent> waiting =
                Reaction.<OrderSagaEvent>record(
                                new OrderSagaEvent.Declined(), new OrderSagaEvent.Extended(until))
                        .runEach(EXTEND, known().lineKeys())
                        .cancel(ANSWER);
        return tell(progress.isSet(RETRY) ? waiting : waiting.wake(RETRY, RETRY_WINDOW), fact);
    }

    private Reaction<OrderSagaEvent> onDone(String step, String key, Progress progress) {
        if (step.equals(REJECT) || step.equals(CANCEL)) {
            return nothing().complete();
        }
        if (isEnding(progress)) {
            return Reaction.nothing();
        }
        return switch (step) {
            case REDEEM ->
                    progress.isDone(REDEEM)
                            ? nothing().runEach(RESERVE, known().lineKeys())
                            : nothing();
            case RESERVE -> progress.isDone(RESERVE) ? assess(progress) : nothing();
            case RESERVE_ADDED -> nothing().run(CONFIRM_ADDED, key);
            case CONFIRM_ADDED ->
                    known().lines().get(Integer.parseInt(key)).waiting() == 0
                            ? nothing().run(TELL_WAITING, key + ".0")
                            : nothing();
            case TELL_MONEY -> onTold(MoneyFact.parse(key), progress);
            case CONFIRM_REDEMPTION, CONFIRM_STOCK, TELL_WAITING -> confirm(progress);
            case CONFIRM -> funds.credit() > 0 ? nothing().run(TAKE) : nothing();
            default -> nothing();
        };
    }

    /// An order that is suspicious is held until somebody has looked at it.
    private Reaction<OrderSagaEvent> assess(Progress progress) {
        if (!known().isSuspicious()) {
            return pay(progress);
        }
        Instant until = known().placed().plus(REVIEW_WINDOW);
        return Reaction.<OrderSagaEvent>record(new OrderSagaEvent.Extended(until))
                .run(HOLD, HoldKind.FRAUD_REVIEW.name())
                .runEach(EXTEND, known().lineKeys())
                .wakeAt(REVIEW, until);
    }

    private Reaction<OrderSagaEvent> pay(Progress progress) {
        if (!known().isPaidFirst()) {
            return confirmParts(progress);
        }
        return known().isCreditFirst() ? nothing().run(SET_ASIDE) : askForMoney();
    }

    private static Reaction<OrderSagaEvent> askForMoney() {
        return tell(nothing(), new MoneyFact(Kind.PENDING, 1, 0));
    }

    /// Without store credit a card has to do; who wanted to pay with nothing else may try one.
    private Reaction<OrderSagaEvent> withoutCredit(Progress progress) {
        if (isEnding(progress)) {
            return nothing();
        }
        if (!known().isCreditOnly()) {
            return askForMoney();
        }
        Instant until = known().placed().plus(OrderSteps.RESERVED_FOR).plus(RETRY_WINDOW);
        Instant last = extendedTo == null || extendedTo.isBefore(until) ? until : extendedTo;
        return tell(
                Reaction.<OrderSagaEvent>record(
                                new OrderSagaEvent.Declined(), new OrderSagaEvent.Extended(last))
                        .runEach(EXTEND, known().lineKeys())
                        .wake(RETRY, RETRY_WINDOW),
                new MoneyFact(Kind.DECLINED, 0, 0));
    }

    private Reaction<OrderSagaEvent> onTold(MoneyFact fact, Progress progress) {
        if (fact.kind() == Kind.PENDING) {
            return nothing().run(AUTHORIZE).wake(ANSWER, ANSWER_WINDOW);
        }
        boolean isBegun = progress.isOpen(CONFIRM_STOCK) || !progress.done(CONFIRM_STOCK).isEmpty();
        boolean isSecured = funds.promised() >= known().total().minor();
        boolean isCredit = fact.kind() == Kind.CREDIT_AUTHORIZED;
        if (isSecured && !isBegun && (isCredit || fact.kind() == Kind.AUTHORIZED)) {
            return confirmParts(progress);
        }
        return isCredit && !isSecured ? askForMoney() : nothing();
    }

    private Reaction<OrderSagaEvent> confirmParts(Progress progress) {
        return nothing()
                .runEach(CONFIRM_REDEMPTION, known().codes())
                .runEach(CONFIRM_STOCK, List.copyOf(progress.done(RESERVE)));
    }

    /// The order knows by then what of it waits for stock: the rest is shipped at once.
    private Reaction<OrderSagaEvent> confirm(Progress progress) {
        List<String> lines = progress.done(CONFIRM_STOCK);
        boolean isAllConfirmed =
                !lines.isEmpty()
                        && lines.containsAll(progress.done(RESERVE))
                        && (known().uses().isEmpty() || progress.isDone(CONFIRM_REDEMPTION));
        boolean isBegun = progress.isOpen(CONFIRM) || progress.isDone(CONFIRM);
        return isAllConfirmed && !isBegun && !progress.isOpen(TELL_WAITING)
                ? nothing().run(CONFIRM)
                : nothing();
    }

    private Reaction<OrderSagaEvent> onRefused(
            String step, String key, String rejection, String detail, Progress progress) {
        if (step.equals(TELL_MONEY) && EARLY.contains(rejection)) {
            return nothing().wake(AGAIN + key, PAUSE);
        }
        if (step.equals(REFUND) && rejection.equals(Payment.Refusal.OPERATION_IN_FLIGHT.name())) {
            return nothing().wake(OWED + key, PAUSE);
        }
        if (rejection.equals(StockItem.Refusal.WAITING_DIFFERS.name())) { // more is to be heard
            return isEnding(progress)
                    ? nothing()
                    : nothing().wake(CONFIRM_AGAIN + step + " " + key, PAUSE);
        }
        return switch (step) {
            case REDEEM, CONFIRM_REDEMPTION -> fail(RejectReason.CODE_EXHAUSTED, progress);
            case RESERVE, CONFIRM_STOCK -> fail(RejectReason.OUT_OF_STOCK, progress);
            case AUTHORIZE -> fail(RejectReason.PAYMENT_DECLINED, progress);
            // The order was cancelled meanwhile, which is told as an event too.
            case CONFIRM -> undo(rejection, nothing(), progress);
            case REJECT, CANCEL -> afterRefusedEnd(rejection);
            case RESERVE_ADDED, CONFIRM_ADDED -> nothing().run(DROP_LINE, key);
            case SET_ASIDE -> withoutCredit(progress);
            case TELL_WAITING -> isEnding(progress) ? nothing() : confirm(progress);
            case EXTEND, HOLD, RELEASE_HOLD, VOID, DROP_LINE, TAKE, RELEASE -> Reaction.nothing();
            default ->
                    throw new IllegalStateException(
                            "%s %s is refused: %s: %s".formatted(step, key, rejection, detail));
        };
    }

    /// A cancellation that was asked for while the order was being rejected comes first.
    private Reaction<OrderSagaEvent> afterRefusedEnd(String rejection) {
        return rejection.equals(Order.Refusal.ORDER_CANCELLING.name())
                ? nothing().run(CANCEL)
                : nothing().complete();
    }

    private Reaction<OrderSagaEvent> onTimer(String timer, Progress progress) {
        if (timer.startsWith(AGAIN)) {
            return nothing().run(TELL_MONEY, timer.substring(AGAIN.length()));
        }
        if (timer.startsWith(CONFIRM_AGAIN)) {
            String[] stepAndLine = timer.substring(CONFIRM_AGAIN.length()).split(" ", 2);
            return isEnding(progress) ? nothing() : nothing().run(stepAndLine[0], stepAndLine[1]);
        }
        if (timer.startsWith(OWED)) {
            return nothing().run(REFUND, timer.substring(OWED.length()));
        }
        return switch (timer) {
            // Those that stand are accepted once more, and nothing happens.
            case REFUNDS -> nothing().runEach(REFUND, Set.copyOf(progress.done(REFUND)));
            case RETRY -> fail(RejectReason.PAYMENT_DECLINED, progress);
            case REVIEW -> fail(RejectReason.TIMEOUT, progress);
            case ANSWER -> overdue();
            default -> Reaction.nothing();
        };
    }

    /// Nobody knows whether the money is there: the payment goes on asking its provider. Until it
    /// knows, the goods stay reserved, and the order says why.
    private Reaction<OrderSagaEvent> overdue() {
        Instant until =
                Objects.requireNonNullElse(extendedTo, known().placed()).plus(ANSWER_WINDOW);
        Reaction<OrderSagaEvent> reaction =
                Reaction.<OrderSagaEvent>record(
                                new OrderSagaEvent.Waited(true, until.plus(ANSWER_WINDOW)))
                        .runEach(EXTEND, known().lineKeys())
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
