// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// What shipments tell an order. Planning and releasing ask: a refusal says that the goods stay
/// where they are. All else has happened already, and is recorded.
public final class ShipmentFacts {

    private ShipmentFacts() {}

    public sealed interface Command extends Order.Command {

        /// Something about one shipment, in absolute terms: told twice, it changes nothing.
        sealed interface Fact extends Command {}

        /// One after the other; what does not fit is for people.
        record RecordShipments(List<Fact> facts) implements Command {
            public RecordShipments {
                facts = List.copyOf(facts);
            }
        }

        /// It has left, whether the order has let it go or not.
        record RecordShipmentDispatched(String shipment, String tracking) implements Fact {}

        /// Some of the shipment has arrived, or all of it.
        ///
        /// @param lines what of the shipment has been delivered so far; none: all of it
        /// @param at when the last of it was
        record RecordShipmentDelivered(String shipment, List<LineUnits> lines, Instant at)
                implements Fact {}

        /// Some of the shipment will never arrive.
        ///
        /// @param lines what of the shipment is lost so far; none: all that was not delivered
        record RecordShipmentLost(String shipment, List<LineUnits> lines) implements Fact {
            public RecordShipmentLost(String shipment) {
                this(shipment, List.of());
            }
        }

        record RecordShipmentCancelled(String shipment) implements Fact {}

        /// Asks whether a shipment of these units may be planned; if so, it is.
        record RecordShipmentPlanned(String shipment, String location, List<LineUnits> lines)
                implements Command {
            public RecordShipmentPlanned(String shipment, List<LineUnits> lines) {
                this(shipment, Sourcing.MAIN, lines);
            }
        }

        /// Asks whether the shipment may leave; if so, it has left as far as the order knows.
        record ReleaseShipment(String shipment, String tracking) implements Command {}

        /// Nobody has heard of the shipment for so long that what is under way counts as delivered.
        record PresumeDelivered(String shipment, Instant at) implements Command {}

        /// The shipment should have left: an operator is to look at it.
        record RecordShipmentLate(String shipment) implements Command {}
    }

    public sealed interface Event extends Order.Event.Moving {
        /// A shipment is to leave a location.
        ///
        /// @param location none in events of earlier versions, which know one only
        record OrderShipmentPlanned(
                String shipment, String location, List<LineUnits> lines, Standing standing)
                implements Event {
            public OrderShipmentPlanned {
                location = Objects.requireNonNullElse(location, Sourcing.MAIN);
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

        /// Nobody has heard of units for so long that they count as delivered.
        ///
        /// @param at when that was decided
        record OrderShipmentPresumed(
                String shipment, List<LineUnits> lines, Instant at, Standing standing)
                implements Event {
            public OrderShipmentPresumed {
                lines = List.copyOf(lines);
            }
        }

        /// Units have left or arrived that the order had given up: they stand beside its count.
        record OrderShipmentUnexpected(String shipment, List<LineUnits> lines, Standing standing)
                implements Event {
            public OrderShipmentUnexpected {
                lines = List.copyOf(lines);
            }
        }

        /// The units are open again; in an order that is closed they are cancelled.
        ///
        /// @param lines what was lost now
        record OrderShipmentLost(String shipment, List<LineUnits> lines, Standing standing)
                implements Event {
            public OrderShipmentLost {
                lines = List.copyOf(lines);
            }
        }

        record OrderShipmentCancelled(String shipment, Standing standing) implements Event {}
    }
}
