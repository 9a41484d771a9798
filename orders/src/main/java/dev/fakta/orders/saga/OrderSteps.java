// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Saga;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.ShipmentFacts;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.StoreCredit;
import dev.fakta.orders.saga.FulfilmentProcessors.KeepRequest;
import dev.fakta.orders.saga.OrderPlan.Line;
import dev.fakta.orders.saga.OrderPlan.Use;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// The steps of the order saga. What one of them does for a part of the order, it does under that
/// part's key: a code, a line's number, a fact about money ([MoneyFact]).
///
/// All of them are tried for ever: whoever they ask is ours, and comes back.
final class OrderSteps {

    /// Stock is set aside so long at first.
    static final Duration RESERVED_FOR = Duration.ofMinutes(15);

    static final String REDEEM = "reserve-redemption";
    static final String RESERVE = "reserve-stock";
    static final String EXTEND = "extend-reservation";
    static final String AUTHORIZE = "authorize";
    static final String TELL_MONEY = "tell-order-of-money";
    static final String HOLD = "hold-order";
    static final String RELEASE_HOLD = "release-hold";
    static final String CONFIRM_REDEMPTION = "confirm-redemption";
    static final String CONFIRM_STOCK = "confirm-reservation";
    static final String CONFIRM = "confirm-order";
    static final String REJECT = "reject-order";
    static final String CANCEL = "complete-cancellation";
    static final String KEEP = "keep-stock";
    static final String RESERVE_ADDED = "reserve-added-line";
    static final String CONFIRM_ADDED = "confirm-added-line";
    static final String DROP_LINE = "drop-added-line";
    static final String TELL_WAITING = "tell-order-of-backorder";
    static final String VOID = "void-payment";
    static final String REFUND = "refund-payment";
    static final String SET_ASIDE = "set-aside-store-credit";
    static final String TAKE = "take-store-credit";
    static final String RELEASE = "release-store-credit";
    static final String REFUND_CREDIT = "refund-store-credit";

    /// All store credit of an order is taken at once.
    private static final String WHOLE = "order";

    private OrderSteps() {}

    /// The saga, with all of them.
    static Saga<OrderSagaEvent, OrderSaga> of(Saga<OrderSagaEvent, OrderSaga> saga) {
        Saga<OrderSagaEvent, OrderSaga> all = saga;
        for (List<Step<OrderSaga>> steps : List.of(ofOrder(), ofCredit())) {
            for (Step<OrderSaga> step : steps) {
                all = all.step(step);
            }
        }
        return all;
    }

    private static List<Step<OrderSaga>> ofCredit() {
        return List.of(
                Step.<OrderSaga>named(SET_ASIDE)
                        .doing((saga, _) -> toCredit(saga, setAside(saga.known())))
                        .undoing((saga, _) -> toCredit(saga, release(saga))),
                Step.<OrderSaga>named(TAKE)
                        .doing(
                                (saga, _) ->
                                        toCredit(
                                                saga,
                                                new StoreCredit.Command.Capture(
                                                        saga.known().order(),
                                                        WHOLE,
                                                        saga.known()
                                                                .money(saga.funds().credit())))),
                Step.<OrderSaga>named(RELEASE).doing((saga, _) -> toCredit(saga, release(saga))),
                Step.<OrderSaga>named(REFUND_CREDIT)
                        .doing(
                                (saga, fact) ->
                                        toCredit(saga, MoneyFact.parse(fact).refundCredit(saga))));
    }

    private static List<Step<OrderSaga>> ofOrder() {
        return List.of(
                Step.<OrderSaga>named(REDEEM)
                        .doing((saga, code) -> redeem(saga.known(), code))
                        .undoing((saga, code) -> giveBack(saga.known(), code)),
                Step.<OrderSaga>named(RESERVE)
                        .doing((saga, line) -> reserve(saga.known(), line))
                        .undoing((saga, line) -> release(saga.known(), line)),
                Step.<OrderSaga>named(EXTEND).doing(OrderSteps::extend),
                Step.<OrderSaga>named(AUTHORIZE)
                        .doing((saga, _) -> authorize(saga))
                        .undoing((saga, _) -> toPayment(saga, new Payment.Command.VoidPayment())),
                Step.<OrderSaga>named(TELL_MONEY)
                        .doing((saga, fact) -> toOrder(saga, MoneyFact.parse(fact).told(saga))),
                Step.<OrderSaga>named(HOLD)
                        .doing(
                                (saga, kind) ->
                                        toOrder(
                                                saga,
                                                new Order.Command.PlaceHold(kind, saga.why(kind)))),
                Step.<OrderSaga>named(RELEASE_HOLD)
                        .doing((saga, kind) -> toOrder(saga, new Order.Command.ReleaseHold(kind))),
                Step.<OrderSaga>named(CONFIRM_REDEMPTION)
                        .doing((saga, code) -> confirmRedemption(saga.known(), code)),
                Step.<OrderSaga>named(CONFIRM_STOCK)
                        .doing((saga, line) -> confirmStock(saga.known(), line)),
                Step.<OrderSaga>named(CONFIRM)
                        .doing((saga, _) -> toOrder(saga, new Order.Command.ConfirmOrder())),
                Step.<OrderSaga>named(REJECT)
                        .doing(
                                (saga, _) ->
                                        toOrder(
                                                saga,
                                                new Order.Command.RejectOrder(saga.reason()))),
                Step.<OrderSaga>named(CANCEL)
                        .doing(
                                (saga, _) ->
                                        toOrder(saga, new Order.Command.CompleteCancellation())),
                Step.<OrderSaga>named(KEEP)
                        .doing(
                                (saga, line) ->
                                        Send.through(
                                                FulfilmentProcessors.KEEP,
                                                line(saga.known(), line).stock(),
                                                new KeepRequest(
                                                        saga.known().order(),
                                                        Integer.parseInt(line)))),
                Step.<OrderSaga>named(RESERVE_ADDED)
                        .doing((saga, line) -> reserve(saga.known(), line))
                        .undoing((saga, line) -> release(saga.known(), line)),
                Step.<OrderSaga>named(CONFIRM_ADDED)
                        .doing((saga, line) -> confirmStock(saga.known(), line)),
                Step.<OrderSaga>named(DROP_LINE).doing(OrderSteps::drop),
                Step.<OrderSaga>named(TELL_WAITING).doing(OrderSteps::tellWaiting),
                Step.<OrderSaga>named(VOID)
                        .doing((saga, _) -> toPayment(saga, new Payment.Command.VoidPayment())),
                Step.<OrderSaga>named(REFUND)
                        .doing(
                                (saga, fact) ->
                                        toPayment(saga, MoneyFact.parse(fact).refund(saga))));
    }

