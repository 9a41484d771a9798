// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import static dev.fakta.testkit.Surroundings.surroundings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Processor.Problem;
import dev.fakta.orders.order.PlaceOrderProcessor;
import dev.fakta.orders.shipping.Shipment.Command.Dispatch;
import dev.fakta.orders.shipping.Shipment.Command.DispatchAt;
import dev.fakta.orders.shipping.Shipment.Command.RecordDelivered;
import dev.fakta.orders.shipping.Shipment.Command.RecordTracking;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentLeft;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentPlanned;
import dev.fakta.testkit.Surroundings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CarrierReportsTest {

    private static final Instant LEFT = Instant.parse("2026-07-01T12:00:00.5Z");
    private static final Instant NOW = LEFT.plus(Duration.ofDays(3));

    private static Surroundings shipment(Shipment.Event... more) {
        return surroundings().at(NOW).sendingTo("o1-1").with(Shipment.AGGREGATE, "o1-1", more);
    }

    private static Surroundings left() {
        return shipment(
                new ShipmentPlanned("o1", "main", List.of(new Shipment.Line(0, "tea", 1))),
                new ShipmentLeft(LEFT));
    }

    private static void accepts(Surroundings surroundings, @Nullable Instant at) {
        RecordDelivered delivered = new RecordDelivered("p1", at);
        surroundings.process(CarrierReports.DELIVERY, delivered).thenSends(delivered);
    }

    private static void refuses(Surroundings surroundings, Instant at, String reason) {
        List<Problem> problems =
                surroundings
                        .process(CarrierReports.DELIVERY, new RecordDelivered("p1", at))
                        .problems();
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().field()).isEqualTo("at");
        assertThat(problems.getFirst().reason()).startsWith(reason);
    }

    @Test
    void a_parcel_arrives_after_it_was_dispatched_and_not_much_later_than_now() {
        accepts(left(), LEFT);
        accepts(left(), NOW);
        accepts(left(), NOW.plus(CarrierReports.TOLERANCE));
        refuses(left(), Instant.parse("2999-01-01T00:00:00Z"), "lies more than a day");
        refuses(left(), NOW.plus(CarrierReports.TOLERANCE).plusMillis(1), "lies more than a day");
        refuses(left(), LEFT.minusSeconds(1), "lies before the shipment was dispatched");
        refuses(left(), Instant.parse("1971-01-01T00:00:00Z"), "lies before the shipment");
    }

    @Test
    void a_time_in_whole_seconds_is_not_before_the_dispatch_in_the_same_second() {
        accepts(left(), Instant.parse("2026-07-01T12:00:00Z"));
    }

    @Test
    void what_a_carrier_tracks_is_checked_likewise() {
        RecordTracking report = new RecordTracking("p1", "in Hamburg", NOW);
        left().process(CarrierReports.TRACKING, report).thenSends(report);
        assertThat(
                        left().process(
                                        CarrierReports.TRACKING,
                                        new RecordTracking("p1", "x", LEFT.minusSeconds(1)))
                                .problems())
                .extracting(Problem::field)
                .containsExactly("at");
    }

    @Test
    void without_a_time_of_dispatch_only_the_future_is_refused() {
        accepts(shipment(), Instant.EPOCH);
        accepts(shipment(), null);
        refuses(shipment(), Instant.parse("2999-01-01T00:00:00Z"), "lies more than a day");
    }

    @Test
    void a_permission_to_import_without_an_order_allows_nothing_more() {
        Surroundings importing = left().permitting(PlaceOrderProcessor.IMPORT);
        refuses(importing, LEFT.minusSeconds(1), "lies before the shipment was dispatched");
    }

    @Test
    void an_imported_order_may_have_been_delivered_since_it_was_placed() {
        Instant placed = LEFT.minus(Duration.ofDays(90));
        Surroundings shipped =
                surroundings()
                        .at(placed.plus(Duration.ofDays(90)))
                        .sendingTo("o1-1")
                        .with(
                                Shipment.AGGREGATE,
                                "o1-1",
                                new ShipmentPlanned(
                                        "o1",
                                        "main",
                                        List.of(new Shipment.Line(0, "tea", 1)),
                                        placed),
                                new ShipmentLeft(placed.plus(Duration.ofDays(90))));
        refuses(shipped, placed, "lies before the shipment was dispatched");
        accepts(shipped.permitting(PlaceOrderProcessor.IMPORT), placed);
        refuses(
                shipped.permitting(PlaceOrderProcessor.IMPORT),
                placed.minusSeconds(1),
                "lies before the shipment was dispatched");
    }

    @Test
    void a_dispatch_is_sent_on_with_its_time() {
        Dispatch wish = new Dispatch(null, null);
        shipment().process(ShipmentRoutes.DISPATCH, wish).thenSends(new DispatchAt(wish, NOW));
    }
}
