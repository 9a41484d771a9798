// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import static net.jqwik.api.Arbitraries.frequencyOf;
import static net.jqwik.api.Combinators.combine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.Histories;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.shipping.Parcel.Content;
import dev.fakta.orders.shipping.Shipment.Command;
import dev.fakta.orders.shipping.Shipment.Event;
import dev.fakta.orders.shipping.Shipment.Label;
import dev.fakta.orders.shipping.Shipment.Packed;
import dev.fakta.orders.shipping.Shipment.Planned;
import dev.fakta.orders.shipping.Shipment.Stage;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/// What holds of a shipment after any commands.
class ShipmentPropertiesTest {

    private static final Instant START = Instant.parse("2026-07-01T12:00:00Z");

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void a_shipment_holds_its_lines_whatever_it_is_told(
            @ForAll @Size(max = 60) List<@From("commands") Command> commands) {
        Histories.run(
                Shipment.AGGREGATE,
                commands,
                (shipment, events) -> {
                    everyUnitIsInOneParcel(shipment);
                    nothingHappensOutOfOrder(events);
                    onlyWhatNobodyHasBegunToPickIsWithdrawn(shipment);
                });
    }

    private static void everyUnitIsInOneParcel(Shipment shipment) {
        if (shipment.parcels().isEmpty()) {
            assertThat(shipment.stage()).isNotIn(Stage.PACKED, Stage.DISPATCHED);
            return;
        }
        Map<Integer, Long> packed = new HashMap<>();
        for (Parcel parcel : shipment.parcels()) {
            for (Content content : parcel.contents()) {
                packed.merge(content.line(), content.quantity(), Long::sum);
            }
        }
        Map<Integer, Long> planned = new HashMap<>();
        shipment.lines().forEach(line -> planned.put(line.line(), line.quantity()));
        assertThat(packed).isEqualTo(planned);
    }

    private static void onlyWhatNobodyHasBegunToPickIsWithdrawn(Shipment shipment) {
        boolean isWithdrawn =
                shipment.decide(new Command.Withdraw("")) instanceof Decision.Accepted<Event>;
        assertThat(isWithdrawn)
                .isEqualTo(
                        shipment.stage() == Stage.PLANNED || shipment.stage() == Stage.CANCELLED);
    }

    private static void nothingHappensOutOfOrder(List<Event> events) {
        Set<String> delivered = new HashSet<>();
        int parcels = 0;
        boolean isDispatched = false;
        boolean isCancelled = false;
        for (Event event : events) {
            assertThat(isCancelled).as("nothing follows a cancellation").isFalse();
            switch (event) {
                case Event.ShipmentPlanned e -> assertThat(events.indexOf(e)).isZero();
                case Event.ShipmentPicked _ -> assertThat(isDispatched).isFalse();
                case Event.ShipmentPacked _ -> assertThat(isDispatched).isFalse();
                case Event.ShipmentDispatched e -> {
                    assertThat(isDispatched).isFalse();
                    isDispatched = true;
                    parcels = e.parcels().size();
                }
                case Event.ShipmentLeft _ -> assertThat(isDispatched).isTrue();
                case Event.ShipmentTracked _ -> assertThat(isDispatched).isTrue();
                case Event.ShipmentDelivered e -> {
                    assertThat(isDispatched).isTrue();
                    assertThat(delivered.add(e.parcel())).as("delivered once").isTrue();
                    assertThat(e.complete()).isEqualTo(delivered.size() == parcels);
                }
                case Event.ShipmentLost e -> assertThat(delivered).doesNotContain(e.parcel());
                case Event.ShipmentCancelled _ -> {
                    assertThat(isDispatched).isFalse();
                    isCancelled = true;
                }
            }
        }
    }

    @Provide
    static Arbitrary<Command> commands() {
        Arbitrary<Long> units = Arbitraries.of(1L, 1L, 2L, 0L);
        Arbitrary<Integer> lines = Arbitraries.of(0, 0, 1);
        Arbitrary<@Nullable String> names = Arbitraries.of("p", "p", "q", "").injectNull(0.02);
        Arbitrary<@Nullable Instant> times =
                Arbitraries.of(0, 1, 2).map(START::plusSeconds).injectNull(0.02);
        Arbitrary<Money> costs = Arbitraries.of(5L, -1L).map(minor -> Money.of(minor, "EUR"));
        Arbitrary<@Nullable Planned> planned =
                combine(lines, names, units, units).as(Planned::new).injectNull(0.02);
        Arbitrary<@Nullable Content> contents =
                combine(lines, units).as(Content::new).injectNull(0.02);
        Arbitrary<@Nullable Packed> packed =
                combine(names, units, contents.list().ofMinSize(1).ofMaxSize(2))
                        .as(Packed::new)
                        .injectNull(0.02);
        Arbitrary<@Nullable Label> labels =
                combine(names, names, names).as(Label::new).injectNull(0.02);
        return frequencyOf(
                Tuple.of(
                        4,
                        combine(
                                        Arbitraries.just("o"),
                                        Arbitraries.just("main"),
                                        planned.list().ofMinSize(1).ofMaxSize(2))
                                .as(Command.PlanShipment::new)),
                Tuple.of(2, Arbitraries.just(new Command.Pick())),
                Tuple.of(12, packed.list().ofMinSize(1).ofMaxSize(2).map(Command.Pack::new)),
                Tuple.of(
                        8,
                        combine(labels.list().ofMinSize(1).ofMaxSize(2), costs)
                                .as(Command.Dispatch::new)
                                .map(dispatch -> new Command.DispatchAt(dispatch, START))),
                Tuple.of(2, combine(names, names, times).as(Command.RecordTracking::new)),
                Tuple.of(3, combine(names, times).as(Command.RecordDelivered::new)),
                Tuple.of(2, combine(names, names).as(Command.RecordLost::new)),
                Tuple.of(1, names.map(Command.CancelShipment::new)),
                Tuple.of(1, names.map(Command.Withdraw::new)));
    }
}
