// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.campaign.CampaignCode;
import dev.fakta.orders.campaign.CampaignRoutes;
import dev.fakta.orders.campaign.CampaignUpkeep;
import dev.fakta.orders.campaign.CampaignsView;
import dev.fakta.orders.order.EditOrder;
import dev.fakta.orders.order.GiveCard;
import dev.fakta.orders.order.Goodwill;
import dev.fakta.orders.order.Holds;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderRoutes;
import dev.fakta.orders.order.OrderRules;
import dev.fakta.orders.order.OrdersView;
import dev.fakta.orders.order.PlaceOrder;
import dev.fakta.orders.order.PlaceOrderProcessor;
import dev.fakta.orders.order.PullBack;
import dev.fakta.orders.order.TokenSeal;
import dev.fakta.orders.payments.SealedTokens;
import dev.fakta.orders.payments.StoreCredit;
import dev.fakta.orders.returns.Return;
import dev.fakta.orders.returns.ReturnProcessors;
import dev.fakta.orders.returns.ReturnRoutes;
import dev.fakta.orders.returns.ReturnsView;
import dev.fakta.orders.saga.OrderSagas;
import dev.fakta.orders.sales.SalesRoutes;
import dev.fakta.orders.sales.SalesView;
import dev.fakta.orders.tasks.StalledSweep;
import dev.fakta.orders.tasks.TaskRoutes;
import dev.fakta.orders.tasks.TasksView;
import java.time.Duration;

/// The microsystem of orders, of the campaigns that make them cheaper, and of returns.
public final class OrdersMicrosystem {

    private static final Microsystem ORDERS =
            Microsystem.named("orders")
                    .with(Campaign.AGGREGATE)
                    .with(CampaignCode.AGGREGATE)
                    .with(Order.AGGREGATE)
                    .with(Return.AGGREGATE)
                    .with(EditOrder.DEFINITION)
                    .with(EditOrder.ADDRESS)
                    .with(PullBack.CANCEL_LINES)
                    .with(PullBack.APPLY_EDIT)
                    .with(Goodwill.DEFINITION)
                    .with(Holds.PLACE)
                    .with(Holds.RELEASE)
                    .with(ReturnProcessors.REQUEST)
                    .with(ReturnProcessors.REJECT)
                    .with(ReturnProcessors.RECEIVE)
                    .with(ReturnProcessors.CLOSE)
                    .with(ReturnProcessors.EXPIRE)
                    .with(CampaignRoutes.DEFINE)
                    .with(CampaignRoutes.ADD_CODES)
                    .with(CampaignUpkeep.SAGA)
                    .with(CampaignsView.DEFINITION)
                    .with(OrdersView.DEFINITION)
                    .with(ReturnsView.DEFINITION)
                    .with(TasksView.DEFINITION)
                    .with(SalesView.DEFINITION);

    /// No order is looked at by people, and no payments can open its tokens of cards.
    public static final Microsystem DEFINITION =
            of(OrderRules.plain(), SealedTokens.ofThisProcess()::seal);

    private OrdersMicrosystem() {}

    /// The microsystem.
    ///
    /// @param rules what the shop decides about all of its orders
    /// @param seal what the tokens of cards are sealed with, for the payments to open
    public static Microsystem of(OrderRules rules, TokenSeal seal) {
        return OrderSagas.of(ORDERS.with(placing(rules, seal)).with(GiveCard.sealing(seal)));
    }

    /// The processor that takes new orders. It asks the payments for the store credit of a customer
    /// who wants to pay with nothing else.
    ///
    /// @param rules as in [#of]
    /// @param seal likewise
    public static Processor<PlaceOrder, Order.Command> placing(OrderRules rules, TokenSeal seal) {
        return PlaceOrderProcessor.of(
                rules,
                seal,
                (context, customer) ->
                        context.state(StoreCredit.AGGREGATE, customer).availableMoney());
    }

    /// What is served of it over HTTP.
    ///
    /// @param rules as in [#of]
    /// @param seal likewise
    /// @param stalledAfter how long nothing may happen to an order before somebody is told
    public static void routes(
            Routes http, OrderRules rules, TokenSeal seal, Duration stalledAfter) {
        http.chore(StalledSweep.chore(stalledAfter));
        CampaignRoutes.list(http);
        OrderRoutes.list(http, placing(rules, seal), seal);
        ReturnRoutes.list(http);
        TaskRoutes.list(http);
        SalesRoutes.list(http);
    }
}
