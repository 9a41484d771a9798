// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.gateway.CallerRole;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.inventory.StockItem.Command.Adjust;
import dev.fakta.orders.inventory.StockItem.Command.AllowBackorders;
import dev.fakta.orders.inventory.StockItem.Command.Receive;
import dev.fakta.orders.inventory.StockRoutes;
import dev.fakta.orders.order.Goodwill;
import dev.fakta.orders.order.Holds;
import dev.fakta.orders.order.PullBack;
import dev.fakta.orders.returns.Return;
import dev.fakta.orders.returns.Return.Command.ApproveReturn;
import dev.fakta.orders.returns.Return.Command.Inspect;
import dev.fakta.orders.returns.ReturnProcessors;
import dev.fakta.orders.shipping.CarrierReports;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.orders.shipping.Shipment.Command.CancelShipment;
import dev.fakta.orders.shipping.Shipment.Command.Pack;
import dev.fakta.orders.shipping.Shipment.Command.Pick;
import dev.fakta.orders.shipping.Shipment.Command.RecordLost;
import java.util.Set;

/// Paths of before that some scripts still use, each with the path that has taken its place. They
/// answer the same, stand in no document, and go with the next version: use none of them.
///
/// Each microsystem lists its own before its other routes: while `/stock/SKU@LOCATION` is one of
/// them, a sku with an `@` is found in the list `/stock?sku=` and not at `/stock/SKU`.
final class OldPaths {

    private static final Set<CallerRole> STAFF = Set.of(CallerRole.STAFF);

    private OldPaths() {}

    static void ofOrders(Routes http) {
        http.forRoles(STAFF, OldPaths::listOfOrders);
    }

    private static void listOfOrders(Routes http) {
        http.post("/orders/{id}/holds", Holds.PLACE) // PUT /orders/{id}/holds/{kind}
                .post("/orders/{id}/lines/cancellation", PullBack.CANCEL_LINES) // cancel-lines
                .post("/orders/{id}/edit/application", PullBack.APPLY_EDIT) // edit/apply
                .post("/payments/{id}/refunds", Goodwill.DEFINITION) // /orders/{id}/credit
                .post("/returns/{id}/approval", ApproveReturn.class, Return.AGGREGATE) // approve
                .post("/returns/{id}/receipt", ReturnProcessors.RECEIVE) // receive
                .post("/returns/{id}/inspection", Inspect.class, Return.AGGREGATE); // inspect
    }

    static void ofShipping(Routes http) {
        http.forRoles(STAFF, OldPaths::listOfShipping);
    }

    private static void listOfShipping(Routes http) {
        http.post("/shipments/{id}/picking", Pick.class, Shipment.AGGREGATE) // pick
                .post("/shipments/{id}/packing", Pack.class, Shipment.AGGREGATE) // pack
                .post("/shipments/{id}/delivery", CarrierReports.DELIVERY) // deliver
                .post("/shipments/{id}/loss", RecordLost.class, Shipment.AGGREGATE) // lose
                .post("/shipments/{id}/cancellation", CancelShipment.class, Shipment.AGGREGATE);
    }

    /// Of `/stock/{sku}/{location}` and of what stands below `/stock/{sku}`.
    static void ofInventory(Routes http) {
        http.forRoles(STAFF, OldPaths::listOfInventory);
    }

    private static void listOfInventory(Routes http) {
        String stock = "/stock/{sku}@{location}";
        http.read(stock, StockRoutes.ID_FORM, StockItem.AGGREGATE)
                .postTo(stock + "/receipts", Receive.class, StockItem.AGGREGATE, StockRoutes::id)
                .postTo(stock + "/adjustments", Adjust.class, StockItem.AGGREGATE, StockRoutes::id)
                .putTo(
                        stock + "/backorders",
                        AllowBackorders.class,
                        StockItem.AGGREGATE,
                        StockRoutes::id);
    }
}
