// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.util.List;

/// What an order wants of a shipment that has not left as far as it knows.
///
/// @param location from where it leaves
/// @param lines what is in it
/// @param isWanted whether it is to be there; otherwise it is to stay where it is
public record ShipmentWish(
        String shipment, String location, List<LineUnits> lines, boolean isWanted) {
    public ShipmentWish {
        lines = List.copyOf(lines);
    }
}
