// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.domain.Microsystem;
import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.campaign.CampaignCode;
import dev.fakta.orders.campaign.CampaignsView;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrdersView;
import dev.fakta.orders.order.PlaceOrderProcessor;
import dev.fakta.orders.product.Product;
import dev.fakta.orders.product.ProductsView;
import dev.fakta.orders.stock.StockItem;
import dev.fakta.orders.stock.StockView;

/// All of the order management microsystem under one name.
public final class OrdersMicrosystem {

    public static final Microsystem DEFINITION =
            Microsystem.named("orders")
                    .with(Product.AGGREGATE)
                    .with(StockItem.AGGREGATE)
                    .with(Campaign.AGGREGATE)
                    .with(CampaignCode.AGGREGATE)
                    .with(Order.AGGREGATE)
                    .with(PlaceOrderProcessor.DEFINITION)
                    .with(ProductsView.DEFINITION)
                    .with(StockView.DEFINITION)
                    .with(CampaignsView.DEFINITION)
                    .with(OrdersView.DEFINITION);

    private OrdersMicrosystem() {}
}
