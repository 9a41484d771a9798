// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.inventory.StockItem.Command.Adjust;
import dev.fakta.orders.inventory.StockItem.Command.ChangeSafetyStock;
import dev.fakta.orders.inventory.StockItem.Command.ConfirmReservation;
import dev.fakta.orders.inventory.StockItem.Command.Count;
import dev.fakta.orders.inventory.StockItem.Command.ExpireReservation;
import dev.fakta.orders.inventory.StockItem.Command.ExtendReservation;
import dev.fakta.orders.inventory.StockItem.Command.FillBackorders;
import dev.fakta.orders.inventory.StockItem.Command.Receive;
import dev.fakta.orders.inventory.StockItem.Command.ReleaseReservation;
import dev.fakta.orders.inventory.StockItem.Command.Reserve;
import dev.fakta.orders.inventory.StockItem.Command.Restock;
import dev.fakta.orders.inventory.StockItem.Command.Ship;
import dev.fakta.orders.inventory.StockItem.Command.WriteOff;
import dev.fakta.orders.inventory.StockItem.Event;
import dev.fakta.orders.inventory.StockItem.Event.SafetyStockChanged;
import dev.fakta.orders.inventory.StockItem.Event.StockAdjusted;
import dev.fakta.orders.inventory.StockItem.Event.StockBackorderFilled;
import dev.fakta.orders.inventory.StockItem.Event.StockBackordered;
import dev.fakta.orders.inventory.StockItem.Event.StockCounted;
import dev.fakta.orders.inventory.StockItem.Event.StockDisplaced;
import dev.fakta.orders.inventory.StockItem.Event.StockReceived;
import dev.fakta.orders.inventory.StockItem.Event.StockReleased;
import dev.fakta.orders.inventory.StockItem.Event.StockReservationConfirmed;
import dev.fakta.orders.inventory.StockItem.Event.StockReservationExpired;
import dev.fakta.orders.inventory.StockItem.Event.StockReservationExtended;
import dev.fakta.orders.inventory.StockItem.Event.StockReserved;
import dev.fakta.orders.inventory.StockItem.Event.StockRestocked;
import dev.fakta.orders.inventory.StockItem.Event.StockServingInterrupted;
import dev.fakta.orders.inventory.StockItem.Event.StockShipped;
import dev.fakta.orders.inventory.StockItem.Event.StockWrittenOff;
import dev.fakta.orders.inventory.StockItem.Refusal;
import dev.fakta.testkit.Given;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StockItemTest {

    private static final Instant SOON = Instant.parse("2026-07-01T12:15:00Z");
    private static final Instant LATER = Instant.parse("2026-07-02T12:00:00Z");
    private static final StockCounted TEN = new StockCounted("tea", "main", 10);
    private static final StockReserved SIX = new StockReserved("a", 0, 6, SOON);
    private static final StockReservationConfirmed SURE = new StockReservationConfirmed("a", 0);

    @Nested
    class Counting {
        @Test
        void a_count_says_what_is_on_hand() {
            given(StockItem.AGGREGATE)
                    .when(new Count("tea", "main", 100L))
                    .then(new StockCounted("tea", "main", 100))
                    .andState(stock -> assertThat(stock.onHand()).isEqualTo(100));
        }

        @Test
        void without_a_location_it_is_the_main_one() {
            given(StockItem.AGGREGATE)
                    .when(new Count("tea", null, 0L))
                    .then(new StockCounted("tea", "main", 0));
            assertThat(StockItem.Command.idOf("tea", null))
                    .isEqualTo(StockItem.Command.idOf("tea", "main"));
        }

        @Test
        void the_same_count_changes_nothing() {
            given(StockItem.AGGREGATE, new StockCounted("tea", "main", 0))
                    .when(new Count("tea", "main", 0L))
                    .thenNothing();
        }

        @Test
        void a_count_needs_a_sku_a_location_and_units() {
            refuse(new Count(null, "main", 1L), Refusal.SKU_INVALID);
            refuse(new Count("x".repeat(65), "main", 1L), Refusal.SKU_INVALID);
            refuse(new Count("tea", "a@b", 1L), Refusal.LOCATION_INVALID);
            refuse(new Count("tea", "", 1L), Refusal.LOCATION_INVALID);
            refuse(new Count("tea", "main", null), Refusal.ON_HAND_INVALID);
            refuse(new Count("tea", "main", -1L), Refusal.ON_HAND_INVALID);
            refuse(new Count("tea", "main", Long.MAX_VALUE), Refusal.ON_HAND_INVALID);
        }
    }

    @Nested
    class Moving {
        @Test
        void units_come_in_and_leave() {
            given(StockItem.AGGREGATE, TEN)
                    .when(new Receive(5L, null))
                    .then(new StockReceived(5, null))
                    .when(new Adjust(-2L, " miscounted ", null))
                    .then(new StockAdjusted(-2, "miscounted", null))
                    .when(new Restock(3L, null))
                    .then(new StockRestocked(3, null))
                    .when(new WriteOff(1L, null, null))
                    .then(new StockWrittenOff(1, "", null))
                    .andState(stock -> assertThat(stock.onHand()).isEqualTo(15));
        }

        @Test
        void a_movement_counts_once_by_its_reference() {
            given(StockItem.AGGREGATE, TEN)
                    .when(new Receive(5L, "note-1"))
                    .then(new StockReceived(5, "note-1"))
                    .when(new Receive(5L, "note-1"))
                    .thenNothing()
                    .when(new Receive(5L, "note-2"))
                    .then(new StockReceived(5, "note-2"));
        }

        @Test
        void no_more_leaves_than_lies_there() {
            given(StockItem.AGGREGATE, TEN)
                    .when(new WriteOff(11L, "fire", null))
                    .thenRejected(Refusal.ON_HAND_INVALID);
            given(StockItem.AGGREGATE, TEN)
                    .when(new Adjust(-11L, null, null))
                    .thenRejected(Refusal.ON_HAND_INVALID);
        }

        @Test
        void a_movement_needs_units_and_short_texts() {
            refuse(new Receive(0L, null), Refusal.QUANTITY_INVALID);
            refuse(new Receive(null, null), Refusal.QUANTITY_INVALID);
            refuse(new Restock(1L, " "), Refusal.REFERENCE_INVALID);
            refuse(new WriteOff(-1L, null, null), Refusal.QUANTITY_INVALID);
            refuse(new WriteOff(1L, "x".repeat(201), null), Refusal.REASON_INVALID);
            refuse(new Adjust(0L, null, null), Refusal.CHANGE_INVALID);
            refuse(new Adjust(Long.MIN_VALUE, null, null), Refusal.CHANGE_INVALID);
            refuse(new ChangeSafetyStock(-1L), Refusal.ON_HAND_INVALID);
        }
    }

    @Nested
    class Reserving {
        @Test
        void units_are_kept_for_a_line_once() {
            given(StockItem.AGGREGATE, TEN)
                    .when(new Reserve("a", 0, 6L, SOON, false))
                    .then(SIX)
                    .andState(stock -> assertThat(stock.available()).isEqualTo(4))
                    .when(new Reserve("a", 0, 6L, LATER, true))
                    .thenNothing()
                    .when(new Reserve("a", 1, 4L, SOON, false))
                    .then(new StockReserved("a", 1, 4, SOON));
        }

        @Test
        void one_unit_is_never_promised_twice() {
            given(StockItem.AGGREGATE, TEN, SIX)
                    .when(new Reserve("b", 0, 5L, SOON, false))
                    .thenRejected(Refusal.OUT_OF_STOCK);
        }

        @Test
        void another_quantity_for_the_same_line_is_refused() {
            given(StockItem.AGGREGATE, TEN, SIX)
                    .when(new Reserve("a", 0, 5L, SOON, false))
                    .thenRejected(Refusal.RESERVATION_DIFFERS);
        }

        @Test
        void the_safety_stock_is_promised_to_nobody() {
            given(StockItem.AGGREGATE, TEN, new SafetyStockChanged(5))
                    .when(new Reserve("a", 0, 6L, SOON, false))
                    .thenRejected(Refusal.OUT_OF_STOCK);
        }

        @Test
        void a_reservation_needs_an_order_a_line_units_and_a_time() {
            refuse(new Reserve(null, 0, 1L, SOON, true), Refusal.ORDER_INVALID);
            refuse(new Reserve("a", -1, 1L, SOON, true), Refusal.LINE_INVALID);
            refuse(new Reserve("a", null, 1L, SOON, true), Refusal.LINE_INVALID);
            refuse(new Reserve("a", 0, 1_000_000_001L, SOON, true), Refusal.QUANTITY_INVALID);
            refuse(new Reserve("a", 0, 1L, Instant.MAX, true), Refusal.EXPIRY_INVALID);
            refuse(new Reserve("a", 0, 1L, null, true), Refusal.EXPIRY_INVALID);
        }
    }

    @Nested
    class Waiting {
        @Test
        void a_line_that_may_wait_gets_what_is_there_and_waits_for_the_rest() {
            given(StockItem.AGGREGATE, TEN)
                    .when(new Reserve("a", 0, 12L, SOON, true))
                    .then(
                            new StockReserved("a", 0, 10, SOON),
                            new StockBackordered("a", 0, 2, SOON))
                    .when(new Reserve("a", 0, 12L, SOON, true))
                    .thenNothing();
        }

        @Test
        void receipts_serve_who_waits_in_the_order_in_which_they_came() {
            given(
                            StockItem.AGGREGATE,
                            new StockBackordered("z", 0, 2, SOON),
                            new StockBackordered("a", 0, 3, SOON),
                            new StockBackordered("b", 0, 1, SOON))
                    .when(new Receive(4L, null))
                    .then(
                            new StockReceived(4, null),
                            new StockBackorderFilled("z", 0, 2),
                            new StockBackorderFilled("a", 0, 2))
                    .when(new Receive(1L, null))
                    .then(new StockReceived(1, null), new StockBackorderFilled("a", 0, 1))
                    .andState(stock -> assertThat(stock.reservations().waiting()).hasSize(1));
        }

        @Test
        void a_release_serves_who_waits_before_anybody_new() {
            given(StockItem.AGGREGATE, TEN, SIX, new StockBackordered("b", 0, 8, SOON))
                    .when(new Reserve("c", 0, 1L, SOON, false))
                    .thenRejected(Refusal.OUT_OF_STOCK);
            given(StockItem.AGGREGATE, TEN, SIX, new StockBackordered("b", 0, 8, SOON))
                    .when(new ReleaseReservation("a", 0, null))
                    .then(new StockReleased("a", 0, 6, 0), new StockBackorderFilled("b", 0, 8));
        }

        @Test
        void when_units_are_missing_the_last_come_wait_again_and_confirmed_ones_last() {
            given(StockItem.AGGREGATE, TEN, SIX, new StockReserved("b", 0, 4, SOON), SURE)
                    .when(new Count("tea", null, 5L))
                    .then(
                            new StockCounted("tea", "main", 5),
                            new StockDisplaced("b", 0, 4),
                            new StockDisplaced("a", 0, 1))
                    .when(new Receive(2L, null))
                    .then(
                            new StockReceived(2, null),
                            new StockBackorderFilled("a", 0, 1),
                            new StockBackorderFilled("b", 0, 1));
        }

        @Test
        void one_command_serves_a_thousand_and_the_next_ones_the_rest() {
            List<Event> waiting = new ArrayList<>();
            for (int order = 0; order < 1_500; order++) {
                waiting.add(new StockBackordered("o" + order, 0, 1, SOON));
            }
            Given<Command, Event, StockItem> many = Given.givenAll(StockItem.AGGREGATE, waiting);
            List<Event> first = many.when(new Receive(1_400L, null)).events();
            assertThat(first)
                    .hasSize(1_002)
                    .endsWith(
                            new StockBackorderFilled("o999", 0, 1),
                            new StockServingInterrupted(400, 0));
            assertThat(many.when(new Receive(1_400L, null)).when(new FillBackorders()).events())
                    .hasSize(400)
                    .endsWith(new StockBackorderFilled("o1399", 0, 1));
        }

        @Test
        void no_more_than_a_thousand_are_displaced_at_once() {
            List<Event> served = new ArrayList<>();
            served.add(new StockCounted("tea", "main", 1_001));
            for (int order = 0; order < 1_001; order++) {
                served.add(new StockReserved("o" + order, 0, 1, SOON));
            }
            Given<Command, Event, StockItem> many = Given.givenAll(StockItem.AGGREGATE, served);
            many.when(new Count("tea", null, 0L)).thenRejected(Refusal.TOO_MANY_DISPLACED);
            assertThat(many.when(new Count("tea", null, 1L)).events()).hasSize(1_001);
        }
    }

    @Nested
    class Ending {
        @Test
        void a_reservation_is_released_once_and_an_unknown_one_with_success() {
            given(StockItem.AGGREGATE, TEN, SIX)
                    .when(new ReleaseReservation("a", 0, 4L))
                    .then(new StockReleased("a", 0, 2, 0))
                    .when(new ReleaseReservation("a", 0, 4L))
                    .thenNothing()
                    .when(new ReleaseReservation("a", 0, null))
                    .then(new StockReleased("a", 0, 4, 0))
                    .when(new ReleaseReservation("a", 0, null))
                    .thenNothing()
                    .andState(stock -> assertThat(stock.available()).isEqualTo(10));
        }

        @Test
        void units_that_are_waited_for_are_released_first() {
            given(StockItem.AGGREGATE, TEN, SIX, new StockBackordered("a", 0, 2, SOON))
                    .when(new ReleaseReservation("a", 0, 5L))
                    .then(new StockReleased("a", 0, 1, 2));
        }

        @Test
        void a_reservation_expires_when_its_time_is_over_and_not_before() {
            given(StockItem.AGGREGATE, TEN, SIX)
                    .when(new ExpireReservation("a", 0, SOON.minusMillis(1)))
                    .thenRejected(Refusal.NOT_EXPIRED);
            given(StockItem.AGGREGATE, TEN, SIX)
                    .when(new ExpireReservation("a", 0, SOON))
                    .then(new StockReservationExpired("a", 0, 6, 0))
                    .when(new ExpireReservation("a", 0, SOON))
                    .thenNothing();
        }

        @Test
        void an_extended_one_expires_later_and_a_confirmed_one_never() {
            given(StockItem.AGGREGATE, TEN, SIX)
                    .when(new ExtendReservation("a", 0, LATER))
                    .then(new StockReservationExtended("a", 0, LATER))
                    .when(new ExtendReservation("a", 0, SOON))
                    .thenNothing()
                    .when(new ExpireReservation("a", 0, SOON))
                    .thenRejected(Refusal.NOT_EXPIRED);
            given(StockItem.AGGREGATE, TEN, SIX)
                    .when(new ConfirmReservation("a", 0, null))
                    .then(SURE)
                    .when(new ConfirmReservation("a", 0, null))
                    .thenNothing()
                    .when(new ExpireReservation("a", 0, LATER))
                    .thenNothing()
                    .when(new ExtendReservation("a", 0, LATER))
                    .thenNothing();
        }

        @Test
        void whoever_confirms_one_knows_what_of_it_is_waited_for() {
            given(StockItem.AGGREGATE, TEN, SIX)
                    .when(new ConfirmReservation("a", 0, 1L))
                    .thenRejected(Refusal.WAITING_DIFFERS);
            given(StockItem.AGGREGATE, TEN, SIX)
                    .when(new ConfirmReservation("a", 0, 0L))
                    .then(SURE)
                    .when(new ConfirmReservation("a", 0, 1L))
                    .thenNothing();
        }

        @Test
        void what_is_not_there_can_neither_be_confirmed_nor_extended_nor_shipped() {
            refuse(new ConfirmReservation("a", 0, null), Refusal.UNKNOWN_RESERVATION);
            refuse(new ExtendReservation("a", 0, SOON), Refusal.UNKNOWN_RESERVATION);
            refuse(new Ship("a", 0, "s1", 1L), Refusal.UNKNOWN_RESERVATION);
        }
    }

    @Nested
    class Shipping {
        @Test
        void a_confirmed_reservation_leaves_in_parts_each_of_them_once() {
            given(StockItem.AGGREGATE, TEN, SIX, SURE)
                    .when(new Ship("a", 0, "s1", 2L))
                    .then(new StockShipped("a", 0, "s1", 2))
                    .when(new Ship("a", 0, "s1", 2L))
                    .thenNothing()
                    .when(new Ship("a", 0, "s2", 4L))
                    .then(new StockShipped("a", 0, "s2", 4))
                    .when(new Ship("a", 0, "s2", 4L))
                    .thenNothing()
                    .andState(stock -> assertThat(stock.onHand()).isEqualTo(4))
                    .andState(stock -> assertThat(stock.reservations().live()).isEmpty());
        }

        @Test
        void nothing_leaves_that_is_not_reserved_and_confirmed() {
            given(StockItem.AGGREGATE, TEN, SIX)
                    .when(new Ship("a", 0, "s1", 2L))
                    .thenRejected(Refusal.NOT_CONFIRMED);
            given(StockItem.AGGREGATE, TEN, SIX, SURE)
                    .when(new Ship("a", 0, "s1", 7L))
                    .thenRejected(Refusal.NOT_RESERVED);
        }
    }

    @Test
    void a_hundred_thousand_reservations_can_live_at_once() {
        StockItem stock = StockItem.NOTHING.evolve(new StockCounted("tea", "main", 1_000_000));
        for (int order = 0; order < 100_000; order++) {
            if (stock.decide(new Reserve("o" + order, 0, 1L, SOON, true))
                    instanceof Decision.Accepted<Event>(var events)) {
                stock = stock.evolve(events.getFirst());
            }
        }
        assertThat(stock.reservations().live()).hasSize(100_000);
        assertThat(stock.reservations().reserved()).isEqualTo(100_000);
    }

    private static void refuse(Command command, Refusal refusal) {
        given(StockItem.AGGREGATE).when(command).thenRejected(refusal);
        assertThat(refusal.detail()).endsWith(".");
    }
}
