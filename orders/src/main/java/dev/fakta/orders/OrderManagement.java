// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.View;
import dev.fakta.gateway.ApiKeys;
import dev.fakta.gateway.AuditLog;
import dev.fakta.gateway.Routes;
import dev.fakta.gateway.ServedMicrosystem;
import dev.fakta.gateway.Webhooks;
import dev.fakta.orders.catalog.CatalogMicrosystem;
import dev.fakta.orders.inventory.InventoryMicrosystem;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderRoutes;
import dev.fakta.orders.order.OrderRules;
import dev.fakta.orders.payments.PaymentsMicrosystem;
import dev.fakta.orders.payments.SealedTokens;
import dev.fakta.orders.shipping.ShippingMicrosystem;
import dev.fakta.orders.tasks.StalledSweep;
import dev.fakta.runtime.Microsystems;
import java.time.Duration;
import java.util.List;

/// Order management: five microsystems, the keys of their callers and the subscriptions of other
/// systems to their events, each with its own log. They exchange commands and events only, so that
/// each can run in processes of its own.
public final class OrderManagement {

    /// Without a payment provider.
    public static final List<ServedMicrosystem> SERVED =
            served(
                    new ServedMicrosystem(
                            PaymentsMicrosystem.DEFINITION, PaymentsMicrosystem::routes),
                    OrderRules.plain(),
                    SealedTokens.ofThisProcess(),
                    StalledSweep.AFTER);

    public static final Microsystems MICROSYSTEMS =
            new Microsystems(SERVED.stream().map(ServedMicrosystem::definition).toList());

    private OrderManagement() {}

    /// All of them.
    ///
    /// @param payments with the provider that it asks
    /// @param rules what the shop decides about all of its orders
    /// @param tokens what the orders seal the tokens of cards with; the payments open them
    /// @param stalledAfter how long nothing may happen to an order before people are told
    public static List<ServedMicrosystem> served(
            ServedMicrosystem payments,
            OrderRules rules,
            SealedTokens tokens,
            Duration stalledAfter) {
        Microsystem orders = OrdersMicrosystem.of(rules, tokens::seal);
        View audit =
                AuditLog.of(
                        List.of(
                                orders,
                                CatalogMicrosystem.DEFINITION,
                                InventoryMicrosystem.DEFINITION,
                                payments.definition(),
                                ShippingMicrosystem.DEFINITION,
                                ApiKeys.SERVED.definition(),
                                Webhooks.SERVED.definition()));
        return List.of(
                new ServedMicrosystem(
                        orders.with(audit),
                        http -> {
                            AuditLog.routes(http, audit);
                            http.undocumented(OldPaths::ofOrders);
                            OrdersMicrosystem.routes(http, rules, tokens::seal, stalledAfter);
                        }),
                new ServedMicrosystem(CatalogMicrosystem.DEFINITION, CatalogMicrosystem::routes),
                new ServedMicrosystem(
                        InventoryMicrosystem.DEFINITION,
                        http -> {
                            http.undocumented(OldPaths::ofInventory);
                            InventoryMicrosystem.routes(http);
                        }),
                payments,
                new ServedMicrosystem(
                        ShippingMicrosystem.DEFINITION,
                        http -> {
                            // a node may serve no orders beside its shipments
                            http.owned(Order.AGGREGATE, OrderRoutes::customer);
                            http.undocumented(OldPaths::ofShipping);
                            ShippingMicrosystem.routes(http);
                        }),
                ApiKeys.SERVED,
                Webhooks.SERVED);
    }

    /// All that is served of them over HTTP.
    public static void routes(Routes http) {
        SERVED.forEach(one -> one.routes().accept(http));
    }
}
