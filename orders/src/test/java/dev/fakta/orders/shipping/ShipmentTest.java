// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.shipping.Parcel.Content;
import dev.fakta.orders.shipping.Shipment.Command;
import dev.fakta.orders.shipping.Shipment.Command.CancelShipment;
import dev.fakta.orders.shipping.Shipment.Command.Dispatch;
import dev.fakta.orders.shipping.Shipment.Command.DispatchAt;
import dev.fakta.orders.shipping.Shipment.Command.Pack;
import dev.fakta.orders.shipping.Shipment.Command.Pick;
import dev.fakta.orders.shipping.Shipment.Command.PlanShipment;
import dev.fakta.orders.shipping.Shipment.Command.RecordDelivered;
import dev.fakta.orders.shipping.Shipment.Command.RecordLost;
import dev.fakta.orders.shipping.Shipment.Command.RecordTracking;
import dev.fakta.orders.shipping.Shipment.Command.Withdraw;
import dev.fakta.orders.shipping.Shipment.Event;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentCancelled;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentDelivered;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentDispatched;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentLeft;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentLost;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentPacked;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentPicked;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentPlanned;
import dev.fakta.orders.shipping.Shipment.Event.ShipmentTracked;
import dev.fakta.orders.shipping.Shipment.Label;
import dev.fakta.orders.shipping.Shipment.Line;
import dev.fakta.orders.shipping.Shipment.Packed;
import dev.fakta.orders.shipping.Shipment.Planned;
import dev.fakta.orders.shipping.Shipment.Refusal;
import dev.fakta.testkit.Given;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ShipmentTest {

    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");
    private static final Money COST = Money.of(490, "EUR");
    private static final List<Content> TEA = List.of(new Content(0, 2));
    private static final List<Content> REST = List.of(new Content(0, 1), new Content(1, 1));
    private static final ShipmentPlanned PLANNED =
            new ShipmentPlanned(
                    "o1", "main", List.of(new Line(0, "tea", 3), new Line(1, "cup", 1)));
    private static final PlanShipment PLAN = plan(3, 1);
    private static final ShipmentPicked PICKED = new ShipmentPicked();
    private static final Pack PACK =
            new Pack(List.of(packed("p1", 500, TEA), packed("p2", 700, REST)));
    private static final Parcel P1 = Parcel.packed("p1", 500, TEA);
    private static final Parcel P2 = Parcel.packed("p2", 700, REST);
    private static final ShipmentPacked PACKED = new ShipmentPacked(List.of(P1, P2));
    private static final Dispatch DISPATCH =
            new Dispatch(
                    List.of(new Label("p2", "post", "c2"), new Label("p1", "post", "c1")), COST);
    private static final ShipmentDispatched DISPATCHED =
            new ShipmentDispatched(
                    "o1", List.of(P1.dispatched("post", "c1"), P2.dispatched("post", "c2")), COST);
    private static final Given<Command, Event, Shipment> ON_ITS_WAY =
            given(Shipment.AGGREGATE, PLANNED, PICKED, PACKED, DISPATCHED);

    @Nested
    class Preparing {
        @Test
        void a_shipment_is_planned_picked_packed_and_dispatched_each_of_it_once() {
            given(Shipment.AGGREGATE)
                    .when(PLAN)
                    .then(PLANNED)
                    .when(PLAN)
                    .thenNothing()
                    .when(new Pick())
                    .then(PICKED)
                    .when(new Pick())
                    .thenNothing()
                    .when(PACK)
                    .then(PACKED)
                    .when(PACK)
                    .thenNothing()
                    .when(DISPATCH)
                    .then(DISPATCHED)
                    .when(DISPATCH)
                    .thenNothing()
                    .when(PLAN)
                    .thenNothing();
        }

        @Test
        void no_more_is_shipped_than_is_open() {
            given(Shipment.AGGREGATE).when(plan(2, 1)).thenRejected(Refusal.EXCEEDS_OPEN);
            given(Shipment.AGGREGATE, PLANNED).when(plan(0, 0)).thenNothing();
        }

        @Test
        void the_same_id_is_not_planned_for_something_else() {
            given(Shipment.AGGREGATE, PLANNED)
                    .when(new PlanShipment("o2", "main", PLAN.lines()))
                    .thenRejected(Refusal.ALREADY_PLANNED);
        }

        @Test
        void every_unit_is_in_one_parcel() {
            packs(List.of(packed("p1", 500, TEA)), Refusal.CONTENTS_DIFFER);
            packs(
                    List.of(
                            packed("p1", 500, TEA),
                            packed("p2", 1, REST),
                            packed("p3", 1, List.of(new Content(7, 1)))),
                    Refusal.CONTENTS_DIFFER);
            packs(List.of(packed("p1", 1, TEA), packed("p1", 1, REST)), Refusal.PARCELS_INVALID);
            packs(List.of(packed("p1", -1, TEA)), Refusal.PARCELS_INVALID);
            packs(List.of(packed("p1", 1, List.of())), Refusal.PARCELS_INVALID);
            packs(null, Refusal.PARCELS_INVALID);
        }

        @Test
        void until_it_is_dispatched_it_can_be_packed_anew() {
            List<Content> all = List.of(new Content(0, 3), new Content(1, 1));
            Pack one = new Pack(List.of(packed("p9", 1_200, all)));
            given(Shipment.AGGREGATE, PLANNED, PICKED, PACKED)
                    .when(one)
                    .then(new ShipmentPacked(List.of(Parcel.packed("p9", 1_200, all))));
            ON_ITS_WAY.when(one).thenRejected(Refusal.ALREADY_DISPATCHED);
        }

        @Test
        void no_step_is_left_out() {
            given(Shipment.AGGREGATE).when(new Pick()).thenRejected(Refusal.UNKNOWN_SHIPMENT);
            given(Shipment.AGGREGATE, PLANNED).when(PACK).thenRejected(Refusal.NOT_PICKED);
            given(Shipment.AGGREGATE, PLANNED, PICKED)
                    .when(DISPATCH)
                    .thenRejected(Refusal.NOT_PACKED);
            given(Shipment.AGGREGATE, PLANNED, PICKED, PACKED)
                    .when(new RecordDelivered("p1", NOON))
                    .thenRejected(Refusal.NOT_DISPATCHED);
        }

        @Test
        void every_parcel_needs_its_label() {
            Label one = new Label("p1", "post", "c1");
            labels(List.of(one), Refusal.LABELS_INVALID);
            labels(List.of(one, new Label("p3", "post", "c2")), Refusal.LABELS_INVALID);
            labels(List.of(one, new Label("p2", "", "c2")), Refusal.LABELS_INVALID);
            given(Shipment.AGGREGATE, PLANNED, PICKED, PACKED)
                    .when(new Dispatch(DISPATCH.labels(), Money.of(-1, "EUR")))
                    .thenRejected(Refusal.COST_INVALID);
            ON_ITS_WAY
                    .when(new Dispatch(DISPATCH.labels(), Money.of(1, "EUR")))
                    .thenRejected(Refusal.ALREADY_DISPATCHED);
        }
    }

    @Nested
    class Cancelling {
        @Test
        void a_shipment_is_cancelled_once_and_for_good() {
            given(Shipment.AGGREGATE, PLANNED, PICKED, PACKED)
                    .when(new CancelShipment(" changed my mind "))
                    .then(new ShipmentCancelled("o1", "changed my mind"))
                    .when(new CancelShipment(null))
                    .thenNothing()
                    .when(DISPATCH)
                    .thenRejected(Refusal.SHIPMENT_CANCELLED);
        }

        @Test
        void a_dispatched_shipment_cannot_be_cancelled() {
            ON_ITS_WAY.when(new CancelShipment("")).thenRejected(Refusal.ALREADY_DISPATCHED);
        }
    }

    @Nested
    class Withdrawing {
        @Test
        void a_shipment_that_nobody_has_begun_to_pick_is_pulled_back_once() {
            given(Shipment.AGGREGATE, PLANNED)
                    .when(new Withdraw(" changed "))
                    .then(new ShipmentCancelled("o1", "changed"))
                    .when(new Withdraw("again"))
                    .thenNothing();
        }

        @Test
        void once_the_warehouse_has_begun_a_shipment_is_not_pulled_back() {
            given(Shipment.AGGREGATE, PLANNED, PICKED)
                    .when(new Withdraw(null))
                    .thenRejected(Refusal.ALREADY_PICKED);
            given(Shipment.AGGREGATE, PLANNED, PICKED, PACKED)
                    .when(new Withdraw(null))
                    .thenRejected(Refusal.ALREADY_PICKED);
            ON_ITS_WAY.when(new Withdraw(null)).thenRejected(Refusal.ALREADY_DISPATCHED);
            given(Shipment.AGGREGATE)
                    .when(new Withdraw(null))
                    .thenRejected(Refusal.UNKNOWN_SHIPMENT);
            given(Shipment.AGGREGATE, PLANNED)
                    .when(new Withdraw("x".repeat(201)))
                    .thenRejected(Refusal.TEXT_INVALID);
        }
    }

    @Nested
    class Leaving {
        @Test
        void the_time_of_a_dispatch_is_recorded_once() {
            given(Shipment.AGGREGATE, PLANNED, PICKED, PACKED)
                    .when(new DispatchAt(DISPATCH, NOON))
                    .then(DISPATCHED, new ShipmentLeft(NOON))
                    .andState(shipment -> assertThat(shipment.leftAt()).isEqualTo(NOON))
                    .when(new DispatchAt(DISPATCH, NOON.plusSeconds(1)))
                    .thenNothing();
        }

        @Test
        void a_dispatch_that_is_refused_has_no_time() {
            given(Shipment.AGGREGATE, PLANNED, PICKED)
                    .when(new DispatchAt(DISPATCH, NOON))
                    .thenRejected(Refusal.NOT_PACKED);
            given(Shipment.AGGREGATE, PLANNED, PICKED, PACKED)
                    .when(new DispatchAt(new Dispatch(null, COST), NOON))
                    .thenRejected(Refusal.LABELS_INVALID);
        }
    }

    @Nested
    class Arriving {
        @Test
        void parcels_arrive_one_by_one() {
            ON_ITS_WAY
                    .when(new RecordDelivered("p2", NOON))
                    .then(new ShipmentDelivered("o1", "p2", REST, NOON, false))
                    .when(new RecordDelivered("p2", NOON.plusSeconds(1)))
                    .thenNothing()
                    .when(new RecordDelivered("p1", NOON))
                    .then(new ShipmentDelivered("o1", "p1", TEA, NOON, true))
                    .andState(shipment -> assertThat(shipment.isDelivered()).isTrue());
        }

        @Test
        void a_lost_parcel_may_arrive_after_all_and_one_that_arrived_is_not_lost() {
            ON_ITS_WAY
                    .when(new RecordLost("p1", "no trace"))
                    .then(new ShipmentLost("o1", "p1", TEA, "no trace"))
                    .when(new RecordLost("p1", "no trace"))
                    .thenNothing()
                    .when(new RecordDelivered("p1", NOON))
                    .then(new ShipmentDelivered("o1", "p1", TEA, NOON, false))
                    .when(new RecordLost("p1", "no trace"))
                    .thenRejected(Refusal.ALREADY_DELIVERED);
        }

        @Test
        void only_news_of_a_parcel_are_recorded() {
            ON_ITS_WAY
                    .when(new RecordTracking("p1", "in Hamburg", NOON))
                    .then(new ShipmentTracked("p1", "in Hamburg", NOON))
                    .when(new RecordTracking("p1", "in Hamburg", NOON))
                    .thenNothing()
                    .when(new RecordTracking("p1", "in Bremen", NOON.minusSeconds(1)))
                    .thenNothing()
                    .when(new RecordTracking("p1", "in Berlin", NOON.plusSeconds(1)))
                    .then(new ShipmentTracked("p1", "in Berlin", NOON.plusSeconds(1)));
        }

        @Test
        void a_parcel_of_another_shipment_is_unknown() {
            ON_ITS_WAY.when(new RecordLost("p3", "")).thenRejected(Refusal.UNKNOWN_PARCEL);
            ON_ITS_WAY.when(new RecordDelivered(null, NOON)).thenRejected(Refusal.UNKNOWN_PARCEL);
            ON_ITS_WAY
                    .when(new RecordTracking("p3", "x", NOON))
                    .thenRejected(Refusal.UNKNOWN_PARCEL);
            ON_ITS_WAY.when(new RecordDelivered("p1", null)).thenRejected(Refusal.TIME_INVALID);
            ON_ITS_WAY.when(new RecordTracking("p1", "", NOON)).thenRejected(Refusal.TEXT_INVALID);
        }
    }

    @Test
    void a_plan_needs_an_order_a_location_and_lines() {
        refuse(new PlanShipment("", "main", PLAN.lines()), Refusal.ORDER_INVALID);
        refuse(new PlanShipment("o1", null, PLAN.lines()), Refusal.LOCATION_INVALID);
        refuse(new PlanShipment("o1", "main", List.of()), Refusal.LINES_INVALID);
        refuse(lines(new Planned(0, "", 1, 1)), Refusal.LINES_INVALID);
        refuse(lines(new Planned(-1, "tea", 1, 1)), Refusal.LINES_INVALID);
        refuse(lines(new Planned(0, "tea", 0, 1)), Refusal.LINES_INVALID);
        refuse(lines(new Planned(0, "a", 1, 1), new Planned(0, "b", 1, 1)), Refusal.LINES_INVALID);
    }

    private static void refuse(PlanShipment command, Refusal refusal) {
        given(Shipment.AGGREGATE).when(command).thenRejected(refusal);
    }

    private static void packs(@Nullable List<@Nullable Packed> parcels, Refusal refusal) {
        given(Shipment.AGGREGATE, PLANNED, PICKED).when(new Pack(parcels)).thenRejected(refusal);
    }

    private static Packed packed(String id, long weightGrams, List<Content> contents) {
        return new Packed(id, weightGrams, new ArrayList<@Nullable Content>(contents));
    }

    private static void labels(List<@Nullable Label> labels, Refusal refusal) {
        given(Shipment.AGGREGATE, PLANNED, PICKED, PACKED)
                .when(new Dispatch(labels, COST))
                .thenRejected(refusal);
    }

    private static PlanShipment plan(long openTea, long openCups) {
        return lines(new Planned(0, "tea", 3, openTea), new Planned(1, "cup", 1, openCups));
    }

    private static PlanShipment lines(Planned... lines) {
        return new PlanShipment("o1", "main", List.of(lines));
    }
}
