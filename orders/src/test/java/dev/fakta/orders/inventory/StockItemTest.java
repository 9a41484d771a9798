// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.inventory.StockItem.Command.Adjust;
import dev.fakta.orders.inventory.StockItem.Command.AllowBackorders;
import dev.fakta.orders.inventory.StockItem.Command.ChangeSafetyStock;
import dev.fakta.orders.inventory.StockItem.Command.Count;
import dev.fakta.orders.inventory.StockItem.Command.Receive;
import dev.fakta.orders.inventory.StockItem.Command.Restock;
import dev.fakta.orders.inventory.StockItem.Command.WriteOff;
import dev.fakta.orders.inventory.StockItem.Event.StockAdjusted;
import dev.fakta.orders.inventory.StockItem.Event.StockCounted;
import dev.fakta.orders.inventory.StockItem.Event.StockReceived;
import dev.fakta.orders.inventory.StockItem.Event.StockRestocked;
import dev.fakta.orders.inventory.StockItem.Event.StockWrittenOff;
import dev.fakta.orders.inventory.StockItem.Refusal;
import dev.fakta.orders.inventory.StockItem.Standing;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What lies there, and whose it is when that changes.
class StockItemTest {

    private static final Instant SOON = Shelf.NOON.plusSeconds(900);
    private static final StockCounted TEN = new StockCounted("tea", "main", 10);

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
            refuse(new Receive(1_000_000_001L, null), Refusal.QUANTITY_INVALID);
            refuse(new Restock(1L, " "), Refusal.REFERENCE_INVALID);
            refuse(new WriteOff(-1L, null, null), Refusal.QUANTITY_INVALID);
            refuse(new WriteOff(1L, "x".repeat(201), null), Refusal.REASON_INVALID);
            refuse(new Adjust(0L, null, null), Refusal.CHANGE_INVALID);
            refuse(new Adjust(Long.MIN_VALUE, null, null), Refusal.CHANGE_INVALID);
            refuse(new ChangeSafetyStock(-1L), Refusal.ON_HAND_INVALID);
            refuse(new AllowBackorders(null), Refusal.ALLOWED_MISSING);
        }
    }

    @Nested
    class Sharing {
        @Test
        void one_unit_is_never_promised_twice() {
            Shelf.of(10)
                    .needs("a", 1, 6, 0)
                    .needs("b", 1, 5, 0)
                    .thenStands("b", new Standing(1, 4, 0, 1, 0, null));
        }

        @Test
        void the_safety_stock_is_promised_to_nobody() {
            Shelf.of(10)
                    .when(new ChangeSafetyStock(5L))
                    .needs("a", 1, 6, 0)
                    .thenStands("a", new Standing(1, 5, 0, 1, 0, null));
        }

        @Test
        void a_smaller_safety_stock_serves_those_who_wait() {
            Shelf.of(10)
                    .when(new ChangeSafetyStock(5L))
                    .when(new AllowBackorders(true))
                    .needs("a", 1, 6, 0)
                    .thenFirm("a", 1, 5, 1, 0)
                    .when(new ChangeSafetyStock(4L))
                    .thenFirm("a", 1, 6, 0, 0);
        }

        @Test
        void receipts_serve_those_who_wait_in_the_order_in_which_they_came() {
            Shelf.of(0)
                    .when(new AllowBackorders(true))
                    .needs("z", 1, 2, 0)
                    .needs("a", 1, 3, 0)
                    .needs("b", 1, 1, 0)
                    .when(new Receive(4L, null))
                    .thenFirm("z", 1, 2, 0, 0)
                    .thenFirm("a", 1, 2, 1, 0)
                    .thenFirm("b", 1, 0, 1, 0)
                    .when(new Receive(1L, null))
                    .thenFirm("a", 1, 3, 0, 0)
                    .thenFirm("b", 1, 0, 1, 0);
        }

        @Test
        void when_units_are_missing_the_last_come_wait_again_and_those_for_good_last() {
            Shelf.of(10)
                    .needs("a", 1, 6, 0)
                    .needsUntil(SOON, "b", 1, 2)
                    .needsUntil(SOON, "c", 1, 2)
                    .when(new Count("tea", null, 7L))
                    .thenStands("c", new Standing(1, 0, 2, 0, 0, SOON))
                    .thenStands("b", new Standing(1, 1, 1, 0, 0, SOON))
                    .thenFirm("a", 1, 6, 0, 0)
                    .when(new Count("tea", null, 5L))
                    .thenFirm("a", 1, 5, 1, 0)
                    .when(new Receive(2L, null))
                    .thenFirm("a", 1, 6, 0, 0)
                    .thenStands("b", new Standing(1, 1, 1, 0, 0, SOON));
        }

        @Test
        void no_more_than_a_thousand_are_displaced_at_once() {
            Shelf shelf = Shelf.of(1_001);
            for (int order = 0; order < 1_001; order++) {
                shelf.needs("o" + order, 1, 1, 0);
            }
            assertThat(shelf.stock().decide(new Count("tea", null, 0L)))
                    .isEqualTo(Decision.reject(Refusal.TOO_MANY_DISPLACED));
            assertThat(shelf.when(new Count("tea", null, 1L)).latest()).hasSize(1_001);
        }

        @Test
        void a_hundred_thousand_reservations_can_live_at_once() {
            Shelf shelf = Shelf.of(1_000_000);
            for (int order = 0; order < 100_000; order++) {
                shelf.needs("o" + order, 1, 1, 0);
            }
            assertThat(shelf.stock().reservations().live()).hasSize(100_000);
            assertThat(shelf.stock().reservations().reserved()).isEqualTo(100_000);
        }
    }

    private static void refuse(Command command, Refusal refusal) {
        given(StockItem.AGGREGATE).when(command).thenRejected(refusal);
        assertThat(refusal.detail()).endsWith(".");
    }
}
