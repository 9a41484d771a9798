// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import static dev.fakta.gateway.CallerRole.CUSTOMER;
import static dev.fakta.gateway.CallerRole.IMPORTER;
import static dev.fakta.gateway.CallerRole.OPERATOR;
import static dev.fakta.gateway.CallerRole.STAFF;

import dev.fakta.domain.Decision;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.gateway.NewestFirst;
import dev.fakta.gateway.NextSteps;
import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.ShipmentFacts;
import dev.fakta.orders.shipping.Shipment.Command.CancelShipment;
import dev.fakta.orders.shipping.Shipment.Command.Dispatch;
import dev.fakta.orders.shipping.Shipment.Command.DispatchAt;
import dev.fakta.orders.shipping.Shipment.Command.Pack;
import dev.fakta.orders.shipping.Shipment.Command.Pick;
import dev.fakta.orders.shipping.Shipment.Command.RecordLost;
import dev.fakta.orders.shipping.Shipment.Label;
import dev.fakta.runtime.Versioned;
import dev.fakta.views.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Shipments over HTTP: one resource per step of the warehouse and the carrier, and the list.
public final class ShipmentRoutes {

    /// Nothing leaves that its order does not let go: the order is asked first, once the shipment
    /// itself would let it.
    public static final Processor<Dispatch, Shipment.Command> DISPATCH =
            Processor.named("dispatch-shipment")
                    .taking(Dispatch.class)
                    .sendingTo(Shipment.AGGREGATE)
                    .processing(ShipmentRoutes::dispatch);

    private static final Map<String, String> FILTERS =
            Map.of("order", "order_id", "status", "status");
    private static final NewestFirst LIST =
            new NewestFirst("shipment_row", "plannedAt", "planned_at", FILTERS);
    static final NewestFirst TRACKED =
            new NewestFirst(
                    """
                    (select r.*, t.code from shipment_tracking t
                    join shipment_row r on r.id = t.shipment_id) as tracked""",
                    "plannedAt",
                    "planned_at",
                    Map.of("order", "order_id", "status", "status", "tracking", "code"));

    private ShipmentRoutes() {}

    public static void list(Routes http) {
        http.partOf(Shipment.AGGREGATE, Shipment::order, Order.AGGREGATE)
                .customersSee(Shipment.AGGREGATE, ShipmentJson::forCustomer)
                .resource("/shipments", Shipment.AGGREGATE, ShipmentJson::of)
                .allowing(CUSTOMER, STAFF, IMPORTER, OPERATOR)
                .eventsAllowing(STAFF, OPERATOR)
                .get("/shipments", ShipmentsView.DEFINITION, ShipmentRoutes::page)
                .allowing(CUSTOMER, STAFF, IMPORTER, OPERATOR)
                .post("/shipments/{id}/pick", Pick.class, Shipment.AGGREGATE)
                .allowing(STAFF, IMPORTER)
                .post("/shipments/{id}/pack", Pack.class, Shipment.AGGREGATE)
                .example(ShipmentExamples.ONE_PARCEL)
                .allowing(STAFF, IMPORTER)
                .post("/shipments/{id}/dispatch", DISPATCH)
                .example(ShipmentExamples.BY_UPS)
                .allowing(STAFF, IMPORTER)
                .post("/shipments/{id}/track", CarrierReports.TRACKING)
                .example(ShipmentExamples.AT_THE_HUB)
                .allowing(STAFF, IMPORTER)
                .post("/shipments/{id}/deliver", CarrierReports.DELIVERY)
                .example(ShipmentExamples.DELIVERED)
                .allowing(STAFF, IMPORTER)
                .post("/shipments/{id}/lose", RecordLost.class, Shipment.AGGREGATE)
                .example(new RecordLost(ShipmentExamples.PARCEL, "The carrier cannot find it."))
                .allowing(STAFF, IMPORTER)
                .post("/shipments/{id}/cancel", CancelShipment.class, Shipment.AGGREGATE)
                .example(new CancelShipment("The shelf is empty."))
                .allowing(STAFF)
                .checking(
                        Shipment.Command.class,
                        command -> ShipmentCheck.faults(command).problems());
    }

    private static Page<Listed> page(Query query) {
        query.oneOf("status", ShipmentStatus.values()).within("order", Order.AGGREGATE);
        NewestFirst list = query.text("tracking") == null ? LIST : TRACKED;
        return list.page(query, Listed::of);
    }

    private static Outcome<Shipment.Command> dispatch(Dispatch wish, Context context) {
        Shipment shipment = context.state(Shipment.AGGREGATE, context.id());
        String order = shipment.order();
        boolean isNew =
                shipment.decide(wish) instanceof Decision.Accepted<Shipment.Event>(var events)
                        && !events.isEmpty();
        List<@Nullable Label> labels = wish.labels();
        DispatchAt now = new DispatchAt(wish, context.now());
        if (order == null || labels == null || !isNew) {
            return new Outcome.Send<>(now);
        }
        List<Parcel> labelled = ShipmentCheck.labelled(shipment.parcels(), labels);
        String codes = Parcel.codes(labelled, Shipment.LONGEST_TRACKING);
        return new Outcome.Send<>(
                now,
                List.of(
                        new First<>(
                                Order.AGGREGATE,
                                order,
                                new ShipmentFacts.Command.ReleaseShipment(context.id(), codes))));
    }

    /// A shipment as clients see it.
    private record ShipmentJson(
            String id,
            String orderId,
            String location,
            String status,
            List<Shipment.Line> lines,
            List<Parcel> parcels,
            @Nullable Money cost,
            Map<String, NextSteps.Step> actions,
            long revision) {

        static ShipmentJson of(Versioned<Shipment> versioned) {
            Shipment shipment = versioned.state();
            return new ShipmentJson(
                    versioned.id(),
                    Objects.requireNonNull(shipment.order()),
                    Objects.requireNonNull(shipment.location()),
                    ShipmentStatus.of(shipment).toString(),
                    shipment.lines(),
                    shipment.parcels(),
                    shipment.cost(),
                    new ShipmentActions(shipment).steps(versioned.id()),
                    versioned.revision());
        }

        /// A shipment as its customer sees it: without what it costs the shop, and what the
        /// warehouse may do with it.
        static ShipmentJson forCustomer(Versioned<Shipment> versioned) {
            ShipmentJson all = of(versioned);
            return new ShipmentJson(
                    all.id,
                    all.orderId,
                    all.location,
                    all.status,
                    all.lines,
                    all.parcels,
                    null,
                    Map.of(),
                    all.revision);
        }
    }

    /// A shipment in the list.
    private record Listed(
            String id,
            String orderId,
            String location,
            String status,
            Instant plannedAt,
            long revision) {

        static Listed of(Row row) {
            return new Listed(
                    row.text("id"),
                    row.text("order_id"),
                    row.text("location"),
                    row.text("status"),
                    Instant.ofEpochMilli(row.number("planned_at")),
                    row.number("revision"));
        }
    }
}
