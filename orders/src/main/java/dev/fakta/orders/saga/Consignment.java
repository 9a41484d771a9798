// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.shipping.Shipment;
import java.util.ArrayList;
import java.util.List;

/// A shipment of an order, as far as the fulfilment knows it.
///
/// @param tracking the carriers' codes, once it has left
/// @param underWay its parcels that have left, and neither arrived nor are lost
/// @param lost its parcels that have not arrived, and will not as far as anybody knows
/// @param delivered which units have arrived
record Consignment(
        String shipment,
        String location,
        List<Line> lines,
        Stage stage,
        String tracking,
        List<String> underWay,
        List<String> lost,
        List<LineUnits> delivered) {

    Consignment {
        lines = List.copyOf(lines);
        underWay = List.copyOf(underWay);
        lost = List.copyOf(lost);
        delivered = List.copyOf(delivered);
    }

    enum Stage {
        WAITING,
        LEFT,
        CANCELLED
    }

    record Line(int line, String sku, int quantity) {}

    static Consignment of(String shipment, Shipment.Event.ShipmentPlanned planned) {
        List<Line> lines = new ArrayList<>();
        for (Shipment.Line line : planned.lines()) {
            lines.add(new Line(line.line(), line.sku(), Math.toIntExact(line.quantity())));
        }
        return new Consignment(
                shipment,
                planned.location(),
                lines,
                Stage.WAITING,
                "",
                List.of(),
                List.of(),
                List.of());
    }

    /// The units of a parcel that arrived.
    static List<LineUnits> units(Shipment.Event.ShipmentDelivered delivered) {
        return delivered.contents().stream()
                .map(one -> new LineUnits(one.line(), Math.toIntExact(one.quantity())))
                .toList();
    }

    boolean isWaiting() {
        return stage == Stage.WAITING;
    }

    boolean isLeft() {
        return stage == Stage.LEFT;
    }

    Consignment left(String codes, List<String> parcels) {
        return new Consignment(
                shipment, location, lines, Stage.LEFT, codes, parcels, lost, delivered);
    }

    Consignment cancelled() {
        return at(Stage.CANCELLED);
    }

    private Consignment at(Stage next) {
        return new Consignment(
                shipment, location, lines, next, tracking, underWay, lost, delivered);
    }

    /// A parcel that was lost can arrive after all.
    ///
    /// @param arrived what came with the parcel; nothing when it is lost
    Consignment settled(String parcel, List<LineUnits> arrived) {
        List<String> rest = new ArrayList<>(underWay);
        rest.remove(parcel);
        List<String> missing = new ArrayList<>(lost);
        missing.remove(parcel);
        if (arrived.isEmpty()) {
            missing.add(parcel);
        }
        return new Consignment(
                shipment, location, lines, stage, tracking, rest, missing, sum(delivered, arrived));
    }

    private static List<LineUnits> sum(List<LineUnits> units, List<LineUnits> more) {
        List<LineUnits> all = new ArrayList<>();
        for (LineUnits each : units) {
            all.add(new LineUnits(each.line(), each.quantity() + LineUnits.of(each.line(), more)));
        }
        for (LineUnits each : more) {
            if (LineUnits.of(each.line(), units) == 0) {
                all.add(each);
            }
        }
        return all;
    }
}
