// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.domain.Microsystem;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.campaign.CampaignCode;
import dev.fakta.orders.campaign.CampaignRoutes;
import dev.fakta.orders.campaign.CampaignsView;
import dev.fakta.orders.catalog.Product;
import dev.fakta.orders.catalog.ProductRoutes;
import dev.fakta.orders.catalog.ProductsView;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.inventory.StockRoutes;
import dev.fakta.orders.inventory.StockView;
import dev.fakta.orders.order.EditOrder;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderRoutes;
import dev.fakta.orders.order.OrdersView;
import dev.fakta.orders.order.PlaceOrderProcessor;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.StoreCredit;
import dev.fakta.orders.returns.Return;
import dev.fakta.orders.returns.ReturnProcessors;
import dev.fakta.orders.returns.ReturnRoutes;
import dev.fakta.orders.returns.ReturnsView;
import dev.fakta.orders.shipping.Shipment;

/// All of the order management microsystem under one name.
public final class OrdersMicrosystem {

    public static final Microsystem DEFINITION =
            Microsystem.named("orders")
                    .with(Product.AGGREGATE)
                    .with(StockItem.AGGREGATE)
                    .with(Payment.AGGREGATE)
                    .with(StoreCredit.AGGREGATE)
                    .with(Shipment.AGGREGATE)
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
                    .with(ProductsView.DEFINITION)
                    .with(StockView.DEFINITION)
                    .with(CampaignsView.DEFINITION)
                    .with(OrdersView.DEFINITION)
                    .with(ReturnsView.DEFINITION);

    private OrdersMicrosystem() {}

    /// All that is served of it over HTTP.
    public static void routes(Routes http) {
        ProductRoutes.list(http);
        StockRoutes.list(http);
        CampaignRoutes.list(http);
        OrderRoutes.list(http);
        ReturnRoutes.list(http);
    }
}
