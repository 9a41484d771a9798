// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.Tables;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.shipping.Parcel.Content;
import dev.fakta.orders.shipping.Parcel.Status;
import dev.fakta.orders.shipping.Shipment.Command;
import dev.fakta.orders.shipping.Shipment.Event;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShipmentsViewTest {

    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");

    /// A shipment of three units in three parcels.
    private static final List<Command> DISPATCHED =
            List.of(
                    new Command.PlanShipment(
                            "o1", "main", List.of(new Shipment.Planned(0, "tea", 3, 3))),
                    new Command.Pick(),
                    new Command.Pack(List.of(packed("p1"), packed("p2"), packed("p3"))),
                    new Command.DispatchAt(
                            new Command.Dispatch(
                                    List.of(
                                            label("p1", "T1"),
                                            label("p2", "T2"),
                                            label("p3", "T2")),
                                    Money.of(1, "EUR")),
                            NOON));

    private static Shipment.Packed packed(String id) {
        List<@Nullable Content> one = new ArrayList<>();
        one.add(new Content(0, 1));
        return new Shipment.Packed(id, 1, one);
    }

    private static Shipment.Label label(String parcel, String code) {
        return new Shipment.Label(parcel, "post", code);
    }

    private static Command delivered(String parcel) {
        return new Command.RecordDelivered(parcel, NOON);
    }

    private static Command lost(String parcel) {
        return new Command.RecordLost(parcel, "");
    }

    private static String status(Command... reports) throws SQLException {
        return status(List.of(reports));
    }

    /// The status in the list after these reports, which is that of the resource too.
    private static String status(List<Command> reports) throws SQLException {
        Shipment shipment = Shipment.AGGREGATE.initial();
        List<Object> all = new ArrayList<>();
        List<Command> commands = new ArrayList<>(DISPATCHED);
        commands.addAll(reports);
        for (Command command : commands) {
            if (shipment.decide(command) instanceof Decision.Accepted<Event>(var events)) {
                for (Event event : events) {
                    shipment = shipment.evolve(event);
                    all.add(event);
                }
            }
        }
        try (Tables tables = Tables.of(ShipmentsView.DEFINITION)) {
            tables.apply("o1-1", all.toArray());
            String status = ShipmentStatus.of(shipment).toString();
            assertThat(tables.rows("select status, revision from shipment_row"))
                    .containsExactly(status + "|" + all.size());
            return status;
        }
    }

    @Test
    void a_shipment_is_as_its_parcels_are() throws SQLException {
        assertThat(status()).isEqualTo("DISPATCHED");
        assertThat(status(delivered("p1"))).isEqualTo("PARTIALLY_DELIVERED");
        assertThat(status(delivered("p1"), delivered("p2"), delivered("p3")))
                .isEqualTo("DELIVERED");
        assertThat(status(lost("p1"))).isEqualTo("PARTIALLY_LOST");
        assertThat(status(lost("p1"), lost("p2"), lost("p3"))).isEqualTo("LOST");
    }

    @Test
    void a_lost_parcel_is_not_forgotten_when_another_arrives() throws SQLException {
        assertThat(status(lost("p1"), delivered("p2"))).isEqualTo("PARTIALLY_LOST");
        assertThat(status(lost("p1"), delivered("p2"), delivered("p3")))
                .isEqualTo("PARTIALLY_LOST");
        assertThat(status(lost("p1"), delivered("p2"), delivered("p3"), delivered("p1")))
                .isEqualTo("DELIVERED");
    }

    @Property(tries = 100)
    void the_list_and_the_resource_tell_the_same_status(
            @ForAll @Size(max = 8) List<@From("reports") Command> reports) throws SQLException {
        assertThat(ShipmentStatus.values()).extracting(Enum::name).contains(status(reports));
    }

    @Test
    void before_it_leaves_a_shipment_is_what_the_warehouse_has_done() throws SQLException {
        try (Tables tables = Tables.of(ShipmentsView.DEFINITION)) {
            Event planned = new Event.ShipmentPlanned("o1", "main", List.of());
            Event cancelled = new Event.ShipmentCancelled("o1", "");
            tables.apply("a", planned);
            tables.apply("b", planned, new Event.ShipmentPicked());
            tables.apply("c", planned, new Event.ShipmentPacked(List.of()));
            tables.apply("d", planned, cancelled);
            assertThat(tables.rows("select id, status from shipment_row order by id"))
                    .containsExactly("a|PLANNED", "b|PICKED", "c|PACKED", "d|CANCELLED");
        }
    }

    @Test
    void every_tracking_code_finds_its_shipment() throws SQLException {
        try (Tables tables = Tables.of(ShipmentsView.DEFINITION)) {
            Parcel one = Parcel.packed("p1", 1, List.of()).dispatched("post", " T1 ");
            Parcel two = Parcel.packed("p2", 1, List.of()).dispatched("post", "T2");
            Parcel three = Parcel.packed("p3", 1, List.of()).dispatched("post", "T2");
            tables.apply(
                    "o1-1",
                    new Event.ShipmentPlanned("o1", "main", List.of()),
                    new Event.ShipmentDispatched(
                            "o1", List.of(one, two, three), Money.of(1, "EUR")));
            assertThat(tables.rows("select code, shipment_id from shipment_tracking order by code"))
                    .containsExactly("T1|o1-1", "T2|o1-1");
            assertThat(
                            tables.rows(
                                    "select id from "
                                            + ShipmentRoutes.TRACKED.table()
                                            + " where code = ?",
                                    "T2"))
                    .containsExactly("o1-1");
        }
    }

    @Test
    void every_combination_of_parcels_has_a_status() {
        assertThat(ShipmentStatus.COMBINATIONS).hasSize(7).doesNotHaveDuplicates();
        assertThat(ShipmentStatus.of(EnumSet.of(Status.LOST, Status.DISPATCHED)))
                .isEqualTo(ShipmentStatus.PARTIALLY_LOST);
    }

    @Provide
    static Arbitrary<Command> reports() {
        return Combinators.combine(Arbitraries.of("p1", "p2", "p3"), Arbitraries.of(true, false))
                .as((parcel, isLost) -> isLost ? lost(parcel) : delivered(parcel));
    }
}
