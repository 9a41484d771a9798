// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.shipping.Parcel.Content;
import dev.fakta.orders.shipping.Shipment.Command.Dispatch;
import dev.fakta.orders.shipping.Shipment.Command.Pack;
import dev.fakta.orders.shipping.Shipment.Command.RecordDelivered;
import dev.fakta.orders.shipping.Shipment.Command.RecordTracking;
import dev.fakta.orders.shipping.Shipment.Label;
import dev.fakta.orders.shipping.Shipment.Packed;
import java.time.Instant;
import java.util.List;

/// What requests about shipments may be like, for who reads the API's document.
final class ShipmentExamples {

    static final String PARCEL = "parcel-1";

    static final Pack ONE_PARCEL =
            new Pack(List.of(new Packed(PARCEL, 1_000, List.of(new Content(0, 2)))));

    static final Dispatch BY_UPS =
            new Dispatch(
                    List.of(new Label(PARCEL, "ups", "1Z999AA10123456784")), Money.of(690, "USD"));

    static final RecordTracking AT_THE_HUB =
            new RecordTracking(PARCEL, "in-transit", Instant.parse("2026-03-02T08:30:00Z"));

    static final RecordDelivered DELIVERED =
            new RecordDelivered(PARCEL, Instant.parse("2026-03-03T10:15:00Z"));

    private ShipmentExamples() {}
}
