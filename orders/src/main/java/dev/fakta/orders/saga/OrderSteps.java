// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Saga;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.PaymentFacts;
import dev.fakta.orders.order.StockFacts;
import dev.fakta.orders.saga.OrderPlan.Use;
import java.util.List;
import java.util.Objects;

/// The steps of the order saga. What one of them does for a part of the order, it does under that
/// part's key: a code.
///
/// All of them are tried for ever: whoever they ask is ours, and comes back.
final class OrderSteps {

    static final String REDEEM = "reserve-redemption";
    static final String EXTEND = "keep-stock-longer";
    static final String ASK = "request-payment";
    static final String HOLD = "hold-order";
    static final String CONFIRM_REDEMPTION = "confirm-redemption";
    static final String CONFIRM = "confirm-order";
    static final String REJECT = "reject-order";
    static final String CANCEL = "complete-cancellation";

    private OrderSteps() {}

    /// The saga, with all of them.
    static Saga<OrderSagaEvent, OrderSaga> of(Saga<OrderSagaEvent, OrderSaga> saga) {
        Saga<OrderSagaEvent, OrderSaga> whole = saga;
        for (Step<OrderSaga> step : all()) {
            whole = whole.step(step);
        }
        return whole;
    }

    private static List<Step<OrderSaga>> all() {
        return List.of(
                Step.<OrderSaga>named(REDEEM)
                        .doing((saga, code) -> redeem(saga.known(), code))
                        .undoing((saga, code) -> giveBack(saga.known(), code)),
                Step.<OrderSaga>named(EXTEND)
                        .doing(
                                (saga, _) ->
                                        toOrder(
                                                saga,
                                                new StockFacts.Command.KeepStock(
                                                        Objects.requireNonNull(
                                                                saga.extendedTo())))),
                Step.<OrderSaga>named(ASK)
                        .doing(
                                (saga, _) ->
                                        toOrder(saga, new PaymentFacts.Command.RequestPayment())),
                Step.<OrderSaga>named(HOLD)
                        .doing(
                                (saga, kind) ->
                                        toOrder(
                                                saga,
                                                new Order.Command.PlaceHold(kind, saga.why(kind)))),
                Step.<OrderSaga>named(CONFIRM_REDEMPTION)
                        .doing((saga, code) -> confirmRedemption(saga.known(), code)),
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
                                        toOrder(saga, new Order.Command.CompleteCancellation())));
    }

    private static Send<?> toOrder(OrderSaga saga, Order.Command command) {
        return Send.to(Order.AGGREGATE, saga.known().order(), command);
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
}
