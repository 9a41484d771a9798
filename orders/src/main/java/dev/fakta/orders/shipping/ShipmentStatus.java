// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import dev.fakta.orders.shipping.Parcel.Status;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// How far a shipment has come, for people. Until it is dispatched its stage says so, and then its
/// parcels do.
public enum ShipmentStatus {
    PLANNED,
    PICKED,
    PACKED,
    /// All parcels are under way.
    DISPATCHED,
    /// Some parcels have arrived, and the others are under way.
    PARTIALLY_DELIVERED,
    DELIVERED,
    /// Some parcels are lost, and the others have arrived or are under way.
    PARTIALLY_LOST,
    LOST,
    CANCELLED;

    /// What a parcel of a dispatched shipment can be.
    static final List<Status> AFTER_DISPATCH =
            List.of(Status.DISPATCHED, Status.DELIVERED, Status.LOST);

    /// What can be found among the parcels of a dispatched shipment.
    static final List<Set<Status>> COMBINATIONS = combinations();

    /// The status of a shipment that is planned.
    static ShipmentStatus of(Shipment shipment) {
        return switch (shipment.stage()) {
            case NONE, PLANNED -> PLANNED;
            case PICKED -> PICKED;
            case PACKED -> PACKED;
            case CANCELLED -> CANCELLED;
            case DISPATCHED -> {
                Set<Status> found = EnumSet.noneOf(Status.class);
                shipment.parcels().forEach(parcel -> found.add(parcel.status()));
                yield of(found);
            }
        };
    }

    /// The status of a dispatched shipment.
    ///
    /// @param found every status that one of its parcels has
    static ShipmentStatus of(Set<Status> found) {
        boolean isUniform = found.size() == 1;
        if (found.contains(Status.LOST)) {
            return isUniform ? LOST : PARTIALLY_LOST;
        }
        if (found.contains(Status.DELIVERED)) {
            return isUniform ? DELIVERED : PARTIALLY_DELIVERED;
        }
        return DISPATCHED;
    }

    private static List<Set<Status>> combinations() {
        List<Set<Status>> all = new ArrayList<>();
        for (int bits = 1; bits < 1 << AFTER_DISPATCH.size(); bits++) {
            Set<Status> found = EnumSet.noneOf(Status.class);
            for (Status status : AFTER_DISPATCH) {
                if ((bits >> AFTER_DISPATCH.indexOf(status) & 1) == 1) {
                    found.add(status);
                }
            }
            all.add(found);
        }
        return List.copyOf(all);
    }
}