    private static Line line(OrderPlan plan, String key) {
        return plan.lines().get(Integer.parseInt(key));
    }

    private static Send<?> drop(OrderSaga saga, String key) {
        LineUnits all = new LineUnits(Integer.parseInt(key), line(saga.known(), key).quantity());
        return toOrder(saga, new Order.Command.CancelLines(List.of(all), "Not in stock."));
    }

    /// @param key the line, and what makes the fact a new one
    private static Send<?> tellWaiting(OrderSaga saga, String key) {
        int line = Integer.parseInt(key.substring(0, key.indexOf('.')));
        int waiting = Math.toIntExact(saga.known().lines().get(line).waiting());
        return toOrder(
                saga,
                new ShipmentFacts.Command.RecordBackordered(List.of(new LineUnits(line, waiting))));
    }

    private static Send<?> toOrder(OrderSaga saga, Order.Command command) {
        return Send.to(Order.AGGREGATE, saga.known().order(), command);
    }

    private static Send<?> toPayment(OrderSaga saga, Payment.Command command) {
        return Send.to(Payment.AGGREGATE, saga.known().order(), command);
    }

    private static StoreCredit.Command setAside(OrderPlan plan) {
        return plan.isCreditOnly()
                ? new StoreCredit.Command.Authorize(plan.order(), plan.total())
                : new StoreCredit.Command.AuthorizeUpTo(plan.order(), plan.total());
    }

    private static StoreCredit.Command release(OrderSaga saga) {
        return new StoreCredit.Command.Release(saga.known().order());
    }

    private static Send<?> toCredit(OrderSaga saga, StoreCredit.Command command) {
        return Send.to(StoreCredit.AGGREGATE, saga.known().customer(), command);
    }

    private static Send<?> redeem(OrderPlan plan, String code) {
        Use use = plan.use(code);
        return Send.to(
                Campaign.AGGREGATE,
                use.campaign(),
                new Campaign.Command.ReserveRedemption(
                        plan.order(),
                        plan.customer(),
                        code,
                        plan.placed().plus(OrderSaga.LONGEST_WAIT),
                        use.amount()));
    }

    private static Send<?> giveBack(OrderPlan plan, String code) {
        return Send.to(
                Campaign.AGGREGATE,
                plan.use(code).campaign(),
                new Campaign.Command.ReleaseRedemption(plan.order(), code));
    }

    private static Send<?> confirmRedemption(OrderPlan plan, String code) {
        return Send.to(
                Campaign.AGGREGATE,
                plan.use(code).campaign(),
                new Campaign.Command.ConfirmRedemption(plan.order(), code));
    }

    private static Send<?> reserve(OrderPlan plan, String key) {
        Line line = line(plan, key);
        return toStock(
                plan,
                key,
                new StockItem.Command.Reserve(
                        plan.order(),
                        Integer.valueOf(key),
                        (long) line.quantity(),
                        plan.placed().plus(RESERVED_FOR),
                        false));
    }

    private static Send<?> release(OrderPlan plan, String key) {
        return toStock(
                plan,
                key,
                new StockItem.Command.ReleaseReservation(plan.order(), Integer.valueOf(key), null));
    }

    private static Send<?> confirmStock(OrderPlan plan, String key) {
        return toStock(
                plan,
                key,
                new StockItem.Command.ConfirmReservation(
                        plan.order(), Integer.valueOf(key), line(plan, key).waiting()));
    }

    private static Send<?> extend(OrderSaga saga, String key) {
        OrderPlan plan = saga.known();
        return toStock(
                plan,
                key,
                new StockItem.Command.ExtendReservation(
                        plan.order(),
                        Integer.valueOf(key),
                        Objects.requireNonNull(saga.extendedTo(), "the time to extend to")));
    }

    private static Send<?> toStock(OrderPlan plan, String key, StockItem.Command command) {
        return Send.to(StockItem.AGGREGATE, line(plan, key).stock(), command);
    }

    /// What store credit does not pay for.
    private static Send<?> authorize(OrderSaga saga) {
        OrderPlan plan = saga.known();
        return toPayment(
                saga,
                new Payment.Command.RequestAuthorization(
                        plan.order(),
                        plan.total(),
                        plan.money(plan.total().minor() - saga.funds().credit()),
                        plan.method(),
                        plan.token()));
    }
}
