// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.inventory.StockItem.Event;
import dev.fakta.orders.inventory.StockItem.Standing;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Stories in which stock and orders once fell apart, told with needs.
class NeedStoriesTest {

    private static final Instant SOON = Shelf.NOON.plus(Duration.ofMinutes(5));
    private static final Instant LONG_AGO = Instant.parse("2000-01-01T00:00:00Z");

    @Test
    void what_is_lost_of_a_line_whose_rest_had_waited_is_reserved_again() {
        Shelf.of(4)
                .when(new Command.AllowBackorders(true))
                .needs("a", 1, 10, 0)
                .thenFirm("a", 1, 4, 6, 0)
                .needs("a", 2, 6, 4)
                .when(new Command.Receive(100L, null))
                .thenFirm("a", 2, 6, 0, 4)
                .needs("a", 3, 10, 4) // the four are lost
                .thenFirm("a", 3, 10, 0, 4)
                .needs("a", 4, 4, 10)
                .thenFirm("a", 4, 4, 0, 10)
                .thenOnHand(94);
    }

    @Test
    void what_is_lost_while_the_rest_waits_waits_with_it() {
        Shelf.of(4)
                .when(new Command.AllowBackorders(true))
                .needs("a", 1, 10, 0)
                .needs("a", 2, 6, 4)
                .needs("a", 3, 10, 4)
                .thenFirm("a", 3, 0, 10, 4)
                .when(new Command.Receive(100L, null))
                .thenFirm("a", 3, 10, 0, 4);
    }

    @Test
    void a_parcel_that_leaves_after_a_count_found_fewer_is_booked() {
        Shelf.of(5)
                .needs("a", 1, 5, 0)
                .when(new Command.Count("tea", null, 3L))
                .thenFirm("a", 1, 3, 2, 0)
                .needs("a", 2, 0, 5)
                .thenFirm("a", 2, 0, 0, 5)
                .thenOnHand(-2)
                .when(new Command.Count("tea", null, 0L))
                .thenOnHand(0);
    }

    @Test
    void a_line_that_was_cancelled_before_confirmation_needs_nothing_and_is_not_missed() {
        Shelf.of(100)
                .needsUntil(SOON, "a", 1, 2)
                .needs("a", 2, 0, 0)
                .needs("a", 3, 0, 0)
                .thenFirm("a", 3, 0, 0, 0)
                .needs("b", 3, 0, 0) // one that was never asked for
                .thenFirm("b", 3, 0, 0, 0);
    }

    @Test
    void a_reservation_that_ended_long_ago_does_not_refuse_the_last_unit() {
        Shelf.of(1)
                .when(new Command.Need("a", 0, 1L, 1L, 0L, 0L, LONG_AGO, LONG_AGO.minusSeconds(60)))
                .needs("b", 1, 1, 0)
                .thenFirm("b", 1, 1, 0, 0)
                .thenStands("a", new Standing(1, 0, 0, 0, 0, LONG_AGO));
    }

    @Test
    void a_line_that_waited_too_long_holds_up_nobody() {
        Shelf.of(0)
                .when(new Command.AllowBackorders(true))
                .when(new Command.Need("a", 0, 1L, 5L, 0L, 0L, SOON, Shelf.NOON))
                .when(new Command.Receive(3L, null))
                .when(new Command.AllowBackorders(false))
                .when(new Command.Need("b", 0, 1L, 3L, 0L, 0L, null, SOON))
                .thenFirm("b", 1, 3, 0, 0);
    }

    @Test
    void when_five_thousand_come_in_for_a_thousand_and_one_all_are_served() {
        Shelf shelf = Shelf.of(0).when(new Command.AllowBackorders(true));
        for (int order = 0; order < 1_001; order++) {
            shelf.needs("o" + order, 1, 1, 0);
        }
        shelf.when(new Command.Receive(5_000L, null));
        assertThat(shelf.latest())
                .hasSize(1_002)
                .endsWith(new Event.StockServingInterrupted(4_000, 0));
        shelf.when(new Command.FillBackorders())
                .thenRecords(
                        new Event.StockStandingChanged(
                                "o1000", 0, 1, 1, 0, 0, 0, null, 1_001, 0, false))
                .needs("next", 1, 3_999, 0)
                .thenFirm("next", 1, 3_999, 0, 0);
    }

    @Test
    void units_that_have_left_displace_more_than_a_thousand_in_steps() {
        Shelf shelf = Shelf.of(1_500);
        for (int order = 0; order < 1_500; order++) {
            shelf.needs("o" + order, 1, 1, 0);
        }
        shelf.needs("z", 1, 0, 1_600);
        assertThat(shelf.latest())
                .hasSize(1_004)
                .endsWith(new Event.StockFellShort(100), new Event.StockServingInterrupted(0, 500));
        shelf.when(new Command.Receive(1L, null)).when(new Command.FillBackorders()).thenNothing();
        assertThat(shelf.stock().missing()).isZero();
        assertThat(shelf.stock().reservations().backordered()).isEqualTo(1_500);
    }

    @Test
    void more_than_a_thousand_end_in_steps() {
        Shelf shelf = Shelf.of(2_000);
        for (int order = 0; order < 1_500; order++) {
            shelf.needsUntil(SOON, "o" + order, 1, 1);
        }
        shelf.when(new Command.EndReservations(SOON));
        assertThat(shelf.latest()).hasSize(1_001).endsWith(new Event.StockEndingInterrupted(SOON));
        shelf.when(new Command.EndReservations(SOON));
        assertThat(shelf.latest()).hasSize(500);
        assertThat(shelf.stock().available()).isEqualTo(2_000);
    }
}
