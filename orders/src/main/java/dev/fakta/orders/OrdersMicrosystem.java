// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Saga;
import dev.fakta.domain.View;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.campaign.CampaignCode;
import dev.fakta.orders.campaign.CampaignRoutes;
import dev.fakta.orders.campaign.CampaignsView;
import dev.fakta.orders.catalog.CatalogMicrosystem;
import dev.fakta.orders.inventory.InventoryMicrosystem;
import dev.fakta.orders.order.EditOrder;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderRoutes;
import dev.fakta.orders.order.OrdersView;
import dev.fakta.orders.order.PlaceOrderProcessor;
import dev.fakta.orders.payments.PaymentsMicrosystem;
import dev.fakta.orders.returns.Return;
import dev.fakta.orders.returns.ReturnProcessors;
import dev.fakta.orders.returns.ReturnRoutes;
import dev.fakta.orders.returns.ReturnsView;
import dev.fakta.orders.shipping.ShippingMicrosystem;

/// All of the order management microsystem under one name.
public final class OrdersMicrosystem {

    public static final Microsystem DEFINITION =
            together(
                    Microsystem.named("orders")
                            .with(Campaign.AGGREGATE)
                            .with(CampaignCode.AGGREGATE)
                            .with(Order.AGGREGATE)
                            .with(Return.AGGREGATE)
                            .with(PlaceOrderProcessor.DEFINITION)
                            .with(EditOrder.DEFINITION)
                            .with(EditOrder.ADDRESS)
                            .with(ReturnProcessors.REQUEST)
                            .with(ReturnProcessors.REJECT)
                            .with(ReturnProcessors.RECEIVE)
                            .with(ReturnProcessors.CLOSE)
                            .with(ReturnProcessors.EXPIRE)
                            .with(CampaignRoutes.DEFINE)
                            .with(CampaignRoutes.ADD_CODES)
                            .with(CampaignsView.DEFINITION)
                            .with(OrdersView.DEFINITION)
                            .with(ReturnsView.DEFINITION),
                    CatalogMicrosystem.DEFINITION,
                    InventoryMicrosystem.DEFINITION,
                    PaymentsMicrosystem.DEFINITION,
                    ShippingMicrosystem.DEFINITION);

    private OrdersMicrosystem() {}

    /// One microsystem of several: on one log, until each has its own.
    private static Microsystem together(Microsystem first, Microsystem... others) {
        Microsystem all = first;
        for (Microsystem other : others) {
            for (Aggregate<?, ?, ?> aggregate : other.aggregates()) {
                all = all.with(aggregate);
            }
            for (Processor<?, ?> processor : other.processors()) {
                all = all.with(processor);
            }
            for (View view : other.views()) {
                all = all.with(view);
            }
            for (Saga<?, ?> saga : other.sagas()) {
                all = all.with(saga);
            }
        }
        return all;
    }

    /// All that is served of it over HTTP.
    public static void routes(Routes http) {
        CatalogMicrosystem.routes(http);
        InventoryMicrosystem.routes(http);
        PaymentsMicrosystem.routes(http);
        ShippingMicrosystem.routes(http);
        CampaignRoutes.list(http);
        OrderRoutes.list(http);
        ReturnRoutes.list(http);
    }
}
