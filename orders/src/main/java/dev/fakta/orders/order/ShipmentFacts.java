// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.time.Instant;
import java.util.List;

/// What shipments tell an order. Planning and dispatching ask: a refusal says that the goods stay
/// where they are. What comes after that has happened already, and is recorded.
public final class ShipmentFacts {

    private ShipmentFacts() {}

    public sealed interface Command extends Order.Command {
        record RecordShipmentPlanned(String shipment, List<LineUnits> lines) implements Command {}

        /// Asks whether the shipment may leave; if so, it has left as far as the order knows.
        record ReleaseShipment(String shipment, String tracking) implements Command {}

        record RecordShipmentDispatched(String shipment, String tracking) implements Command {}

        /// Some of the shipment has arrived, or all of it.
        ///
        /// @param lines what of the shipment has been delivered so far; none: all of it
        /// @param at when the last of it was
        record RecordShipmentDelivered(String shipment, List<LineUnits> lines, Instant at)
                implements Command {}

        /// What was not delivered of the shipment never will be.
        record RecordShipmentLost(String shipment) implements Command {}

        record RecordShipmentCancelled(String shipment) implements Command {}

        /// The shipment should have left: if it has not, an operator is to look at it.
        record RecordShipmentLate(String shipment) implements Command {}
    }

    public sealed interface Event extends Order.Event.Moving {
        record OrderShipmentPlanned(String shipment, List<LineUnits> lines, Standing standing)
                implements Event {
            public OrderShipmentPlanned {
                lines = List.copyOf(lines);
            }
        }

        record OrderShipmentDispatched(String shipment, String tracking, Standing standing)
                implements Event {}

        /// Units have arrived.
        ///
        /// @param lines what was delivered now
        record OrderShipmentDelivered(
                String shipment, List<LineUnits> lines, Instant at, Standing standing)
                implements Event {
            public OrderShipmentDelivered {
                lines = List.copyOf(lines);
            }
        }

        /// The units are open again; in an order that is closed they are cancelled.
        ///
        /// @param lines what was not delivered
        record OrderShipmentLost(String shipment, List<LineUnits> lines, Standing standing)
                implements Event {
            public OrderShipmentLost {
                lines = List.copyOf(lines);
            }
        }

        record OrderShipmentCancelled(String shipment, Standing standing) implements Event {}
    }
}
