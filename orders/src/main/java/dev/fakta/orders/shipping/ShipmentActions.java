// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import dev.fakta.gateway.NextSteps;
import dev.fakta.orders.shipping.Shipment.Refusal;
import dev.fakta.orders.shipping.Shipment.Stage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What may be done next with a shipment, as its answers say it. Each is what the shipment decides
/// of the stage alone; its order is asked, too, before it leaves.
record ShipmentActions(Shipment shipment) {

    Map<String, NextSteps.Step> steps(String id) {
        return NextSteps.of("/shipments/" + id)
                .post("pick", pick())
                .post("pack", pack())
                .post("dispatch", dispatch())
                .post("track", onItsWay())
                .post("deliver", deliver())
                .post("lose", deliver())
                .post("cancel", cancel())
                .all();
    }

    private @Nullable Refusal pick() {
        return switch (shipment.stage()) {
            case NONE -> Refusal.UNKNOWN_SHIPMENT;
            case PLANNED -> null;
            case PICKED, PACKED -> Refusal.ALREADY_PICKED;
            case DISPATCHED -> Refusal.ALREADY_DISPATCHED;
            case CANCELLED -> Refusal.SHIPMENT_CANCELLED;
        };
    }

    /// Until they are dispatched, units can be packed into other parcels.
    private @Nullable Refusal pack() {
        return switch (shipment.stage()) {
            case NONE -> Refusal.UNKNOWN_SHIPMENT;
            case PLANNED -> Refusal.NOT_PICKED;
            case PICKED, PACKED -> null;
            case DISPATCHED -> Refusal.ALREADY_DISPATCHED;
            case CANCELLED -> Refusal.SHIPMENT_CANCELLED;
        };
    }

    private @Nullable Refusal dispatch() {
        return switch (shipment.stage()) {
            case NONE -> Refusal.UNKNOWN_SHIPMENT;
            case PLANNED, PICKED -> Refusal.NOT_PACKED;
            case PACKED -> null;
            case DISPATCHED -> Refusal.ALREADY_DISPATCHED;
            case CANCELLED -> Refusal.SHIPMENT_CANCELLED;
        };
    }

    private @Nullable Refusal onItsWay() {
        return switch (shipment.stage()) {
            case NONE -> Refusal.UNKNOWN_SHIPMENT;
            case PLANNED, PICKED, PACKED -> Refusal.NOT_DISPATCHED;
            case DISPATCHED -> null;
            case CANCELLED -> Refusal.SHIPMENT_CANCELLED;
        };
    }

    private @Nullable Refusal deliver() {
        return shipment.isDelivered() && shipment.stage() == Stage.DISPATCHED
                ? Refusal.ALREADY_DELIVERED
                : onItsWay();
    }

    private @Nullable Refusal cancel() {
        return switch (shipment.stage()) {
            case NONE -> Refusal.UNKNOWN_SHIPMENT;
            case PLANNED, PICKED, PACKED -> null;
            case DISPATCHED -> Refusal.ALREADY_DISPATCHED;
            case CANCELLED -> Refusal.SHIPMENT_CANCELLED;
        };
    }
}
