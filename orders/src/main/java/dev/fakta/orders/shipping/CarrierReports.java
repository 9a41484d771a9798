// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.orders.shipping.Shipment.Command.RecordDelivered;
import dev.fakta.orders.shipping.Shipment.Command.RecordTracking;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes what carriers report of parcels, and refuses times that cannot be true: a wrong time of
/// delivery would close the customer's time for a return too early, or never.
public final class CarrierReports {

    /// Carriers tell local times as if they were UTC, and clocks differ.
    static final Duration TOLERANCE = Duration.ofDays(1);

    public static final Processor<RecordTracking, Shipment.Command> TRACKING =
            Processor.named("record-tracking")
                    .taking(RecordTracking.class)
                    .sendingTo(Shipment.AGGREGATE)
                    .processing((report, context) -> checked(report, report.at(), context));

    public static final Processor<RecordDelivered, Shipment.Command> DELIVERY =
            Processor.named("record-delivered")
                    .taking(RecordDelivered.class)
                    .sendingTo(Shipment.AGGREGATE)
                    .processing((report, context) -> checked(report, report.at(), context));

    /// The permission to tell of earlier days.
    private static final String IMPORT = "import";

    private CarrierReports() {}

    private static Outcome<Shipment.Command> checked(
            Shipment.Command report, @Nullable Instant at, Context context) {
        Instant latest = context.now().plus(TOLERANCE);
        if (at != null && at.isAfter(latest)) {
            return refused("lies more than a day in the future: now it is " + context.now());
        }
        Instant earliest = earliest(context);
        return at == null || earliest == null || !at.isBefore(earliest)
                ? new Outcome.Send<>(report)
                : refused("lies before the shipment was dispatched, which was at " + earliest);
    }

    private static Outcome<Shipment.Command> refused(String reason) {
        return new Outcome.Refuse<>(List.of(new Problem("at", reason)));
    }

    /// When the shipment was dispatched, as far as it is known. Whoever may import orders of
    /// earlier days may also tell when these arrived, though their shipments are dispatched only
    /// now: no earlier than the order was placed.
    private static @Nullable Instant earliest(Context context) {
        Shipment shipment = context.state(Shipment.AGGREGATE, context.id());
        Instant left = shipment.leftAt();
        if (left == null) {
            return null;
        }
        Instant earliest = left;
        Instant ordered = shipment.orderedAt();
        if (ordered != null && ordered.isBefore(left) && context.permits(IMPORT)) {
            earliest = ordered;
        }
        // Reports leave fractions of a second out.
        return earliest.truncatedTo(ChronoUnit.SECONDS);
    }
}
